"""What taking an import back would remove and restore, and what has to stay because somebody has been there since.

The history of the import's occasion says what each row was before and after. Where a row, or a single field of one
that was there already, is no longer as the import left it, somebody decided something, and that stands. What the
import made as a whole (a film, a screening, a person …) stays as a whole once anything of it was touched, and so does
whatever something that stays refers to. Refusing the whole undo for one touched row would make it useless minutes
after an import, when the box office has set its first state.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from films.interchange.pieces import pieces
from films.interchange.report import shown
from films.interchange.tables import OF_SHEET
from films.models import Credit, SearchNames, SearchText, SourceRow
from films.models.history import FAMILIES, TRACKED, written_on
from films.recording import OnAnOccasion
from venues.models import Room, Venue

Values = dict[str, Any]
Model = type[models.Model]
# A row by its model and primary key.
Place = tuple[Model, int]

OWNERS = {child: (root, column) for root, children in FAMILIES.items() for child, column in children.items()}


@dataclass
class Written:
    """One row that the import wrote: as it was before (None: the import made it), after (None: removed), and is now."""

    model: Model
    pk: int
    before: Values | None
    after: Values | None
    now: Values | None = None

    @property
    def place(self) -> Place:
        return self.model, self.pk

    @property
    def is_untouched(self) -> bool:
        return self.now == self.after


@dataclass
class Plan:
    """`remove` and `recreate` are whole rows; `restore` names the fields of rows that go back to what they were."""

    remove: dict[Model, list[int]] = field(default_factory=lambda: defaultdict(list))
    restore: list[tuple[Written, list[str]]] = field(default_factory=list)
    recreate: list[Written] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "removed": sum(map(len, self.remove.values())),
            "restored": len(self.restore),
            "made_again": len(self.recreate),
        }


def plan_undo(occasion: UUID) -> Plan:
    rows = {row.place: row for row in _written(occasion)}
    plan, groups = Plan(), _Groups(rows)
    kept = groups.touched()
    made = [row for row in rows.values() if row.before is None and row.now is not None]
    doomed = {row.place for row in made if groups.of(row) not in kept}
    for row in made:
        if row.place in doomed and not row.is_untouched:
            doomed.discard(row.place)
            plan.stays.append(_("%(what)s was changed since; it stays.") % {"what": _named(row.model, row.pk)})
    for row in rows.values():
        if row.before is not None and row.after is not None:
            _plan_restoring(row, plan)
        elif row.before is not None:
            plan.recreate.append(row)
    needed = _spare_what_is_needed(doomed, plan, groups)
    for model, pk in sorted(doomed, key=lambda place: place[1]):
        plan.remove[model].append(pk)
    plan.stays += [f"{_named(*root)}: {why}" for root, why in kept.items()]
    if needed:
        sentence = ngettext(
            "%(count)d more row stays, because something that stays needs it.",
            "%(count)d more rows stay, because something that stays needs them.",
            needed,
        )
        plan.stays.append(sentence % {"count": needed})
    return plan


def _written(occasion: UUID) -> Iterator[Written]:
    for records in written_on(occasion):
        model = records.model.instance_type
        names = [some.attname for some in records.model.tracked_fields]
        first, kinds, after = {}, {}, {}
        for number, kind, values in _read(records, names):
            pk = values["id"]
            kinds.setdefault(pk, kind)
            first.setdefault(pk, number)
            after[pk] = None if kind == "-" else values
        before = _before(model, {pk: number for pk, number in first.items() if kinds[pk] != "+"}, names)
        for some in pieces(list(after)):
            now = {row["id"]: row for row in model._base_manager.filter(pk__in=some).values(*names)}
            for pk in some:
                row = Written(model, pk, before.get(pk), after[pk], now.get(pk))
                if row.before != row.after:
                    yield row


def _before(model: Model, first: dict[int, int], names: list[str]) -> dict[int, Values]:
    """What each row was according to the last that was recorded before the first that the import wrote of it."""
    found: dict[int, Values] = {}
    for some in pieces(list(first)):
        for number, _kind, values in _read(model.history.filter(id__in=some).order_by("history_id"), names):
            if number < first[values["id"]]:
                found[values["id"]] = values
    return found


def _read(records: models.QuerySet, names: list[str]) -> Iterator[tuple[int, str, Values]]:
    """Each record's number and kind, and the row as it was then."""
    for values in records.values("history_id", "history_type", *names).iterator():
        yield values.pop("history_id"), values.pop("history_type"), values


