"""An import through the admin: looked at, applied as it was looked at, undone as a whole."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from films.interchange.importing import import_programme
from films.interchange.packages import uploaded_package
from films.interchange.report import Refused, Report
from films.interchange.undo_plan import Plan
from films.interchange.undoing import undo
from films.models import ImportRun

State = ImportRun.State


class NotNow(Exception):
    """The import is no longer in the state that this needs: somebody was faster."""


class _Otherwise(Exception):
    """It would change something else than what was shown."""

    def __init__(self, report: dict) -> None:
        super().__init__()
        self.report = report


def examine(run: ImportRun) -> None:
    """Say in `run`, saved or not, what its upload would change. Raises BadPackage; writes nothing but the run."""
    run.state, run.report = _tried(lambda: _import(run, None, dry_run=True))
    run.save()


def apply(pk: int, by: AbstractBaseUser) -> ImportRun:
    """Import what was looked at, if it still would change just that; else the run tells the new difference.

    Its state says which: applied, or examined or refused. Raises NotNow.
    """
    try:
        with transaction.atomic():
            run = _locked(pk, State.EXAMINED)
            report = _import(run, by)
            told = as_json(report)
            if told != run.report:
                raise _Otherwise(told)
            run.state, run.occasion = State.APPLIED, report.occasion
            run.applied_by, run.applied_at = by, timezone.now()
            run.save(update_fields=["state", "occasion", "applied_by", "applied_at"])
            return run
    except (_Otherwise, Refused):
        with transaction.atomic():
            run = _locked(pk, State.EXAMINED)
            examine(run)
            return run


def undo_run(pk: int, by: AbstractBaseUser) -> tuple[ImportRun, Plan]:
    """Take an applied import back; `run.left` says what stays. Raises NotNow."""
    with transaction.atomic():
        run = _locked(pk, State.APPLIED)
        if ImportRun.objects.light().last_applied() != run:
            raise NotNow
        plan = undo(run.occasion, run.source, by)
        run.state, run.left = State.UNDONE, plan.stays
        run.undone_by, run.undone_at = by, timezone.now()
        run.save(update_fields=["state", "left", "undone_by", "undone_at"])
        return run, plan


def _locked(pk: int, state: str) -> ImportRun:
    run = ImportRun.objects.select_for_update().filter(pk=pk, state=state).first()
    if run is None:
        raise NotNow
    return run


def _import(run: ImportRun, by: AbstractBaseUser | None, *, dry_run: bool = False) -> Report:
    package = uploaded_package(bytes(run.content))
    return import_programme(package, source=run.source, edition=run.edition, by=by, dry_run=dry_run)


def _tried(importing: Callable[[], Report]) -> tuple[str, dict]:
    try:
        return State.EXAMINED, as_json(importing())
    except Refused as refusal:
        return State.REFUSED, as_json(refusal.report)


def as_json(report: Report) -> dict[str, Any]:
    """All that a report says, as it is kept."""
    return {
        "counts": {sheet: dict(count) for sheet, count in report.counts.items()},
        "entries": [[entry.kind.value, entry.place, entry.name, str(entry.what)] for entry in report.entries()],
        "changes_nothing": report.changed_nothing,
    }
