"""The board: a day's screenings as the staff at the till see them, in a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, OuterRef
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from films.admission import with_admission_rules
from films.box_office.row import Row, row_of
from films.festival_day import day_named, festival_day
from films.models import AccessFeature, Edition, Screening, ScreeningGuest, StatusChange
from films.rows import Rows
from films.schedule import days_around
from films.wording import day as day_in_words
from people.text import fold, is_id
from venues.models import Room, Venue

Sales, Occurrence = Screening.Sales, Screening.Occurrence
DOORS_SOON = timedelta(hours=2)


class Group(models.TextChoices):
    """The parts of the board, in its order."""

    SOON = "soon", gettext_lazy("Doors soon")
    LATER = "later", pgettext_lazy("screenings of a day", "Later")
    NOW = "now", gettext_lazy("On screen now")
    EARLIER = "earlier", gettext_lazy("Earlier")


@dataclass(frozen=True)
class Filters:
    """What is looked at: a day, and of it what these say; empty ones say nothing."""

    day: date | None = None
    venue: str = ""
    room: int | None = None
    state: str = ""
    next_hours: bool = False
    q: str = ""

    @classmethod
    def read(cls, asked: QueryDict) -> "Filters":
        """From an address; what makes no sense in it is passed over."""
        room, state = asked.get("room", ""), asked.get("state", "")
        return cls(
            day=day_named(asked.get("day", "")),
            venue=asked.get("venue", "")[:100],
            room=int(room) if is_id(room) else None,
            state=state if state in {*Sales.values, *Occurrence.values} else "",
            next_hours=asked.get("next") == "1",
            q=asked.get("q", "")[:100].strip(),
        )

    @classmethod
    def read_query(cls, query: str) -> "Filters":
        return cls.read(QueryDict(query[:1000]))

    def query(self, **changed) -> str:
        """For an address of the board: these filters, with those `changed`."""
        named = {
            "day": self.day.isoformat() if self.day else "",
            "venue": self.venue,
            "room": self.room or "",
            "state": self.state,
            "next": "1" if self.next_hours else "",
            "q": self.q,
        } | changed
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in named.items() if value})
        return query.urlencode()

    @property
    def are_set(self) -> bool:
        return any((self.venue, self.room, self.state, self.next_hours, self.q))

    def let_through(self, row: Row, at: datetime) -> bool:
        screening = row.screening
        if self.venue and screening.room.venue.slug != self.venue:
            return False
        if self.room and screening.room_id != self.room:
            return False
        if self.state and self.state not in (screening.occurrence, row.sales):
            return False
        if self.next_hours and not at < screening.starts_at <= at + DOORS_SOON:
            return False
        return not self.q or fold(self.q) in row.find


@dataclass(frozen=True)
class Board:
    """A day's rows that the filters let through, by group; the rest is of the whole day, for the filters themselves."""

    day: date
    today: date
    days: list[date]
    groups: dict[str, list[Row]]
    counts: dict[str, int]
    places: dict[Venue, list[Room]]

    @property
    def rows(self) -> list[Row]:
        return [row for rows in self.groups.values() for row in rows]

    @property
    def heading(self) -> str:
        """“Today, Mon 2 Oct”"""
        name = day_in_words(self.day)
        return _("Today, %(day)s") % {"day": name} if self.day == self.today else name


def board_at(at: datetime, filters: Filters, user: AbstractBaseUser) -> Board:
    """The board at `at` as `user` sees it: four queries, however much is on."""
    today = _today(at)
    days = days_around(today, at, Screening.objects.all())
    chosen = filters.day or _day_to_open(today, list(days))
    span = days.get(chosen) or days_around(chosen, at, Screening.objects.all()).get(chosen)
    screenings = for_board(Screening.objects.filter(starts_at__range=span)) if span else []
    rows = [row_of(screening, at, user) for screening in screenings if screening.festival_day == chosen]
    groups: dict[str, list[Row]] = {group: [] for group in Group.values}
    for row in rows:
        if filters.let_through(row, at):
            groups[group_of(row.screening, at)].append(row)
    return Board(
        day=chosen,
        today=today,
        days=[day for day in days if day >= today],
        groups=groups,
        counts=_counts(rows, at),
        places=_places(rows),
    )


def rows_of(pks: list[int], at: datetime, user: AbstractBaseUser) -> list[Row]:
    """The rows of these screenings, whatever their day: two queries."""
    return [row_of(screening, at, user) for screening in for_board(Screening.objects.filter(pk__in=pks))]


def for_board(screenings: models.QuerySet) -> models.QuerySet:
    """`screenings` with all that a row says of each, in two queries however many there are."""
    own = {"screening": OuterRef("pk")}
    newest = StatusChange.objects.filter(**own).order_by("-pk")[:4]
    columns = ("pk", "axis", "after", "changed_at", "changed_by_id", "who", "source", "source_name")
    return (
        with_admission_rules(screenings)
        .select_related("previous_room__venue")
        .annotate(
            access_rows=Rows(
                AccessFeature.objects.filter(**own).order_by("feature"),
                feature=F("feature"),
                is_confirmed=F("is_confirmed"),
            ),
            guest_names=Rows(ScreeningGuest.objects.filter(**own).order_by("pk"), name=F("person__name")),
            change_rows=Rows(newest, **{name: F(name) for name in columns}),
        )
        .in_order()
    )


def group_of(screening: Screening, at: datetime) -> str:
    """Where a screening stands on the board at `at`, whatever has become of it."""
    if screening.ends_at <= at:
        return Group.EARLIER
    if screening.starts_at <= at:
        return Group.NOW
    return Group.SOON if screening.starts_at <= at + DOORS_SOON else Group.LATER


def turn_of(row: Row) -> datetime | None:
    """The next instant at which time alone makes a row read otherwise, or stand elsewhere; None when nothing will."""
    screening = row.screening
    turns = [screening.starts_at - DOORS_SOON, screening.starts_at, screening.ends_at]
    if row.sales == Sales.NOT_YET and screening.on_sale_at:
        turns.append(screening.on_sale_at)
    return min((turn for turn in turns if turn > row.at), default=None)


def _counts(rows: list[Row], at: datetime) -> dict[str, int]:
    """How many of those still to come stand how, in the order of the states."""
    found = Counter(row.state for row in rows if row.screening.starts_at > at)
    return {state: found[state] for state in (*Sales.values, *Occurrence.values) if found[state]}


def _places(rows: list[Row]) -> dict[Venue, list[Room]]:
    """The venues of the day with the rooms played in, by name."""
    places: dict[Venue, set[Room]] = {}
    for row in rows:
        room = row.screening.room
        places.setdefault(room.venue, set()).add(room)
    return {
        venue: sorted(rooms, key=lambda room: room.name)
        for venue, rooms in sorted(places.items(), key=lambda place: place[0].name)
    }


def _today(at: datetime) -> date:
    edition = Edition.objects.current(at)
    return festival_day(at, edition.zone, edition.day_starts_at) if edition else timezone.localdate(at)


def _day_to_open(today: date, days: list[date]) -> date:
    """Today if anything is on, else the next day with a screening, else the last one, else today all the same."""
    to_come = [day for day in days if day >= today]
    return to_come[0] if to_come else (days[-1] if days else today)
