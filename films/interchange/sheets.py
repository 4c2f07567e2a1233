"""One sheet of a programme as rows that know their line; whatever is wrong with it goes into the report."""

import difflib

from django.utils.translation import gettext as _

from films.interchange.cells import BadCell
from films.interchange.columns import Column, Sheet
from films.interchange.packages import Package
from films.interchange.report import Report
from films.interchange.spreadsheet_text import unguarded
from films.interchange.tables import TABLES

# Columns that only an export of everything needs, and only where it is taken over whole.
OF_EXPORTS = {table.file: set(table.fields) for table in TABLES}


class Row(dict):
    """A row's values by column, and the line on which it starts in its file (the header is line 1)."""

    __slots__ = ("file", "line")

    def __init__(self, values: dict, file: str, line: int) -> None:
        super().__init__(values)
        self.file, self.line = file, line


def read_sheet(package: Package, sheet: Sheet, report: Report) -> list[Row] | None:
    """The rows of the sheet, with None for a cell that is refused; None when the file cannot be read as a table."""
    lines = package.lines(sheet.file, report)
    if lines is None:
        return None
    header = [name.strip() for name in lines[0][1]] if lines else []
    columns = _columns_of(header, sheet, report)
    if columns is None:
        return None
    return [
        _row(cells, columns, sheet.file, line, report)
        for line, cells in lines[1:]
        if any(cell.strip() for cell in cells)
    ]


def _columns_of(header: list[str], sheet: Sheet, report: Report) -> list[Column | None] | None:
    """The known column at each place of the header, None for an unknown one; None if one is missing or stands twice."""
    known = {column.name: column for column in sheet.columns}
    unknown = [name for name in header if name not in known]
    faults = [
        _("The header has no column “%(name)s”.") % {"name": column.name} + _hint(column.name, unknown, header)
        for column in sheet.columns
        if column.name not in header and not column.is_optional
    ]
    twice = _("The header has the column “%(name)s” more than once.")
    faults += [twice % {"name": name} for name in known if header.count(name) > 1]
    for fault in faults:
        report.refused.add(sheet.file, 1, "", fault)
    for name in unknown:
        if name in OF_EXPORTS[sheet.file]:
            continue
        nameless = _("A column without a name was ignored.")
        sentence = _("The column “%(name)s” is not known and was ignored.") % {"name": name} if name else nameless
        report.doubtful.add(sheet.file, 1, "", sentence)
    return None if faults else [known.get(name) for name in header]


def _hint(name: str, unknown: list[str], header: list[str]) -> str:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        return " " + _("Its cells are not separated by commas: save it as “CSV UTF-8”, with commas.")
    near = difflib.get_close_matches(name, unknown, 1)
    return " " + _("Is “%(name)s” meant for it?") % {"name": near[0]} if near else ""


def _row(cells: list[str], columns: list, file: str, line: int, report: Report) -> Row:
    known = [column for column in columns if column is not None]
    if len(cells) != len(columns):
        sentence = _(
            "Has %(cells)d cells where the header has %(header)d. "
            "A cell with a comma in it needs quotation marks around it."
        ) % {"cells": len(cells), "header": len(columns)}
        report.refused.add(file, line, "", sentence)
        # What its key says still counts, so that rows which refer to this one are not refused as well.
        keys = {
            column.name: cell.strip()
            for cell, column in zip(cells, columns, strict=False)
            if column and column.name == "key"
        }
        return Row({column.name: column.empty for column in known} | keys, file, line)
    read = zip(cells, columns, strict=True)
    values = {column.name: _value(cell, column, file, line, report) for cell, column in read if column}
    return Row(values, file, line)


def _value(cell: str, column: Column, file: str, line: int, report: Report):
    cell = unguarded(cell.strip()).strip()
    if not cell:
        if column.must_be_filled:
            report.refused.add(file, line, column.name, _("The cell is empty, and has to be filled."))
        return column.empty
    try:
        return column.read(cell)
    except BadCell as fault:
        report.refused.add(file, line, column.name, str(fault))
        return None
