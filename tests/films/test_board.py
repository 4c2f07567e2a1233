"""The box office board as a page: who may come, and what a row says."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client

from films.models import AccessFeature, Screening, ScreeningGuest, StatusChange
from films.roles import BOX_OFFICE, PROGRAMMERS, TRAINEES
from tests.factories import (
    NOW,
    FilmFactory,
    LicenceFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    VenueFactory,
)
from tests.films.board import BOARD, JSON, LIVE, MINUTE, PRESS, member, titles
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
Sales, Occurrence = Screening.Sales, Screening.Occurrence


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


# What is sent from a page of its own is answered with the login itself, which keeps it.
KEPT = ["form", "hand back"]


@pytest.mark.parametrize("address", [address for address in ADDRESSES if address not in KEPT])
def test_strangers_are_led_to_the_login(client, kiln, address):
    response = ADDRESSES[address](client, kiln.pk)
    assert response.status_code == 302
    assert response["Location"].startswith("/box-office/login/?next=")


@pytest.mark.parametrize("address", KEPT)
def test_strangers_get_the_login_instead_of_what_a_form_would_do(client, kiln, address):
    response = ADDRESSES[address](client, kiln.pk)
    assert (response.status_code, response.context["login"]) == (401, "/box-office/login/")
    assert not StatusChange.objects.exists()


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


def test_packed_answer_is_known_again(till, kiln):
    tag = till.get(LIVE, headers={"accept-encoding": "gzip"})["ETag"]
    assert tag.startswith("W/")
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
