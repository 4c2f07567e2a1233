import json
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from films.models import FeedMessage, Screening, SourceRow, StatusChange, TicketFeed
from films.roles import PROGRAMMERS
from films.ticket_feed.message import MAX_BYTES, MAX_ROWS, Refused, read_row
from films.ticket_feed.receiving import KEPT, PATIENCE, PER_MINUTE
from tests.factories import NOW, RoomFactory, ScreeningFactory
from tests.staff import member_of

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
Sales = Screening.Sales
ADDRESS = "/box-office/api/availability/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def feed():
    return TicketFeed.objects.create(name="Till")


@pytest.fixture
def token(feed):
    return feed.new_token(None, NOW)


@pytest.fixture
def screening():
    return ScreeningFactory(sales=Sales.ON_SALE, starts_at=NOW + HOUR)


@pytest.fixture
def push(client, token):
    def push(rows, key="1", token=token, body=None):
        return client.post(
            ADDRESS,
            body if body is not None else json.dumps({"rows": rows}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        )

    return push


def said(screening, at=NOW, **what) -> dict:
    return {"screening": screening.pk, "at": at.isoformat(), **what}


def results(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["result"] for row in response.json()["rows"]]


def test_feed_sets_sales_and_counts_seats(push, screening):
    response = push([said(screening, sales="sold_out", seats_left=0)])
    assert response.json() == {
        "taken": 1,
        "unchanged": 0,
        "held": 0,
        "old": 0,
        "refused": 0,
        "rows": [{"row": 1, "screening": screening.pk, "result": "taken", "says": "Taken."}],
    }
    screening.refresh_from_db()
    assert (screening.sales, screening.sales_checked_at, screening.seats_left) == (Sales.SOLD_OUT, NOW, 0)
    change = StatusChange.objects.get()
    assert (change.before, change.after, change.source, change.source_name) == ("on_sale", "sold_out", "feed", "Till")


def test_feed_row_that_is_bad_is_refused_by_name_and_the_others_stand(push, screening):
    rows = [{"screening": "Kiln"}, said(screening, sales="sold_out"), "nonsense", said(screening, sales="gone")]
    response = push(rows)
    assert results(response) == ["refused", "taken", "refused", "refused"]
    assert [row["says"] for row in response.json()["rows"] if row["result"] == "refused"] == [
        "The row says neither “sales” nor “seats_left”.",
        "A row is an object with “screening”, “at”, and “sales” or “seats_left”.",
        "“sales” is one of not_yet, on_sale, selling_fast, standby, off_sale, sold_out.",
    ]
    screening.refresh_from_db()
    assert screening.sales == Sales.SOLD_OUT


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"screening": 1, "sales": "sold_out"}, "“at” says when it was so"),
        ({"screening": 1, "sales": "sold_out", "at": "2026-10-02 18:00"}, "“at” says when it was so"),
        ({"screening": 1, "sales": "sold_out", "at": "2026-13-45T00:00:00Z"}, "“at” says when it was so"),
        ({"screening": 1, "sales": "sold_out", "at": 7}, "“at” says when it was so"),
        ({"screening": 1, "seats_left": -1, "at": NOW.isoformat()}, "“seats_left” is a whole number"),
        ({"screening": 1, "seats_left": True, "at": NOW.isoformat()}, "“seats_left” is a whole number"),
        ({"screening": 1, "seats_left": "12", "at": NOW.isoformat()}, "“seats_left” is a whole number"),
        ({"screening": 1, "sales": ["on_sale"], "at": NOW.isoformat()}, "“sales” is one of"),
        ({"screening": 1, "sales": "free", "at": NOW.isoformat()}, "“sales” is one of"),
        ({"screening": None, "sales": "sold_out", "at": NOW.isoformat()}, "“screening” names the screening"),
        ({"screening": True, "sales": "sold_out", "at": NOW.isoformat()}, "“screening” names the screening"),
        ({"screening": 1, "price": 3, "at": NOW.isoformat()}, "“price” is no field of a row."),
        ({"screening": 1, "\x00\ud800": 3}, "“\ufffd?” is no field of a row."),
    ],
)
def test_feed_row_says_what_is_wrong_with_it(push, row, sentence):
    response = push([row])
    assert results(response) == ["refused"]
    assert response.json()["rows"][0]["says"].startswith(sentence)