class _Groups:
    """What the import made as a whole: a film with its credits and countries, a screening with its films …"""

    def __init__(self, rows: dict[Place, Written]) -> None:
        self.rows = rows
        self._venues = dict(Room.objects.values_list("pk", "venue_id"))
        self.members: dict[Place, list[Written]] = defaultdict(list)
        for row in rows.values():
            self.members[self.of(row)].append(row)
        self.made = {
            root for root in self.members if root in rows and rows[root].before is None and rows[root].now is not None
        }

    def of(self, row: Written) -> Place:
        return self.root(row.model, row.pk, row.after or row.before)

    def root(self, model: Model, pk: int, values: Values) -> Place:
        if model is SourceRow:
            model, pk = OF_SHEET[values["sheet"]], values["object_id"]
            return (Venue, self._venues[pk]) if model is Room and pk in self._venues else (model, pk)
        if model in OWNERS:
            owner, column = OWNERS[model]
            return owner, values[column]
        return model, pk

    def touched(self) -> dict[Place, str]:
        """Those that the import made and that are not as it left them, each with the reason why it stays."""
        reasons = {}
        for root in self.made:
            changed = [row for row in self.members[root] if not row.is_untouched]
            if any(row.place == root for row in changed):
                reasons[root] = _("changed since (%(fields)s); it stays as it is.") % {
                    "fields": ", ".join(_changed_fields(self.rows[root]))
                }
            elif changed:
                reasons[root] = _("something that belongs to it was changed since; it stays as it is.")
        for root in self._added_to():
            reasons.setdefault(root, _("something was added to it since; it stays as it is."))
        return reasons

    def _added_to(self) -> Iterator[Place]:
        for owner, children in FAMILIES.items():
            roots = [pk for model, pk in self.made if model is owner]
            for child, column in children.items():
                for some in pieces(roots):
                    found = child._base_manager.filter(**{f"{column}__in": some}).values_list("pk", column)
                    yield from ((owner, root) for pk, root in found if (child, pk) not in self.rows)


def _changed_fields(row: Written) -> list[str]:
    if row.now is None:
        return [_("deleted")]
    names = {some.attname: str(some.verbose_name) for some in row.model._meta.concrete_fields}
    return [names[name] for name in row.after if row.now[name] != row.after[name]]


def _spare_what_is_needed(doomed: set[Place], plan: Plan, groups: _Groups) -> int:
    """Take from `doomed` whatever a row will refer to that is not to be removed; returns how many those are."""
    given_back = {(row.place, name) for row, names in plan.restore for name in names}
    needs: dict[Place, list[Place]] = defaultdict(list)
    to_look_at: list[Place] = []
    for place, referring, column in _references(doomed):
        if (referring, column) in given_back:
            continue
        needs[referring].append(place)
        if referring not in doomed:
            to_look_at.append(referring)
    before = len(doomed)
    while to_look_at:
        for place in needs.pop(to_look_at.pop(), ()):
            if place in doomed:
                row = groups.rows[place]
                spared = [some.place for some in groups.members[groups.of(row)] if some.place in doomed]
                doomed.difference_update(spared)
                to_look_at += spared
    return before - len(doomed)


def _references(doomed: set[Place]) -> Iterator[tuple[Place, Place, str]]:
    """Each row of `doomed` with a row that refers to it, and in which column."""
    by_model: dict[Model, list[int]] = defaultdict(list)
    for model, pk in doomed:
        by_model[model].append(pk)
    for model, keys in by_model.items():
        for relation in model._meta.get_fields(include_hidden=True):
            if not (relation.one_to_many or relation.one_to_one) or relation.concrete:
                continue
            if issubclass(relation.related_model, (SearchNames, SearchText, OnAnOccasion)):
                continue
            column = relation.field.attname
            for some in pieces(keys):
                found = relation.related_model._base_manager.filter(**{f"{column}__in": some})
                for pk, key in found.values_list("pk", column):
                    yield (model, key), (relation.related_model, pk), column


def _plan_restoring(row: Written, plan: Plan) -> None:
    changed = [name for name in row.after if row.before[name] != row.after[name]]
    if row.now is None:
        plan.stays.append(_("%(what)s was deleted since.") % {"what": f"{row.model._meta.verbose_name} {row.pk}"})
        return
    free = [name for name in changed if row.now[name] == row.after[name]]
    for name in changed:
        if name not in free and row.now[name] != row.before[name]:
            words = {
                "what": _named(row.model, row.pk),
                "field": next(some.verbose_name for some in row.model._meta.fields if some.attname == name),
                "now": shown(row.now[name]),
            }
            plan.stays.append(_("%(what)s: %(field)s was set to %(now)s since; that stays.") % words)
    if free:
        plan.restore.append((row, free))


def _named(model: Model, pk: int) -> str:
    row = model._base_manager.filter(pk=pk).first()
    name = f"“{row}”" if row else f"{pk}"
    return f"{model._meta.verbose_name} {name}"


def counted(plan: Plan) -> dict[str, int]:
    """How many rows of each kind that staff know would be removed, by the kind's name; then all others as one."""
    removed = {model: len(plan.remove[model]) for model in TRACKED if model in plan.remove}
    known = {model: number for model, number in removed.items() if model in (Room, Credit) or model not in OWNERS}
    known.pop(SourceRow, None)
    counts = {str(model._meta.verbose_name_plural): number for model, number in known.items()}
    if others := sum(removed.values()) - sum(known.values()):
        counts[_("what belongs to them, and their keys")] = others
    return counts
