"""An object's history as people read it: who changed what, from what to what, with the rows that belong to it.

A film's history is that of its own row and of its credits, quotes, countries … (FAMILIES). A *state* of such a family
is {model: {primary key: {column: value}}}; `changes_between` says in words how two states differ, for the history page,
for a revert and for whoever saves a form that somebody else has changed meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext, gettext_noop

from films.history_words import Change, Words, changed_rows
from films.models.history import FAMILIES
from films.recording import name_of

BEGUN = gettext_noop("As it stood when its history began")

State = dict[type[models.Model], dict[int, dict]]


@dataclass(frozen=True)
class Mark:
    """Where one row of history stands, without what it says."""

    model: type[models.Model]
    history_id: int
    row: int
    kind: str
    occasion: UUID
    at: datetime
    by: int | None


@dataclass
class Entry:
    """What was done on one occasion."""

    occasion: UUID
    at: datetime
    by: str
    why: str
    changes: list[Change] = field(default_factory=list)
    kind: str = "~"


class History:
    """The history of one object and its rows; an object that is gone has one as well."""

    def __init__(self, model: type[models.Model], pk: int) -> None:
        self.model, self.pk = model, pk
        self.columns = {model: "id"} | FAMILIES.get(model, {})
        self.marks = self._marks()
        by_occasion: dict[UUID, list[Mark]] = defaultdict(list)
        for mark in self.marks:
            by_occasion[mark.occasion].append(mark)
        self.occasions = by_occasion

    def _marks(self) -> list[Mark]:
        """Every row of history, oldest first, in one query."""
        models_ = list(self.columns)
        parts = [
            model.history.filter(**{column: self.pk})
            .order_by()
            .values_list(Value(number), "history_id", "id", "history_type", "occasion", "history_date", "history_user")
            for number, (model, column) in enumerate(self.columns.items())
        ]
        rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
        marks = [Mark(models_[number], *rest) for number, *rest in rows]
        return sorted(marks, key=lambda mark: (mark.at, mark.history_id))

    def __len__(self) -> int:
        return len(self.occasions)

    @property
    def last_name(self) -> str:
        """What the object was called last, for one that is gone."""
        last = self._read([max((mark for mark in self.marks if mark.model is self.model), key=lambda mark: mark.at)])
        row = next(iter(last.values()))
        return next((getattr(row, some) for some in ("title", "name", "code") if getattr(row, some, "")), f"#{self.pk}")

    def is_there_after(self, occasion: UUID) -> bool:
        """Whether the object itself stood after `occasion`."""
        return (self.model, self.pk) in self._standing(occasion)

    def newest_first(self) -> list[UUID]:
        return list(reversed(self.occasions))

    def since(self, at: datetime) -> list[UUID]:
        """What was done after `at`, newest first."""
        return [occasion for occasion in self.newest_first() if self.occasions[occasion][-1].at > at]

    def entries(self, occasions: Iterable[UUID]) -> list[Entry]:
        """What was done on each of `occasions`, in their order; the number of queries does not grow with them."""
        occasions = list(occasions)
        before = {occasion: self._standing(occasion, before=True) for occasion in occasions}
        after = {occasion: self._standing(occasion) for occasion in occasions}
        read = self._read([mark for some in (*before.values(), *after.values()) for mark in some.values()])
        own = self._read([self.occasions[occasion][0] for occasion in occasions])
        users = get_user_model().objects.in_bulk({row.history_user_id for row in own.values() if row.history_user_id})
        changes = {
            occasion: changed_rows(self.model, _state(before[occasion], read), _state(after[occasion], read))
            for occasion in occasions
        }
        words = Words([change for some in changes.values() for change in some])
        entries = []
        for occasion in occasions:
            first = self.occasions[occasion][0]
            row = own[first.model, first.history_id]
            user = users.get(row.history_user_id)
            why = row.history_change_reason or ""
            kind = next((mark.kind for mark in self.occasions[occasion] if mark.model is self.model), "~")
            entries.append(
                Entry(
                    occasion,
                    first.at,
                    by=name_of(user),
                    why=gettext(why) if why == BEGUN else why,
                    changes=words.of(changes[occasion]),
                    kind=kind,
                )
            )
        return entries

    def state(self, occasion: UUID) -> State:
        """The object with its rows as they stood after `occasion`; raises KeyError when nothing was done then."""
        standing = self._standing(occasion)
        return _state(standing, self._read(standing.values()))

    def _standing(self, occasion: UUID, *, before: bool = False) -> dict[tuple, Mark]:
        """The latest mark of each row that stood after `occasion`, or before it."""
        order = {some: number for number, some in enumerate(self.occasions)}
        limit = order[occasion] - before
        latest = {(mark.model, mark.row): mark for mark in self.marks if order[mark.occasion] <= limit}
        return {key: mark for key, mark in latest.items() if mark.kind != "-"}

    def _read(self, marks: Iterable[Mark]) -> dict[tuple, models.Model]:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for mark in marks:
            wanted[mark.model].add(mark.history_id)
        return {
            (model, row.history_id): row
            for model, keys in wanted.items()
            for row in model.history.filter(history_id__in=keys)
        }


def _state(standing: dict[tuple, Mark], read: dict[tuple, models.Model]) -> State:
    state: State = defaultdict(dict)
    for (model, pk), mark in standing.items():
        row = read[model, mark.history_id]
        state[model][pk] = {column.attname: getattr(row, column.attname) for column in row.tracked_fields}
    return state


def present_state(model: type[models.Model], pk: int) -> State:
    """The object with its rows as they stand in the database; empty when it is gone."""
    state: State = defaultdict(dict)
    for some, column in ({model: "id"} | FAMILIES.get(model, {})).items():
        names = [field.attname for field in some.history.model.tracked_fields]
        state[some] = {row["id"]: row for row in some._base_manager.filter(**{column: pk}).values(*names)}
    return state


def changes_between(model: type[models.Model], before: State, after: State) -> list[Change]:
    """How `after` differs from `before`, in words."""
    changes = changed_rows(model, before, after)
    return Words(changes).of(changes)
