"""The box office board as pages: who may come, what a row says, what a press answers, what others hear of it."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from films.box_office.board import rows_of, turn_of
from films.box_office.precedence import hear as hear_feed
from films.models import AccessFeature, Revision, Screening, ScreeningGuest, StatusChange
from films.roles import BOX_OFFICE, PROGRAMMERS, TRAINEES
from tests.factories import (
    NOW,
    EditionFactory,
    FilmFactory,
    LicenceFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    VenueFactory,
)
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
Sales, Occurrence = Screening.Sales, Screening.Occurrence
BOARD, LIVE, PRESS = "/box-office/", "/box-office/live/", "/box-office/press/"
JSON = {"Accept": "application/json"}
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def member(name: str, *groups: str) -> tuple[Client, object]:
    user = get_user_model().objects.create_user(name, first_name=name.title(), password="open sesame")
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client, user


@pytest.fixture
def till():
    return member("priya", BOX_OFFICE)[0]


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def kiln(edition):
    room = RoomFactory(venue__name="International Village", name="Cinema 9")
    return ScreeningFactory(
        films=[FilmFactory(title="Kiln", edition=edition)], edition=edition, room=room, sales=Sales.ON_SALE
    )


def value(screening: Screening, sales: str) -> str:
    newest = screening.changes.order_by("-pk").first()
    return f"{screening.pk}.{newest.pk if newest else 0}.{sales}"


def titles(response) -> dict[str, list[str]]:
    groups = response.context["board"].groups
    return {str(group): [row.title for row in rows] for group, rows in groups.items() if rows}


# Who may come


ADDRESSES = {
    "board": lambda client, pk: client.get(BOARD),
    "live": lambda client, pk: client.get(LIVE),
    "press": lambda client, pk: client.post(PRESS, {"set": f"{pk}.0.sold_out"}),
    "undo": lambda client, pk: client.post(PRESS, {"undo": "1"}),
    "screening": lambda client, pk: client.get(f"/box-office/screenings/{pk}/"),
    "form": lambda client, pk: client.post(f"/box-office/screenings/{pk}/", {"form": "sales", "sales": "sold_out"}),
    "hand back": lambda client, pk: client.post(f"/box-office/screenings/{pk}/", {"hand_back": "1"}),
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_are_led_to_the_login(client, kiln, address):
    response = ADDRESSES[address](client, kiln.pk)
    assert response.status_code == 302
    assert response["Location"].startswith("/box-office/login/?next=")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("group", [TRAINEES, None])
def test_staff_of_other_groups_are_refused_and_told_so(kiln, address, group):
    client, _user = member("somebody", *filter(None, [group]))
    response = ADDRESSES[address](client, kiln.pk)
    assert response.status_code == 403
    assert "may not set how a screening stands" in response.content.decode()
    assert not StatusChange.objects.exists()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("group", [BOX_OFFICE, PROGRAMMERS])
def test_box_office_and_programmers_come_in(kiln, address, group):
    assert ADDRESSES[address](member("somebody", group)[0], kiln.pk).status_code in (200, 302, 400, 404)


@pytest.mark.parametrize("address", ["board", "screening"])
def test_nothing_of_it_is_kept(till, kiln, address):
    assert ADDRESSES[address](till, kiln.pk)["Cache-Control"] == "private, no-store"


def of_the_permission(user):
    return user.groups.get().permissions.filter(codename="set_status").get()


TAKEN_AWAY = {
    "out of the group": (lambda user: user.groups.clear(), 403),
    "less for the group": (lambda user: user.groups.get().permissions.remove(of_the_permission(user)), 403),
    "no group": (lambda user: user.groups.get().delete(), 403),
    "not active": (lambda user: type(user).objects.filter(pk=user.pk).update(is_active=False), 401),
    "another password": (lambda user: user.set_password("close sesame") or user.save(), 401),
    "no account": (lambda user: user.delete(), 401),
    "logged out elsewhere": (lambda user: Session.objects.all().delete(), 401),
}


@pytest.mark.parametrize("way", TAKEN_AWAY)
def test_what_is_taken_away_holds_from_the_next_question(kiln, way):
    client, user = member("somebody", BOX_OFFICE)
    tag = client.get(LIVE)["ETag"]
    take_away, status = TAKEN_AWAY[way]
    take_away(user)
    assert client.get(LIVE, headers=JSON | {"If-None-Match": tag}).status_code == status
    assert client.get(BOARD).status_code == (403 if status == 403 else 302)


def test_superuser_who_is_none_any_more_is_refused(kiln):
    user = get_user_model().objects.create_superuser("somebody")
    client = Client()
    client.force_login(user)
    tag = client.get(LIVE)["ETag"]
    user.is_superuser = False
    user.save()
    assert client.get(LIVE, headers=JSON | {"If-None-Match": tag}).status_code == 403


def test_login_of_somebody_else_is_no_news(till, kiln):
    client, marek = member("marek", BOX_OFFICE)
    tag = till.get(LIVE)["ETag"]
    client.force_login(marek)
    assert till.get(LIVE, headers=JSON | {"If-None-Match": tag}).status_code == 304


# What it shows


def test_screenings_stand_by_time_in_their_groups(till, edition):
    for title, hours in (("Past", -3), ("Running", -1), ("Soon", 2), ("Late", 2.1)):
        start = NOW + timedelta(hours=hours)
        ScreeningFactory(films=[FilmFactory(title=title)], edition=edition, starts_at=start)
    assert titles(till.get(BOARD)) == {"soon": ["Soon"], "later": ["Late"], "now": ["Running"], "earlier": ["Past"]}


def test_board_opens_on_the_next_day_that_has_something(till, edition):
    ScreeningFactory(edition=edition, starts_at=NOW + timedelta(days=2))
    response = till.get(BOARD)
    assert response.context["board"].day.isoformat() == "2026-10-04"
    assert till.get(f"{BOARD}?day=2026-10-02").context["board"].rows == []


def test_row_says_what_the_till_has_to_know(till, edition):
    venue = VenueFactory(name="The Rio")
    LicenceFactory(venue=venue, minimum_age=19, note="The bar is open.")
    screening = ScreeningFactory(
        films=[FilmFactory(title="Red Rooms", runtime=118)],
        edition=edition,
        room=RoomFactory(venue=venue, name="The Rio"),
        preshow=10,
        talk=20,
        sales=Sales.STANDBY,
        seats_left=3,
        seats_checked_at=NOW - 5 * MINUTE,
        standby_line=12,
        standby_counted_at=NOW,
        guest_note="Q&A with Pascal Plante",
    )
    AccessFeature.objects.create(screening=screening, feature="open_captions", is_confirmed=True)
    (row,) = till.get(BOARD).context["board"].rows
    assert (row.title, row.time, row.age, row.why_age) == (
        "Red Rooms",
        "8:00\u00a0pm",
        "19+",
        "The bar is open. No babies in arms.",
    )
    assert (row.minutes, row.ends) == (148, "ends 10:28\u00a0pm")
    assert [mark.name for mark in row.marks] == ["Open captions"]
    assert (row.guests, row.seats, row.line) == (
        "Q&A with Pascal Plante",
        "3 seats left, 5:55\u00a0pm",
        "12 in line, 6:00\u00a0pm",
    )
    assert (row.tone, row.word, row.last) == ("standby", "Standby", None)


def test_last_change_says_what_who_and_when(till, kiln):
    kiln.sales = Sales.SOLD_OUT
    kiln.save(by=member("marek")[1], at=NOW - 5 * MINUTE)
    (row,) = till.get(BOARD).context["board"].rows
    assert (row.last.what, row.last.who, row.last.when, row.last.undo) == ("Sold out", "Marek", "5:55\u00a0pm", None)


def test_press_screening_and_draft_stand_on_the_board(till, edition):
    ScreeningFactory(edition=edition, audience="press", films=[FilmFactory(title="Seen early")])
    ScreeningFactory(edition=edition, films=[FilmFactory(title="Not out yet", state="draft")])
    assert {row.title for row in till.get(BOARD).context["board"].rows} == {"Seen early", "Not out yet"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Kiln", "Ōkami", "Called off"}),
        ("q=okami", {"Ōkami"}),
        ("q=village", {"Kiln"}),
        ("venue=the-rio", {"Ōkami", "Called off"}),
        ("state=sold_out", {"Ōkami"}),
        ("state=cancelled", {"Called off"}),
        ("next=1", {"Kiln"}),
        ("state=nonsense&room=%C2%B2&day=2026-02-30", {"Kiln", "Ōkami", "Called off"}),
    ],
)
def test_filters(till, kiln, edition, query, found):
    rio = RoomFactory(venue__name="The Rio")
    later = NOW + timedelta(hours=2, seconds=1)
    ScreeningFactory(
        edition=edition, room=rio, films=[FilmFactory(title="Ōkami")], sales=Sales.SOLD_OUT, starts_at=later
    )
    ScreeningFactory(
        edition=edition,
        room=rio,
        films=[FilmFactory(title="Called off")],
        occurrence=Occurrence.CANCELLED,
        starts_at=later,
    )
    assert {row.title for row in till.get(f"{BOARD}?{query}").context["board"].rows} == found


def test_room_is_a_filter(till, kiln, edition):
    ScreeningFactory(edition=edition)
    (row,) = till.get(f"{BOARD}?room={kiln.room_id}").context["board"].rows
    assert row.title == "Kiln"


def add(edition, number: int) -> None:
    for _number in range(number):
        screening = ScreeningFactory(edition=edition)
        ScreeningGuest.objects.create(screening=screening, person=PersonFactory())
        AccessFeature.objects.create(screening=screening, feature="relaxed")
        screening.sales = Sales.SOLD_OUT
        screening.save()


def test_number_of_queries_does_not_grow(till, edition):
    addresses, counts = (BOARD, f"{LIVE}?day=2026-10-02&since=0"), []
    for number in (1, 29):
        add(edition, number)
        counts.append([queries_of(till, address) for address in addresses])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 9


# A press


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


def test_form_after_the_session_ended_leads_back_to_its_page(client, kiln):
    page = f"/box-office/screenings/{kiln.pk}/"
    response = client.post(page, {"form": "occurrence", "occurrence": "cancelled", "seen": "0", "confirmed": "1"})
    assert response["Location"] == f"{reverse('box_office_login')}?next={quote(page, safe='')}&ended=1"
    assert not StatusChange.objects.exists()


def test_press_from_a_page_older_than_the_login_gets_a_sentence(till, kiln):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = till.cookies
    response = strict.post(PRESS, {"set": value(kiln, "sold_out")})
    assert response.status_code == 403
    assert "Nothing was saved. Somebody has logged in or out" in response.content.decode()
    assert not StatusChange.objects.exists()


# What others hear


def hear(client, since, tag=None, query="day=2026-10-02"):
    headers = JSON | ({"If-None-Match": tag} if tag else {})
    return client.get(f"{LIVE}?{query}&since={since}", headers=headers)


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


# One screening


def test_page_of_a_screening_tells_all_that_was_changed(till, kiln):
    till.post(PRESS, {"set": value(kiln, "sold_out"), "why": "Last seat gone"})
    (told,) = till.get(f"/box-office/screenings/{kiln.pk}/").context["log"]
    assert (told.what, told.before, told.after, told.who, told.why, told.origin) == (
        "Sales",
        "On sale",
        "Sold out",
        "Priya",
        "Last seat gone",
        "Box office board",
    )


def sent(till, screening, **fields):
    newest = screening.changes.order_by("-pk").first()
    return till.post(
        f"/box-office/screenings/{screening.pk}/", {"seen": newest.pk if newest else 0, "why": ""} | fields
    )


def test_counts_and_standby_are_entered_on_its_page(till, kiln):
    response = sent(till, kiln, form="counts", seats_left="3", standby_line="12", standby_opens="45")
    assert response.status_code == 302
    kiln.refresh_from_db()
    assert (kiln.seats_left, kiln.standby_line, kiln.standby_opens) == (3, 12, 45)


def test_move_is_confirmed_on_a_page_of_its_own(till, kiln):
    room = RoomFactory(venue__name="The Rio", name="The Rio")
    move = {"form": "move", "local_start": "2026-10-02T21:30", "room": room.pk, "turn": "", "overlap_reason": ""}
    question = sent(till, kiln, **move)
    assert question.status_code == 200
    assert "Move this screening?" in question.content.decode()
    kiln.refresh_from_db()
    assert kiln.occurrence == Occurrence.SCHEDULED
    assert sent(till, kiln, confirmed="1", **move).status_code == 302
    kiln.refresh_from_db()
    assert (kiln.occurrence, kiln.room) == (Occurrence.MOVED, room)
    assert kiln.starts_at == NOW + timedelta(hours=3, minutes=30)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"form": "sales", "sales": "on_fire"}, "on_fire"),
        ({"form": "counts", "seats_left": "-1"}, "greater than or equal to 0"),
        ({"form": "move", "local_start": "soon", "room": "0"}, "Write the date and time like"),
        ({"form": "move", "local_start": "2026-03-08T02:30"}, "does not exist at the venue on that day"),
        ({"form": "nonsense"}, "Nothing was saved"),
        ({}, "Nothing was saved"),
    ],
)
def test_forged_or_mistyped_form_gets_a_sentence(till, kiln, fields, sentence):
    fields = {"room": kiln.room_id} | fields
    response = sent(till, kiln, **fields)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not StatusChange.objects.exists()


def test_room_that_is_taken_is_said_at_the_move(till, kiln, edition):
    other = ScreeningFactory(edition=edition, films=[FilmFactory(title="Salt Hours")])
    response = sent(
        till, kiln, form="move", local_start="2026-10-02T20:00", room=other.room_id, turn="", overlap_reason=""
    )
    assert response.status_code == 400
    assert "“Salt Hours” holds this room at that time" in response.content.decode()


def test_second_of_two_on_its_page_reads_who_was_first(till, kiln):
    stale = {"form": "counts", "standby_line": "4", "seen": "0"}
    till.post(PRESS, {"set": value(kiln, "sold_out")})
    response = sent(till, kiln, **(stale | {"form": "sales", "sales": "standby"}))
    assert response.status_code == 409
    assert "Priya set this to “Sold out”" in response.content.decode()


def test_screening_is_handed_back_to_the_feed(till, kiln):
    till.post(PRESS, {"set": value(kiln, "standby")})
    hear_feed(kiln.pk, feed="Tixly", said_at=NOW + MINUTE, at=NOW + MINUTE, sales="sold_out")
    (row,) = till.get(BOARD).context["board"].rows
    assert row.feed == "The feed says Sold out (6:01\u00a0pm); set by hand"
    assert till.post(f"/box-office/screenings/{kiln.pk}/", {"hand_back": "1"}).status_code == 302
    kiln.refresh_from_db()
    assert (kiln.sales, kiln.sales_held_at) == (Sales.SOLD_OUT, None)


def test_screening_that_is_not_there_is_not_found(till):
    assert till.get("/box-office/screenings/404/").status_code == 404
