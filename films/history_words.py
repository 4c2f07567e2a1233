"""How two states of an object differ, row by row and field by field, and that in words."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from films.models import (
    AccessFeature,
    Classification,
    ContentWarning,
    Credit,
    Film,
    FilmClassification,
    FilmCountry,
    ProgrammePart,
    Quote,
    ScreeningFilm,
    ScreeningGuest,
    UnclassifiedRule,
)
from films.models.history import FAMILIES
from people.models import FilmographyEntry
from venues.models import Licence, Room, TravelTime

# The columns that a row is known by among its neighbours.
NAMED_BY = {
    Film.series.through: ["series_id"],
    Film.genres.through: ["genre_id"],
    Film.languages.through: ["language_id"],
    FilmCountry: ["country_id"],
    Quote: ["text"],
    Credit: ["role_id", "person_id"],
    ContentWarning: ["kind_id"],
    FilmClassification: ["classification_id"],
    ProgrammePart: ["film_id"],
    ScreeningFilm: ["film_id"],
    ScreeningGuest: ["person_id"],
    AccessFeature: ["feature"],
    FilmographyEntry: ["title"],
    Room: ["name"],
    Licence: ["room_id", "minimum_age"],
    TravelTime: ["destination_id"],
    Classification: ["code"],
    UnclassifiedRule: ["minimum_age"],
}
# What a name is made of beside its own row.
WITH = {Room: ["venue"], Classification: ["scheme"]}
# A picture is told of once, and another scheme by the class in it.
UNTOLD = {"id", "still_original", "headshot_original", "scheme_id"}
PICTURES = {"still_key": "still", "headshot_key": "headshot"}
# From this many characters on a text shows what was struck out and put in, rather than both in full.
LONG = 60


@dataclass(frozen=True)
class Piece:
    """A stretch of a long text: kept (""), struck out ("del") or put in ("ins")."""

    tag: str
    text: str


@dataclass(frozen=True)
class Line:
    label: str
    before: str
    after: str
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """One row's change; `name` is empty for the object itself."""

    kind: str
    what: str
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Changed:
    """A row before and after, None where it did not stand; or the rows of a table in their two orders."""

    model: type[models.Model]
    before: dict | None = None
    after: dict | None = None
    orders: tuple[list[dict], list[dict]] | None = None
    parent: str = ""


def changed_rows(root: type[models.Model], before: dict, after: dict) -> list[Changed]:
    """The rows that differ between two states of an object, the object itself first; see `films.history`."""
    changed = []
    for model, parent in ({root: ""} | FAMILIES.get(root, {})).items():
        pairs = _paired(model, before.get(model, {}), after.get(model, {}))
        is_ordered = bool(parent) and any(column.name == "position" for column in model._meta.fields)
        silent = UNTOLD | {parent} | ({"position"} if is_ordered else set())
        changed += [Changed(model, *pair, parent=parent) for pair in pairs if _differ(*pair, silent)]
        if is_ordered:
            changed += [
                Changed(model, orders=orders, parent=parent)
                for orders in _orders(model, [pair for pair in pairs if None not in pair])
            ]
    return changed


def _paired(model: type[models.Model], before: dict, after: dict) -> list[tuple[dict | None, dict | None]]:
    """The rows before and after; one that was taken away and put back counts as the same."""
    pairs = [(row, after[pk]) for pk, row in before.items() if pk in after]
    gone = [row for pk, row in before.items() if pk not in after]
    come = {_key(model, row): row for pk, row in after.items() if pk not in before}
    again = [(row, come.pop(_key(model, row), None)) for row in gone]
    return sorted(pairs + again, key=lambda pair: pair[0]["id"]) + [(None, row) for row in come.values()]


def _key(model: type[models.Model], row: dict) -> tuple:
    return tuple(row[column] for column in NAMED_BY.get(model, ["id"]))


def _differ(before: dict | None, after: dict | None, silent: set[str]) -> bool:
    if before is None or after is None:
        return True
    return any(without_returns(before[name]) != without_returns(after[name]) for name in after if name not in silent)


