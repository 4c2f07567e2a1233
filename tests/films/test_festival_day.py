from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from films.festival_day import day_bounds, festival_day, instant_of
from tests.factories import VANCOUVER

ZONES = st.sampled_from(["America/Vancouver", "Europe/London", "Asia/Hong_Kong", "Asia/Kolkata", "America/St_Johns"])
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("clock", "day"),
    [
        ("2026-10-03 00:15", date(2026, 10, 2)),
        ("2026-10-03 04:59:59", date(2026, 10, 2)),
        ("2026-10-03 05:00", date(2026, 10, 3)),
        ("2026-10-02 23:59", date(2026, 10, 2)),
    ],
)
def test_festival_day_rolls_over_at_five(clock, day):
    assert festival_day(datetime.fromisoformat(clock).replace(tzinfo=VANCOUVER), VANCOUVER) == day


@given(INSTANTS, ZONES)
def test_every_instant_lies_in_exactly_the_bounds_of_its_day(instant, zone):
    zone = ZoneInfo(zone)
    day = festival_day(instant, zone)
    start, end = day_bounds(day, zone)
    assert start <= instant < end
    assert day_bounds(day + timedelta(days=1), zone)[0] == end


@given(INSTANTS, ZONES)
def test_wall_time_leads_back_to_the_instant_it_was_read_at(instant, zone):
    zone = ZoneInfo(zone)
    local = instant.astimezone(zone)
    assert instant_of(local.replace(tzinfo=None, fold=0), zone, second_time=bool(local.fold)) == instant


def test_time_skipped_by_the_clocks_is_refused():
    with pytest.raises(ValidationError) as refused:
        instant_of(datetime(2026, 3, 8, 2, 30), VANCOUVER)
    assert refused.value.code == "skipped"
    assert instant_of(datetime(2026, 3, 8, 3, 0), VANCOUVER) == datetime(2026, 3, 8, 10, 0, tzinfo=UTC)


def test_time_repeated_by_the_clocks_must_say_which():
    twice = datetime(2025, 11, 2, 1, 30)
    with pytest.raises(ValidationError) as refused:
        instant_of(twice, VANCOUVER)
    assert refused.value.code == "repeated"
    first, second = (instant_of(twice, VANCOUVER, second_time=which) for which in (False, True))
    assert second - first == timedelta(hours=1)


def test_vancouver_keeps_one_time_all_year_since_2026():
    noon = [datetime(year, 12, 1, 12, tzinfo=VANCOUVER).utcoffset() for year in (2025, 2026)]
    assert noon == [timedelta(hours=-8), timedelta(hours=-7)]
