"""Narrowing a list of films by what they are and by when, where and how they play.

Plain reckoning over a `Table` that films.facet_table has loaded: which films are left, and how many each further
choice would leave. What is asked of a screening must be true of one and the same screening.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Group(TextChoices):
    """A question that a list can be narrowed by; the value is its name in the address."""

    DAY = "day", _("Day")
    PART = "part", _("Part of the day")
    ACCESS = "access", _("Access")
    VENUE = "venue", _("Venue")
    TICKETS = "tickets", _("Tickets")
    AGE = "age", _("Age")
    SERIES = "series", _("Series")
    PREMIERE = "premiere", _("Premiere")
    GENRE = "genre", _("Genre")
    RUNTIME = "runtime", _("Length")
    COUNTRY = "country", _("Country")
    LANGUAGE = "language", _("Language")


OF_A_SCREENING = (Group.DAY, Group.PART, Group.ACCESS, Group.VENUE, Group.TICKETS, Group.AGE)
OF_A_FILM = (Group.SERIES, Group.PREMIERE, Group.GENRE, Group.RUNTIME, Group.COUNTRY, Group.LANGUAGE)
# Somebody who needs captions and a step-free route needs both; of venues and days, any one will do.
ALL_MUST_HOLD = (Group.ACCESS,)
MOST_CHOICES = 40
LONGEST_VALUE = 150

Values = Mapping[str, frozenset[str]]
Choices = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A screening, as far as lists ask about it."""

    pk: int
    starts_at: datetime
    values: Values


@dataclass(frozen=True, slots=True)
class Entry:
    """A film, as far as lists ask about it, with the screenings that show it."""

    pk: int
    sort_key: str
    values: Values
    slots: list[Slot]


@dataclass(frozen=True, slots=True)
class Label:
    """How a value is written, and what it is ordered by among its group's."""

    order: object
    text: str


@dataclass(frozen=True)
class Table:
    entries: list[Entry] = field(default_factory=list)
    labels: dict[str, dict[str, Label]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A film that is left, with its first screening of which everything asked is true."""

    entry: Entry
    slot: Slot | None


@dataclass
class Narrowed:
    """The films left; for each group how many films each value would leave; and how many without the group."""

    found: list[Found] = field(default_factory=list)
    counts: dict[str, Counter] = field(default_factory=lambda: {group: Counter() for group in Group})
    without: Counter = field(default_factory=Counter)


def choices_from(lists: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What an address asks for, by group. Values that nothing has are kept: they match nothing, and never widen."""
    chosen = {}
    for group in Group:
        values = (value.replace("\x00", "").strip()[:LONGEST_VALUE] for value in lists.get(group, [])[:MOST_CHOICES])
        if values := list(dict.fromkeys(value for value in values if value)):
            chosen[group.value] = values
    return chosen


def narrow(entries: Iterable[Entry], chosen: Choices) -> Narrowed:
    """The films of which all of `chosen` is true; each count is of the films that the other groups' choices leave."""
    narrowed = Narrowed()
    of_film = {group: frozenset(chosen[group]) for group in OF_A_FILM if group in chosen}
    of_screening = {group: frozenset(chosen[group]) for group in OF_A_SCREENING if group in chosen}
    for entry in entries:
        missed = _missed(of_film, entry.values)
        if len(missed) < 2:
            _count(narrowed, entry, missed, of_screening)
    return narrowed


def _missed(asked: Mapping[str, frozenset[str]], values: Values) -> list[str]:
    """The groups of `asked` of which `values` are not."""
    nothing = frozenset()
    return [
        group
        for group, wanted in asked.items()
        if not (
            wanted <= values.get(group, nothing)
            if group in ALL_MUST_HOLD
            else not wanted.isdisjoint(values.get(group, nothing))
        )
    ]


def _count(narrowed: Narrowed, entry: Entry, missed: list[str], of_screening: Mapping[str, frozenset[str]]) -> None:
    """Add a film that misses at most one group's choices to what it counts towards."""
    fit, near = [], {group: [] for group in of_screening}
    for slot in entry.slots:
        slot_missed = _missed(of_screening, slot.values)
        if not slot_missed:
            fit.append(slot)
        elif len(slot_missed) == 1:
            near[slot_missed[0]].append(slot)
    plays = bool(fit) or not of_screening
    if missed:
        if plays:
            _add(narrowed.counts[missed[0]], [entry.values], missed[0])
            narrowed.without[missed[0]] += 1
        return
    if plays:
        narrowed.found.append(Found(entry, min(fit, key=lambda slot: slot.starts_at) if of_screening else None))
        for group in OF_A_FILM:
            _add(narrowed.counts[group], [entry.values], group)
    for group in OF_A_SCREENING:
        slots = fit if group in ALL_MUST_HOLD else fit + near.get(group, [])
        _add(narrowed.counts[group], [slot.values for slot in slots], group)
    for group, slots in near.items():
        if slots or fit or len(of_screening) == 1:
            narrowed.without[group] += 1


def _add(counter: Counter, several: Iterable[Values], group: str) -> None:
    """Count a film once towards each value that it, or any of its screenings, has in `group`."""
    counter.update(set().union(*(values.get(group, ()) for values in several)))
