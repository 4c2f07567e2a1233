"""What an import may overwrite in a film or a screening that is here already."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _

from films.interchange.report import Report, shown
from films.interchange.sheets import Row


def take_over(
    instance: models.Model, name: str, wanted: dict[str, object], columns: dict[str, str], row: Row, report: Report
) -> list[str]:
    """Set the fields of `instance`, called `name`, to what the source has, and report each; returns which changed.

    Kept, and reported as such: what is locked, and what the source leaves empty. `columns` says in which column
    a field's value stands.
    """
    changed = []
    for field, value in wanted.items():
        before = getattr(instance, field)
        if before == value or (is_empty(before) and is_empty(value)):
            continue
        if may_replace(instance, field, before, value, row, columns.get(field, field), report):
            report.change_value(row.file, row.line, name, field, before, value)
            setattr(instance, field, value)
            changed.append(field)
    return changed


def may_replace(instance: models.Model, field: str, before, after, row: Row, column: str, report: Report) -> bool:
    """Whether the import may put `after` in place of `before`; if not, the report says why."""
    if field in instance.locked_fields or field.removesuffix("_id") in instance.locked_fields:
        sentence = _("%(field)s is locked here; kept %(here)s instead of %(there)s.")
        words = {"field": field, "here": _in_words(before), "there": _in_words(after)}
        report.kept.add(row.file, row.line, column, sentence % words)
        return False
    if is_empty(after):
        report.kept.add(row.file, row.line, column, _("Empty in the source; kept what stands here."))
        return False
    return True


def report_if_made_anew(row: Row, known: dict[str, int], report: Report) -> None:
    if row["key"] in known:
        sentence = _("It was deleted here since it was imported; made anew.")
        report.doubtful.add(row.file, row.line, "key", sentence)


def is_empty(value) -> bool:
    return value is None or value == "" or value == [] or value == ()


def _in_words(value) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return shown(", ".join(map(str, value)))
    return shown(value)
