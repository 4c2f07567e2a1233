import re
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db.models import Q

from films.schedule import Place, shows_among
from films.schedule_grid import LONGEST, NARROWEST, by_number, grid_of, lanes
from tests.factories import NOW, RoomFactory, ScreeningFactory, VenueFactory
from tests.films.test_schedule import MINUTE, TODAY, VANCOUVER, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def grid(day: date = TODAY, zone: ZoneInfo = VANCOUVER):
    shows = shows_among(Q(), NOW)
    return grid_of(shows, day, zone), shows


def test_lanes_let_no_two_blocks_overlap():
    assert lanes([(0, 10), (5, 20), (10, 12), (11, 30), (20, 21), (20, 22)]) == [0, 1, 0, 2, 0, 1]


def test_rooms_stand_in_the_order_of_names_and_numbers():
    assert sorted(["Cinema 10", "cinema 9", "Annex", "Cinema 9 B", "Cinema"], key=by_number) == [
        "Annex",
        "Cinema",
        "cinema 9",
        "Cinema 9 B",
        "Cinema 10",
    ]


def test_shows_lie_to_scale_in_five_minute_columns_under_the_axis():
    venue = VenueFactory()
    nine, ten = (RoomFactory(venue=venue, name=f"Cinema {number}") for number in (9, 10))
    ScreeningFactory(room=ten, starts_at=at(18, 20), entered_end=at(20, 1))
    ScreeningFactory(room=nine, starts_at=at(18, 59), entered_end=at(20))
    ScreeningFactory(room=ten, starts_at=at(20), entered_end=at(21))
    made, shows = grid()
    assert [row.room.name for row in made.rows] == ["Cinema 9", "Cinema 10"]
    assert [row.lanes for row in made.rows] == [1, 2]
    assert [show.place for show in shows] == [Place(4, 21, 1), Place(11, 13, 0), Place(24, 12, 2)]
    assert [hour.local.hour for hour in made.hours] == [18, 19, 20]
    assert [len(hour.shows) for hour in made.hours] == [2, 0, 1]
    assert Place(27, 25, 13).attributes == 'data-h="2" data-m="3" data-lh="2" data-lm="1" data-rt="1" data-ru="3"'


def test_axis_runs_on_past_midnight_and_says_which_date_it_is():
    ScreeningFactory(starts_at=at(23, 30), entered_end=at(25, 30))
    made, _shows = grid()
    assert [(hour.local.hour, hour.is_midnight, hour.is_other_date) for hour in made.hours] == [
        (23, False, False),
        (0, True, True),
        (1, False, True),
    ]


def test_axis_counts_real_hours_where_the_clocks_go_back():
    night, toronto = date(2025, 11, 1), "America/Toronto"
    ScreeningFactory(starts_at=at(23, 0, night, toronto), entered_end=at(28, 0, night, toronto))
    made, _shows = grid(night, ZoneInfo(toronto))
    assert [hour.local.hour for hour in made.hours] == [23, 0, 1, 1, 2]


def test_very_short_and_very_long_events_are_drawn_within_measure():
    ScreeningFactory(starts_at=at(10), entered_end=at(10, 1))
    ScreeningFactory(starts_at=at(10), entered_end=at(10) + timedelta(days=9))
    made, shows = grid()
    assert [show.place.span for show in shows] == [NARROWEST, LONGEST]
    assert len(made.hours) == 12


def test_hour_grows_wider_where_a_fifth_of_the_shows_is_shorter(client):
    for hour in (10, 12, 14, 16):
        ScreeningFactory(starts_at=at(hour), entered_end=at(hour + 1))
    assert grid()[0].is_brief is False
    ScreeningFactory(starts_at=at(18), entered_end=at(18, 55))
    assert grid()[0].is_brief is True
    assert 'class="tl" data-brief data-lt' in client.get("/schedule/2026-10-02/").content.decode()


def test_axis_holds_the_whole_block_of_a_short_event_before_the_full_hour():
    ScreeningFactory(starts_at=at(22, 55), entered_end=at(23))
    made, _shows = grid()
    assert [hour.local.hour for hour in made.hours] == [22, 23]


@pytest.mark.parametrize(
    ("moment", "place"),
    [
        (at(18) - MINUTE, None),
        (at(18), Place(0)),
        (at(19, 4), Place(12)),
        (at(21) - MINUTE, Place(35)),
        (at(21), None),
    ],
)
def test_now_line_stands_on_the_axis_and_nowhere_else(moment, place):
    ScreeningFactory(starts_at=at(18, 10), entered_end=at(20, 30))
    made, _shows = grid()
    assert made.now(moment) == place


def test_stylesheet_knows_every_place_that_a_page_can_name():
    style = (Path(settings.BASE_DIR) / "static" / "css" / "schedule.css").read_text()
    known = {}
    for name, value in re.findall(r'\[data-(\w+)="(\d+)"\] { --\1: \2; }', style):
        known.setdefault(name, set()).add(int(value))
    units = set(range(1, 10))
    assert known == {
        "h": set(range(1, 64)),
        "m": set(range(1, 12)),
        "lh": set(range(1, LONGEST // 12 + 1)),
        "lm": set(range(1, 12)),
        "rt": set(range(1, 31)),
        "ru": units,
        "ht": set(range(1, 31)),
        "hu": units,
        "lt": set(range(1, 7)),
        "lu": units,
    }
