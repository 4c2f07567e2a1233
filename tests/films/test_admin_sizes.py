"""The forms of a festival with 5,000 people and films: no menu holds them all, and a page stays light."""

import re

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from films.models import (
    ContentWarning,
    CreditRole,
    Film,
    FilmCountry,
    Genre,
    Language,
    ProgrammePart,
    Quote,
    WarningKind,
)
from films.models.vocabulary import Country
from people.models import Person
from tests.factories import CreditFactory, EditionFactory, FilmFactory, ScreeningFactory

MANY = 5_000
# What fits a menu is read at a glance; everything else completes what is typed.
LONGEST_MENU = 60
LARGEST_FORM = 150 * 1024


@pytest.fixture
def festival(db):
    """With an ordinary film, shown twice, among 5,000."""
    edition = EditionFactory()
    people = [Person(name=f"Person {number}", slug=f"person-{number}") for number in range(MANY)]
    films = [Film(edition=edition, title=f"Film {number}", slug=f"film-{number}") for number in range(MANY)]
    for row in [*people, *films]:
        row.derive()
    Person.objects.bulk_create(people, batch_size=500)
    Film.objects.bulk_create(films, batch_size=500)
    for word in (Country, Language, Genre):
        word.objects.bulk_create([word(name=f"Word {number}", folded=f"word {number}") for number in range(200)])
    film = FilmFactory(edition=edition, synopsis="A quiet film. " * 100, blurb="Quiet.")
    roles = CreditRole.objects.all()
    for position, person in enumerate(Person.objects.all()[:15]):
        CreditFactory(film=film, person=person, role=roles[position % len(roles)], position=position)
    for position in range(2):
        FilmCountry.objects.create(film=film, country=Country.objects.all()[position], position=position)
        kind = WarningKind.objects.create(name=f"Kind {position}")
        ContentWarning.objects.create(film=film, kind=kind, position=position)
        Quote.objects.create(film=film, text="Luminous.", source="The Courier", position=position)
    film.genres.set(Genre.objects.all()[:3])
    for _time in range(2):
        ScreeningFactory(edition=edition, films=[film])
    return film


def forms() -> list[type[models.Model]]:
    return [model for model in admin.site._registry if model._meta.app_label in ("films", "people", "venues")]


def menus(page: str) -> dict[str, int]:
    """How many options each menu of a page holds."""
    found = re.findall(r"<select[^>]* name=\"([^\"]+)\"[^>]*>(.*?)</select>", page, re.DOTALL)
    return {name: options.count("<option") for name, options in found}


def test_no_form_of_the_admin_holds_a_menu_of_everything(admin_client, admin_user, festival):
    request = RequestFactory().get("/")
    request.user = admin_user
    opened = set()
    for model in forms():
        of = admin.site._registry[model]
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses = [reverse(f"{name}_add")] if of.has_add_permission(request) else []
        row = festival if model is Film else model._default_manager.last()
        addresses += [reverse(f"{name}_change", args=[row.pk])] if row else []
        for address in addresses:
            page = admin_client.get(address).content.decode()
            assert {menu: size for menu, size in menus(page).items() if size > LONGEST_MENU} == {}, address
            assert len(page) < LARGEST_FORM, f"{address}: {len(page) // 1024} KiB"
            opened.add(model._meta.model_name)
    assert {"film", "screening", "person", "venue", "series", "edition"} <= opened


@pytest.mark.django_db
def test_a_films_form_takes_as_many_queries_with_thirty_rows_as_with_one(admin_client, django_assert_num_queries):
    film = FilmFactory()

    def fill(numbers: range) -> None:
        for number in numbers:
            country = Country.objects.create(name=f"Country {number}")
            CreditFactory(film=film, position=number)
            FilmCountry.objects.create(film=film, country=country, position=number)
            ProgrammePart.objects.create(programme=film, film=FilmFactory(edition=film.edition), position=number)

    address = reverse("admin:films_film_change", args=[film.pk])
    fill(range(1))
    admin_client.get(address)
    with CaptureQueriesContext(connection) as with_one:
        admin_client.get(address)
    fill(range(1, 30))
    with django_assert_num_queries(len(with_one)):
        page = admin_client.get(address).content.decode()
    for credit in film.credits.all():
        assert f'<option value="{credit.person_id}" selected>{credit.person}</option>' in page
