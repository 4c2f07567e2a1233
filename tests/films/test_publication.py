"""Draft, scheduled, published, withdrawn: what may follow what, and what it takes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from films.models import Film
from films.publication import hides_a_page, seen_by_the_world, why_not
from tests.admin_pages import errors_of, fields_of, fill_in
from tests.factories import NOW, EditionFactory, FilmFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

DRAFT, SCHEDULED, PUBLISHED, WITHDRAWN = Film.State
BEFORE, AFTER = NOW - timedelta(microseconds=1), NOW + timedelta(microseconds=1)
UNSEEN = "Nobody has seen it yet, so there is nothing to withdraw."
SEEN = "The world sees its page already. Withdraw it, and the page says so."
PASSED = "That moment has passed. Publish the film, or choose a moment to come."


def change(film: Film) -> str:
    return reverse("admin:films_film_change", args=[film.pk])


@pytest.mark.parametrize(
    ("before", "embargo", "after", "refusal"),
    [
        (DRAFT, None, PUBLISHED, ""),
        (DRAFT, AFTER, SCHEDULED, ""),
        (DRAFT, NOW, SCHEDULED, PASSED),
        (DRAFT, None, SCHEDULED, "A scheduled film needs the instant at which it becomes public."),
        (DRAFT, None, WITHDRAWN, UNSEEN),
        (SCHEDULED, AFTER, WITHDRAWN, UNSEEN),
        (SCHEDULED, AFTER, DRAFT, ""),
        (SCHEDULED, AFTER, PUBLISHED, ""),
        (SCHEDULED, NOW, WITHDRAWN, ""),
        (SCHEDULED, NOW, DRAFT, SEEN),
        (PUBLISHED, None, WITHDRAWN, ""),
        (PUBLISHED, None, DRAFT, SEEN),
        (PUBLISHED, AFTER, SCHEDULED, SEEN),
        (WITHDRAWN, None, PUBLISHED, ""),
        (WITHDRAWN, None, DRAFT, SEEN),
    ],
)
def test_what_may_follow_what(before, embargo, after, refusal):
    film = FilmFactory(state=before, embargo_until=embargo)
    assert why_not(film, after, embargo, NOW) == refusal


def test_a_published_film_of_a_programme_that_is_not_announced_was_never_seen():
    film = FilmFactory(edition__announced_at=AFTER)
    assert why_not(film, DRAFT, None, NOW) == ""
    assert why_not(film, WITHDRAWN, None, NOW) == UNSEEN
    assert why_not(film, DRAFT, None, AFTER) == SEEN


@pytest.mark.parametrize("state", [SCHEDULED, PUBLISHED])
def test_a_picture_needs_its_text_before_the_world_sees_it(state):
    film = FilmFactory(state=DRAFT, still_key="0" * 24)
    assert why_not(film, state, AFTER, NOW) == "Its picture has no alternative text."
    film.still_alt = "A man on the ice."
    assert why_not(film, state, AFTER, NOW) == ""


def test_a_page_is_hidden_only_by_what_nobody_can_see():
    film = FilmFactory()
    assert not hides_a_page(film, SCHEDULED, NOW, NOW)
    assert hides_a_page(film, SCHEDULED, AFTER, NOW)
    assert not hides_a_page(film, WITHDRAWN, None, NOW)


@pytest.mark.parametrize(
    ("state", "embargo", "announced", "sentence"),
    [
        (DRAFT, None, None, "Nothing: it is a draft."),
        (SCHEDULED, AFTER, None, "Nothing until 2 Oct 2026, 18:00."),
        (SCHEDULED, NOW, None, "Its page, and the film in every list."),
        (SCHEDULED, AFTER, NOW, "Nothing until 2 Oct 2026, 18:00."),
        (PUBLISHED, None, NOW, "Its page, and the film in every list."),
        (PUBLISHED, None, AFTER, "Nothing until 2 Oct 2026, 18:00, when the programme of 2026 is announced."),
        (SCHEDULED, BEFORE, AFTER, "Nothing until 2 Oct 2026, 18:00, when the programme of 2026 is announced."),
        (WITHDRAWN, None, None, "A page that says it is withdrawn; no list shows it."),
    ],
)
def test_staff_are_told_what_the_world_sees(state, embargo, announced, sentence):
    film = FilmFactory(state=state, embargo_until=embargo, edition__announced_at=announced, edition__name="2026")
    assert seen_by_the_world(film, NOW) == sentence


# The form


def choices(client, film: Film | None) -> list[str]:
    page = client.get(change(film) if film else "/admin/films/film/add/")
    return [value for value, _words in page.context["adminform"].form.fields["state"].choices]


def test_the_form_offers_what_may_follow(admin_client):
    assert choices(admin_client, None) == [DRAFT, SCHEDULED, PUBLISHED]
    assert choices(admin_client, FilmFactory(state=DRAFT)) == [DRAFT, SCHEDULED, PUBLISHED]
    assert choices(admin_client, FilmFactory()) == [DRAFT, SCHEDULED, PUBLISHED, WITHDRAWN]
    assert choices(admin_client, FilmFactory(state=WITHDRAWN)) == [DRAFT, SCHEDULED, PUBLISHED, WITHDRAWN]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"embargo_until_0": "2026-10-02", "embargo_until_1": "18:01"}, {}),
        ({"embargo_until_0": "2026-10-02", "embargo_until_1": "18:00"}, {"embargo_until": [PASSED]}),
        ({}, {"__all__": ["A scheduled film needs the instant at which it becomes public."]}),
        ({"embargo_until_0": "2026-10-02", "embargo_until_1": "late"}, {"embargo_until": ["Enter a valid time."]}),
    ],
)
def test_a_film_is_scheduled_for_a_moment_to_come(admin_client, typed, errors):
    film = FilmFactory(state=DRAFT)
    response = fill_in(admin_client, change(film), {"state": SCHEDULED} | typed)
    found = errors_of(response)
    film.refresh_from_db()
    if not errors:
        assert (found, film.state) == ({}, SCHEDULED)
    else:
        assert {name: found.get(name) for name in errors} == errors
        assert film.state == DRAFT


def test_a_film_whose_moment_has_come_is_edited_like_any_other(admin_client):
    film = FilmFactory(state=SCHEDULED, embargo_until=NOW - timedelta(days=2))
    assert errors_of(fill_in(admin_client, change(film), {"year": "2020"})) == {}


def test_a_page_is_taken_away_only_when_that_is_said(admin_client):
    film = FilmFactory()
    refused = fill_in(admin_client, change(film), {"state": DRAFT})
    assert errors_of(refused) == {
        "state": ["The world sees its page already. Withdraw it, and the page says so; or take the page away."]
    }
    assert "Take the page away" in refused.content.decode()
    again = fields_of(refused)
    assert "take_away" not in again

    assert errors_of(admin_client.post(change(film), again | {"take_away": "on"})) == {}

    film.refresh_from_db()
    assert film.state == DRAFT


def test_a_state_that_cannot_follow_is_refused_in_words(admin_client):
    film = FilmFactory(state=DRAFT)
    response = fill_in(admin_client, change(film), {"state": WITHDRAWN})
    assert errors_of(response) == {"state": ["From what it is now, the film cannot become that."]}


def test_nothing_is_said_of_a_film_that_is_not_saved(admin_client):
    EditionFactory()
    assert "Nothing: it is not saved yet." in admin_client.get("/admin/films/film/add/").content.decode()
