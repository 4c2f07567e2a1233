from datetime import date, timedelta

import pytest

from films.archive import Numbers, numbers_of
from films.models import Country, Edition, Film, FilmCountry, Screening
from tests.factories import NOW, EditionFactory, FilmFactory, RoomFactory, ScreeningFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
LAST_YEAR = {"starts_on": date(2025, 9, 28), "ends_on": date(2025, 10, 8)}
DAY = timedelta(days=1)


@pytest.fixture
def last():
    return EditionFactory(name="Northlight 2025", **LAST_YEAR)


def shown(client, address: str) -> list[tuple[str, list[str]]]:
    groups = client.get(address).context["groups"]
    return [(edition.name, [card.film.title for card in cards]) for edition, cards in groups]


def test_years_are_those_of_past_festivals_latest_first(client, last):
    EditionFactory(name="Running")
    EditionFactory(name="The House", kind=Edition.Kind.YEAR_ROUND, starts_on=date(2020, 1, 1), ends_on=None)
    older = EditionFactory(starts_on=date(2024, 9, 28), ends_on=date(2024, 10, 8))
    response = client.get("/editions/")
    assert [edition for edition, _numbers in response.context["editions"]] == [last, older]
    assert 'href="/editions/2025/"' in response.content.decode()


def test_archive_without_a_past_festival_says_so(client):
    EditionFactory()
    assert "No festival has ended yet" in client.get("/editions/").content.decode()


def test_year_shows_its_public_films_by_title_and_says_which_year_it_is(client, last):
    for title in ("The Ferry", "Gold"):
        FilmFactory(title=title, edition=last)
    FilmFactory(title="Hidden", edition=last, state=Film.State.DRAFT)
    FilmFactory(title="Of this year")
    assert shown(client, "/editions/2025/") == [("Northlight 2025", ["The Ferry", "Gold"])]
    page = client.get("/editions/2025/").content.decode()
    assert "<title>Northlight 2025 – the films of 2025 –" in page
    assert "The festival of 2025</h1>" in page
    assert "28 September to 8 October 2025. This festival has ended." in page


def test_two_festivals_of_one_year_stand_below_each_other(client, last):
    spring = EditionFactory(name="Spring weekend", starts_on=date(2025, 4, 4), ends_on=date(2025, 4, 6))
    FilmFactory(title="A", edition=last)
    FilmFactory(title="Z", edition=spring)
    assert shown(client, "/editions/2025/") == [("Spring weekend", ["Z"]), ("Northlight 2025", ["A"])]
    assert "The festivals of 2025</h1>" in client.get("/editions/2025/").content.decode()


@pytest.mark.parametrize(
    ("announced_at", "status"), [(NOW, 200), (NOW + timedelta(seconds=1), 404), (None, 200)], ids=str
)
def test_year_to_come_has_a_page_from_its_announcement(client, announced_at, status):
    EditionFactory(starts_on=date(2027, 9, 28), ends_on=date(2027, 10, 8), announced_at=announced_at)
    assert client.get("/editions/2027/").status_code == status


@pytest.mark.parametrize("year", ["2024", "0", "10000", "9" * 40, "9" * 5000, "x", "-1"])
def test_year_without_a_festival_has_no_page(client, last, year):
    assert client.get(f"/editions/{year}/").status_code == 404


@pytest.mark.parametrize("page", ["-1", "nine", "9" * 5000, "\x00"])
def test_any_page_number_gives_a_page(client, last, page):
    FilmFactory(edition=last)
    assert client.get("/editions/2025/", {"page": page}).status_code == 200


def test_year_without_a_public_film_says_so(client, last):
    assert "No film of 2025 has a page here" in client.get("/editions/2025/").content.decode()


def test_long_list_has_pages(client, last):
    for number in range(49):
        FilmFactory(title=f"Film {number:02}", edition=last)
    assert shown(client, "/editions/2025/?page=2") == [("Northlight 2025", ["Film 48"])]


def test_numbers_count_what_is_public_and_took_place(last):
    canada = Country.objects.create(name="Canada", code="CA")
    room = RoomFactory()
    films = [FilmFactory(edition=last), FilmFactory(edition=last, kind=Film.Kind.SHORT)]
    films += [FilmFactory(edition=last, kind=kind) for kind in (Film.Kind.PROGRAMME, Film.Kind.EVENT)]
    hidden = FilmFactory(edition=last, state=Film.State.DRAFT)
    for film in [*films, hidden]:
        FilmCountry.objects.create(film=film, country=canada)
        ScreeningFactory(films=[film], edition=last, room=room)
    ScreeningFactory(films=films[:1], edition=last, occurrence=Screening.Occurrence.CANCELLED)
    ScreeningFactory(films=films[:1], edition=last, audience=Screening.Audience.PRESS)
    assert numbers_of([last], NOW) == {last.pk: Numbers(films=2, countries=1, screenings=4, venues=1)}


def test_film_counts_once_however_many_countries_it_has(last):
    film = FilmFactory(edition=last)
    for name in ("Canada", "France"):
        FilmCountry.objects.create(film=film, country=Country.objects.create(name=name))
    assert numbers_of([last], NOW)[last.pk] == Numbers(films=1, countries=2)


def test_festival_without_anything_public_has_empty_numbers(last):
    assert numbers_of([last], NOW) == {last.pk: Numbers()}


def test_past_film_leads_to_its_festival(client, last):
    film = FilmFactory(edition=last)
    ScreeningFactory(films=[film], edition=last, starts_at=NOW - 300 * DAY)
    page = client.get(film.get_absolute_url()).content.decode()
    assert page.count('<a href="/editions/2025/">Northlight 2025</a>') == 2


def test_past_film_of_the_house_leads_to_no_year(client):
    house = EditionFactory(name="The House", kind=Edition.Kind.YEAR_ROUND, ends_on=None)
    film = FilmFactory(edition=house)
    ScreeningFactory(films=[film], edition=house, starts_at=NOW - DAY)
    assert "/editions/2" not in client.get(film.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("address", "queries"), [("/editions/", 3), ("/editions/2025/", 7)])
@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow_with_the_rows(client, django_assert_num_queries, last, address, queries, rows):
    for number in range(rows):
        film = FilmFactory(edition=last)
        ScreeningFactory(films=[film], edition=last, starts_at=NOW + DAY)
        EditionFactory(starts_on=date(1990 + number, 9, 28), ends_on=date(1990 + number, 10, 8))
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
