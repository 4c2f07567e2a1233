from datetime import date, timedelta

import pytest
from django.urls import reverse

from films.models import CreditRole, Film, ProgrammePart
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    LicenceFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
    VenueFactory,
)
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def titles(response) -> list[str]:
    return [card.film.title for card in response.context["cards"]]


def test_programme_lists_public_films_by_title_and_leaves_past_ones_out(client):
    past = FilmFactory(title="Past")
    ScreeningFactory(films=[past], starts_at=NOW - timedelta(days=9))
    FilmFactory(title="Hidden", state=Film.State.DRAFT)
    for title, language in (("La Haine", "fr"), ("The Ferry", "en"), ("Gold", "en")):
        FilmFactory(title=title, title_language=language)
    assert titles(client.get("/films/")) == ["The Ferry", "Gold", "La Haine"]


@pytest.mark.parametrize("words", ["lodz", "ŁÓDŹ", "hakon rain", "rain"])
def test_words_find_folded_titles_and_people(client, words):
    CreditFactory(film=FilmFactory(title="Łódź After Rain"), person=PersonFactory(name="Håkon Øy"))
    FilmFactory(title="Kiln")
    assert titles(client.get("/films/", {"q": words})) == ["Łódź After Rain"]


def test_words_find_past_films_too(client):
    past = FilmFactory(title="Past")
    ScreeningFactory(films=[past], starts_at=NOW - timedelta(days=9))
    assert titles(client.get("/films/", {"q": "past"})) == ["Past"]


def test_words_that_find_nothing_say_so_and_offer_a_way_on(client):
    page = client.get("/films/", {"q": "<b>zz"}).content.decode()
    assert "No film matches all of that" in page
    assert "&lt;b&gt;zz" in page
    assert "<b>zz" not in page


def test_words_with_a_slip_offer_what_was_meant(client):
    FilmFactory(title="Salt Hours")
    assert client.get("/films/", {"q": "salt huors"}).context["meant"] == "Salt Hours"


def test_films_of_an_ended_festival_stay_only_while_something_is_to_come(client):
    ended = EditionFactory(starts_on=date(2025, 9, 25), ends_on=date(2025, 10, 5))
    FilmFactory(title="Never dated", edition=ended)
    late = FilmFactory(title="Shown again", edition=ended)
    ScreeningFactory(films=[late])
    part = FilmFactory(title="Part", edition=ended)
    programme = FilmFactory(title="Shorts", edition=ended, kind=Film.Kind.PROGRAMME)
    ProgrammePart.objects.create(programme=programme, film=part)
    ScreeningFactory(films=[programme])
    assert titles(client.get("/films/")) == ["Part", "Shorts", "Shown again"]


def test_edition_lists_all_its_films_and_no_others(client):
    edition = EditionFactory(name="Northlight 2025", starts_on=date(2025, 9, 25), ends_on=date(2025, 10, 5))
    past = FilmFactory(title="Past", edition=edition)
    screening = ScreeningFactory(films=[past], edition=edition, starts_at=NOW - timedelta(days=370))
    FilmFactory(title="Other")
    assert titles(client.get("/films/?edition=northlight-2025")) == ["Past"]
    address = f"/films/?edition=northlight-2025&venue={screening.room.venue.slug}"
    assert titles(client.get(address)) == ["Past"]
    assert client.get("/films/?edition=northlight-1925").status_code == 404


def test_choices_are_named_in_chips_that_take_them_away(client):
    series = SeriesFactory(name="Panorama")
    series.films.add(FilmFactory(title="Kiln"))
    context = client.get("/films/?series=panorama&q=kiln&page=1&sort=next").context
    assert [(chip.label, chip.address) for chip in context["chips"]] == [
        ("Panorama", "/films/?q=kiln&sort=next"),
        ("“kiln”", "/films/?series=panorama&sort=next"),
    ]


