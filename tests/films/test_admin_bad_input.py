"""Whatever an address of the desk or one of its forms holds, the answer is a page that says so; never a fault."""

import pytest
from django.db import connection

from tests.admin_pages import errors_of, fields_of
from tests.factories import FilmFactory, PersonFactory, ScreeningFactory

pytestmark = pytest.mark.django_db

ODD = ["%00", "abc", "9" * 30, "9999-12-31"]


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_address_is_answered(admin_client, odd):
    screening = ScreeningFactory(films=[FilmFactory()])
    asked = {
        "film/": [
            "day",
            "state__exact",
            "edition__id__exact",
            "found",
            "q",
            "p",
            "showings__screening__room__venue__id__exact",
        ],
        "screening/": ["day", "sales__exact", "room__venue__id__exact", "items__film__series__id__exact", "o"],
        "film/add/": ["genres", "edition", "stands_for", "embargo_until"],
        "screening/add/": ["room", "local_start", "copy"],
        "week/": ["from", "copy", "edition", "days"],
        "check/": ["edition"],
    }
    addresses = [f"/admin/films/{page}?{name}={odd}" for page, names in asked.items() for name in names]
    addresses += [
        f"/admin/films/screening/add/?copy={screening.pk}&days={odd}",
        f"/admin/autocomplete/?app_label=films&model_name=credit&field_name=person&term={odd}",
    ]
    answers = {address: admin_client.get(address).status_code for address in addresses}
    assert {address: status for address, status in answers.items() if status not in (200, 302)} == {}


@pytest.mark.parametrize("odd", ["abc", "²", "9" * 30])
def test_what_names_no_row_is_refused_at_its_field(admin_client, odd):
    film = FilmFactory()
    PersonFactory()
    address = f"/admin/films/film/{film.pk}/change/"
    typed = {"series": [odd], "credits-TOTAL_FORMS": "1", "credits-0-role": "1", "credits-0-person": odd}
    answer = admin_client.post(address, fields_of(admin_client.get(address)) | typed)
    assert {"series", "credits-0-person"} <= errors_of(answer).keys()


@pytest.mark.parametrize("odd", ["abc", "²", "9" * 30])
def test_an_address_of_no_row_is_answered(admin_client, odd):
    never = "00000000-0000-0000-0000-000000000000"
    pages = {"change/": (302, 302), "history/": (302, 302), f"history/{never}/": (404, 404), "previews/": (302, 302)}
    asked = {page: f"/admin/films/film/{odd}/{page}" for page in pages}
    assert {
        page: (admin_client.get(address).status_code, admin_client.post(address).status_code)
        for page, address in asked.items()
    } == pages


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("series/?id__in=" + "9" * 30, {"sqlite": 400, "postgresql": 200}),
        ("importrun/?content=x", {"sqlite": 400, "postgresql": 400}),
    ],
)
def test_a_filter_that_a_database_cannot_ask_by_is_refused(admin_client, query, statuses):
    assert admin_client.get(f"/admin/films/{query}").status_code == statuses[connection.vendor]
