"""One form, two people: what somebody else has changed since it was opened, and what the two can have together.

A form carries a version: a signed fingerprint of every value it was opened with, row by row. When it is sent, the
versions are compared; field by field a value is *theirs* (as it stands in the database now), *mine* (as it was sent)
and *as opened*. What only one of the two touched is kept; what both changed differently is a conflict, for a person to
decide. Everything is compared as a browser would send it, so that no rule of any field is written again here.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django import forms
from django.core import signing
from django.db import models
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from people.text import is_id

VERSION, TAKE, THEIRS = "form_version", "take-", "theirs"
MOST_ROWS = 2000
_WIDTH = 6

# The values of a field by what a browser puts behind its name: "" for most, "_0" and "_1" for a date and a time.
Sent = dict[str, list[str]]


@dataclass(frozen=True)
class Cell:
    """A field, with what a browser sends back of it when nobody touches it."""

    bound: BoundField
    sent: Sent

    @property
    def name(self) -> str:
        return self.bound.html_name

    @property
    def print(self) -> str:
        return fingerprint(self.sent)

    def from_post(self, post: QueryDict, name: str) -> Sent:
        """What was sent of it under `name`."""
        return {part: post.getlist(name + part) for part in self.sent}

    def in_words(self, sent: Sent) -> str:
        values = [value for some in sent.values() for value in some if value]
        field = self.bound.field
        if isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField):
            return _("yes") if values else _("no")
        if isinstance(field, forms.ModelChoiceField):
            known = field.queryset.filter(pk__in=[value for value in values if is_id(value)])
            return ", ".join(field.label_from_instance(some) for some in known)
        if isinstance(field, forms.ChoiceField):
            words = {str(key): str(label) for key, label in field.choices}
            return ", ".join(words.get(value, value) for value in values)
        return " ".join(values)


@dataclass(frozen=True)
class Row:
    instance: models.Model
    hidden: dict[str, str]
    cells: dict[str, Cell]

    @property
    def print(self) -> str:
        return "".join(self.cells[name].print for name in sorted(self.cells))

    def from_post(self, post: QueryDict, place: str) -> dict[str, Sent]:
        return {name: cell.from_post(post, f"{place}-{name}") for name, cell in self.cells.items()}


@dataclass(frozen=True)
class Rows:
    """The rows below a form: those that stand in the database by primary key, and one that is still empty."""

    label: str
    key: str
    empty: Row
    stored: dict[str, Row]


@dataclass(frozen=True)
class Snapshot:
    """A form and its rows as the database has them."""

    cells: dict[str, Cell]
    rows: dict[str, Rows]

    @classmethod
    def of(cls, form: forms.BaseForm, formsets: Iterable[forms.BaseInlineFormSet]) -> "Snapshot":
        return cls(
            {cell.name: cell for cell in _cells(form)},
            {
                formset.prefix: Rows(
                    str(formset.model._meta.verbose_name),
                    formset.model._meta.pk.name,
                    _row(formset.empty_form, formset),
                    {str(row.instance.pk): _row(row, formset) for row in formset.initial_forms},
                )
                for formset in formsets
            },
        )

    @property
    def prints(self) -> tuple[dict, dict]:
        """Of its fields by name, and of its rows by prefix and primary key."""
        fields = {name: cell.print for name, cell in self.cells.items()}
        rows = {prefix: {pk: row.print for pk, row in some.stored.items()} for prefix, some in self.rows.items()}
        return fields, rows

    def said(self, post: QueryDict) -> Iterator[tuple[str, str]]:
        """Each field's label, and in words what was sent of it."""
        for name, cell in self.cells.items():
            yield str(cell.bound.label), cell.in_words(cell.from_post(post, name))
        for prefix, rows in self.rows.items():
            for place in _places(prefix, post):
                for name, cell in rows.empty.cells.items():
                    words = cell.in_words(cell.from_post(post, f"{place}-{name}"))
                    yield f"{capfirst(rows.label)}: {cell.bound.label}", words

    def version(self, salt: str, at: datetime) -> str:
        return signing.dumps([at.isoformat(), *self.prints], salt=salt, compress=True)


