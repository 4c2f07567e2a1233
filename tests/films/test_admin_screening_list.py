"""The lists of screenings and of their changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from films.models import Film, StatusChange
from tests.factories import FilmFactory, RoomFactory, ScreeningFactory

LIST = "/admin/films/screening/"
CHANGES = "/admin/films/statuschange/"
SEVEN = datetime(2026, 10, 3, 2, 0, tzinfo=UTC)  # Fri 2 October, 19:00 in Vancouver


def found(client, words: str) -> list:
    return list(client.get(LIST, {"q": words}).context["cl"].result_list)


def test_the_log_is_read_only_and_in_words(admin_client):
    screening = ScreeningFactory(starts_at=SEVEN)
    screening.starts_at += timedelta(hours=2)
    screening.room = RoomFactory(venue__name="The Rio", name="Balcony")
    screening.sales = "sold_out"
    screening.save()
    logged = StatusChange.objects.first()

    page = admin_client.get(CHANGES).content.decode()
    for words in ("Fri 2 Oct 2026, 19:00", "Fri 2 Oct 2026, 21:00", "The Rio, Balcony", "Sold out"):
        assert words in page
    assert admin_client.get(f"{CHANGES}add/").status_code == 403
    assert admin_client.post(f"{CHANGES}{logged.pk}/delete/").status_code == 403
    assert b'name="_save"' not in admin_client.get(f"{CHANGES}{logged.pk}/change/").content


def test_the_list_shows_the_venues_own_clock(admin_client):
    ScreeningFactory(starts_at=SEVEN, room=RoomFactory(venue__time_zone="America/Toronto"))

    assert "Fri 2 Oct 2026, 22:00" in admin_client.get(LIST).content.decode()


def test_screenings_are_found_by_the_folded_title_of_what_they_show(admin_client):
    ScreeningFactory()
    screening = ScreeningFactory(films=[FilmFactory(title="Łódź After Rain")])

    assert found(admin_client, "lodz") == [screening]


def test_a_short_is_found_inside_its_programme(admin_client):
    programme = FilmFactory(title="Shorts 1", kind=Film.Kind.PROGRAMME)
    programme.parts.create(film=FilmFactory(title="Mango Season"))
    ScreeningFactory()
    screening = ScreeningFactory(films=[programme])

    assert found(admin_client, "mango") == [screening]


@pytest.mark.parametrize("url", [LIST, f"{LIST}?q=film", CHANGES])
def test_the_lists_take_a_constant_number_of_queries(admin_client, url, django_assert_num_queries):
    first = ScreeningFactory()

    def add(count: int) -> None:
        for _ in range(count):
            room = RoomFactory(venue=first.room.venue)
            screening = ScreeningFactory(edition=first.edition, films=[FilmFactory(edition=first.edition)])
            screening.room, screening.sales = room, "sold_out"
            screening.save()

    add(1)
    admin_client.get(url)
    with CaptureQueriesContext(connection) as with_one:
        admin_client.get(url)
    add(29)
    with django_assert_num_queries(len(with_one)):
        admin_client.get(url)
