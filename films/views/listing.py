"""The programme as a list that can be narrowed, ordered and kept as an address."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.cards import Card, cards, for_cards
from films.clock import now
from films.facet_table import load
from films.facets import ALL_MUST_HOLD, Found, Group, Narrowed, Table, choices_from, narrow
from films.festival_day import day_named
from films.models import Edition, Film, Screening
from films.search import films_found, words_of
from films.status import statuses
from films.suggestions import did_you_mean
from films.wording import day_with_year, unknown

PAGE_SIZE = 24
WAYS_ON = 3
ORDERS = {"title": gettext_lazy("title"), "next": gettext_lazy("next showtime"), "series": gettext_lazy("series")}
# Groups whose options stand open from the start; the others open when one is chosen.
OPEN_GROUPS = (Group.ACCESS, Group.VENUE, Group.PART, Group.TICKETS, Group.AGE, Group.SERIES)


@dataclass(frozen=True)
class Wish:
    """What an address of the programme asks for."""

    words: str = ""
    edition: Edition | None = None
    chosen: dict[str, list[str]] = field(default_factory=dict)
    order: str = "title"

    @property
    def address(self) -> str:
        pairs = [(group, value) for group, values in self.chosen.items() for value in values]
        if self.words:
            pairs.append(("q", self.words))
        if self.edition:
            pairs.append(("edition", self.edition.slug))
        if self.order != "title":
            pairs.append(("sort", self.order))
        return reverse("films") + (f"?{urlencode(pairs)}" if pairs else "")

    def without(self, group: str, value: str | None = None) -> "Wish":
        """The same but for one choice of a group, or for all of them."""
        values = [other for other in self.chosen[group] if value is not None and other != value]
        others = {key: list(kept) for key, kept in self.chosen.items() if key != group}
        return replace(self, chosen=others | ({group: values} if values else {}))


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    is_chosen: bool

    @property
    def date(self) -> date:
        """The day that an option of the day strip stands for."""
        return date.fromisoformat(self.value)


@dataclass(frozen=True)
class Filter:
    group: Group
    options: list[Option]

    @property
    def is_on(self) -> bool:
        return any(option.is_chosen for option in self.options)

    @property
    def is_open(self) -> bool:
        return self.is_on or self.group in OPEN_GROUPS

    @property
    def hint(self) -> str:
        return _("Confirmed only; all that you choose must hold.") if self.group in ALL_MUST_HOLD else ""


@dataclass(frozen=True)
class Chip:
    """A choice in force, and the address of the list without it."""

    label: str
    address: str
    count: int = 0


def programme(request: HttpRequest) -> HttpResponse:
    """The films still to come, narrowed and ordered as the address says; with words or an edition, past ones too."""
    at = now(request)
    wish = wish_of(request)
    films, has_more = films_listed(wish, at)
    table = load(films, screenings_listed(wish, at), at)
    narrowed = narrow(table.entries, wish.chosen)
    found = in_order(narrowed.found, wish.order, table)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    filters = filters_of(table, narrowed, wish)
    context = {
        "wish": wish,
        "page": page,
        "has_more": has_more,
        "cards": cards_of(page, at),
        "days": next((made for made in filters if made.group == Group.DAY), None),
        "filters": [made for made in filters if made.group != Group.DAY],
        "chips": chips_of(table, wish),
        "chosen_count": sum(map(len, wish.chosen.values())),
        "ways_on": [] if found else ways_on(table, narrowed, wish),
        "meant": did_you_mean(wish.words, at) if wish.words and not table.entries else "",
        "orders": [(label, replace(wish, order=order).address, order == wish.order) for order, label in ORDERS.items()],
        "clear": Wish(edition=wish.edition).address,
        "canonical": canonical_address(wish, page),
        "at": at,
    }
    return render(request, "films/film_list.html", context)


def canonical_address(wish: Wish, page: Page) -> str:
    """The list without what narrows or orders it, on the same page of it where it is whole."""
    is_whole = not (wish.words or wish.chosen) and wish.order == "title"
    pairs = [("edition", wish.edition.slug)] if wish.edition else []
    pairs += [("page", page.number)] if is_whole and page.number > 1 else []
    return reverse("films") + (f"?{urlencode(pairs)}" if pairs else "")


def wish_of(request: HttpRequest) -> Wish:
    """Raises Http404 for an edition that there is not."""
    edition = None
    if slug := request.GET.get("edition", ""):
        edition = Edition.objects.filter(slug=slug[:100]).first()
        if edition is None:
            raise Http404
    order = request.GET.get("sort", "")
    return Wish(
        words=words_of(request.GET.get("q", "")),
        edition=edition,
        chosen=choices_from(dict(request.GET.lists())),
        order=order if order in ORDERS else "title",
    )


def films_listed(wish: Wish, at: datetime) -> tuple[QuerySet, bool]:
    """Public films of an edition or with these words; without either, those that a reader can still look forward to.

    Also whether there are more with these words than are worth listing.
    """
    films = Film.objects.public(at)
    if wish.edition:
        return films.filter(edition=wish.edition).matching(wish.words), False
    if wish.words:
        found = films_found(wish.words, at)
        return films.filter(pk__in=found.ids), found.has_more
    # A film without a date is something to look forward to only while its festival is not over.
    ended = [edition.pk for edition in Edition.objects.past(at)]
    return films.to_come(at) | films.not_past(at).exclude(edition__in=ended), False


def screenings_listed(wish: Wish, at: datetime) -> QuerySet:
    """The screenings asked about: those to come, and of one edition also those that have been."""
    screenings = Screening.objects.public(at)
    return screenings.taking_place().filter(edition=wish.edition) if wish.edition else screenings.upcoming(at)


def in_order(found: Iterable[Found], order: str, table: Table) -> list[Found]:
    """By title; or by showtime, without one last; or by series as the festival orders them, without one last."""

    def by_title(one: Found) -> tuple:
        return one.entry.sort_key, one.entry.pk

    def by_showtime(one: Found) -> tuple:
        times = [one.slot.starts_at] if one.slot else [slot.starts_at for slot in one.entry.slots]
        return not times, min(times).timestamp() if times else 0, *by_title(one)

    def by_series(one: Found) -> tuple:
        orders = [table.labels[group][value].order for group, value in one.entry.choices if group == Group.SERIES]
        return not orders, min(orders, default=()), *by_title(one)

    return sorted(found, key={"title": by_title, "next": by_showtime, "series": by_series}[order])


def cards_of(page: Page, at: datetime) -> list[Card]:
    """The page's cards; where something was asked of a screening, each with the one that answers it."""
    by_film = {one.entry.pk: one for one in page}
    films = for_cards(Film.objects.filter(pk__in=by_film), at)
    made = {card.film.pk: card for card in cards(films, at)}
    answering = [one.slot.pk for one in page if one.slot]
    screenings = Screening.objects.select_related("room__venue", "edition").in_bulk(answering)
    return [
        _with_screening(made[pk], screenings[one.slot.pk], at) if one.slot else made[pk] for pk, one in by_film.items()
    ]


