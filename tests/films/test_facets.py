"""What is left of a list, and what each further choice would leave."""

from datetime import UTC, datetime, timedelta

import pytest

from films.models import AccessFeature, Film, FilmCountry, Language, ProgrammePart, Screening
from films.models.vocabulary import Country
from tests.factories import (
    NOW,
    EditionFactory,
    FilmFactory,
    GenreFactory,
    LicenceFactory,
    RoomFactory,
    SchemeFactory,
    ScreeningFactory,
    SeriesFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def asked(client):
    """asked("part=late") is what the programme lists under that query."""

    def ask(query: str = "") -> list[str]:
        return [card.film.title for card in client.get(f"/films/?{query}").context["cards"]]

    return ask


@pytest.fixture
def counts(client):
    """counts("venue") is how many films each option of a group says it has, under a query."""

    def count(group: str, query: str = "") -> dict[str, int]:
        context = client.get(f"/films/?{query}").context
        filters = [*context["filters"], *([context["days"]] if context["days"] else [])]
        return {option.label: option.count for made in filters if made.group == group for option in made.options}

    return count


def screening(title: str, **fields) -> Screening:
    return ScreeningFactory(films=[FilmFactory(title=title)], **fields)


def test_what_is_asked_must_be_true_of_one_and_the_same_screening(asked):
    film = FilmFactory(title="Kiln")
    rio, annex = RoomFactory(venue__name="Rio"), RoomFactory(venue__name="Annex")
    ScreeningFactory(films=[film], room=rio, starts_at=NOW + timedelta(hours=1))
    ScreeningFactory(films=[film], room=annex, starts_at=NOW + timedelta(days=1))
    assert asked("day=2026-10-02&venue=rio") == ["Kiln"]
    assert asked("day=2026-10-02&venue=annex") == []


def test_day_is_the_festival_day_which_lasts_past_midnight(asked, counts):
    screening("Late", starts_at=datetime(2026, 10, 3, 7, 15, tzinfo=UTC))  # 12:15 am on Saturday
    screening("Early", starts_at=datetime(2026, 10, 3, 12, 0, tzinfo=UTC))  # 5:00 am on Saturday
    assert asked("day=2026-10-02") == ["Late"]
    assert asked("day=2026-10-03") == ["Early"]
    assert counts("day") == {"Fri 2 Oct": 1, "Sat 3 Oct": 1}


@pytest.mark.parametrize(
    ("hour", "minute", "part"),
    [
        (12, 0, "morning"),  # 5:00 am
        (18, 59, "morning"),  # 11:59 am
        (19, 0, "afternoon"),
        (23, 59, "afternoon"),
        (24, 0, "evening"),  # 5:00 pm
        (28, 59, "evening"),
        (29, 0, "late"),  # 10:00 pm
        (35, 59, "late"),  # 4:59 am of the next day
    ],
)
def test_part_of_the_day_begins_on_the_hour_of_the_venue(counts, asked, hour, minute, part):
    screening("Kiln", starts_at=datetime(2026, 10, 4, tzinfo=UTC) + timedelta(hours=hour, minutes=minute))
    found = {name for name in ("morning", "afternoon", "evening", "late") if asked(f"part={name}")}
    assert found == {part}


def test_only_screenings_still_to_come_count(counts):
    film = FilmFactory()
    ScreeningFactory(films=[film], room__venue__name="Past", starts_at=NOW - timedelta(days=1))
    ScreeningFactory(films=[film], room__venue__name="Begun", starts_at=NOW)
    ScreeningFactory(films=[film], room__venue__name="Off", occurrence=Screening.Occurrence.CANCELLED)
    ScreeningFactory(films=[film], room__venue__name="Press", audience=Screening.Audience.PRESS)
    ScreeningFactory(films=[film], room__venue__name="To come", starts_at=NOW + timedelta(seconds=1))
    assert counts("venue") == {"To come": 1}


def test_bookable_is_what_the_screening_itself_says(asked):
    url = {"ticket_url": "https://tickets.example/1"}
    screening("On sale", sales=Screening.Sales.ON_SALE, **url)
    screening("Sold out", sales=Screening.Sales.SOLD_OUT, **url)
    screening("Opens now", sales=Screening.Sales.NOT_YET, on_sale_at=NOW, **url)
    screening("Opens later", sales=Screening.Sales.NOT_YET, on_sale_at=NOW + timedelta(seconds=1), **url)
    assert asked("tickets=bookable") == ["On sale", "Opens now"]


def test_open_to_under_18s_is_what_the_door_says(asked):
    scheme = SchemeFactory()
    licensed = LicenceFactory().venue
    for title, code, room in (("All", "PG", {}), ("With an adult", "18A", {}), ("Licensed", "G", {"venue": licensed})):
        made = screening(title, room=RoomFactory(**room))
        film = made.items.get().film
        film.classifications.create(classification=scheme.classes.get(code=code))
    screening("Unclassified")
    screening("Set by hand", age_override=17, age_override_reason="The guest asks for it.")
    assert asked("age=under-18s") == ["All", "Set by hand", "With an adult"]


def test_access_must_be_confirmed_and_all_of_it_there(asked, counts):
    room = RoomFactory(step_free=True)
    both, captions, promised = (screening(title, room=room) for title in ("Both", "Captions", "Promised"))
    for made, feature, is_confirmed in (
        (both, "open_captions", True),
        (both, "relaxed", True),
        (captions, "open_captions", True),
        (promised, "open_captions", False),
    ):
        AccessFeature.objects.create(screening=made, feature=feature, is_confirmed=is_confirmed)
    assert asked("access=open_captions&access=step_free") == ["Both", "Captions"]
    assert asked("access=open_captions&access=relaxed") == ["Both"]
    assert counts("access", "access=open_captions") == {
        "Open captions": 2,
        "Relaxed screening": 1,
        "Step-free route": 2,
    }


def test_films_are_told_apart_by_what_they_are(asked):
    series, genre = SeriesFactory(name="Panorama"), GenreFactory(name="Film noir")
    kiln = FilmFactory(title="Kiln", premiere=Film.Premiere.WORLD, runtime=89)
    FilmFactory(title="Salt", runtime=90)
    FilmFactory(title="Unmeasured", runtime=None)
    kiln.series.add(series)
    kiln.genres.add(genre)
    FilmCountry.objects.create(film=kiln, country=Country.objects.create(name="Côte d’Ivoire", code="CI"))
    kiln.languages.add(Language.objects.create(name="Français", code="fr"))
    for query in (
        "series=panorama",
        "genre=film+noir",
        "premiere=world",
        "runtime=60-89",
        "country=cote+d%27ivoire",
        "language=francais",
    ):
        assert asked(query) == ["Kiln"]


def test_programme_is_as_long_as_its_parts(asked):
    for title, runtimes in (("Known", (40, 25)), ("Half known", (40, None))):
        programme = FilmFactory(title=title, kind=Film.Kind.PROGRAMME, runtime=None)
        for runtime in runtimes:
            part = FilmFactory(title=f"{title}, part", runtime=runtime)
            ProgrammePart.objects.create(programme=programme, film=part)
    assert asked("runtime=60-89") == ["Known"]


def test_short_is_found_by_the_screening_of_its_programme(asked):
    short, programme = FilmFactory(title="Short"), FilmFactory(title="Shorts", kind=Film.Kind.PROGRAMME)
    ProgrammePart.objects.create(programme=programme, film=short)
    ScreeningFactory(films=[programme], room=RoomFactory(venue__name="Rio"))
    assert asked("venue=rio") == ["Short", "Shorts"]


def test_counts_follow_the_choices_of_the_other_groups_and_not_of_their_own(counts):
    panorama, spectrum = SeriesFactory(name="Panorama"), SeriesFactory(name="Spectrum")
    rio, annex = RoomFactory(venue__name="Rio"), RoomFactory(venue__name="Annex")
    for series, room in ((panorama, rio), (panorama, annex), (spectrum, annex)):
        series.films.add(ScreeningFactory(room=room).items.get().film)
    assert counts("venue", "series=panorama&venue=rio") == {"Annex": 1, "Rio": 1}
    assert counts("series", "series=panorama&venue=rio") == {"Panorama": 1, "Spectrum": 0}
    assert counts("series", "series=panorama&venue=rio&venue=annex") == {"Panorama": 2, "Spectrum": 1}


def test_option_counts_a_film_once_however_often_it_plays(counts):
    film, rio = FilmFactory(), RoomFactory(venue__name="Rio")
    for day in (1, 2, 3):
        ScreeningFactory(films=[film], room=rio, starts_at=NOW + timedelta(days=day))
    assert counts("venue") == {"Rio": 1}


def test_option_that_would_leave_nothing_cannot_be_chosen(client):
    SeriesFactory(name="Panorama").films.add(screening("Kiln", room__venue__name="Rio").items.get().film)
    screening("Salt", room__venue__name="Annex")
    page = client.get("/films/?series=panorama").content.decode()
    assert page.count(" disabled>") == 1
    assert 'value="annex" disabled>' in page


def test_hidden_films_and_programmes_not_announced_are_in_no_count(counts):
    hidden = FilmFactory(state=Film.State.DRAFT)
    unannounced = FilmFactory(edition=EditionFactory(announced_at=NOW + timedelta(seconds=1)))
    for film in (hidden, unannounced):
        SeriesFactory().films.add(film)
        ScreeningFactory(films=[film])
    assert (counts("series"), counts("venue"), counts("day")) == ({}, {}, {})