@pytest.mark.parametrize(
    "name", ["0", "999999999999999", "9" * 40, "²", "-1", "1.5", "\x00", "\ud800", "x" * 5000, "Kiln"]
)
def test_feed_of_numbers_knows_no_such_screening(push, screening, name):
    assert results(push([said(screening, sales="sold_out") | {"screening": name}])) == ["refused"]


def test_feed_of_a_source_names_screenings_by_its_keys(push, feed, screening):
    feed.source = "Box"
    feed.save()
    SourceRow.objects.create(source="Box", sheet="screening", key="K1", object_id=screening.pk)
    SourceRow.objects.create(source="Other", sheet="screening", key="K2", object_id=screening.pk)
    rows = [said(screening, sales="sold_out") | {"screening": name} for name in ("K1", "K2", str(screening.pk), "\x00")]
    assert results(push(rows)) == ["taken", "refused", "refused", "refused"]


def test_feed_speaks_of_its_venues_alone(push, feed, screening):
    feed.venues.add(RoomFactory().venue)
    assert results(push([said(screening, sales="sold_out")])) == ["refused"]
    feed.venues.add(screening.room.venue)
    assert results(push([said(screening, sales="sold_out")], key="2")) == ["taken"]


def test_feed_messages_that_come_late_or_twice_change_nothing(push, screening):
    push([said(screening, NOW - MINUTE, sales="sold_out")])
    assert results(push([said(screening, NOW - 2 * MINUTE, sales="on_sale")], key="2")) == ["old"]
    assert results(push([said(screening, NOW - MINUTE, sales="on_sale")], key="3")) == ["old"]
    assert results(push([said(screening, NOW, sales="sold_out")], key="4")) == ["unchanged"]
    assert StatusChange.objects.count() == 1


@pytest.mark.parametrize(("ahead", "result"), [(2 * MINUTE, "taken"), (2 * MINUTE + SECOND, "refused")])
def test_feed_clock_may_be_two_minutes_ahead(push, screening, ahead, result):
    response = push([said(screening, NOW + ahead, sales="sold_out")])
    assert results(response) == [result]
    screening.refresh_from_db()
    assert screening.feed_said_at == (NOW if result == "taken" else None)


def test_feed_does_not_replace_what_a_person_set(push, screening):
    person = User.objects.create_user("Priya")
    push([said(screening, NOW - MINUTE, sales="selling_fast")])
    screening.refresh_from_db()
    screening.sales = Sales.STANDBY
    screening.save(by=person, source=StatusChange.Source.BOARD)
    assert results(push([said(screening, NOW, sales="on_sale", seats_left=3)], key="2")) == ["held"]
    screening.refresh_from_db()
    assert (screening.sales, screening.feed_sales, screening.seats_left) == (Sales.STANDBY, Sales.ON_SALE, 3)


# The message as a whole


def test_feed_message_sent_again_has_no_new_effect_and_the_same_answer(push, screening, clock):
    rows = [said(screening, sales="sold_out")]
    first = push(rows)
    screening.refresh_from_db()
    screening.sales = Sales.ON_SALE
    screening.save()
    clock.shift(HOUR)
    again = push(rows)
    assert (again.json(), again["Idempotent-Replay"]) == (first.json(), "true")
    assert "Idempotent-Replay" not in first
    screening.refresh_from_db()
    assert screening.sales == Sales.ON_SALE


def test_feed_key_stands_for_one_message(push, screening):
    push([said(screening, sales="sold_out")])
    response = push([said(screening, sales="on_sale")])
    assert (response.status_code, response.json()["error"]) == (
        409,
        "This key was used for another message. Give each message a key of its own.",
    )


def test_feed_message_that_was_cut_off_is_worked_on_anew(push, screening, clock):
    rows = [said(screening, sales="sold_out")]
    push(rows)
    FeedMessage.objects.update(answered_at=None, answer={})
    clock.shift(PATIENCE - SECOND)
    early = push(rows)
    assert (early.status_code, early["Retry-After"]) == (409, "2")
    clock.shift(SECOND)
    assert results(push(rows)) == ["old"]


