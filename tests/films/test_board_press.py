"""A press on the box office board: what it answers, what others hear of it, and what follows."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from films.box_office.board import rows_of, turn_of
from films.models import Revision, Screening, StatusChange
from films.roles import BOX_OFFICE
from tests.admin_pages import fields_of
from tests.factories import (
    NOW,
    ScreeningFactory,
)
from tests.films.board import BOARD, JSON, LIVE, MINUTE, PRESS, hear, member, value

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
Sales = Screening.Sales


def test_press_is_saved_and_leads_back_to_its_row(till, kiln):
    response = till.post(PRESS, {"set": value(kiln, "sold_out"), "back": "venue=international-village&day=2026-10-02"})
    assert response["Location"] == f"/box-office/?day=2026-10-02&venue=international-village#b{kiln.pk}"
    kiln.refresh_from_db()
    assert kiln.sales == Sales.SOLD_OUT
    page = till.get(response["Location"]).content.decode()
    assert "Saved: Sold out. The public page has it now." in page


def test_second_of_two_reads_who_was_first(till, kiln):
    stale = value(kiln, "sold_out")
    till.post(PRESS, {"set": value(kiln, "selling_fast")})
    response = member("marek", BOX_OFFICE)[0].post(PRESS, {"set": stale})
    assert response.status_code == 409
    sentence = "Priya set this to “Selling fast” at 6:00\u00a0pm, after you had looked. Your change was not saved."
    assert sentence in response.content.decode()
    kiln.refresh_from_db()
    assert kiln.sales == Sales.SELLING_FAST


def test_undo_within_the_minute(till, kiln, now):
    till.post(PRESS, {"set": value(kiln, "sold_out")})
    (row,) = till.get(BOARD).context["board"].rows
    assert row.last.undo
    now.shift(59)
    assert till.post(PRESS, {"undo": row.last.undo}).status_code == 302
    kiln.refresh_from_db()
    assert kiln.sales == Sales.ON_SALE


def test_undo_after_the_minute_is_refused_in_a_sentence(till, kiln, now):
    till.post(PRESS, {"set": value(kiln, "sold_out")})
    undo = till.get(BOARD).context["board"].rows[0].last.undo
    now.shift(60)
    response = till.post(PRESS, {"undo": undo})
    assert response.status_code == 400
    assert "It can be undone for one minute only" in response.content.decode()
    assert till.get(BOARD).context["board"].rows[0].last.undo is None


@pytest.mark.parametrize(
    ("press", "status"),
    [
        ({}, 400),
        ({"set": "nonsense"}, 400),
        ({"set": "1.0.on_fire"}, 400),
        ({"set": f"{10**19}.0.sold_out"}, 400),
        ({"set": "²³.0.sold_out"}, 400),
        ({"set": "404.0.sold_out"}, 404),
        ({"undo": "404"}, 404),
        ({"undo": "x"}, 400),
        ({"undo": f"{10**30}"}, 400),
    ],
)
@pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "script"])
def test_forged_press_is_answered_clearly_and_stores_nothing(till, kiln, press, status, headers):
    response = till.post(PRESS, press, headers=headers)
    assert response.status_code == status
    assert "Nothing was saved." in response.content.decode()
    assert not StatusChange.objects.exists()


def test_script_is_answered_with_the_row(till, kiln):
    answer = till.post(PRESS, {"set": value(kiln, "sold_out")}, headers=JSON).json()
    assert list(answer["rows"]) == [str(kiln.pk)]
    assert "Saved: Sold out." in answer["rows"][str(kiln.pk)]


def test_press_after_the_session_ended_is_not_lost_in_silence(till, kiln):
    pressed = value(kiln, "sold_out")
    till.logout()
    assert till.post(PRESS, {"set": pressed}, headers=JSON).status_code == 401
    response = till.post(PRESS, {"set": pressed, "back": "day=2026-10-02"}, follow=True)
    assert "what you pressed was not saved" in response.content.decode()
    response = till.post(
        response.redirect_chain[0][0],
        {"username": "priya", "password": "open sesame", "next": response.context["next"]},
    )
    page = till.get(response["Location"]).content.decode()
    assert "Not saved: your session had ended." in page
    assert f'name="set" value="{pressed}"' in page
    assert not StatusChange.objects.exists()


def test_form_after_the_session_ended_is_offered_again_after_the_login(till, kiln):
    page, visitor = f"/box-office/screenings/{kiln.pk}/", Client()
    wish = {"form": "occurrence", "occurrence": "cancelled", "why": "Print lost", "seen": "0", "confirmed": "1"}
    login = visitor.post(page, wish)
    assert (login.status_code, login.context["login"]) == (401, reverse("box_office_login"))
    assert "what you typed is offered to you again" in login.content.decode()
    offered = visitor.post(login.context["login"], fields_of(login) | {"username": "priya", "password": "open sesame"})
    assert offered.context["action"] == page
    assert not StatusChange.objects.exists()
    visitor.post(page, fields_of(offered))
    assert [(row.after, row.reason) for row in StatusChange.objects.all()] == [("cancelled", "Print lost")]


def test_press_from_a_page_older_than_the_login_gets_a_sentence(till, kiln):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = till.cookies
    response = strict.post(PRESS, {"set": value(kiln, "sold_out")})
    assert response.status_code == 403
    assert "Nothing was saved. Somebody has logged in or out" in response.content.decode()
    assert not StatusChange.objects.exists()


# What others hear


def test_nothing_new_is_answered_with_304_in_three_queries(till, kiln):
    tag = hear(till, 0)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        response = hear(till, 0, tag)
    assert (response.status_code, response.content, len(queries)) == (304, b"", 3)


def test_only_what_changed_is_sent(till, kiln, edition):
    ScreeningFactory(edition=edition)
    since = Revision.current().number
    till.post(PRESS, {"set": value(kiln, "sold_out")})
    answer = hear(till, since).json()
    assert answer.keys() == {"rows", "gone", "revision"}
    assert list(answer["rows"]) == [str(kiln.pk)]
    assert answer["revision"] == Revision.current().number


def test_row_that_the_filters_let_through_no_more_is_said_to_be_gone(till, kiln):
    since = Revision.current().number
    till.post(PRESS, {"set": value(kiln, "sold_out")})
    answer = hear(till, since, query="day=2026-10-02&state=on_sale").json()
    assert (answer["rows"], answer["gone"]) == ({}, [kiln.pk])


def test_row_that_time_has_turned_is_sent_though_nobody_changed_it(till, kiln, edition, now):
    ScreeningFactory(edition=edition)
    since = Revision.current().number
    now.move_to(kiln.starts_at)
    answer = hear(till, since, query=f"day=2026-10-02&turned={kiln.pk}").json()
    assert list(answer["rows"]) == [str(kiln.pk)]
    assert 'data-group="now"' in answer["rows"][str(kiln.pk)]


@pytest.mark.parametrize("turned", ["", "x", "-1", "²", str(10**30), "1" * 18, ",,"])
def test_turned_rows_without_sense_are_none(till, kiln, turned):
    answer = hear(till, Revision.current().number, query=f"day=2026-10-02&turned={turned}").json()
    assert (answer["rows"], answer["gone"]) == ({}, [])


def test_row_says_when_it_will_turn(kiln, edition):
    kiln.sales, kiln.on_sale_at = Sales.NOT_YET, NOW + 5 * MINUTE
    kiln.starts_at = NOW + timedelta(hours=3)
    kiln.save()
    turns, at = [], NOW
    while at:
        (row,) = rows_of([kiln.pk], at, get_user_model()())
        at = turn_of(row)
        turns.append(at)
    hours = [NOW + timedelta(hours=1), kiln.starts_at, kiln.ends_at]
    assert turns == [kiln.on_sale_at, *hours, None]


def test_change_of_what_many_show_sends_the_whole_board(till, kiln, edition):
    other = ScreeningFactory(edition=edition)
    since = Revision.current().number
    kiln.room.venue.name = "Village"
    kiln.room.venue.save()
    answer = hear(till, since).json()
    assert answer["all"] is True
    assert set(answer["rows"]) == {str(kiln.pk), str(other.pk)}


def test_ended_session_is_told_to_the_script(client, kiln):
    response = client.get(LIVE, headers=JSON)
    assert response.status_code == 401
    assert json.loads(response.content)["login"] == reverse("box_office_login")


@pytest.mark.parametrize("since", ["", "-1", "x", "²", str(10**30)])
def test_question_without_sense_is_answered_with_everything(till, kiln, since):
    assert list(hear(till, since).json()["rows"]) == [str(kiln.pk)]


# Everything follows


def test_all_that_is_public_tells_the_new_state_at_once(till, client, kiln):
    film = kiln.items.get().film
    addresses = {
        "film": film.get_absolute_url(),
        "programme": "/films/",
        "schedule": "/schedule/2026-10-02/",
        "home": "/",
        "changes": "/changes/",
        "venue": kiln.room.venue.get_absolute_url(),
        "calendar": f"/screenings/{kiln.pk}.ics",
        "plan": f"/my-schedule/screenings.json?ids={kiln.pk}",
    }
    before = {name: client.get(address).content for name, address in addresses.items()}
    till.post(
        f"/box-office/screenings/{kiln.pk}/",
        {"form": "occurrence", "occurrence": "cancelled", "seen": "0", "confirmed": "1"},
    )
    for name, address in addresses.items():
        response = client.get(address)
        assert response.content != before[name], name
        told = "CANCELLED" if name == "calendar" else "ancelled"
        assert told in response.content.decode() or name in ("programme", "venue"), name
        assert response.get("Cache-Control", "no-cache") == "no-cache", name
