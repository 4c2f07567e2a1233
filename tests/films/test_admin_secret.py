from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError

from films.models import Film, OldSlug, ScreeningFilm, SourceRow
from films.secret import reveal
from tests.admin_pages import fields_of
from tests.factories import NOW, FilmFactory, ScreeningFactory

LIST = "/admin/films/film/"


@pytest.fixture
def secret(db):
    film = FilmFactory(title="The Ice Tailor", runtime=100, state=Film.State.DRAFT)
    placeholder = FilmFactory(title="Secret Screening", kind=Film.Kind.SECRET, runtime=None, stands_for=film)
    short = FilmFactory(title="Oy", runtime=10, kind=Film.Kind.SHORT)
    screening = ScreeningFactory(films=[short, placeholder], starts_at=NOW)
    screening.items.filter(film=short).update(part="short_before")
    return placeholder


def test_before_the_reveal_nothing_public_names_the_film(secret):
    public = Film.objects.public(NOW)
    assert {film.title for film in public} == {"Secret Screening", "Oy"}
    row = Film.objects.filter(pk=secret.pk).values().get()
    assert "ice" not in str(row).lower()


def test_a_reveal_shows_the_film_in_the_placeholders_place(secret, admin_user):
    film, screening = secret.stands_for, secret.showings.get().screening

    assert reveal(secret, admin_user, NOW) == film

    film.refresh_from_db()
    assert film.state == Film.State.PUBLISHED
    rows = [(row.film.title, row.part, row.position) for row in screening.items.all()]
    assert rows == [("Oy", "short_before", 0), ("The Ice Tailor", "main", 1)]
    screening.refresh_from_db()
    assert screening.ends_at == NOW + timedelta(minutes=110)
    assert screening.updated_at == NOW
    assert not Film.objects.filter(pk=secret.pk).exists()
    logged = LogEntry.objects.get()
    assert (logged.user, logged.action_time, logged.object_id) == (admin_user, NOW, str(film.pk))


def test_the_placeholders_addresses_lead_to_the_film_for_ever(secret, admin_user):
    film = secret.stands_for
    secret.slug = "mystery-night"
    secret.save()

    reveal(secret, admin_user, NOW)

    leads_to = dict(OldSlug.objects.values_list("slug", "film"))
    assert leads_to == {"mystery-night": film.pk, "secret-screening": film.pk}


def test_a_second_reveal_changes_nothing(secret, admin_user):
    reveal(secret, admin_user, NOW)
    again = Film(pk=None, slug="secret-screening", title="Secret Screening")

    assert reveal(again, admin_user, NOW).title == "The Ice Tailor"
    assert LogEntry.objects.count() == 1


def test_a_reveal_needs_a_film(secret, admin_user):
    secret.stands_for = None
    secret.save()

    with pytest.raises(ValidationError, match="does not say which film it stands for"):
        reveal(secret, admin_user, NOW)


def test_a_withdrawn_film_is_not_revealed(secret, admin_user):
    Film.objects.filter(pk=secret.stands_for_id).update(state="withdrawn")

    with pytest.raises(ValidationError, match="is withdrawn"):
        reveal(secret, admin_user, NOW)


def test_a_film_that_stood_in_the_screening_already_is_shown_once(secret, admin_user):
    screening = secret.showings.get().screening
    ScreeningFilm.objects.create(screening=screening, film=secret.stands_for, position=2)

    reveal(secret, admin_user, NOW)

    assert [row.film.title for row in screening.items.all()] == ["Oy", "The Ice Tailor"]


def test_a_placeholder_that_an_import_knows_stays_behind_as_a_draft(secret, admin_user):
    SourceRow.objects.create(source="plan", sheet="film", key="secret", object_id=secret.pk)

    reveal(secret, admin_user, NOW)

    secret.refresh_from_db()
    assert (secret.state, secret.slug) == (Film.State.DRAFT, "secret-screening-placeholder")
    assert OldSlug.objects.get().slug == "secret-screening"


def test_the_list_asks_before_it_reveals(admin_client, secret):
    chosen = {"action": "reveal_films", "_selected_action": [secret.pk]}
    asked = admin_client.post(LIST, chosen)
    assert "What the world has seen cannot be hidden again." in asked.content.decode()
    assert Film.objects.filter(pk=secret.pk).exists()

    done = admin_client.post(LIST, chosen | fields_of(asked))

    assert [str(message) for message in get_messages(done.wsgi_request)] == [
        "“Secret Screening” is revealed: it is “The Ice Tailor”, now published."
    ]
    assert not Film.objects.filter(pk=secret.pk).exists()