def without_returns(value):
    """Browsers end lines otherwise than files do, and nobody sees it."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _orders(model: type[models.Model], pairs: list[tuple[dict, dict]]) -> list[tuple[list[dict], list[dict]]]:
    """The two orders of the rows that stood before and after, where they differ; credits role by role."""
    groups = defaultdict(list)
    for pair in pairs:
        groups[pair[1]["role_id"] if model is Credit else None].append(pair)
    orders = []
    for some in groups.values():
        earlier = sorted(some, key=lambda pair: (pair[0]["position"], pair[0]["id"]))
        later = sorted(some, key=lambda pair: (pair[1]["position"], pair[1]["id"]))
        if earlier != later:
            orders.append(([pair[1] for pair in earlier], [pair[1] for pair in later]))
    return orders


class Words:
    """Says changes in words; whatever their rows name is looked up once for all of them."""

    def __init__(self, changes: Iterable[Changed]) -> None:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for change in changes:
            rows = [*change.orders[0], *change.orders[1]] if change.orders else [change.before, change.after]
            for row in filter(None, rows):
                for column in _columns(change.model, change.parent):
                    if column.related_model and row.get(column.attname):
                        wanted[column.related_model].add(row[column.attname])
        self._names = {model: self._look_up(model, keys) for model, keys in wanted.items()}

    def _look_up(self, model: type[models.Model], keys: set[int]) -> dict[int, models.Model | str]:
        found: dict = model._base_manager.select_related(*WITH.get(model, [])).in_bulk(list(keys))
        missing = keys - found.keys()
        for row in model.history.filter(id__in=missing).order_by("history_id") if missing else ():
            name = next((getattr(row, some) for some in ("name", "title", "code") if hasattr(row, some)), f"#{row.id}")
            found[row.id] = _("%(name)s (deleted)") % {"name": name}
        return found

    def of(self, changes: Iterable[Changed]) -> list[Change]:
        return [self._change(change) for change in changes]

    def _change(self, change: Changed) -> Change:
        what = capfirst(change.model._meta.verbose_name) if change.parent else ""
        if change.model._meta.auto_created:
            what = next(capfirst(column.related_model._meta.verbose_name) for column in _columns(*_of(change)))
        if change.orders:
            orders = [", ".join(self._name(change.model, row) for row in order) for order in change.orders]
            if change.model is Credit:
                what = f"{what}: {self._names[Credit.role.field.related_model][change.orders[0][0]['role_id']]}"
            return Change("ordered", what, "", [Line(_("Order"), *orders)])
        kind = "added" if change.before is None else "removed" if change.after is None else "changed"
        name = self._name(change.model, change.after or change.before) if change.parent else ""
        return Change(kind, what, name, self._lines(change))

    def _lines(self, change: Changed) -> list[Line]:
        is_one_side = change.before is None or change.after is None
        shown = set(NAMED_BY.get(change.model, [])) if is_one_side and change.parent else set()
        lines = []
        for column in _columns(*_of(change)):
            values = [row and row[column.attname] for row in (change.before, change.after)]
            is_told_otherwise = column.attname in shown or (column.name == "position" and change.parent)
            if is_told_otherwise or without_returns(values[0]) == without_returns(values[1]):
                continue
            before, after = ("" if row is None else self.value(column, row) for row in (change.before, change.after))
            if is_one_side and not (before or after):
                continue
            is_text = isinstance(column, models.CharField | models.TextField) and not column.choices
            is_long = is_text and not is_one_side and max(len(before), len(after)) >= LONG
            lines.append(Line(_label(column), before, after, _pieces(before, after) if is_long else []))
        return lines

    def _name(self, model: type[models.Model], row: dict) -> str:
        columns = {column.attname: column for column in model._meta.fields}
        parts = [self.value(columns[name], row) for name in NAMED_BY.get(model, [])]
        return ": ".join(part for part in parts if part)

    def value(self, column: models.Field, row: dict) -> str:
        """A column of a row in words; empty when it holds nothing."""
        value = row[column.attname]
        if value is None or value == "" or value == []:
            return ""
        if column.related_model:
            return str(self._names.get(column.related_model, {}).get(value, f"#{value}"))
        if column.name in PICTURES:
            return _("a picture")
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        return self._plain(column, value, row)

    def _plain(self, column: models.Field, value, row: dict) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value, self._zone(column, row)), "D j M Y, H:i")
        if isinstance(value, date):
            return date_format(value, "D j M Y")
        if isinstance(value, time):
            return f"{value:%H:%M}"
        if isinstance(value, Decimal):
            return number_format(value)
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def _zone(self, column: models.Field, row: dict) -> ZoneInfo | None:
        """The venue's clock for what happens at a venue; the office's for the rest."""
        room = row.get("room_id")
        if column.name == "previous_starts_at":
            room = row["previous_room_id"] or room
        room = self._names.get(Room, {}).get(room)
        return room.venue.zone if isinstance(room, Room) else None


def _of(change: Changed) -> tuple[type[models.Model], str]:
    return change.model, change.parent


def _columns(model: type[models.Model], parent: str) -> list[models.Field]:
    names = {column.attname for column in model.history.model.tracked_fields} - UNTOLD - {parent}
    return [column for column in model._meta.fields if column.attname in names]


def _label(column: models.Field) -> str:
    if column.name in PICTURES:
        return _("Still") if column.name == "still_key" else _("Headshot")
    return capfirst(column.verbose_name)


def _pieces(before: str, after: str) -> list[Piece]:
    """What was struck out of a long text and put in, among what was kept."""
    words = [re.findall(r"\s+|[^\s]+", without_returns(text)) for text in (before, after)]
    pieces = []
    for tag, start, end, new_start, new_end in difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        kept, put_in = "".join(words[0][start:end]), "".join(words[1][new_start:new_end])
        if tag == "equal":
            pieces.append(Piece("", _shortened(kept, is_first=start == 0, is_last=end == len(words[0]))))
        else:
            pieces += [Piece(mark, text) for mark, text in (("del", kept), ("ins", put_in)) if text]
    return pieces


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    """A stretch that nobody touched, without its middle."""
    if len(text) <= 2 * LONG:
        return text
    head, tail = "" if is_first else text[:LONG], "" if is_last else text[-LONG:]
    return f"{head}…{tail}"
