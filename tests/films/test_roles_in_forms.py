"""What those of each group can publish, edit and set in the admin's forms, and what not."""

import pytest
from django.test import Client
from django.urls import reverse

from films.models import Film, Screening
from films.roles import BOX_OFFICE, PROGRAMMERS, TRAINEES
from tests.admin_pages import errors_of, fields_of, fill_in
from tests.factories import CreditFactory, EditionFactory, FilmFactory, ScreeningFactory
from tests.staff import logged_in, member_of

pytestmark = pytest.mark.django_db

ROLES = (PROGRAMMERS, BOX_OFFICE, TRAINEES)


def client_of(role: str) -> Client:
    return logged_in(member_of(role, role))


# Publishing


@pytest.mark.parametrize("role", ROLES)
def test_only_programmers_publish_in_the_form(role):
    film = FilmFactory(state="draft")
    fill_in(client_of(role), reverse("admin:films_film_change", args=[film.pk]), {"state": "published", "year": "2020"})
    film.refresh_from_db()
    assert (film.state, film.year) == {
        PROGRAMMERS: ("published", 2020),
        BOX_OFFICE: ("draft", None),
        TRAINEES: ("draft", 2020),
    }[role]


def test_a_trainee_enters_a_draft_whatever_the_form_is_sent():
    EditionFactory()
    response = fill_in(client_of(TRAINEES), "/admin/films/film/add/", {"title": "Salt Hours", "state": "published"})
    assert errors_of(response) == {}
    assert Film.objects.get().state == "draft"


@pytest.mark.parametrize("role", ROLES)
def test_only_programmers_reveal(role):
    secret = FilmFactory(kind="secret", stands_for=FilmFactory(state="draft"))
    chosen = {"action": "reveal_films", "_selected_action": [secret.pk], "confirmed": "yes"}
    client_of(role).post("/admin/films/film/", chosen)
    assert Film.objects.filter(pk=secret.pk).exists() == (role != PROGRAMMERS)


@pytest.mark.parametrize("role", ROLES)
def test_actions_on_many_rows_are_for_whom_they_are(role):
    film, screening = FilmFactory(state="draft"), ScreeningFactory()
    client = client_of(role)

    def offered(url: str, key: int) -> set[str]:
        names = {"publish_films", "schedule_films", "withdraw_films", "set_series", "set_sales", "set_occurrence"}
        answers = {name: client.post(url, {"action": name, "_selected_action": [key]}) for name in names}
        return {
            name for name, answer in answers.items() if "admin/films/bulk.html" in [t.name for t in answer.templates]
        }

    of_films = {"publish_films", "schedule_films", "withdraw_films", "set_series"} if role == PROGRAMMERS else set()
    assert offered("/admin/films/film/", film.pk) == of_films
    of_screenings = set() if role == TRAINEES else {"set_sales", "set_occurrence"}
    assert offered("/admin/films/screening/", screening.pk) == of_screenings


@pytest.mark.parametrize(("state", "may"), [("draft", True), ("published", False)])
def test_a_trainee_edits_the_rows_of_drafts_alone(state, may):
    film = CreditFactory(film__state=state).film
    page = client_of(TRAINEES).get(reverse("admin:films_film_change", args=[film.pk]))
    rows = page.context["inline_admin_formsets"]
    assert {(each.has_add_permission, each.has_change_permission, each.has_delete_permission) for each in rows} == {
        (may, may, may)
    }


# The box office


def screening_page(screening: Screening) -> str:
    return reverse("admin:films_screening_change", args=[screening.pk])


def test_the_box_office_sets_how_a_screening_stands():
    screening = ScreeningFactory()
    client = client_of(BOX_OFFICE)
    asked = {name for name in fields_of(client.get(screening_page(screening))) if "-" not in name}
    assert asked == {"occurrence", "sales", "note", "change_reason", "form_version"}

    response = fill_in(
        client,
        screening_page(screening),
        {"sales": "sold_out", "note": "Doors at 6.", "change_reason": "Last seat went.", "title": "Mine", "price": "0"},
    )

    assert errors_of(response) == {}
    before = Screening.objects.filter(pk=screening.pk).values().get()
    assert (before["sales"], before["note"], before["title"], before["price"]) == ("sold_out", "Doors at 6.", "", None)
    assert before["starts_at"] == screening.starts_at
    assert before["sales_checked_at"] is not None
    change = screening.changes.get()
    assert (change.after, change.changed_by.username, change.reason) == ("sold_out", BOX_OFFICE, "Last seat went.")


def test_the_box_office_keeps_an_entered_end():
    screening = ScreeningFactory()
    screening.entered_end = screening.ends_at
    screening.save()
    fill_in(client_of(BOX_OFFICE), screening_page(screening), {"sales": "free"})
    stored = Screening.objects.get(pk=screening.pk)
    assert (stored.sales, stored.entered_end) == ("free", screening.entered_end)


def test_the_box_office_does_not_bring_back_what_would_share_a_room():
    cancelled = ScreeningFactory(occurrence="cancelled")
    other = ScreeningFactory(room=cancelled.room, films=[FilmFactory(title="Salt Hours")])
    client = client_of(BOX_OFFICE)

    response = fill_in(client, screening_page(cancelled), {"occurrence": "scheduled"})

    assert errors_of(response) == {
        "occurrence": [
            "“Salt Hours” holds this room at that time (Fri 2 Oct 2026, 20:00–21:40). A programmer can settle that."
        ]
    }
    other.occurrence = "cancelled"
    other.save()
    assert errors_of(fill_in(client, screening_page(cancelled), {"occurrence": "scheduled"})) == {}
    assert Screening.objects.get(pk=cancelled.pk).occurrence == "scheduled"


def test_the_box_office_moves_nothing_without_saying_where():
    screening = ScreeningFactory()
    response = fill_in(client_of(BOX_OFFICE), screening_page(screening), {"occurrence": "moved"})
    assert list(errors_of(response)) == ["occurrence"]
