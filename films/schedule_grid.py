"""Where each show of a day lies on a grid of rooms × time."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from films.schedule import COLUMNS_IN_AN_HOUR, Place, Show
from venues.models import Room

HOUR = timedelta(hours=1)
COLUMN = HOUR / COLUMNS_IN_AN_HOUR
# A very short event is drawn this many columns wide, so that it can be read and hit; a very long one is cut.
NARROWEST, LONGEST = 4, 12 * COLUMNS_IN_AN_HOUR
# From this share of a day's shows on, short ones are what it is made of.
MANY = 1 / 5


@dataclass(frozen=True)
class Row:
    """A room on the grid, with as many lanes as shows overlap in it."""

    room: Room
    lanes: int
    place: Place

    @property
    def height(self) -> tuple[int, int]:
        return divmod(self.lanes, 10)


@dataclass(frozen=True)
class Hour:
    """An hour of the axis on its clock, and the shows that begin in it."""

    local: datetime
    place: Place
    is_other_date: bool
    is_midnight: bool
    shows: list[Show] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """The axis and the rows; `is_brief` where many shows are shorter than an hour, which then has to be wider."""

    zone: ZoneInfo
    begins: datetime
    hours: list[Hour]
    rows: list[Row]
    is_brief: bool

    @property
    def length(self) -> tuple[int, int]:
        return divmod(len(self.hours), 10)

    @property
    def height(self) -> tuple[int, int]:
        return divmod(sum(row.lanes for row in self.rows), 10)

    @property
    def ends(self) -> datetime:
        return self.begins + len(self.hours) * HOUR

    def now(self, at: datetime) -> Place | None:
        """Where the line that says “now” stands; None before the first hour and from the end of the last."""
        return Place((at - self.begins) // COLUMN) if self.begins <= at < self.ends else None


def grid_of(shows: list[Show], day: date, zone: ZoneInfo) -> Grid:
    """`shows`, which are at least one and in order of their instants, on one grid; sets the place of each."""
    begins = whole_hour(shows[0].screening.starts_at, zone)
    rows = place_shows(shows, begins)
    last_column = max(show.place.column + show.place.span for show in shows)
    hours: list[Hour] = []
    for number in range(-(-last_column // COLUMNS_IN_AN_HOUR)):
        local = (begins + number * HOUR).astimezone(zone)
        is_midnight = bool(hours) and hours[-1].local.date() != local.date()
        hours.append(Hour(local, Place(number * COLUMNS_IN_AN_HOUR), local.date() != day, is_midnight))
    for show in shows:
        hours[(show.screening.starts_at - begins) // HOUR].shows.append(show)
    brief = [show for show in shows if show.place.span < COLUMNS_IN_AN_HOUR]
    return Grid(zone, begins, hours, rows, is_brief=len(brief) >= MANY * len(shows))


def whole_hour(instant: datetime, zone: ZoneInfo) -> datetime:
    """The full hour on the clock of `zone` at or before `instant`."""
    local = instant.astimezone(zone)
    return instant - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def place_shows(shows: list[Show], begins: datetime) -> list[Row]:
    """Sets the place of each of `shows`; returns the rooms' rows, by venue and room as a person would sort them."""
    by_room: dict[Room, list[Show]] = {}
    for show in shows:
        by_room.setdefault(show.screening.room, []).append(show)
    rows, line = [], 0
    for room in sorted(by_room, key=lambda room: (by_number(room.venue.name), by_number(room.name), room.pk)):
        here = by_room[room]
        blocks = [columns_of(show, begins) for show in here]
        taken = lanes(blocks)
        for show, (first, last), lane in zip(here, blocks, taken, strict=True):
            show.place = Place(first, last - first, line + lane)
        rows.append(Row(room, max(taken) + 1, Place(0, line=line)))
        line += rows[-1].lanes
    return rows


def columns_of(show: Show, begins: datetime) -> tuple[int, int]:
    """The columns `[first, last)` that a show is drawn in."""
    first = (show.screening.starts_at - begins) // COLUMN
    last = -((begins - show.screening.ends_at) // COLUMN)
    return first, min(max(last, first + NARROWEST), first + LONGEST)


def lanes(blocks: list[tuple[int, int]]) -> list[int]:
    """A lane for each half-open block, given by their starts: the first that is free, so that none overlap."""
    free_from: list[int] = []
    taken = []
    for first, last in blocks:
        lane = next((lane for lane, free in enumerate(free_from) if free <= first), len(free_from))
        free_from[lane : lane + 1] = [last]
        taken.append(lane)
    return taken


def by_number(name: str) -> list[tuple[int, str]]:
    """A key that puts “Cinema 9” before “Cinema 10”."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