def test_card_shows_the_screening_that_was_asked_for(client):
    film, rio = FilmFactory(title="Kiln"), RoomFactory(venue__name="The Rio")
    ScreeningFactory(films=[film], starts_at=NOW + timedelta(hours=1))
    at_the_rio = ScreeningFactory(films=[film], room=rio, starts_at=NOW + timedelta(days=2))
    [card] = client.get("/films/?venue=the-rio").context["cards"]
    assert (card.screening, card.rooms) == (at_the_rio, [rio.full_name])


@pytest.mark.parametrize(
    ("begins", "others", "says"),
    [
        (timedelta(minutes=-89), [], ["On screen now"]),
        (timedelta(minutes=-89), [("postponed", timedelta(days=-3))], ["On screen now"]),
        (timedelta(minutes=-89), [("scheduled", timedelta(days=2))], ["Sold out"]),
        (timedelta(minutes=-90), [("postponed", timedelta(days=-3))], ["Postponed"]),
        (timedelta(minutes=-90), [("cancelled", timedelta(days=2))], []),
    ],
)
def test_card_of_a_film_without_a_next_showtime_says_whether_it_runs_or_waits(client, begins, others, says):
    film = FilmFactory(title="Kiln", runtime=90)
    ScreeningFactory(films=[film], starts_at=NOW + begins, preshow=0)
    for occurrence, when in others:
        ScreeningFactory(films=[film], starts_at=NOW + when, occurrence=occurrence, sales="sold_out")
    [card] = client.get(f"/films/?edition={film.edition.slug}").context["cards"]
    assert [status.word for status in card.statuses] == says
    assert card.standing == ("To come" if says else f"Played at {film.edition}")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("title", ["Alder", "Birch", "Cedar"]),
        ("next", ["Cedar", "Alder", "Birch"]),
        ("series", ["Birch", "Alder", "Cedar"]),
        ("sideways", ["Alder", "Birch", "Cedar"]),
    ],
)
def test_order_is_by_title_next_showtime_or_series(client, order, expected):
    alder, birch, cedar = (FilmFactory(title=title) for title in ("Alder", "Birch", "Cedar"))
    ScreeningFactory(films=[alder], starts_at=NOW + timedelta(days=2))
    ScreeningFactory(films=[cedar], starts_at=NOW + timedelta(days=1))
    SeriesFactory(name="First", position=1).films.add(birch)
    SeriesFactory(name="Second", position=2).films.add(alder)
    assert titles(client.get("/films/", {"sort": order})) == expected


def test_choice_that_nothing_has_lists_nothing_and_names_the_nearest(client):
    SeriesFactory(name="Panorama").films.add(FilmFactory(title="Kiln"))
    context = client.get("/films/?series=panorama&country=atlantis").context
    assert context["cards"] == []
    assert [(way.label, way.address, way.count) for way in context["ways_on"]] == [
        ("Without Country “atlantis”", "/films/?series=panorama", 1)
    ]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("series=panorama", "Panorama"),
        ("series=nowhere", "Series “nowhere”"),
        ("day=2026-12-25", "Fri 25 Dec 2026"),
        ("day=soon", "Day “soon”"),
        ("tickets=<b>", "Tickets “<b>”"),
    ],
)
def test_choice_that_nothing_has_is_named_as_a_person_would(client, query, says):
    SeriesFactory(name="Panorama")
    FilmFactory(title="Kiln")
    assert [chip.label for chip in client.get(f"/films/?{query}").context["chips"]] == [says]


def test_narrowed_list_is_not_indexed_and_points_to_the_whole(client):
    SeriesFactory(name="Panorama").films.add(FilmFactory())
    whole, narrowed = client.get("/films/").content.decode(), client.get("/films/?series=panorama").content.decode()
    canonical = '<link rel="canonical" href="http://testserver/films/">'
    assert (canonical in whole, "noindex" in whole) == (True, False)
    assert (canonical in narrowed, "noindex" in narrowed) == (True, True)


