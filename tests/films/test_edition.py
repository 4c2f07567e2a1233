from datetime import UTC, date, datetime, timedelta

import pytest

from films.models import Edition
from tests.factories import EditionFactory

pytestmark = pytest.mark.django_db
# Festival days begin at five in Vancouver, at noon in UTC while summer time holds.
BEGINS = datetime(2026, 9, 28, 12, 0, tzinfo=UTC)
ENDS = datetime(2026, 10, 9, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (datetime(2026, 9, 1, tzinfo=UTC) - SECOND, Edition.Phase.BEFORE),
        (datetime(2026, 9, 1, tzinfo=UTC), Edition.Phase.ANNOUNCED),
        (BEGINS - SECOND, Edition.Phase.ANNOUNCED),
        (BEGINS, Edition.Phase.RUNNING),
        (ENDS - SECOND, Edition.Phase.RUNNING),
        (ENDS, Edition.Phase.ENDED),
    ],
)
def test_phase_changes_at_its_instants(at, phase):
    edition = EditionFactory(announced_at=datetime(2026, 9, 1, tzinfo=UTC))
    assert edition.phase(at) == phase


def test_year_round_programme_never_ends():
    house = EditionFactory(kind=Edition.Kind.YEAR_ROUND, ends_on=None)
    assert house.phase(BEGINS + timedelta(days=9999)) == Edition.Phase.RUNNING


def test_current_festival_is_the_running_one_then_the_last_for_a_while_then_the_next():
    EditionFactory(kind=Edition.Kind.YEAR_ROUND, ends_on=None)
    last = EditionFactory()
    following = EditionFactory(starts_on=date(2027, 9, 27), ends_on=date(2027, 10, 7))
    current = Edition.objects.current
    assert current(BEGINS - SECOND) == last
    assert current(BEGINS) == last
    assert current(ENDS + timedelta(days=30) - SECOND) == last
    assert current(ENDS + timedelta(days=30)) == following
    assert current(following.ends_at + timedelta(days=9999)) == following


def test_no_festival_is_current_where_there_is_none():
    assert Edition.objects.current(BEGINS) is None


def test_past_festivals_come_latest_first():
    old, last = EditionFactory(starts_on=date(2025, 9, 28), ends_on=date(2025, 10, 8)), EditionFactory()
    assert Edition.objects.past(ENDS - SECOND) == [old]
    assert Edition.objects.past(ENDS) == [last, old]