@dataclass(frozen=True)
class Version:
    """What a form was opened with, and when."""

    at: datetime
    fields: dict[str, str]
    rows: dict[str, dict[str, str]]

    @classmethod
    def read(cls, text: str, salt: str) -> "Version | None":
        """None for one that is not ours, or not of this object."""
        try:
            at, fields, rows = signing.loads(text, salt=salt)
        except signing.BadSignature:
            return None
        return cls(parse_datetime(at), fields, rows)

    def is_of(self, snapshot: Snapshot, besides: Iterable[str] = ()) -> bool:
        """Whether all is as it was, `besides` some fields that nobody is told of."""
        (fields, rows), unasked = snapshot.prints, set(besides)
        names = (fields.keys() | self.fields.keys()) - unasked
        return rows == self.rows and all(fields.get(name) == self.fields.get(name) for name in names)

    def cell(self, prefix: str, pk: str, row: Row, name: str) -> str | None:
        prints = self.rows.get(prefix, {}).get(pk)
        if prints is None or len(prints) != _WIDTH * len(row.cells):
            return None
        start = _WIDTH * sorted(row.cells).index(name)
        return prints[start : start + _WIDTH]


@dataclass(frozen=True)
class Conflict:
    """What both changed. `name` is that of the question which is sent back, answered with THEIRS or anything else."""

    name: str
    label: str
    theirs: str
    mine: str


@dataclass
class Merged:
    post: QueryDict
    conflicts: list[Conflict] = field(default_factory=list)


def fingerprint(sent: Sent) -> str:
    """Of values in any order; empty ones, line ends and spaces around do not count."""
    values = [sorted(filter(None, (value.replace("\r\n", "\n").strip() for value in some))) for some in sent.values()]
    digest = hashlib.blake2b(repr(values).encode(), digest_size=4).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_WIDTH]


def _cells(form: forms.BaseForm, besides: Iterable[str] = ()) -> Iterator[Cell]:
    for bound in form:
        if bound.name not in besides and not isinstance(bound.field.widget, forms.FileInput):
            yield Cell(bound, _sent(bound.field.widget, bound.field.prepare_value(bound.initial)))


def _sent(widget: forms.Widget, value) -> Sent:
    widget = getattr(widget, "widget", widget)
    if isinstance(widget, forms.MultiWidget):
        parts = zip(widget.widgets_names, widget.widgets, widget.decompress(value), strict=True)
        return {name: _sent(some, part)[""] for name, some, part in parts}
    if isinstance(widget, forms.CheckboxInput):
        return {"": ["on"] if widget.check_test(value) else []}
    shown = widget.format_value(value)
    return {"": [] if shown is None else [str(some) for some in shown] if isinstance(shown, list) else [str(shown)]}


def _row(form: forms.BaseModelForm, formset: forms.BaseInlineFormSet) -> Row:
    key, parent = formset.model._meta.pk.name, formset.fk.name
    cells = {cell.bound.name: cell for cell in _cells(form, {key, parent, "DELETE", "ORDER"})}
    pk = form.instance.pk
    hidden = {key: "" if pk is None else str(pk), parent: str(formset.instance.pk or "")}
    return Row(form.instance, hidden, cells)


def take_theirs(post: QueryDict, theirs: Snapshot) -> QueryDict:
    """What was sent, with their values where somebody chose them."""
    chosen = {name.removeprefix(TAKE) for name in post if name.startswith(TAKE) and post[name] == THEIRS}
    data = post.copy()
    for name in chosen & theirs.cells.keys():
        _write(data, name, theirs.cells[name].sent)
    for prefix, rows in theirs.rows.items():
        for place in _places(prefix, post):
            row = rows.stored.get(post.get(f"{place}-{rows.key}", ""))
            if f"{place}-gone" in chosen:
                for name, cell in rows.empty.cells.items():
                    _write(data, f"{place}-{name}", cell.sent)
            elif row and f"{place}-DELETE" in chosen:
                data.pop(f"{place}-DELETE", None)
            for name in row.cells if row else ():
                if f"{place}-{name}" in chosen:
                    _write(data, f"{place}-{name}", row.cells[name].sent)
    return data


def merge(post: QueryDict, opened: Version | None, theirs: Snapshot) -> Merged:
    """What was sent, together with what others changed since the form was opened (None: nobody knows when)."""
    merged = Merged(post.copy())
    for name, cell in theirs.cells.items():
        mine = cell.from_post(post, name)
        kept = _decide(cell, mine, opened and opened.fields.get(name), name, str(cell.bound.label), merged)
        _write(merged.post, name, kept)
    for prefix, rows in theirs.rows.items():
        _RowMerge(prefix, rows, post, opened, merged).run()
    return merged


