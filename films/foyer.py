"""The screen in a venue's foyer: what is on, what comes next, and what is no longer to be waited for here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from films.billing import MINUTE, length
from films.festival_day import festival_day
from films.models import Screening
from films.models.screening import ScreeningQuerySet
from films.showing import Showing, for_page, showing_at
from films.wording import clock, day
from venues.models import Venue

# As many as can be read from five metres; of those, running ones keep this many when much is to come.
ROWS, RUNNING = 8, 3
# Every screening of a festival day, whichever way the clocks change in it.
NEARBY = timedelta(days=2)
SOON = timedelta(hours=3)


@dataclass(frozen=True)
class Row:
    """One line of the screen. `time` is when people come for it here, on the venue's clock, and `gone_to` where and
    when to go instead for one that was moved away."""

    showing: Showing
    time: datetime
    gone_to: str = ""
    wait: str = ""

    @property
    def screening(self) -> Screening:
        return self.showing.screening


@dataclass(frozen=True)
class Foyer:
    """What the screen shows at one moment: of today, or when nothing is left of it, of the next day with something.

    `day` is that festival day, None when nothing is planned; `more` counts what did not fit.
    """

    day: date | None
    is_today: bool
    running: list[Row]
    to_come: list[Row]
    more: int

    @property
    def is_short(self) -> bool:
        return len(self.running) + len(self.to_come) <= ROWS // 2


def foyer(venue: Venue, at: datetime) -> Foyer:
    """What the screen at `venue` shows at `at`: two queries, and two more when nothing is left of today."""
    public = Screening.objects.public(at)
    rows = _rows(public, venue, at)
    running = [row for row in rows if not row.gone_to and row.screening.is_on_now(at)]
    to_come = [row for row in rows if row.time > at and _day(row) == _today(row, at)]
    if running or to_come:
        running_shown = running[-max(RUNNING, ROWS - len(to_come)) :]
        next_up = to_come[: ROWS - len(running_shown)]
        more = len(running) + len(to_come) - len(running_shown) - len(next_up)
        return Foyer(_today((running or to_come)[0], at), True, running_shown, next_up, more)
    upcoming = for_page(public.at(venue).upcoming(at).in_order(), at)[: 4 * ROWS]
    rows = [Row(showing_at(screening, at), screening.local_start) for screening in upcoming]
    that_day = [row for row in rows if _day(row) == _day(rows[0])]
    day_shown = _day(that_day[0]) if that_day else None
    return Foyer(day_shown, False, [], that_day[:ROWS], len(that_day[ROWS:]))


def _rows(public: ScreeningQuerySet, venue: Venue, at: datetime) -> list[Row]:
    """What plays at the venue around today, and what was to and does not; by the time for which people come."""
    here = Q(room__venue=venue) | Q(occurrence=Screening.Occurrence.MOVED, previous_room__venue=venue)
    around = Q(starts_at__range=(at - NEARBY, at + NEARBY)) | Q(previous_starts_at__range=(at - NEARBY, at + NEARBY))
    rows = []
    for screening in for_page(public.filter(here, around), at):
        showing = showing_at(screening, at)
        is_here = screening.room.venue_id == venue.pk
        if is_here:
            rows.append(Row(showing, screening.local_start, wait=_wait(screening, at)))
        if gone := _gone(showing, venue):
            rows.append(gone)
    return sorted(rows, key=lambda row: (row.time, row.screening.room.name, row.screening.pk))


def _gone(showing: Showing, venue: Venue) -> Row | None:
    """The line for those who would wait in vain: it was to be here, and now is elsewhere or on another day."""
    screening = showing.screening
    if screening.occurrence != Screening.Occurrence.MOVED or (screening.previous_room or screening.room).venue != venue:
        return None
    was = screening.previous_local_start or screening.local_start
    same_day = festival_day(was, screening.zone, screening.edition.day_starts_at) == screening.festival_day
    same_venue = screening.room.venue_id == venue.pk
    if same_day and same_venue:
        return None
    when = "" if was == screening.local_start else f"{day(screening.local_start)}, {clock(screening.local_start)}"
    where = "" if same_venue else screening.room.full_name
    return Row(showing, was, gone_to=_("Now %(place)s") % {"place": ", ".join(filter(None, (when, where)))})


def _wait(screening: Screening, at: datetime) -> str:
    """“in 25 min”, when it is near enough to be worth counting."""
    if not (screening.takes_place and at < screening.starts_at <= at + SOON):
        return ""
    return _("in %(length)s") % {"length": length(-((at - screening.starts_at) // MINUTE))}


def _day(row: Row) -> date:
    return festival_day(row.time, row.screening.zone, row.screening.edition.day_starts_at)


def _today(row: Row, at: datetime) -> date:
    return festival_day(at, row.screening.zone, row.screening.edition.day_starts_at)
