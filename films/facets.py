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

# A group and one of its values.
Choice = tuple[str, str]
Choices = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A screening, as far as lists ask about it."""

    pk: int
    starts_at: datetime
    choices: frozenset[Choice]


@dataclass(frozen=True, slots=True)
class Entry:
    """A film, as far as lists ask about it, with the screenings that show it."""

    pk: int
    sort_key: str
    choices: frozenset[Choice]
    slots: list[Slot]


@dataclass(frozen=True, slots=True)
class Label:
    """How a value is written, and what it is ordered by among its group's."""

    order: object
    text: str


@dataclass(frozen=True)
class Table:
    """What a list is narrowed by; `choices` are all that any film or screening of it has."""

    entries: list[Entry] = field(default_factory=list)
    choices: set[Choice] = field(default_factory=set)
    labels: dict[str, dict[str, Label]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A film that is left, with its first screening of which everything asked is true."""

    entry: Entry
    slot: Slot | None


@dataclass
class Narrowed:
    """The films left; how many films each choice would leave; and how many there are without a group's choices."""

    found: list[Found] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    without: Counter = field(default_factory=Counter)


def choices_from(lists: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What an address asks for, by group. Values that nothing has are kept: they match nothing, and never widen."""
    chosen = {}
    for group in Group:
        values = (value.strip()[:LONGEST_VALUE] for value in lists.get(group, [])[:MOST_CHOICES])
        if values := list(dict.fromkeys(value for value in values if value)):
            chosen[group.value] = values
    return chosen


def narrow(entries: Iterable[Entry], chosen: Choices) -> Narrowed:
    """The films of which all of `chosen` is true; each count is of the films that the other groups' choices leave."""
    narrowed = Narrowed()
    of_film, of_screening = (
        {group: frozenset((group, value) for value in chosen[group]) for group in groups if group in chosen}
        for groups in (OF_A_FILM, OF_A_SCREENING)
    )
    for entry in entries:
        missed = _missed(of_film, entry.choices)
        if len(missed) < 2:
            _count(narrowed, entry, missed, of_screening)
    return narrowed


def _missed(asked: Mapping[str, frozenset[Choice]], choices: frozenset[Choice]) -> list[str]:
    """The groups of `asked` that `choices` do not meet."""
    return [
        group
        for group, wanted in asked.items()
        if (not wanted <= choices if group in ALL_MUST_HOLD else wanted.isdisjoint(choices))
    ]


def _count(narrowed: Narrowed, entry: Entry, missed: list[str], of_screening: Mapping[str, frozenset[Choice]]) -> None:
    """Add a film that misses at most one group's choices to what it counts towards, once for each choice."""
    fit, near = entry.slots, {}
    if of_screening:
        fit, near = _split(entry.slots, of_screening)
    plays = bool(fit) or not of_screening
    if missed:
        if plays:
            narrowed.counts.update(_in_group(entry.choices, missed[0]))
            narrowed.without[missed[0]] += 1
        return
    if plays:
        narrowed.found.append(Found(entry, min(fit, key=lambda slot: slot.starts_at) if of_screening else None))
        narrowed.counts.update(entry.choices)
    leading_to_it = set().union(*[slot.choices for slot in fit])
    for group, slots in near.items():
        if group not in ALL_MUST_HOLD:
            leading_to_it.update(*(_in_group(slot.choices, group) for slot in slots))
    narrowed.counts.update(leading_to_it)
    for group in of_screening:
        if fit or group in near or len(of_screening) == 1:
            narrowed.without[group] += 1


def _split(slots: Iterable[Slot], asked: Mapping[str, frozenset[Choice]]) -> tuple[list[Slot], dict[str, list[Slot]]]:
    """Those that meet all that is asked; and by group those that miss only what is asked in that group."""
    fit, near = [], {}
    for slot in slots:
        missed = _missed(asked, slot.choices)
        if not missed:
            fit.append(slot)
        elif len(missed) == 1:
            near.setdefault(missed[0], []).append(slot)
    return fit, near


def _in_group(choices: Iterable[Choice], group: str) -> list[Choice]:
    return [choice for choice in choices if choice[0] == group]
