from datetime import timedelta

import pytest
import time_machine

from films.foyer import ROWS, RUNNING, foyer
from films.models import Film, Screening
from tests.factories import NOW, FilmFactory, RoomFactory, ScreeningFactory, VenueFactory

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Occurrence = Screening.Occurrence


@pytest.fixture
def rio():
    return VenueFactory(name="The Rio")


@pytest.fixture
def room(rio):
    return RoomFactory(venue=rio, name="Cinema 1")


def plays(title: str, room, starts_at, **fields) -> Screening:
    return ScreeningFactory(films=[FilmFactory(title=title, runtime=100)], room=room, starts_at=starts_at, **fields)


def titles(rows) -> list[str]:
    return [row.showing.items[0].film.title for row in rows]


def test_foyer_shows_what_runs_and_what_comes(rio, room):
    plays("Ended", room, NOW - 100 * MINUTE)
    plays("Running", room, NOW - 99 * MINUTE)
    plays("Next", room, NOW + MINUTE)
    plays("Elsewhere", RoomFactory(), NOW + MINUTE)
    shown = foyer(rio, NOW)
    assert (titles(shown.running), titles(shown.to_come), shown.more, shown.is_today) == (
        ["Running"],
        ["Next"],
        0,
        True,
    )
    assert [row.wait for row in shown.to_come] == ["in 1\u00a0min"]


def test_foyer_counts_down_only_three_hours(rio, room):
    plays("Near", room, NOW + 3 * HOUR)
    plays("Far", room, NOW + 3 * HOUR + MINUTE)
    assert [row.wait for row in foyer(rio, NOW).to_come] == ["in 3\u00a0h", ""]


def test_foyer_calls_the_night_today(rio, room):
    plays("After midnight", room, NOW + 8 * HOUR)  # 2 am, before the festival's day ends at five.
    plays("Tomorrow", room, NOW + 16 * HOUR)
    shown = foyer(rio, NOW)
    assert titles(shown.to_come) == ["After midnight"]
    shown = foyer(rio, NOW + 8 * HOUR)
    assert (titles(shown.running), shown.to_come) == (["After midnight"], [])


def test_foyer_shows_what_still_runs_when_the_festivals_day_turns(rio, room):
    turn = NOW + 11 * HOUR  # Five in the morning of 3 October.
    plays("All night", room, turn - 99 * MINUTE)
    plays("Today", room, turn + 12 * HOUR)
    for at in (turn - MINUTE, turn, turn + MINUTE - timedelta(microseconds=1)):
        shown = foyer(rio, at)
        assert (titles(shown.running), shown.is_today) == (["All night"], True)
    assert (foyer(rio, turn - MINUTE).to_come, foyer(rio, turn - MINUTE).day.isoformat()) == ([], "2026-10-02")
    assert (titles(foyer(rio, turn).to_come), foyer(rio, turn).day.isoformat()) == (["Today"], "2026-10-03")
    assert foyer(rio, turn + MINUTE).running == []


def test_foyer_turns_to_the_next_day_when_today_is_over(rio, room):
    plays("Today", room, NOW - 2 * HOUR)
    plays("In three days", room, NOW + 72 * HOUR)
    plays("In four days", room, NOW + 96 * HOUR)
    shown = foyer(rio, NOW)
    assert (titles(shown.to_come), shown.is_today, shown.day.isoformat()) == (["In three days"], False, "2026-10-05")


def test_foyer_without_anything_planned_says_so(client, rio):
    shown = foyer(rio, NOW)
    assert (shown.day, shown.running, shown.to_come) == (None, [], [])
    with time_machine.travel(NOW, tick=False):
        assert "Nothing is planned here at the moment." in client.get("/foyer/the-rio/").content.decode()


def test_foyer_keeps_cancelled_shows_until_they_would_begin(rio, room):
    plays("Cancelled", room, NOW + MINUTE, occurrence=Occurrence.CANCELLED)
    assert titles(foyer(rio, NOW).to_come) == ["Cancelled"]
    assert foyer(rio, NOW + MINUTE).to_come == []


def test_foyer_sends_on_those_who_wait_for_a_show_that_moved_away(rio, room):
    annex = RoomFactory(venue__name="The Annex", name="Studio")
    away = plays("Away", room, NOW + HOUR)
    away.room, away.occurrence = annex, Occurrence.MOVED
    away.save()
    later = plays("Later", room, NOW + 2 * HOUR)
    later.starts_at, later.occurrence = NOW + 24 * HOUR, Occurrence.MOVED
    later.save()
    rows = foyer(rio, NOW).to_come
    assert [(row.time, row.gone_to) for row in rows] == [
        (NOW + HOUR, "Now The Annex, Studio"),
        (NOW + 2 * HOUR, "Now Sat 3 Oct, 6:00\u00a0pm"),
    ]
    assert titles(foyer(annex.venue, NOW).to_come) == ["Away"]


def test_foyer_shows_once_what_moved_within_the_house(rio, room):
    moved = plays("Moved", room, NOW + HOUR)
    moved.room, moved.occurrence = RoomFactory(venue=rio, name="Cinema 2"), Occurrence.MOVED
    moved.save()
    assert [(row.screening.room.name, row.gone_to) for row in foyer(rio, NOW).to_come] == [("Cinema 2", "")]


def test_foyer_hides_what_is_not_public(rio, room):
    plays("Press", room, NOW + HOUR, audience=Screening.Audience.PRESS)
    draft = FilmFactory(title="Draft", state=Film.State.DRAFT)
    ScreeningFactory(films=[draft], room=room, starts_at=NOW + HOUR)
    assert foyer(rio, NOW).to_come == []


@pytest.mark.parametrize(("running", "to_come"), [(1, 3), (5, 1), (5, 12), (0, 12)])
def test_foyer_shows_what_fits_and_counts_the_rest(rio, running, to_come):
    for number in range(running):
        plays(f"Running {number}", RoomFactory(venue=rio), NOW - (running - number) * MINUTE)
    for number in range(to_come):
        plays(f"To come {number}", RoomFactory(venue=rio), NOW + (number + 1) * MINUTE)
    shown = foyer(rio, NOW)
    number = len(shown.running) + len(shown.to_come)
    assert number == min(ROWS, running + to_come)
    assert number + shown.more == running + to_come
    assert len(shown.running) >= min(RUNNING, running)
    # Of those that run, the last to begin; of those to come, the first.
    assert titles(shown.running) == [f"Running {number}" for number in range(running)][running - len(shown.running) :]
    assert titles(shown.to_come) == [f"To come {number}" for number in range(len(shown.to_come))]


@pytest.mark.parametrize("number", [1, 30])
def test_foyer_asks_a_fixed_number_of_queries(client, rio, django_assert_num_queries, number):
    for minutes in range(number):
        plays(f"Film {minutes}", RoomFactory(venue=rio), NOW + minutes * MINUTE)
    with time_machine.travel(NOW, tick=False), django_assert_num_queries(3):
        assert client.get("/foyer/the-rio/").status_code == 200


def test_foyer_is_told_when_nothing_is_new(client, rio, room):
    plays("Film", room, NOW + HOUR)
    with time_machine.travel(NOW, tick=False):
        first = client.get("/foyer/the-rio/")
        again = client.get("/foyer/the-rio/", headers={"If-None-Match": first["ETag"]})
        Screening.objects.update(sales=Screening.Sales.SOLD_OUT)
        then = client.get("/foyer/the-rio/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, then.status_code) == (304, b"", 200)
    assert (first["Cache-Control"], first.cookies) == ("public, no-cache", {})
