"""The log in words for staff: what was set, by whom, when."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from films.models import Screening, StatusChange
from films.models.status_change import rooms_named_in
from films.wording import clock, day
from venues.models import Room

Axis, Source, Sales, Occurrence = StatusChange.Axis, StatusChange.Source, Screening.Sales, Screening.Occurrence
WORDS = {Axis.OCCURRENCE: dict(Occurrence.choices), Axis.SALES: dict(Sales.choices)}
# What is named when one save changed several things.
FIRST = [Axis.OCCURRENCE, Axis.SALES, Axis.START, Axis.ROOM]


def value_in_words(axis: str, value: str, zone: ZoneInfo, rooms: dict[int, Room]) -> str:
    """A value of the log as staff read it; `rooms` are those that the log names, by key."""
    if value == "":
        return _("Nothing")
    if axis == Axis.START:
        moment = parse_datetime(value).astimezone(zone)
        return f"{day(moment)}, {clock(moment)}"
    if axis == Axis.ROOM:
        room = rooms.get(int(value))
        return room.full_name if room else value
    if axis == Axis.LEAD:
        return str(StatusChange.Lead(value).label)
    return str(WORDS.get(axis, {}).get(value, value))


def what(axis: str, after: str, zone: ZoneInfo) -> str:
    """What a change made of the screening, in few words: “Sold out”, “9:15 pm”, “12 in line”."""
    if axis in WORDS:
        return str(WORDS[axis].get(after, after))
    if axis == Axis.START:
        return clock(parse_datetime(after).astimezone(zone))
    if axis == Axis.STANDBY_LINE:
        return _("%(people)s in line") % {"people": after or 0}
    return {
        Axis.ROOM: _("Another room"),
        Axis.AGE: _("Age"),
        Axis.STANDBY_OPENS: _("Standby opening"),
        Axis.LEAD: _("Back to the feed"),
    }[axis]


def who(name: str, source: str, source_name: str) -> str:
    """A person's name; else the feed's or the import's, else what it was that changed it."""
    return name or source_name or str(Source(source).label)


def when(moment: datetime, zone: ZoneInfo, at: datetime) -> str:
    """The time; on another day than `at`, the day as well."""
    local = moment.astimezone(zone)
    is_today = local.date() == at.astimezone(zone).date()
    return clock(local) if is_today else f"{day(local)}, {clock(local)}"


def clash_in_words(screening: Screening, changes: list[StatusChange], at: datetime) -> str:
    """“Priya set this to Selling fast at 6:41 pm, after you had looked. …”; `changes` are newest first."""
    newest = [row for row in changes if row.changed_at == changes[0].changed_at]
    row = min(newest, key=lambda row: FIRST.index(row.axis) if row.axis in FIRST else len(FIRST))
    sentence = _(
        "%(who)s set this to “%(what)s” at %(time)s, after you had looked. Your change was not saved. Choose again."
    )
    return sentence % {
        "who": who(row.who, row.source, row.source_name),
        "what": what(row.axis, row.after, screening.zone),
        "time": when(row.changed_at, screening.zone, at),
    }


@dataclass(frozen=True)
class Told:
    """A row of the log in words, its moment on the venue's clock."""

    what: str
    before: str
    after: str
    who: str
    moment: datetime
    why: str
    origin: str


def told(screening: Screening) -> list[Told]:
    """All that was changed about a screening, newest first, in two queries."""
    rows = list(screening.changes.all())
    rooms, zone = rooms_named_in(rows), screening.zone
    return [
        Told(
            what=row.get_axis_display(),
            before=value_in_words(row.axis, row.before, zone, rooms),
            after=value_in_words(row.axis, row.after, zone, rooms),
            who=who(row.who, row.source, row.source_name),
            moment=row.changed_at.astimezone(zone),
            why=row.reason,
            origin=str(row.get_source_display()),
        )
        for row in rows
    ]
