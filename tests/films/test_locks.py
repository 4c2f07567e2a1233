"""Fields that an import leaves alone, locked one by one in the forms."""

import pytest
from django.urls import reverse

from films.locks import lockable
from films.models import Film, Screening
from tests.admin_pages import errors_of, fields_of, fill_in
from tests.factories import FilmFactory, ScreeningFactory

pytestmark = pytest.mark.django_db


def form_of(row) -> str:
    return reverse(f"admin:films_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize(
    ("factory", "locks", "field"),
    [(FilmFactory, ["title", "credits"], "title"), (ScreeningFactory, ["starts_at", "films"], "local_start")],
)
def test_fields_are_locked_and_say_so(admin_client, factory, locks, field):
    row = factory()

    assert errors_of(fill_in(admin_client, form_of(row), {"locked_fields": locks})) == {}

    row.refresh_from_db()
    assert row.locked_fields == locks
    form = admin_client.get(form_of(row)).context["adminform"].form
    assert str(form.fields[field].help_text).startswith("Locked: an import leaves it alone.")
    assert not any("Locked" in str(some.help_text) for name, some in form.fields.items() if name != field)


def test_a_lock_is_opened(admin_client):
    film = FilmFactory(locked_fields=["title", "blurb"])

    fill_in(admin_client, form_of(film), {"locked_fields": ["blurb"]})

    film.refresh_from_db()
    assert film.locked_fields == ["blurb"]


def test_a_lock_that_has_no_box_is_kept_and_one_by_column_counts_as_its_field(admin_client):
    film = FilmFactory(locked_fields=["grade", "title"])
    screening = ScreeningFactory()
    Screening.objects.filter(pk=screening.pk).update(locked_fields=["room_id"])

    fill_in(admin_client, form_of(film), {"locked_fields": []})
    page = fields_of(admin_client.get(form_of(screening)))

    film.refresh_from_db()
    assert film.locked_fields == ["grade"]
    assert page["locked_fields"] == ["room"]


def test_saving_what_nobody_touched_keeps_the_locks(admin_client):
    film = FilmFactory(locked_fields=["credits", "title"])

    assert errors_of(fill_in(admin_client, form_of(film), {})) == {}

    film.refresh_from_db()
    assert sorted(film.locked_fields) == ["credits", "title"]


@pytest.mark.parametrize("model", [Film, Screening])
def test_every_lock_is_of_something_that_is_there(model):
    for name, words in lockable(model).items():
        assert name in ("countries", "credits", "films") or model._meta.get_field(name)
        assert str(words)[0].isupper()
