"""An object put back, with its rows, as it stood after an earlier occasion; that is itself a change like any other."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from films.conflicts import hold_room, overlap_sentence, unconfirmed_overlaps
from films.history import History, State, changes_between, present_state
from films.history_words import Change
from films.models import TRACKED, Film, Screening
from films.models.history import FAMILIES
from films.publication import why_not
from films.recording import delete_recorded, record, recorded
from films.roles import may_publish

# What was counted or looked up has nothing to do with what was decided.
LEFT = ("standby_line", "standby_counted_at", "sales_checked_at")
SHOWN = (Film.State.SCHEDULED, Film.State.PUBLISHED)


@dataclass
class Plan:
    """What a revert would change, what it leaves as it is and why, and what forbids it."""

    model: type[models.Model]
    pk: int
    present: State
    target: State
    changes: list[Change] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def seal(self) -> str:
        """Of the object as it stands now, so that what was looked at is what is changed."""
        stands = sorted((model._meta.label, repr(sorted(rows.items()))) for model, rows in self.present.items())
        return hashlib.sha256(repr(stands).encode()).hexdigest()[:32]

    @property
    def root(self) -> dict:
        return self.target[self.model][self.pk]


def plan(model: type[models.Model], pk: int, occasion: UUID, by: AbstractBaseUser) -> Plan:
    """How `by` would put the object back as it stood after `occasion`.

    Raises KeyError when nothing was done then, or the object was gone after it.
    """
    planned = Plan(model, pk, present_state(model, pk), History(model, pk).state(occasion))
    if pk not in planned.target[model]:
        raise KeyError(occasion)
    _leave_counts(planned)
    _leave_publication(planned, by)
    _leave_out_what_is_gone(planned)
    planned.changes = changes_between(model, planned.present, planned.target)
    if planned.changes:
        planned.problems = _tried(planned, by)
    return planned


def put_back(planned: Plan, by: AbstractBaseUser, why: str) -> None:
    """Do what `planned` says, all of it or nothing. Raises ValidationError in sentences for whoever asked."""
    try:
        with transaction.atomic(), recorded(by=by, why=why):
            list(planned.model._base_manager.select_for_update(no_key=True).filter(pk=planned.pk).values("pk"))
            if present_state(planned.model, planned.pk) != planned.present:
                raise ValidationError(_("Somebody changed it just now. Look at the difference again."))
            _write(planned, by, why)
    except models.ProtectedError as error:
        used = ", ".join(sorted({str(some) for some in error.protected_objects})[:5])
        raise ValidationError(_("What was added since is in use: %(used)s.") % {"used": used}) from error
    except IntegrityError as error:
        raise ValidationError(_("What stood then cannot stand beside what stands elsewhere now.")) from error


def _leave_counts(planned: Plan) -> None:
    if planned.model is Screening and (now := planned.present[Screening].get(planned.pk)):
        planned.root.update({name: now[name] for name in LEFT})


def _leave_publication(planned: Plan, by: AbstractBaseUser) -> None:
    """Whoever goes back to an earlier text need not take a page from the world."""
    now = planned.present[planned.model].get(planned.pk)
    names = ("state", "embargo_until")
    if planned.model is Film and now is None and not may_publish(by):
        now = {"state": Film.State.DRAFT, "embargo_until": None}
    if planned.model is not Film or now is None or all(now[name] == planned.root[name] for name in names):
        return
    if not may_publish(by):
        reason = _("You may not decide what the world sees.")
    else:
        stored = Film.objects.select_related("edition").get(pk=planned.pk)
        reason = why_not(stored, planned.root["state"], planned.root["embargo_until"], timezone.now())
    if reason:
        planned.root.update({name: now[name] for name in names})
        planned.kept.append(_("Its publication stays as it is. %(reason)s") % {"reason": reason})


def _leave_out_what_is_gone(planned: Plan) -> None:
    """A row cannot come back without what it names."""
    for model, rows in planned.target.items():
        for column in (some for some in model._meta.fields if some.related_model):
            named = {row[column.attname] for row in rows.values()} - {None}
            if column.related_model is planned.model:
                named.discard(planned.pk)
            there = set(column.related_model._base_manager.filter(pk__in=named).values_list("pk", flat=True))
            if column.related_model in planned.target:
                there |= planned.target[column.related_model].keys()
            for pk in [pk for pk, row in rows.items() if row[column.attname] in named - there]:
                _leave_out(planned, model, pk, column)


def _leave_out(planned: Plan, model: type[models.Model], pk: int, column: models.Field) -> None:
    what = {"row": capfirst(model._meta.verbose_name), "named": column.verbose_name}
    if model is planned.model and column.null:
        planned.root[column.attname] = None
        planned.kept.append(_("%(named)s: what stood there was deleted.") % {"named": capfirst(column.verbose_name)})
    elif model is planned.model:
        planned.problems.append(_("What it named as %(named)s was deleted.") % what)
    else:
        del planned.target[model][pk]
        planned.kept.append(_("%(row)s: one cannot come back, because its %(named)s was deleted.") % what)


def _tried(planned: Plan, by: AbstractBaseUser) -> list[str]:
    """What would forbid it: asked of the database as it would be, and that is then undone."""
    problems = list(planned.problems)
    with transaction.atomic():
        try:
            put_back(planned, by, "")
        except ValidationError as refusal:
            problems += refusal.messages
        transaction.set_rollback(True)
    return problems


def _write(planned: Plan, by: AbstractBaseUser, why: str) -> None:
    is_new = planned.pk not in planned.present[planned.model]
    if is_new:
        _save(planned.model, planned.root, by, why, is_new=True)
    for model in reversed(FAMILIES.get(planned.model, {})):
        gone = planned.present[model].keys() - planned.target[model].keys()
        rows = model._base_manager.filter(pk__in=gone)
        if gone and model._meta.auto_created:
            delete_recorded(rows)
        elif gone:
            rows.delete()
    for model in FAMILIES.get(planned.model, {}):
        for row, is_added in _rows_to_write(planned, model):
            _save(model, row, by, why, is_new=is_added)
    # Last, and even when only its rows differ: what follows from them is worked out when it is saved.
    _save(planned.model, planned.root, by, why, is_new=False)


def _rows_to_write(planned: Plan, model: type[models.Model]) -> Iterator[tuple[dict, bool]]:
    present = planned.present[model]
    for pk, row in planned.target[model].items():
        if present.get(pk) != row:
            yield row, pk not in present


def _save(model: type[models.Model], values: dict, by: AbstractBaseUser, why: str, *, is_new: bool) -> None:
    instance = model() if is_new else model._base_manager.get(pk=values["id"])
    stored = None if is_new else model._base_manager.get(pk=values["id"])
    for name, value in values.items():
        setattr(instance, name, value)
    if model._meta.auto_created:
        instance.save_base(force_insert=True)
        record([instance], "+")
        return
    if model is Screening:
        _check_room(instance, stored)
    if model is Film and instance.state in SHOWN and instance.still_key and not instance.still_alt:
        raise ValidationError(_("The picture of that time has no alternative text."))
    try:
        instance.full_clean(exclude=TRACKED[model])
    except ValidationError as refusal:
        name = "" if model in FAMILIES else f"{capfirst(model._meta.verbose_name)}: "
        raise ValidationError([f"{name}{sentence}" for sentence in _sentences(instance, refusal)]) from refusal
    saved_by = {"by": by, "why": why} if model is Screening else {}
    instance.save(force_insert=is_new, **saved_by)


def _check_room(screening: Screening, stored: Screening | None) -> None:
    hold_room(screening.room_id)
    screening.work_out_end()
    if overlaps := unconfirmed_overlaps(screening, stored):
        raise ValidationError([overlap_sentence(other) for other in overlaps])


def _sentences(instance: models.Model, refusal: ValidationError) -> list[str]:
    labels = {column.name: capfirst(column.verbose_name) for column in instance._meta.fields}
    return [
        f"{labels[name]}: {sentence}" if name in labels else sentence
        for name, sentences in refusal.message_dict.items()
        for sentence in sentences
    ]
