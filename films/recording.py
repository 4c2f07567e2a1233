"""Who changed what: every row that is written to a public model leaves a row of history, and this says by whom and why.

`films.models.history` lists the models; each has `Model.history` (django-simple-history). Saving, deleting and a
film's lists in a form are recorded by themselves. What Django does without saving each row is not, so that public
fields are written in bulk through `create_recorded`, `update_recorded` and `delete_recorded`, or made known with
`record`; columns that follow from others (sort keys, search text, ends worked out) are not history.

All rows that are written on one occasion (a request, an import, an undo) carry the same `occasion`:

    with recorded(by=user, why="Import from Planner") as occasion:
        ...
    for rows in films.models.history.written_on(occasion):
        ...  # a queryset for each model, of rows "+" (created), "~" (changed) and "-" (deleted), oldest first

Outside a `recorded` block the request is the occasion, and its user is who; without either each row stands alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

# Keys that one query takes.
AT_ONCE = 500


@dataclass(frozen=True)
class Occasion:
    by: AbstractBaseUser | None = None
    why: str = ""
    is_kept: bool = True
    id: UUID = field(default_factory=uuid4)


_occasion: ContextVar[Occasion | None] = ContextVar("occasion", default=None)


@contextmanager
def recorded(*, by: AbstractBaseUser | None = None, why: str = "") -> Iterator[UUID]:
    """What is written inside belongs to one occasion, whose id is returned; `by` is the request's user by default.

    Inside another such block, or a request, it is part of that occasion, with its own who and why.
    """
    outer = _occasion.get()
    if outer:
        by, why = by or outer.by, why or outer.why
    with _on(Occasion(by, why, is_kept=outer is None or outer.is_kept, id=occasion_id())) as occasion:
        yield occasion.id


@contextmanager
def unrecorded() -> Iterator[None]:
    """What is written inside leaves no history; `films.models.history.begin` makes up for it."""
    with _on(Occasion(is_kept=False)):
        yield


@contextmanager
def _on(occasion: Occasion) -> Iterator[Occasion]:
    token = _occasion.set(occasion)
    try:
        yield occasion
    finally:
        _occasion.reset(token)


def occasion_id() -> UUID:
    """What the rows written now have in common."""
    if occasion := _occasion.get():
        return occasion.id
    request = getattr(HistoricalRecords.context, "request", None)
    if request is None:
        return uuid4()
    if not hasattr(request, "history_occasion"):
        request.history_occasion = uuid4()
    return request.history_occasion


def _who(instance: models.Model | None = None, request=None, **kwargs) -> AbstractBaseUser | None:
    occasion = _occasion.get()
    if occasion and occasion.by:
        return occasion.by
    request = request or getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def name_of(user: AbstractBaseUser | None) -> str:
    """As others of the staff know them; empty for nobody."""
    return (user.get_full_name() or user.get_username()) if user else ""


def _why() -> str:
    occasion = _occasion.get()
    return occasion.why[:300] if occasion else ""


class OnAnOccasion(models.Model):
    """What each row of history knows beside what django-simple-history gives it."""

    occasion = models.UUIDField(_("occasion"), default=occasion_id, db_index=True, editable=False)

    class Meta:
        abstract = True


class Records(HistoricalRecords):
    """The history of one model, as it is kept here: on an occasion, and with nobody's permission to edit it."""

    def __init__(self, **options) -> None:
        super().__init__(
            **options,
            bases=[OnAnOccasion],
            get_user=_who,
            history_id_field=models.BigAutoField(),
            history_change_reason_field=models.CharField(_("why"), max_length=300, blank=True, null=True),
        )

    def get_meta_options(self, model: type[models.Model]) -> dict:
        return super().get_meta_options(model) | {"default_permissions": ()}

    def get_change_reason_for_object(self, instance, history_type, using) -> str:
        return super().get_change_reason_for_object(instance, history_type, using) or _why()

    def create_historical_record(self, instance, history_type, using=None) -> None:
        occasion = _occasion.get()
        if occasion is None or occasion.is_kept:
            super().create_historical_record(instance, history_type, using)


def record(rows: Iterable[models.Model], kind: str, at: datetime | None = None) -> None:
    """Remember that `rows`, of one model, were created ("+"), changed ("~") or deleted ("-"), as they are stored.

    The database copies them itself: an import writes a hundred thousand of them.
    """
    occasion = _occasion.get()
    if occasion and not occasion.is_kept:
        return
    if isinstance(rows, models.QuerySet):
        model, keys = rows.model, list(rows.order_by().values_list("pk", flat=True))
    else:
        rows = list(rows)
        model, keys = (type(rows[0]) if rows else None), [row.pk for row in rows]
    user = _who()
    common = {
        "history_date": at or timezone.now(),
        "history_type": kind,
        "history_user": user and user.pk,
        "history_change_reason": _why(),
        "occasion": occasion_id(),
    }
    for start in range(0, len(keys), AT_ONCE):
        _copy(model, keys[start : start + AT_ONCE], common)


def _copy(model: type[models.Model], keys: list[int], common: dict[str, Any]) -> None:
    """Copy the rows with these keys into the history of their model, each with what is `common` to them."""
    history, quoted = model.history.model, connection.ops.quote_name
    copied = ", ".join(quoted(field.column) for field in history.tracked_fields)
    fields = [history._meta.get_field(name) for name in common]
    values = [field.get_db_prep_save(common[field.name], connection) for field in fields]
    names = ", ".join(quoted(field.column) for field in fields)
    given, wanted = (", ".join(["%s"] * len(some)) for some in (values, keys))
    key = quoted(model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(history._meta.db_table)} ({copied}, {names}) "
            f"SELECT {copied}, {given} FROM {quoted(model._meta.db_table)} WHERE {key} IN ({wanted}) ORDER BY {key}",
            [*values, *keys],
        )


def create_recorded(rows: Iterable[models.Model]) -> None:
    """Create `rows`, of one model, at once."""
    rows = list(rows)
    if rows:
        with transaction.atomic():
            type(rows[0])._base_manager.bulk_create(rows, batch_size=AT_ONCE)
            record(rows, "+")


def update_recorded(rows: Iterable[models.Model], fields: Iterable[str]) -> None:
    """Write `fields` of `rows`, of one model, at once."""
    rows = list(rows)
    if rows:
        with transaction.atomic():
            update_each(rows, fields)
            record(rows, "~")


def update_each(rows: Sequence[models.Model], fields: Iterable[str]) -> None:
    """Write `fields` of `rows`, of one model, without history: one statement for each row, prepared once.

    Django's own way, one statement with a case for each row and field, takes the longer to build the more they are.
    """
    meta, quoted = rows[0]._meta, connection.ops.quote_name
    written = [meta.get_field(name) for name in fields]
    places = ", ".join(f"{quoted(field.column)} = %s" for field in written)
    statement = f"UPDATE {quoted(meta.db_table)} SET {places} WHERE {quoted(meta.pk.column)} = %s"
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in written), row.pk]
        for row in rows
    ]
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.executemany(statement, values)


def set_recorded(rows: models.QuerySet, **values) -> None:
    """As `rows.update(**values)` does, which has to fit one query."""
    with transaction.atomic():
        keys = list(rows.values_list("pk", flat=True))
        stored = rows.model._base_manager.filter(pk__in=keys)
        stored.update(**values)
        record(stored, "~")


def delete_recorded(rows: models.QuerySet) -> None:
    """Delete rows to which nothing refers, at once. No signal is sent: whoever calls this sees to what follows."""
    with transaction.atomic():
        record(rows, "-")
        rows._raw_delete(rows.db)
