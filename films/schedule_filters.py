"""The schedule's filters: what a day's shows can be narrowed down to, and how many each choice would leave."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from films.schedule import Show
from films.vocabulary import genre_name

LONGEST_VALUE = 100
BOOKABLE = gettext_lazy("Still bookable")


@dataclass(frozen=True)
class Kind:
    """One filter: its label, for a show the values it has there with their names, and how such a name is written."""

    label: str | Promise
    values: Callable[[Show], dict[str, str | Promise]]
    written: Callable[[str | Promise], str] = str


KINDS = {
    "venue": Kind(gettext_lazy("Venue"), lambda show: {show.screening.room.venue.slug: show.screening.room.venue.name}),
    "series": Kind(gettext_lazy("Series"), lambda show: show.series),
    "genre": Kind(gettext_lazy("Genre"), lambda show: show.genres, genre_name),
    "access": Kind(gettext_lazy("Access"), lambda show: show.access),
    "bookable": Kind(BOOKABLE, lambda show: {"1": BOOKABLE} if show.is_bookable else {}),
}


@dataclass(frozen=True)
class Option:
    value: str
    name: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    key: str
    label: str | Promise
    options: list[Option]


@dataclass(frozen=True)
class Chip:
    """A choice that is on, and the query that leaves it out."""

    name: str
    without: str


def choices_in(query: QueryDict) -> dict[str, str]:
    """What the address asks for, by filter; a value that no show has is kept, and finds nothing."""
    values = {key: query.get(key, "").replace("\x00", "")[:LONGEST_VALUE].strip() for key in KINDS}
    return {key: value for key, value in values.items() if value}


def narrowed(shows: list[Show], choices: dict[str, str]) -> list[Show]:
    return [show for show in shows if all(value in KINDS[key].values(show) for key, value in choices.items())]


def filters_for(shows: list[Show], choices: dict[str, str]) -> list[Filter]:
    """Every filter with what the other choices leave to choose from in it."""
    filters = []
    for key, kind in KINDS.items():
        others = {other: value for other, value in choices.items() if other != key}
        named: dict[str, str | Promise] = {}
        counts: dict[str, int] = {}
        for show in narrowed(shows, others):
            for value, name in kind.values(show).items():
                named[value] = name
                counts[value] = counts.get(value, 0) + 1
        names = {value: kind.written(name) for value, name in named.items()}
        chosen = choices.get(key)
        if chosen and chosen not in names:
            names[chosen], counts[chosen] = name_of(shows, key, chosen), 0
        options = [
            Option(value, name, counts[value], value == chosen)
            for value, name in sorted(names.items(), key=lambda pair: pair[1].casefold())
        ]
        filters.append(Filter(key, kind.label, options))
    return filters


def name_of(shows: list[Show], key: str, value: str) -> str:
    """How a choice is called; one that nothing has on this day is spelt as its address spells it."""
    kind = KINDS[key]
    named = (kind.written(values[value]) for show in shows if value in (values := kind.values(show)))
    return str(BOOKABLE) if key == "bookable" else next(named, value.replace("-", " "))


def chips_for(filters: list[Filter], choices: dict[str, str]) -> list[Chip]:
    chips = []
    for each in filters:
        for option in each.options:
            if option.is_chosen:
                rest = {key: value for key, value in choices.items() if key != each.key}
                chips.append(Chip(option.name, query_of(rest)))
    return chips


def query_of(choices: dict[str, str]) -> str:
    """“?venue=the-rio”; empty without a choice."""
    query = QueryDict(mutable=True)
    query.update(choices)
    return f"?{query.urlencode()}" if choices else ""
