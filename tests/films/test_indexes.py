from datetime import timedelta

import pytest

from films.models import Credit, CreditRole, Film, Screening
from people.models import Person
from tests.factories import (
    NOW,
    CreditFactory,
    FilmFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
    VenueFactory,
)
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY = timedelta(days=1)


# People


def people(client, **query) -> dict[str, list[str]]:
    groups = client.get("/people/", query).context["groups"]
    return {letter: [entry.person.name for entry in listed] for letter, listed in groups.items()}


def credited(*names, film=None, **fields) -> None:
    film = film or FilmFactory()
    for name in names:
        CreditFactory(film=film, person=PersonFactory(name=name, **fields))


def test_people_stand_by_sort_form_under_their_letters(client):
    credited("Zoë Abel", "Åsa Øy", "Ann Berg", "王家衛", "Ida Abel", "Studio 4", "(Collective)")
    found = people(client)
    assert list(found) == ["a", "b", "o", "other"]
    assert (found["a"], found["b"], found["o"]) == (["Ida Abel", "Zoë Abel"], ["Ann Berg"], ["Åsa Øy"])
    assert sorted(found["other"]) == ["(Collective)", "Studio 4", "王家衛"]


def test_people_of_hidden_films_alone_are_not_listed(client):
    credited("Ann Berg", film=FilmFactory(state=Film.State.DRAFT))
    assert people(client) == {}
    assert "Nobody is named yet" in client.get("/people/").content.decode()


def test_person_is_listed_once_with_every_role_and_public_film(client):
    person = PersonFactory(name="Ann Berg")
    films = [FilmFactory(title=title, directors=[person]) for title in ("Ash", "Birch", "Cedar", "Dogwood")]
    CreditFactory(film=films[0], person=person, role=CreditRole.objects.get(slug="editor"))
    FilmFactory(title="Hidden", directors=[person], state=Film.State.DRAFT)
    [entry] = client.get("/people/").context["groups"]["b"]
    assert entry.roles == ["Director", "Editor"]
    assert ([film.title for film in entry.first_films], entry.further_films) == (["Ash", "Birch", "Cedar"], 1)


@pytest.mark.parametrize("words", ["oy", "ØY", "asa"])
def test_search_folds_names(client, words):
    credited("Åsa Øy", "Ann Berg")
    assert people(client, q=words) == {"o": ["Åsa Øy"]}


def test_letter_shows_who_is_filed_there(client):
    credited("Ann Berg", "Ida Abel", "王家衛")
    assert people(client, letter="b") == {"b": ["Ann Berg"]}
    assert people(client, letter="other") == {"other": ["王家衛"]}
    assert people(client, letter="c") == {}


def test_search_that_finds_nobody_says_so_and_stays_harmless(client):
    credited("Ann Berg")
    page = client.get("/people/", {"q": "<b>zz"}).content.decode()
    assert "Nobody of that name is in the programme" in page
    assert "<b>zz" not in page


@pytest.mark.parametrize("letter", ["ab", "B", "é", "\x00", "x" * 5000])
def test_letter_that_is_none_has_no_page(client, letter):
    assert client.get("/people/", {"letter": letter}).status_code == 404


@pytest.mark.parametrize("query", [{"q": "x" * 5000}, {"q": "a\x00b"}, {"page": "-1"}, {"page": "nine"}, {"q": "%_\\"}])
def test_any_search_for_people_gives_a_page(client, query):
    credited("Ann Berg")
    assert client.get("/people/", query).status_code == 200


def two_pages_of_people() -> None:
    people = [Person(name=f"Ann Berg {n:03}", sort_name=f"Berg {n:03}", slug=f"ann-berg-{n:03}") for n in range(121)]
    for person in people:
        person.derive()
    film, director = FilmFactory(), CreditRole.objects.get(slug="director")
    Person.objects.bulk_create(people)
    Credit.objects.bulk_create(Credit(film=film, person=person, role=director) for person in people)


def test_long_list_of_people_has_pages(client):
    two_pages_of_people()
    assert people(client, page=2) == {"b": ["Ann Berg 120"]}


# Venues


def places(client) -> tuple[list, list]:
    context = client.get("/venues/").context
    return context["now"], context["earlier"]


def test_venues_with_something_to_come_stand_before_those_where_films_have_played(client):
    ScreeningFactory(room__venue__name="A", starts_at=NOW - DAY)
    ScreeningFactory(room__venue__name="B")
    ScreeningFactory(room__venue__name="Hidden", films=[FilmFactory(state=Film.State.DRAFT)])
    VenueFactory(name="Unused")
    now, earlier = places(client)
    assert [place.venue.name for place in now] == ["B"]
    assert [place.venue.name for place in earlier] == ["A"]