def _with_screening(card: Card, screening: Screening, at: datetime) -> Card:
    return replace(card, screening=screening, statuses=statuses(screening, at), rooms=[screening.room.full_name])


def filters_of(table: Table, narrowed: Narrowed, wish: Wish) -> list[Filter]:
    """Every group that has something to choose, each option with the number of films that it would leave."""
    filters = []
    for group in Group:
        chosen = wish.chosen.get(group, [])
        counted = {value for of_group, value in table.choices if of_group == group}
        labels = table.labels[group]
        values = sorted((value for value in counted | {*chosen} if value in labels), key=lambda v: labels[v].order)
        options = [Option(v, labels[v].text, narrowed.counts[group.value, v], v in chosen) for v in values]
        if options:
            filters.append(Filter(group, options))
    return filters


def chips_of(table: Table, wish: Wish) -> list[Chip]:
    chips = [
        Chip(_label(table, group, value), wish.without(group, value).address)
        for group, values in wish.chosen.items()
        for value in values
    ]
    if wish.words:
        chips.append(Chip(_("“%(words)s”") % {"words": wish.words}, replace(wish, words="").address))
    if wish.edition:
        chips.append(Chip(wish.edition.name, replace(wish, edition=None).address))
    return chips


def ways_on(table: Table, narrowed: Narrowed, wish: Wish) -> list[Chip]:
    """The nearest lists that are not empty: each leaves one group's choices out, the fullest first."""
    ways = []
    for group, count in narrowed.without.most_common(WAYS_ON):
        labels = ", ".join(_label(table, group, value) for value in wish.chosen[group])
        ways.append(Chip(_("Without %(choice)s") % {"choice": labels}, wish.without(group).address, count))
    return ways


def _label(table: Table, group: str, value: str) -> str:
    """How a choice is written, also one that nothing has."""
    if known := table.labels[group].get(value):
        return known.text
    if group == Group.DAY and (date_asked := day_named(value)):
        return day_with_year(date_asked)
    return unknown(Group(group).label, value)