def test_feed_answers_are_kept_a_week(push, screening, clock):
    rows = [said(screening, sales="sold_out")]
    push(rows)
    clock.shift(KEPT)
    push([said(screening, sales="on_sale")], key="2")
    assert set(FeedMessage.objects.values_list("key", flat=True)) == {"1", "2"}
    clock.shift(SECOND)
    push([said(screening, sales="on_sale")], key="3")
    assert set(FeedMessage.objects.values_list("key", flat=True)) == {"2", "3"}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"{}", b'{"rows": []}', b'{"rows": {}}', b"[" * 50_000])
def test_feed_message_that_is_none_is_refused(push, body):
    response = push(None, body=body)
    assert response.status_code == 400
    assert set(response.json()) == {"error"}
    assert FeedMessage.objects.count() == 0


def test_feed_message_with_too_many_rows_is_refused(push, screening):
    response = push([0] * (MAX_ROWS + 1))
    assert response.json()["error"] == f"The message has {MAX_ROWS + 1} rows; send at most {MAX_ROWS} at a time."
    assert results(push([0] * MAX_ROWS)) == ["refused"] * MAX_ROWS


@pytest.mark.parametrize("length", [MAX_BYTES + 1, 3_000_000])
def test_feed_message_that_is_too_long_is_refused(push, length):
    response = push(None, body=b" " * length)
    assert "longer than 1000000 bytes" in response.json()["error"]


@pytest.mark.parametrize("key", ["", "x" * 201, "é"])
def test_feed_message_needs_a_key(push, screening, key):
    response = push([said(screening, sales="sold_out")], key=key)
    assert response.status_code == 400
    assert "Idempotency-Key" in response.json()["error"]


# The token


def test_feed_without_its_token_is_refused(client, push, feed, screening):
    for response in (client.post(ADDRESS), push([], token=""), push([], token="x"), push([], token="feed_x")):
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    feed.is_open = False
    feed.save()
    assert push([said(screening, sales="sold_out")]).status_code == 401


def test_feed_token_is_kept_as_a_fingerprint_alone(feed, token):
    feed.refresh_from_db()
    kept = [str(getattr(feed, field.attname)) for field in feed._meta.concrete_fields]
    assert not [value for value in kept if token in value]


def test_feed_token_that_was_exchanged_holds_for_an_hour(push, feed, token, screening, clock):
    new = feed.new_token(None, NOW)
    clock.shift(HOUR - SECOND)
    assert push([said(screening, sales="sold_out")], token=token).status_code == 200
    clock.shift(SECOND)
    assert push([said(screening, sales="sold_out")], token=token).status_code == 401
    assert push([said(screening, sales="sold_out")], token=new).status_code == 200


def test_feed_may_send_so_many_messages_a_minute(push, screening, clock):
    rows = [said(screening, sales="sold_out")]
    assert [push(rows).status_code for _number in range(PER_MINUTE)] == [200] * PER_MINUTE
    clock.shift(MINUTE - SECOND)
    refused = push(rows)
    assert (refused.status_code, refused["Retry-After"]) == (429, "1")
    clock.shift(SECOND)
    assert push(rows).status_code == 200


# Its pages


def test_feed_explains_itself(client):
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response.cookies == {}
    assert client.put(ADDRESS).status_code == 405


def test_token_is_shown_once_when_a_feed_is_made_or_gets_a_new_one(client):
    client.force_login(member_of(PROGRAMMERS))
    typed = {"name": "Till", "is_open": "on", "source": ""}
    made = client.post("/admin/films/ticketfeed/add/", typed)
    feed = TicketFeed.objects.get()
    first = made.context["token"]
    assert TicketFeed.of_token(first, NOW) == feed
    assert "no-store" in made["Cache-Control"]
    address = f"/admin/films/ticketfeed/{feed.pk}/change/"
    assert first not in client.get(address).content.decode()
    second = client.post(address, typed | {"_new_token": "1"}).context["token"]
    assert second != first
    assert [TicketFeed.of_token(token, NOW) for token in (first, second)] == [feed, feed]
    assert client.post(address, typed).status_code == 302


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists)
    | st.dictionaries(
        st.sampled_from(["screening", "sales", "seats_left", "at", "x"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["sold_out", NOW.isoformat()]),
    )
)
def test_feed_row_is_read_or_refused_whatever_it_is(row):
    try:
        read = read_row(row, NOW)
    except Refused as refusal:
        sentence = str(refusal)
    else:
        sentence = "" if read.at > NOW else "read"
    assert sentence
