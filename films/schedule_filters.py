"""The schedule's filters: what a day's shows can be narrowed down to, and how many each choice would leave."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from films.models import AccessFeature, Genre, Series
from films.schedule import Show
from films.vocabulary import genre_name
from films.wording import unknown
from venues.models import Venue

LONGEST_VALUE = 100
BOOKABLE = gettext_lazy("Still bookable")


@dataclass(frozen=True)
class Kind:
    """One filter: its label, for a show the values it has there with their names, and how such a name is written.

    `named` looks up the name of a value that no show has, like a venue where nothing plays on this day.
    """

    label: str | Promise
    values: Callable[[Show], dict[str, str | Promise]]
    named: Callable[[str], str | Promise | None]
    written: Callable[[str | Promise], str] = str


def name_in(rows: QuerySet, **which: str) -> str | None:
    return rows.filter(**which).values_list("name", flat=True).first()


KINDS = {
    "venue": Kind(
        gettext_lazy("Venue"),
        lambda show: {show.screening.room.venue.slug: show.screening.room.venue.name},
        lambda slug: name_in(Venue.objects, slug=slug),
    ),
    "series": Kind(gettext_lazy("Series"), lambda show: show.series, lambda slug: name_in(Series.objects, slug=slug)),
    "genre": Kind(
        gettext_lazy("Genre"),
        lambda show: show.genres,
        lambda folded: name_in(Genre.objects, folded=folded),
        genre_name,
    ),
    "access": Kind(gettext_lazy("Access"), lambda show: show.access, dict(AccessFeature.Feature.choices).get),
    "bookable": Kind(BOOKABLE, lambda show: {"1": BOOKABLE} if show.is_bookable else {}, lambda _any: BOOKABLE),
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
    values = {key: query.get(key, "")[:LONGEST_VALUE].strip() for key in KINDS}
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
            names[chosen], counts[chosen] = name_of(key, chosen), 0
        options = [
            Option(value, name, counts[value], value == chosen)
            for value, name in sorted(names.items(), key=lambda pair: pair[1].casefold())
        ]
        filters.append(Filter(key, kind.label, options))
    return filters


def name_of(key: str, value: str) -> str:
    """How a choice is called that finds nothing beside the others."""
    kind = KINDS[key]
    name = kind.named(value)
    return kind.written(name) if name else unknown(str(kind.label), value)


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
