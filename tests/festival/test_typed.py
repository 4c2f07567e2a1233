"""A login that runs out while somebody types: the form comes back as it was sent, without JavaScript."""

import json

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from films.models import CreditRole, Film
from tests.admin_pages import errors_of, fields_of
from tests.factories import CreditFactory, FilmFactory, PersonFactory

SYNOPSIS = "  A “long” text\r\nthat nobody <wants> to type twice & again.\r\n"
LOGIN = "/admin/login/"


@pytest.fixture
def programmer(django_user_model):
    return django_user_model.objects.create_superuser("vera", password="northlight")


@pytest.fixture
def browser(programmer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(programmer)
    return client


def sent(client: Client, address: str, fields: dict, **headers):
    return client.post(address, fields | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}, headers=headers)


def form_of(film: Film) -> str:
    return f"/admin/films/film/{film.pk}/change/"


@pytest.fixture
def film(db):
    film = FilmFactory(title="Salt Hours")
    CreditFactory(film=film, person=PersonFactory(name="Ada"))
    return film


@pytest.fixture
def refused(browser, film):
    """What answers a form with a changed text, a row more and a picture, after the login has run out."""
    fields = fields_of(browser.get(form_of(film)))
    person = PersonFactory(name="Ben")
    fields |= {
        "synopsis": SYNOPSIS,
        "credits-TOTAL_FORMS": "2",
        "credits-1-role": CreditRole.objects.first().pk,
        "credits-1-person": person.pk,
        "_save": "Save",
        "still_upload": SimpleUploadedFile("fog.jpg", b"x"),
    }
    del browser.cookies["sessionid"]
    return sent(browser, form_of(film), fields)


def log_in(client: Client, page, **typed):
    return sent(client, LOGIN, fields_of(page) | {"username": "vera", "password": "northlight"} | typed)


def test_what_was_typed_comes_back_after_the_login_and_is_saved_by_the_next_press(browser, film, refused):
    assert refused.status_code == 401
    assert "nothing is saved yet" in refused.content.decode()
    wrong = log_in(browser, refused, password="wrong")

    back = log_in(browser, wrong)
    assert "Choose it again: fog.jpg." in back.content.decode()
    assert "no-store" in back["Cache-Control"]
    again = sent(browser, back.context["action"], fields_of(back) | {"_typed": "fog.jpg"})

    assert back.context["action"] == form_of(film)
    assert errors_of(again)["__all__"] == [
        "Your login had run out, so this was not saved. What you typed is still here: look at it, and save it. "
        "A file could not be kept. Choose it again: fog.jpg."
    ]
    film.refresh_from_db()
    assert film.synopsis == ""
    sent(browser, form_of(film), fields_of(again))
    film.refresh_from_db()
    assert film.synopsis.split() == SYNOPSIS.split()
    assert [str(credit.person) for credit in film.credits.all()] == ["Ada", "Ben"]


def test_what_somebody_saved_meanwhile_is_not_overwritten_by_what_comes_back(browser, film, refused):
    Film.objects.get(pk=film.pk).save()
    theirs = Film.objects.get(pk=film.pk)
    theirs.synopsis = "Theirs."
    theirs.save()

    back = log_in(browser, refused)
    again = sent(browser, form_of(film), fields_of(back) | {"_typed": ""})
    asked = sent(browser, form_of(film), fields_of(again))

    assert asked.status_code == 200
    assert [conflict.theirs for conflict in asked.context["meanwhile"].conflicts] == ["Theirs."]
    film.refresh_from_db()
    assert film.synopsis == "Theirs."


def test_a_new_film_and_a_press_that_is_no_form_come_back_too(browser, film):
    new = fields_of(browser.get("/admin/films/film/add/")) | {"title": "Oy", "_save": "Save"}
    chosen = {"action": "withdraw_films", "_selected_action": [film.pk], "index": "0"}
    del browser.cookies["sessionid"]

    back = log_in(browser, sent(browser, "/admin/films/film/add/?kind=short", new))
    again = sent(browser, back.context["action"], fields_of(back) | {"_typed": ""})
    assert back.context["action"] == "/admin/films/film/add/?kind=short"
    assert fields_of(again)["title"] == ["Oy"]
    assert Film.objects.count() == 1

    del browser.cookies["sessionid"]
    back = log_in(browser, sent(browser, "/admin/films/film/", chosen))
    assert "Send it again" in back.content.decode()
    assert sent(browser, "/admin/films/film/", fields_of(back)).status_code == 200


def test_a_login_leads_nowhere_else_and_a_password_does_not_travel(browser, film, refused):
    back = log_in(browser, refused, next="https://elsewhere.example/")
    assert "elsewhere" not in back.content.decode()

    del browser.cookies["sessionid"]
    page = sent(browser, "/admin/auth/user/1/password/", {"password1": "secret", "password2": "secret", "name": "x"})
    assert "secret" not in page.content.decode()
    assert json.loads(page.context["typed"])["fields"] == [["name", "x"]]


@pytest.mark.parametrize("typed", ["", "[", "[" * 100_000, "null", '{"fields": [1], "files": []}', '{"fields": []}'])
def test_nonsense_instead_of_what_was_typed_is_an_ordinary_login(browser, refused, typed):
    assert log_in(browser, refused, typed=typed).status_code == 302


def test_nothing_of_it_is_stored_with_a_failed_login(browser, refused):
    log_in(browser, refused, password="wrong")
    attempt = AccessAttempt.objects.get()
    assert "nobody" not in attempt.post_data
    assert "typed" in attempt.post_data


def test_what_no_single_request_could_bring_back_is_said_to_be_too_long(browser, film):
    fields = fields_of(browser.get(form_of(film))) | {"synopsis": '"' * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2)}
    del browser.cookies["sessionid"]
    page = sent(browser, form_of(film), fields)
    assert "It is too long to be kept here" in page.content.decode()
    assert "typed" not in fields_of(page)


def test_a_script_is_sent_to_the_login_as_ever(browser, film):
    browser.get(form_of(film))
    del browser.cookies["sessionid"]
    response = sent(browser, f"/admin/films/film/{film.pk}/editing/", {}, **{"Sec-Fetch-Mode": "cors"})
    assert response.status_code == 302


@pytest.mark.parametrize(("site", "offered"), [("same-origin", True), ("cross-site", False), ("", False)])
def test_a_form_from_before_another_login_comes_back_if_it_was_one_of_ours(browser, film, site, offered):
    fields = fields_of(browser.get(form_of(film))) | {"synopsis": SYNOPSIS, "csrfmiddlewaretoken": "a" * 64}
    page = browser.post(form_of(film), fields, headers={"Sec-Fetch-Site": site})
    assert page.status_code == 403
    assert fields_of(page).get("synopsis") == ([SYNOPSIS] if offered else None)