def test_venue_shows_the_next_three_that_will_take_place(client):
    room = RoomFactory()
    other = RoomFactory(venue=room.venue)
    for number, (title, where) in enumerate(
        [("Off", room), ("First", room), ("Second", other), ("Third", room), ("Fourth", room)]
    ):
        occurrence = Screening.Occurrence.CANCELLED if title == "Off" else Screening.Occurrence.SCHEDULED
        ScreeningFactory(
            films=[FilmFactory(title=title)], room=where, starts_at=NOW + number * DAY + DAY, occurrence=occurrence
        )
    ScreeningFactory(films=[FilmFactory(title="Begun")], room=room, starts_at=NOW)
    [place], _earlier = places(client)
    assert [bill.films[0].title for bill in place.next_up] == ["First", "Second", "Third"]


@pytest.mark.parametrize(("ends", "shown"), [(timedelta(microseconds=1), ["Begun"]), (timedelta(0), [])])
def test_venue_shows_what_runs_where_no_three_are_to_come(client, ends, shown):
    room = RoomFactory()
    starts = NOW - timedelta(minutes=90) + ends
    ScreeningFactory(films=[FilmFactory(title="Begun", runtime=90)], room=room, starts_at=starts, preshow=0)
    ScreeningFactory(films=[FilmFactory(title="First")], room=room, starts_at=NOW + DAY)
    [place], _earlier = places(client)
    assert [bill.films[0].title for bill in place.next_up] == [*shown, "First"]


@pytest.mark.parametrize(
    ("rooms", "words"),
    [
        ([{"step_free": True, "hearing_loop": True}], ["step-free", "hearing loop"]),
        ([{"step_free": True, "wheelchair_places": 4}, {}], ["step-free to 1 of 2 rooms", "4 wheelchair places"]),
        ([{"step_free": False, "wheelchair_places": 1}], ["no step-free route", "1 wheelchair place"]),
        ([{"step_free": False}, {}], []),
        ([{}], []),
    ],
)
def test_access_in_short_says_what_is_known(client, rooms, words):
    venue = VenueFactory()
    made = [RoomFactory(venue=venue, **facts) for facts in rooms]
    ScreeningFactory(room=made[0])
    [place], _earlier = places(client)
    assert place.access == words


def test_no_venues_says_that_they_will_come(client):
    assert "No venue is announced yet" in client.get("/venues/").content.decode()


# Series


def test_series_tell_how_many_of_their_films_play_now(client):
    panorama, old, hidden = SeriesFactory(name="Panorama"), SeriesFactory(name="Old"), SeriesFactory(name="Hidden")
    to_come, no_dates, past = FilmFactory(), FilmFactory(), FilmFactory()
    ScreeningFactory(films=[to_come])
    ScreeningFactory(films=[past], starts_at=NOW - DAY)
    panorama.films.add(to_come, no_dates, past)
    old.films.add(past)
    hidden.films.add(FilmFactory(state=Film.State.DRAFT))
    context = client.get("/series/").context
    assert context["now"] == [(panorama, 2)]
    assert context["earlier"] == [old]


def test_no_series_says_that_they_will_come(client):
    assert "No series are announced yet" in client.get("/series/").content.decode()


QUERIES = {"/people/": 4, "/venues/": 4, "/series/": 2}


@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow_with_the_rows(client, rows):
    for _ in range(rows):
        film = FilmFactory(directors=[PersonFactory()])
        film.series.add(SeriesFactory())
        ScreeningFactory(films=[film])
    assert {address: queries_of(client, address) for address in QUERIES} == QUERIES


# Addresses


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ({}, "/people/"),
        ({"letter": "b"}, "/people/?letter=b"),
        ({"page": "1"}, "/people/"),
        ({"page": "2"}, "/people/?page=2"),
        ({"letter": "b", "page": "2"}, "/people/?letter=b&amp;page=2"),
        ({"q": "berg", "page": "2"}, "/people/"),
    ],
)
def test_canonical_address_keeps_what_makes_another_page(client, query, canonical):
    two_pages_of_people()
    assert f'rel="canonical" href="http://testserver{canonical}"' in client.get("/people/", query).content.decode()


@pytest.mark.parametrize("name", ["", "people/", "venues/", "series/", "editions/", "changes/"])
def test_page_has_a_title_and_a_description_of_its_own(client, name):
    page = client.get(f"/{name}").content.decode()
    title = page.partition("<title>")[2].partition(" –")[0]
    description = page.partition('name="description" content="')[2].partition('"')[0]
    assert title
    assert len(description) > 40
