"""What has changed on a day's schedule lately, in the words of the changes page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.dateparse import parse_datetime

from films.changes import of_occurrence, taken_together
from films.models import StatusChange
from films.models.status_change import rooms_named_in
from films.schedule import Show, span_of
from films.status import Status

RECENT = timedelta(hours=24)
Axis = StatusChange.Axis
# Rows of the log by screening (its id), newest first.
Recent = dict[int, list[StatusChange]]


@dataclass(frozen=True)
class Change:
    show: Show
    status: Status
    sentence: str


def recent_changes(at: datetime) -> Recent:
    """All changes of occurrence, start and room in the last RECENT, in one query."""
    rows = StatusChange.objects.filter(
        axis__in=[Axis.OCCURRENCE, Axis.START, Axis.ROOM], changed_at__gt=at - RECENT, changed_at__lte=at
    )
    recent: Recent = {}
    for row in rows.order_by("-changed_at", "-pk").only("screening", "axis", "before", "after", "changed_at"):
        recent.setdefault(row.screening_id, []).append(row)
    return recent


def perhaps_left(on: date, recent: Recent) -> list[int]:
    """The screenings (ids) that may have stood on festival day `on` before they were moved to another."""
    begins, ends = span_of(on)
    return [
        pk
        for pk, rows in recent.items()
        if any(row.axis == Axis.START and begins <= parse_datetime(row.before) < ends for row in rows)
    ]


def changes_on(on: date, shows: Iterable[Show], recent: Recent) -> list[Change]:
    """The changes that a reader of festival day `on` has to know; `shows` may hold those that left it."""
    changed = [(show, recent[show.screening.pk]) for show in shows if show.screening.pk in recent]
    rooms = rooms_named_in(row for _show, rows in changed for row in rows)
    changes = []
    for show, rows in changed:
        save = taken_together(show.screening, rows, rooms)
        told = of_occurrence(save)
        if told and on in (save.before.festival_day, save.after.festival_day):
            changes.append(Change(show, *told))
    return changes
