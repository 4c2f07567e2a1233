from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from films.models import (
    ContentWarning,
    Credit,
    CreditRole,
    Film,
    OldSlug,
    ProgrammePart,
    Quote,
    Screening,
    ScreeningFilm,
    WarningKind,
)
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    GenreFactory,
    LicenceFactory,
    PersonFactory,
    RoomFactory,
    SchemeFactory,
    ScreeningFactory,
    SeriesFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
BANNER = "This event has passed"


def page_of(client, film: Film, at=NOW) -> str:
    with time_machine.travel(at, tick=False):
        response = client.get(film.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_banner_appears_at_the_end_of_the_last_screening_and_not_before(client):
    screening = ScreeningFactory(films=[film := FilmFactory(runtime=100)], starts_at=NOW)
    end = NOW + timedelta(minutes=100)
    assert screening.ends_at == end
    assert BANNER not in page_of(client, film, end - timedelta(seconds=1))
    assert BANNER in page_of(client, film, end)


def test_banner_leads_to_what_is_on_only_while_something_is(client):
    ScreeningFactory(films=[film := FilmFactory()], starts_at=NOW - timedelta(days=1))
    page = page_of(client, film)
    assert ("See what is on now" in page, "Look through the films" in page) == (False, True)
    ScreeningFactory(starts_at=NOW + timedelta(days=1))
    page = page_of(client, film)
    assert ("See what is on now" in page, "Look through the films" in page) == (True, False)


def test_banner_waits_for_every_screening_that_is_not_cancelled(client):
    film = FilmFactory()
    ScreeningFactory(films=[film], starts_at=NOW - timedelta(days=1))
    later = ScreeningFactory(films=[film], starts_at=NOW + timedelta(days=1))
    assert BANNER not in page_of(client, film)
    later.occurrence = Screening.Occurrence.CANCELLED
    later.save()
    assert BANNER in page_of(client, film)


def test_film_without_screening_says_dates_to_be_announced(client):
    assert "Dates to be announced" in page_of(client, FilmFactory())


def test_film_known_only_to_press_screenings_has_no_dates(client):
    film = FilmFactory()
    ScreeningFactory(films=[film], audience=Screening.Audience.PRESS)
    page = page_of(client, film)
    assert "Dates to be announced" in page
    assert "Cinema" not in page


def test_film_with_every_screening_cancelled_says_so_and_keeps_it_listed(client):
    film = FilmFactory()
    ScreeningFactory(films=[film], occurrence=Screening.Occurrence.CANCELLED, ticket_url="https://t.example/1")
    page = page_of(client, film)
    assert "Every screening of this film has been cancelled" in page
    assert 'data-status="cancelled"' in page
    assert "Book Tickets" not in page


def test_past_screening_of_a_film_still_to_come_is_marked_and_offers_no_booking(client):
    film = FilmFactory()
    for offset in (-1, 1):
        ScreeningFactory(
            films=[film],
            starts_at=NOW + timedelta(days=offset),
            sales=Screening.Sales.ON_SALE,
            ticket_url="https://t.example/1",
        )
    page = page_of(client, film)
    assert page.count('data-status="passed"') == 2  # the stub and its word
    assert page.count("Book Tickets") == 1
    assert BANNER not in page


@pytest.mark.parametrize(("to_come", "folded"), [(8, 0), (9, 3)])
def test_screenings_of_a_long_run_are_folded_after_the_first(client, to_come, folded):
    film = FilmFactory()
    for day in range(to_come):
        ScreeningFactory(films=[film], starts_at=NOW + timedelta(days=day, hours=1))
    with time_machine.travel(NOW, tick=False):
        context = client.get(film.get_absolute_url()).context
    starts = [showing.screening.starts_at for part in ("to_come", "further") for showing in context[part]]
    assert (starts, len(context["further"])) == (
        [NOW + timedelta(days=day, hours=1) for day in range(to_come)],
        folded,
    )


@pytest.mark.parametrize(
    ("sales", "button"),
    [
        (Screening.Sales.ON_SALE, "Book Tickets"),
        (Screening.Sales.SELLING_FAST, "Book Tickets"),
        (Screening.Sales.FREE_REGISTRATION, "Register, free"),
        (Screening.Sales.FREE, None),
        (Screening.Sales.NOT_YET, None),
        (Screening.Sales.STANDBY, None),
        (Screening.Sales.OFF_SALE, None),
        (Screening.Sales.SOLD_OUT, None),
        (Screening.Sales.PASS_ONLY, None),
        (Screening.Sales.UNKNOWN, None),
    ],
)
def test_button_stands_only_where_a_ticket_can_be_booked(client, sales, button):
    film = FilmFactory()
    ScreeningFactory(films=[film], sales=sales, ticket_url="https://t.example/1")
    page = page_of(client, film)
    assert str(Screening.Sales(sales).label) in page
    assert ('<a class="btn wide" href="https://t.example/1">' in page) == (button is not None)
    assert button is None or button in page


def test_calendar_of_all_screenings_is_offered_where_there_is_more_than_one_to_come(client):
    film = FilmFactory()
    link = f'href="/calendar/film/{film.slug}.ics"'
    for number in (1, 2):
        screening = ScreeningFactory(films=[film], starts_at=NOW + timedelta(days=number))
        page = page_of(client, film)
        assert f'href="/screenings/{screening.pk}.ics"' in page
        assert (link in page) == (number == 2)


def test_moved_screening_shows_where_and_when_it_was(client):
    old, new = RoomFactory(name="Cinema 8"), RoomFactory(name="Main Stage")
    screening = ScreeningFactory(films=[film := FilmFactory()], room=old)
    before = screening.starts_at
    screening.occurrence, screening.room = Screening.Occurrence.MOVED, new
    screening.starts_at += timedelta(hours=1)
    screening.save(why="The print is late")
    assert (screening.previous_starts_at, screening.previous_room) == (before, old)
    page = page_of(client, film)
    assert f"<del>Fri 2 Oct, 8:00\u00a0pm, {old.full_name}</del>" in page
    assert new.full_name in page
    assert {change.axis for change in screening.changes.all()} == {"occurrence", "starts_at", "room_id"}
    assert {change.reason for change in screening.changes.all()} == {"The print is late"}


def test_show_after_midnight_stands_under_the_evening_before(client):
    film = FilmFactory()
    ScreeningFactory(films=[film], starts_at=NOW + timedelta(hours=6, minutes=15))
    page = page_of(client, film)
    assert "Fri 2 Oct, late night" in page
    assert "Sat 12:15\u00a0am" in page
    assert 'datetime="2026-10-03T00:15:00-07:00"' in page


def test_unknown_runtime_ends_approximately_after_the_default_slot(client):
    film = FilmFactory(runtime=None)
    screening = ScreeningFactory(films=[film], edition=film.edition)
    assert screening.ends_at == screening.starts_at + timedelta(minutes=120)
    page = page_of(client, film)
    assert "Ends approx." in page
    assert "<dt>Runtime</dt>" not in page


@pytest.mark.parametrize(
    ("state", "embargo", "status"),
    [
        (Film.State.DRAFT, None, 404),
        (Film.State.SCHEDULED, NOW + timedelta(seconds=1), 404),
        (Film.State.SCHEDULED, NOW, 200),
        (Film.State.PUBLISHED, None, 200),
        (Film.State.WITHDRAWN, None, 200),
    ],
)
def test_page_exists_exactly_while_the_film_is_announced(client, state, embargo, status):
    film = FilmFactory(state=state, embargo_until=embargo)
    with time_machine.travel(NOW, tick=False):
        assert client.get(film.get_absolute_url()).status_code == status


def test_nothing_of_an_edition_shows_before_it_is_announced(client):
    film = FilmFactory(edition=EditionFactory(announced_at=NOW + timedelta(seconds=1)))
    with time_machine.travel(NOW, tick=False):
        assert client.get(film.get_absolute_url()).status_code == 404
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        assert client.get(film.get_absolute_url()).status_code == 200


def test_withdrawn_film_says_so_and_stands_in_no_list(client):
    film = FilmFactory(state=Film.State.WITHDRAWN, title="Gone", still_key="a" * 24, still_credit="Ilse Brandt")
    ScreeningFactory(films=[film])
    page = page_of(client, film)
    assert ("<picture" in page, "Ilse Brandt" in page) == (False, False)
    assert "has been taken out of" in page
    assert "There are no screenings of this film any more" in page
    with time_machine.travel(NOW, tick=False):
        assert "Gone" not in client.get(reverse("films")).content.decode()


def test_changed_address_redirects_for_ever(client):
    film = FilmFactory(title="Kiln")
    film = Film.objects.get(pk=film.pk)
    film.slug = "the-kiln"
    film.save()
    response = client.get("/films/kiln/")
    assert (response.status_code, response["Location"]) == (301, "/films/the-kiln/")


def test_old_address_of_a_hidden_film_leads_nowhere(client):
    OldSlug.objects.create(slug="old", film=FilmFactory(state=Film.State.DRAFT))
    assert client.get("/films/old/").status_code == 404


def test_original_title_is_hidden_when_it_says_the_same(client):
    same = FilmFactory(title="Nausicaä", original_title="NAUSICAA")
    assert "hero-original" not in page_of(client, same)
    other = FilmFactory(title="Red Rooms", original_title="Les Chambres Rouges", original_language="fr")
    assert '<p class="hero-original" lang="fr" dir="auto">Les Chambres Rouges</p>' in page_of(client, other)


@pytest.mark.parametrize(("length", "above", "among_facts"), [(120, True, False), (121, False, True)])
def test_original_title_as_long_as_a_text_stands_among_the_facts(client, length, above, among_facts):
    page = page_of(client, FilmFactory(title="Gaman", original_title="x" * length))
    assert ("hero-original" in page, "<dt>Original title</dt>" in page) == (above, among_facts)


def test_premiere_badge_stands_only_at_the_premiere_screening(client):
    film = FilmFactory(premiere=Film.Premiere.WORLD)
    ScreeningFactory(films=[film], is_premiere=True)
    ScreeningFactory(films=[film], starts_at=NOW + timedelta(days=1))
    assert page_of(client, film).count("<strong>World Premiere</strong>") == 1


def test_short_links_to_the_programmes_it_plays_in_and_takes_their_screenings(client):
    short = FilmFactory(title="Nineteen Dogs", kind=Film.Kind.SHORT, runtime=12)
    programme = FilmFactory(title="Short Forum 1", kind=Film.Kind.PROGRAMME, runtime=None)
    ProgrammePart.objects.create(programme=programme, film=short)
    screening = ScreeningFactory(films=[programme])
    assert screening.ends_at == screening.starts_at + timedelta(minutes=12)
    page = page_of(client, short)
    assert '<a href="/films/short-forum-1/" lang="en" dir="auto">Short Forum 1</a>' in page
    assert f'id="screening-{screening.pk}"' in page


def test_film_shown_with_another_says_so_with_its_part(client):
    short, feature = FilmFactory(title="Brass"), FilmFactory(title="Kiln")
    screening = ScreeningFactory(films=[feature])
    ScreeningFilm.objects.create(screening=screening, film=short, position=9, part=ScreeningFilm.Part.SHORT_BEFORE)
    assert "Brass</a> (Short before the film)" in page_of(client, feature)


def test_warnings_are_those_of_all_films_shown_each_once(client):
    short, feature = FilmFactory(), FilmFactory()
    violence, strobe = (WarningKind.objects.create(name=name) for name in ("Violence", "Flashing lights"))
    ContentWarning.objects.create(film=feature, kind=violence, spoiler="The dog dies.")
    ContentWarning.objects.create(film=short, kind=violence)
    ContentWarning.objects.create(film=short, kind=strobe)
    ScreeningFactory(films=[feature, short])
    page = page_of(client, feature)
    assert page.count("<span>Violence</span>") == 1
    assert page.count("<span>Flashing lights</span>") == 1
    assert "gives the story away" in page


def test_ages_are_grouped_by_venue_with_their_reason(client):
    SchemeFactory()
    film = FilmFactory()
    village = RoomFactory(venue=VenueFactory(name="International Village"))
    rio = RoomFactory(venue=VenueFactory(name="The Rio"))
    LicenceFactory(venue=rio.venue, note="Licensed for alcohol.")
    for number, room in enumerate([village, village, rio]):
        ScreeningFactory(films=[film], room=room, starts_at=NOW + timedelta(days=number))
    page = page_of(client, film)
    assert page.count('<b class="num">18+</b> <span>At International Village</span>') == 1
    assert page.count('<b class="num">19+</b> <span>At The Rio</span>') == 1
    assert "<p>Licensed for alcohol. No babies in arms.</p>" in page


def test_html_in_a_synopsis_is_shown_and_never_run(client):
    film = FilmFactory(synopsis="<script>alert(1)</script> *quiet* [x](javascript:alert(1))")
    page = page_of(client, film)
    assert "<script>alert" not in page
    assert "<em>quiet</em>" in page
    assert 'href="javascript' not in page


def test_credits_are_grouped_by_role_in_the_films_order(client):
    film = FilmFactory()
    second, first = PersonFactory(name="Ada Berg"), PersonFactory(name="Zoe Adler")
    CreditFactory(film=film, person=second, position=2)
    CreditFactory(film=film, person=first, position=1)
    CreditFactory(film=film, person=second, role=CreditRole.objects.get(slug="editor"))
    page = page_of(client, film)
    assert "<dt>Directors</dt>" in page
    assert page.index("Zoe Adler") < page.index("Ada Berg")
    assert "<dt>Editor</dt>" in page


def test_quote_names_its_source(client):
    film = FilmFactory()
    Quote.objects.create(film=film, text="Enthralling", source="The Paper", url="https://paper.example/1")
    assert '<a href="https://paper.example/1">The Paper</a>' in page_of(client, film)


def test_empty_facts_are_left_out(client):
    page = page_of(client, FilmFactory(runtime=None, tba=True))
    for label in ("Director", "Cast", "Country of origin", "Year", "Series", "Language", "Runtime", "Genre"):
        assert f"<dt>{label}</dt>" not in page
    assert "More to be announced" in page


def test_unknown_address_gives_our_own_page_with_a_search_field(client):
    response = client.get("/films/no-such-film/")
    assert response.status_code == 404
    assert 'name="q"' in response.content.decode()


def test_page_is_the_same_for_everybody(client, admin_client):
    film = FilmFactory()
    with time_machine.travel(NOW, tick=False):
        visitor, staff = client.get(film.get_absolute_url()), admin_client.get(film.get_absolute_url())
    assert visitor.content == staff.content
    assert not visitor.cookies
    assert "Cookie" not in visitor.get("Vary", "")
    assert "unsafe" not in visitor["Content-Security-Policy"]
    assert "nonce" not in visitor["Content-Security-Policy"]


def fill(film: Film, screenings: int, credits: int) -> None:
    kinds = [WarningKind.objects.create(name=f"Kind {number}") for number in range(3)]
    ContentWarning.objects.bulk_create(ContentWarning(film=film, kind=kind) for kind in kinds)
    film.series.add(SeriesFactory(), SeriesFactory())
    film.genres.add(GenreFactory(), GenreFactory())
    for number in range(screenings):
        ScreeningFactory(films=[film, FilmFactory()], starts_at=NOW + timedelta(days=number - screenings // 2))
    Credit.objects.bulk_create(
        Credit(film=film, person=PersonFactory(), role=CreditRole.objects.get(slug="cast"), position=position)
        for position in range(credits)
    )


@pytest.mark.parametrize(("screenings", "credits"), [(1, 5), (3, 5), (30, 5), (3, 200)])
def test_film_page_takes_seven_queries_whatever_is_on_it(client, django_assert_num_queries, screenings, credits):
    SchemeFactory()
    film = FilmFactory(directors=[PersonFactory()])
    fill(film, screenings, credits)
    for _number in range(8):
        ScreeningFactory()
    with time_machine.travel(NOW, tick=False), django_assert_num_queries(7):
        assert client.get(film.get_absolute_url()).status_code == 200
