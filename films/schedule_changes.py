"""What has changed on a day's schedule lately, in sentences: cancelled, moved, put off, on after all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from films.festival_day import festival_day
from films.models import Screening, StatusChange
from films.schedule import Show, span_of
from films.wording import NO_BREAK, clock, day, showtime

RECENT = timedelta(hours=24)
Axis, Occurrence = StatusChange.Axis, Screening.Occurrence


@dataclass
class Recent:
    """What one screening said before the changes of the last RECENT."""

    occurrence: str | None = None
    start: datetime | None = None
    is_elsewhere: bool = False


@dataclass(frozen=True)
class Change:
    show: Show
    sentence: str


def recent_changes(at: datetime) -> dict[int, Recent]:
    """For each screening (by id) whose occurrence, start or room changed lately, what it said before; one query."""
    rows = (
        StatusChange.objects.filter(
            axis__in=[Axis.OCCURRENCE, Axis.START, Axis.ROOM], changed_at__gt=at - RECENT, changed_at__lte=at
        )
        .order_by("changed_at", "pk")
        .values_list("screening", "axis", "before")
    )
    recent: dict[int, Recent] = {}
    for screening, axis, before in rows:
        was = recent.setdefault(screening, Recent())
        if axis == Axis.OCCURRENCE and was.occurrence is None:
            was.occurrence = before
        elif axis == Axis.START and was.start is None and before:
            was.start = datetime.fromisoformat(before)
        elif axis == Axis.ROOM:
            was.is_elsewhere = True
    return recent


def perhaps_left(on: date, recent: dict[int, Recent]) -> list[int]:
    """The screenings (ids) that may have stood on festival day `on` before they were moved to another."""
    begins, ends = span_of(on)
    return [pk for pk, was in recent.items() if was.start and begins <= was.start < ends]


def changes_on(on: date, shows: list[Show], recent: dict[int, Recent]) -> list[Change]:
    """The changes that a reader of festival day `on` has to know; `shows` may hold those that left it."""
    changes = []
    for show in shows:
        was = recent.get(show.screening.pk)
        if was and on in (show.screening.festival_day, day_before_the_move(show.screening, was)):
            changes.append(Change(show, in_words(show.screening, was)))
    return [change for change in changes if change.sentence]


def day_before_the_move(screening: Screening, was: Recent) -> date | None:
    return was.start and festival_day(was.start, screening.zone, screening.edition.day_starts_at)


def in_words(screening: Screening, was: Recent) -> str:
    """One sentence; empty when all is as it was."""
    place = {"time": showtime(screening), "room": screening.room.full_name}
    if screening.occurrence == Occurrence.CANCELLED:
        return _("Cancelled. It was to be %(time)s, %(room)s.") % place
    if screening.occurrence == Occurrence.POSTPONED:
        return _("Postponed. It was to be %(time)s, %(room)s.") % place
    if was.is_elsewhere or was.start not in (None, screening.starts_at):
        return moved_in_words(screening, was, place)
    if was.occurrence in (Occurrence.CANCELLED, Occurrence.POSTPONED):
        return _("It takes place after all: %(time)s, %(room)s.") % place
    return ""


def moved_in_words(screening: Screening, was: Recent, place: dict[str, str]) -> str:
    start = was.start and was.start.astimezone(screening.zone)
    new_day = day_before_the_move(screening, was) not in (None, screening.festival_day)
    if new_day:
        place["time"] = f"{day(screening.festival_day)},{NO_BREAK}{place['time']}"
    old = []
    if start and start != screening.local_start:
        old.append(f"{day(start)}, {clock(start)}" if new_day else clock(start))
    if was.is_elsewhere and screening.previous_room:
        old.append(screening.previous_room.full_name)
    if not old:
        return _("Moved. Now %(time)s, %(room)s.") % place
    return _("Moved. Now %(time)s, %(room)s. It was to be %(before)s.") % {**place, "before": ", ".join(old)}
