"""Rows in an order of their own, as the forms of the desk send them."""

import pytest

from films.models import Credit, CreditRole, Film
from tests.admin_pages import errors_of, fields_of, fill_in
from tests.factories import CreditFactory, EditionFactory, FilmFactory, PersonFactory

ADD = "/admin/films/film/add/"


@pytest.fixture
def people(db):
    return [PersonFactory(name=name) for name in ("Ada", "Ben", "Cleo")]


def credits_of(people, positions) -> dict:
    director = CreditRole.objects.get(slug="director")
    typed = {"title": "Oy", "edition": EditionFactory().pk, "credits-TOTAL_FORMS": len(people)}
    for row, (person, position) in enumerate(zip(people, positions, strict=True)):
        typed |= {
            f"credits-{row}-role": director.pk,
            f"credits-{row}-person": person.pk,
            f"credits-{row}-position": position,
        }
    return typed


def entered() -> list[str]:
    return list(Credit.objects.in_order().values_list("person__name", flat=True))


@pytest.mark.parametrize(
    ("positions", "order"),
    [
        ((2, 1, 0), ["Cleo", "Ben", "Ada"]),
        (("", "", ""), ["Ada", "Ben", "Cleo"]),
        (("", 5, 0), ["Cleo", "Ben", "Ada"]),
    ],
)
def test_rows_stand_by_their_number_and_those_without_at_the_end(admin_client, people, positions, order):
    assert errors_of(fill_in(admin_client, ADD, credits_of(people, positions))) == {}
    assert entered() == order


def test_a_row_with_nothing_but_a_number_is_an_empty_row(admin_client, people):
    typed = credits_of(people[:1], [0]) | {"credits-TOTAL_FORMS": 2, "credits-1-position": 1}

    assert errors_of(fill_in(admin_client, ADD, typed)) == {}
    assert entered() == ["Ada"]


def test_a_row_whose_number_was_emptied_goes_to_the_end(admin_client, people):
    film = FilmFactory(directors=people)

    fill_in(admin_client, f"/admin/films/film/{film.pk}/change/", {"credits-0-position": ""})

    assert entered() == ["Ben", "Cleo", "Ada"]


def test_a_row_to_be_deleted_holds_no_place(admin_client, people):
    film = FilmFactory(directors=people[:2])
    CreditFactory(film=film, person=people[2], position=7)
    page = f"/admin/films/film/{film.pk}/change/"
    typed = fields_of(admin_client.get(page)) | {"credits-2-DELETE": "on", "credits-0-position": ""}

    assert errors_of(admin_client.post(page, typed)) == {}
    assert list(Credit.objects.in_order().values_list("person__name", "position")) == [("Ben", 1), ("Ada", 2)]


def test_the_number_of_a_row_must_be_one(admin_client, people):
    errors = errors_of(fill_in(admin_client, ADD, credits_of(people[:1], ["first"])))

    assert errors == {"credits-0-position": ["Enter a whole number."]}
    assert not Film.objects.exists()
