from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from films.models import CreditRole, Film
from tests.factories import (
    NOW,
    CreditFactory,
    FilmFactory,
    LicenceFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def test_home_leads_to_the_programme(client):
    assert client.get("/")["Location"] == "/films/"


def test_programme_lists_public_films_by_title_and_leaves_past_ones_out(client):
    past = FilmFactory(title="Past")
    ScreeningFactory(films=[past], starts_at=NOW - timedelta(days=9))
    FilmFactory(title="Hidden", state=Film.State.DRAFT)
    for title, language in (("La Haine", "fr"), ("The Ferry", "en"), ("Gold", "en")):
        FilmFactory(title=title, title_language=language)
    cards = client.get("/films/").context["cards"]
    assert [card.film.title for card in cards] == ["The Ferry", "Gold", "La Haine"]


@pytest.mark.parametrize("words", ["lodz", "ŁÓDŹ", "hakon rain", "rain"])
def test_search_finds_folded_words_in_titles_and_people(client, words):
    CreditFactory(film=FilmFactory(title="Łódź After Rain"), person=PersonFactory(name="Håkon Øy"))
    FilmFactory(title="Kiln")
    cards = client.get("/films/", {"q": words}).context["cards"]
    assert [card.film.title for card in cards] == ["Łódź After Rain"]


def test_search_finds_past_films_too(client):
    past = FilmFactory(title="Past")
    ScreeningFactory(films=[past], starts_at=NOW - timedelta(days=9))
    assert [card.film for card in client.get("/films/", {"q": "past"}).context["cards"]] == [past]


def test_search_that_finds_nothing_says_so_and_offers_a_way_on(client):
    page = client.get("/films/", {"q": "<b>zz"}).content.decode()
    assert "No film matches all of that" in page
    assert "&lt;b&gt;zz" in page
    assert "<b>zz" not in page


@pytest.mark.parametrize("query", [{"q": "x" * 5000}, {"q": "a\x00b"}, {"page": "-1"}, {"page": "nine"}, {"q": "%_\\"}])
def test_any_query_string_gives_a_page(client, query):
    FilmFactory()
    assert client.get("/films/", query).status_code == 200


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


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/films/", 4), ("/series/panorama/", 5), ("/people/ann/", 5), ("/venues/the-rio/", 6)],
)
@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow_with_the_rows(client, django_assert_num_queries, address, queries, rows):
    series, person, venue = SeriesFactory(name="Panorama"), PersonFactory(name="Ann"), VenueFactory(name="The Rio")
    room = RoomFactory(venue=venue)
    for number in range(rows):
        film = FilmFactory(directors=[person])
        film.series.add(series)
        ScreeningFactory(films=[film], room=room, starts_at=NOW + timedelta(days=number + 1))
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
