"""An export of everything, taken into an empty database: the same programme, or nothing."""

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from films.interchange.cells import BadCell
from films.interchange.exporting import written_with
from films.interchange.packages import Package
from films.interchange.pieces import pieces
from films.interchange.report import Report, shown
from films.interchange.spreadsheet_text import unguarded
from films.interchange.tables import TABLES, Keys, Table, set_value
from films.models import CreditRole, Film, Screening, Series
from films.models.search_text import refresh_search_text
from films.models.vocabulary import Word
from films.recording import create_recorded, update_recorded
from people.models import Person
from people.text import fold, render_markdown

# What a report counts, by table.
COUNTED = {
    "venues.csv": "venues", "rooms.csv": "rooms", "films.csv": "films", "people.csv": "people",
    "credits.csv": "credits", "screenings.csv": "screenings",
}  # fmt: skip

Rows = dict[type[models.Model], dict[str, models.Model]]
# A row of a file: its line, and its cells by column.
Cells = tuple[int, dict[str, str]]


def is_whole(package: Package) -> bool:
    """Whether it is an export of everything, or was meant to be one."""
    return {"editions.csv", "source_rows.csv"} <= package.files()


def is_empty() -> bool:
    """Whether nothing is here that an export carries, but for the roles that come with the site."""
    return not any(table.model._base_manager.exists() for table in TABLES if table.model is not CreditRole)


def restore(package: Package, report: Report) -> None:
    """Take in all of `package`. Raises Refused when anything in it cannot be, or its files disagree."""
    files = {table.file: _read(package, table, report) for table in TABLES}
    report.refuse_if_any()
    with transaction.atomic():
        CreditRole.objects.all().delete()
        rows: Rows = {}
        for table in TABLES:
            _store(table, files[table.file], rows, report)
        _derive()
        _refuse_disagreement(files, rows, report)
    for table in TABLES:
        if table.file in COUNTED:
            report.count(COUNTED[table.file], "created", len(files[table.file]))
        if table.model in (Film, Screening):
            for line, cells in files[table.file]:
                report.creation(table.file, line, cells["title"] or cells["key"])


def _read(package: Package, table: Table, report: Report) -> list[Cells]:
    lines = package.lines(table.file, report)
    if lines is None:
        return []
    header = [name.strip() for name in lines[0][1]] if lines else []
    needed = [*(["key"] if table.name else []), *table.fields]
    for name in needed:
        if header.count(name) != 1:
            sentence = _("The header needs the column “%(name)s” once.") % {"name": name}
            report.refused.add(table.file, 1, "", sentence)
    rows = []
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            sentence = _("Has %(cells)d cells where the header has %(header)d.")
            report.refused.add(table.file, line, "", sentence % {"cells": len(cells), "header": len(header)})
        rows.append((line, dict(zip(header, map(unguarded, cells), strict=False))))
    return rows


def _store(table: Table, lines: list[Cells], rows: Rows, report: Report) -> None:
    """Make the rows of a table. One that refers to others of its own table gets those afterwards."""
    to_itself = {name: field for name, field in table.fields.items() if field.related_model is table.model}
    fields = {name: field for name, field in table.fields.items() if name not in to_itself}
    made = [_made(table, cells, fields, rows, line, report) for line, cells in lines]
    report.refuse_if_any()
    try:
        with transaction.atomic():
            _create(table.model, made)
    except IntegrityError as fault:
        _refuse_as_the_database_does(table, fault, report)
    if table.name:
        rows[table.model] = {cells["key"]: row for (_line, cells), row in zip(lines, made, strict=True)}
        if len(rows[table.model]) < len(made):
            report.refused.add(table.file, 0, "key", _("A key stands there more than once."))
    for name, field in to_itself.items():
        referring = [(line, cells, row) for (line, cells), row in zip(lines, made, strict=True) if cells[name]]
        for line, cells, row in referring:
            _set(row, name, field, cells[name], rows, (table.file, line), report)
        update_recorded([row for *_, row in referring], [field.name])
    report.refuse_if_any()


def _create(model: type[models.Model], made: list[models.Model]) -> None:
    if hasattr(model, "history"):
        create_recorded(made)
    else:
        model._base_manager.bulk_create(made, batch_size=500)


def _made(table: Table, cells: dict[str, str], fields: dict, rows: Rows, line: int, report: Report) -> models.Model:
    row = table.model()
    for name, field in fields.items():
        _set(row, name, field, cells[name], rows, (table.file, line), report)
    if isinstance(row, Word):
        row.folded = fold(row.name)[:200]
    elif isinstance(row, Series):
        row.description_html = render_markdown(row.description)
    elif isinstance(row, Film | Person):
        row.derive()
    elif isinstance(row, Screening) and row.starts_at:
        row.stand_in_for_end()
    return row


def _set(
    row: models.Model, name: str, field: models.Field, cell: str, rows: Rows, place: tuple[str, int], report: Report
) -> None:
    try:
        set_value(row, field, cell, rows)
    except BadCell as fault:
        report.refused.add(*place, name, str(fault))


def _refuse_as_the_database_does(table: Table, fault: IntegrityError, report: Report) -> None:
    """The sentence of the constraint that says no, where it has one."""
    for constraint in table.model._meta.constraints:
        if constraint.name in str(fault):
            report.refused.add(table.file, 0, "", str(constraint.get_violation_error_message()))
    if not len(report.refused):
        sentence = _("Two rows are the same where they have to differ, or one says what cannot be: %(fault)s")
        report.refused.add(table.file, 0, "", sentence % {"fault": str(fault).splitlines()[0]})
    report.refuse_if_any()


def _derive() -> None:
    for some in pieces(list(Film.objects.order_by("pk").values_list("pk", flat=True))):
        refresh_search_text(Film.objects.filter(pk__in=some))
    for some in pieces(list(Screening.objects.order_by("pk").values_list("pk", flat=True))):
        Screening.objects.filter(pk__in=some).refresh_ends()


def _refuse_disagreement(files: dict[str, list[Cells]], rows: Rows, report: Report) -> None:
    """Some columns say again what another file says. Whoever changed only one of the two is told where."""
    keys = Keys()
    for model, by_key in rows.items():
        keys.name(model, ((row.pk, key) for key, row in by_key.items()))
    for table in TABLES:
        written = written_with(table, keys)
        for (line, read), cells in zip(files[table.file], written.rows, strict=True):
            for name, cell in zip(written.header, cells, strict=True):
                if read.get(name, cell) != cell:
                    sentence = _("Says %(this)s, but another column or file of this export says %(other)s.")
                    words = {"this": shown(read[name]), "other": shown(cell)}
                    report.refused.add(table.file, line, name, sentence % words)
    report.refuse_if_any()