def _decide(cell: Cell, mine: Sent, opened: str | None, name: str, label: str, merged: Merged) -> Sent:
    if fingerprint(mine) == opened or fingerprint(mine) == cell.print:
        return cell.sent
    if cell.print != opened:
        merged.conflicts.append(Conflict(name, capfirst(label), cell.in_words(cell.sent), cell.in_words(mine)))
    return mine


class _RowMerge:
    """The rows of one table: theirs in their order, then those that I add."""

    def __init__(self, prefix: str, rows: Rows, post: QueryDict, opened: Version | None, merged: Merged) -> None:
        self.prefix, self.rows, self.post, self.opened, self.merged = prefix, rows, post, opened, merged
        self.known = opened.rows.get(prefix, {}) if opened else {}
        self.written = 0

    def run(self) -> None:
        places = _places(self.prefix, self.post)
        keys = [self.post.get(f"{place}-{self.rows.key}", "") for place in places]
        for name in [name for name in self.post if name.startswith(f"{self.prefix}-") and not name.endswith("_FORMS")]:
            del self.merged.post[name]
        mine = dict(zip(keys, places, strict=True))
        for pk, row in self.rows.stored.items():
            self._stored(pk, row, mine.get(pk))
        self.merged.post[f"{self.prefix}-INITIAL_FORMS"] = str(self.written)
        for key, place in zip(keys, places, strict=True):
            if key not in self.rows.stored:
                self._without_row(key, place)
        self.merged.post[f"{self.prefix}-TOTAL_FORMS"] = str(self.written)

    def _stored(self, pk: str, row: Row, place: str | None) -> None:
        sent = {name: cell.sent for name, cell in row.cells.items()}
        new_place = f"{self.prefix}-{self.written}"
        is_deleted = place is not None and bool(self.post.get(f"{place}-DELETE"))
        if place is not None and not is_deleted:
            for name, cell in row.cells.items():
                before = self.opened and self.opened.cell(self.prefix, pk, row, name)
                label = f"{self.rows.label} “{row.instance}”: {cell.bound.label}"
                mine = cell.from_post(self.post, f"{place}-{name}")
                sent[name] = _decide(cell, mine, before, f"{new_place}-{name}", label, self.merged)
        if is_deleted:
            self.merged.post[f"{new_place}-DELETE"] = "on"
            if self.known.get(pk) != row.print:
                self._ask(f"{new_place}-DELETE", str(row.instance), _("changed"), _("deleted"))
        self._add(sent, row.hidden)

    def _without_row(self, key: str, place: str) -> None:
        """A row that I add; or one that they deleted, which is added anew if I changed it."""
        sent = self.rows.empty.from_post(self.post, place)
        prints = "".join(fingerprint(sent[name]) for name in sorted(sent))
        added_by_them = {row.print for pk, row in self.rows.stored.items() if pk not in self.known}
        if (key and (self.known.get(key) == prints or self.post.get(f"{place}-DELETE"))) or prints in added_by_them:
            return
        if key:
            name = ", ".join(filter(None, (cell.in_words(sent[some]) for some, cell in self.rows.empty.cells.items())))
            self._ask(f"{self.prefix}-{self.written}-gone", name, _("deleted"), _("changed"))
        self._add(sent, self.rows.empty.hidden)

    def _ask(self, name: str, row: str, theirs: str, mine: str) -> None:
        self.merged.conflicts.append(Conflict(name, capfirst(f"{self.rows.label} “{row}”"), theirs, mine))

    def _add(self, sent: dict[str, Sent], hidden: dict[str, str]) -> None:
        place = f"{self.prefix}-{self.written}"
        for name, values in sent.items():
            _write(self.merged.post, f"{place}-{name}", values)
        for name, value in hidden.items():
            self.merged.post[f"{place}-{name}"] = value
        self.written += 1


def _places(prefix: str, post: QueryDict) -> list[str]:
    """Of the rows below `prefix` of which anything was sent, however many are said to have been."""
    total = post.get(f"{prefix}-TOTAL_FORMS", "")
    number = int(total[:6]) if total.isdecimal() else 0
    sent = {name.removeprefix(f"{prefix}-").partition("-")[0] for name in post if name.startswith(f"{prefix}-")}
    return [f"{prefix}-{place}" for place in range(min(number, MOST_ROWS)) if str(place) in sent]


def _write(data: QueryDict, name: str, sent: Sent) -> None:
    for part, values in sent.items():
        if values:
            data.setlist(name + part, values)
        else:
            data.pop(name + part, None)
