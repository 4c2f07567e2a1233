"""The log as staff look through it and take it away."""

import csv

import pytest
import time_machine
from django.contrib.auth.models import User

from films.models import Screening, StatusChange
from films.roles import BOX_OFFICE
from tests.factories import NOW, FilmFactory, ScreeningFactory
from tests.staff import member_of

pytestmark = pytest.mark.django_db
LIST, CSV = "/admin/films/statuschange/", "/admin/films/statuschange/csv/"


@pytest.fixture
def priya():
    return member_of(BOX_OFFICE, "priya", first_name="Priya")


@pytest.fixture
def staff(client, priya):
    client.force_login(priya)
    return client


@pytest.fixture
def changes(priya):
    """Two changes: one by a person, for a reason that a spreadsheet would take for a formula; one by a feed."""
    with time_machine.travel(NOW, tick=False):
        screening = ScreeningFactory(films=[FilmFactory(title="Kiln")], room__name="Cinema 1", room__venue__name="Rio")
        screening.sales = Screening.Sales.SOLD_OUT
        screening.save(by=priya, why="=1+1", source=StatusChange.Source.BOARD)
        screening.sales = Screening.Sales.ON_SALE
        screening.save(source=StatusChange.Source.FEED, source_name="Till")
    return screening


def rows_of(response) -> list[list[str]]:
    assert response.status_code == 200
    return list(csv.reader(b"".join(response.streaming_content).decode().splitlines()))


def test_log_goes_out_as_csv(staff, changes):
    response = staff.get(CSV)
    assert response["Content-Disposition"] == 'attachment; filename="log.csv"'
    start = changes.local_start.isoformat()
    what = [NOW.isoformat(), str(changes.pk), "Kiln", start, "Rio, Cinema 1", "Sales"]
    assert rows_of(response)[1:] == [
        [*what, "Sold out", "On sale", "", "", "Ticket feed: Till"],
        [*what, "Ask the venue", "Sold out", "Priya", "'=1+1", "Box office board"],
    ]


def test_log_as_csv_keeps_to_the_filters_of_the_list(staff, changes):
    assert [row[10] for row in rows_of(staff.get(CSV, {"source__exact": "feed"}))[1:]] == ["Ticket feed: Till"]
    assert f'href="{CSV}?source__exact=feed"' in staff.get(LIST, {"source__exact": "feed"}).content.decode()


def test_log_names_the_film_of_each_row(staff, changes):
    assert staff.get(LIST).content.decode().count('<td class="field-title">Kiln</td>') == 2


def test_log_is_for_staff_who_may_see_it(client, changes):
    client.force_login(User.objects.create_user("somebody", is_staff=True))
    assert client.get(CSV).status_code == 403


@pytest.mark.parametrize("number", [1, 30])
def test_log_as_csv_asks_a_fixed_number_of_queries(staff, django_assert_num_queries, number):
    for _number in range(number):
        screening = ScreeningFactory(films=[FilmFactory()])
        screening.sales = Screening.Sales.SOLD_OUT
        screening.save()
    with django_assert_num_queries(15):
        assert len(rows_of(staff.get(CSV))) == number + 1
