"""A screening's own page at the box office."""

from datetime import timedelta

import pytest

from films.box_office.precedence import hear as hear_feed
from films.models import Screening, StatusChange
from tests.factories import (
    NOW,
    FilmFactory,
    RoomFactory,
    ScreeningFactory,
)
from tests.films.board import BOARD, MINUTE, PRESS, value

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
Sales, Occurrence = Screening.Sales, Screening.Occurrence


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