def test_list_is_the_same_bytes_for_a_script(client):
    FilmFactory()
    plain = client.get("/films/?sort=next")
    by_script = client.get("/films/?sort=next", headers={"HX-Request": "true"})
    assert (by_script.content, by_script.headers) == (plain.content, plain.headers)


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 5000,
        "q=a%00b",
        "q=%CC%81",
        "q=%25_%5C",
        "page=-1",
        "page=nine",
        "sort=%00",
        "day=2026-99-99&part=noon&venue=%00&age=-1&runtime=x",
        "series=" + "y" * 5000,
        "&".join(f"genre={number}" for number in range(400)),
    ],
)
def test_any_query_string_gives_a_page(client, query):
    FilmFactory()
    assert client.get(f"/films/?{query}").status_code == 200


def test_series_page_shows_its_public_films(client):
    series = SeriesFactory(name="Panorama", description="*Wide*")
    shown, hidden = FilmFactory(), FilmFactory(state=Film.State.DRAFT)
    series.films.add(shown, hidden)
    response = client.get(reverse("series", args=["panorama"]))
    assert [card.film for card in response.context["cards"]] == [shown]
    assert "<em>Wide</em>" in response.content.decode()


def test_person_stands_once_per_film_with_every_role(client):
    person = PersonFactory(name="Ann Berg")
    film = FilmFactory(directors=[person])
    CreditFactory(film=film, person=person, role=CreditRole.objects.get(slug="editor"))
    cards = client.get("/people/ann-berg/").context["cards"]
    assert [(card.film, roles) for card, roles in cards] == [(film, ["Director", "Editor"])]


def test_person_known_only_from_hidden_films_has_no_page(client):
    film = FilmFactory(state=Film.State.DRAFT, directors=[PersonFactory(name="Ann Berg")])
    assert client.get("/people/ann-berg/").status_code == 404
    Film.objects.filter(pk=film.pk).update(state=Film.State.SCHEDULED, embargo_until=NOW)
    assert client.get("/people/ann-berg/").status_code == 200


def test_rooms_that_nothing_is_known_of_stand_in_one_line(client):
    rio = VenueFactory(name="The Rio")
    RoomFactory(venue=rio, name="The Rio")
    for name in ("Balcony", "Stalls"):
        RoomFactory(venue=rio, name=name)
    told = RoomFactory(venue=rio, name="Studio", step_free=False)
    response = client.get("/venues/the-rio/")
    assert response.context["told"] == [told]
    assert "<p>Balcony, Stalls</p>" in response.content.decode()


def test_venue_page_has_directions_access_door_rules_and_what_plays(client):
    venue = VenueFactory(name="The Rio", directions="Take the 9.", access="A ramp.", latitude=49.26, longitude=-123.07)
    room = RoomFactory(venue=venue, capacity=420, wheelchair_places=6, step_free=True)
    LicenceFactory(venue=venue, note="Licensed.")
    screening = ScreeningFactory(room=room)
    ScreeningFactory(room=room, starts_at=NOW - timedelta(days=1))
    response = client.get("/venues/the-rio/")
    assert [showing.screening for showing in response.context["showings"]] == [screening]
    page = response.content.decode()
    for words in (
        "Take the 9.",
        "A ramp.",
        "420 seats",
        "6 wheelchair places",
        "step-free",
        "openstreetmap",
        "Licensed.",
    ):
        assert words in page


QUERIES = {
    "/films/": 22,
    "/films/?part=evening&sort=series": 23,
    "/films/?q=film": 23,
    "/search/?q=film": 9,
    "/series/panorama/": 5,
    "/people/ann/": 5,
    "/venues/the-rio/": 6,
    "/films/?q=flim": 23,
    "/search/?q=flim": 12,
    "/schedule/": 1,
    "/my-schedule/": 0,
    "/my-schedule/offline/": 0,
    "/service-worker.js": 0,
    "/no-such-page/": 0,
    "/films/no-such-film/": 2,
}


@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow_with_the_rows(client, rows):
    series, person, venue = SeriesFactory(name="Panorama"), PersonFactory(name="Ann"), VenueFactory(name="The Rio")
    room = RoomFactory(venue=venue)
    for number in range(rows):
        film = FilmFactory(directors=[person])
        film.series.add(series)
        ScreeningFactory(films=[film], room=room, starts_at=NOW + timedelta(days=number + 1))
    assert {address: queries_of(client, address) for address in QUERIES} == QUERIES
