"""CSV and XLSX as plain sheets are written and read: text that no spreadsheet takes for a formula, and no formulas."""

import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX

from films.interchange.csv_files import Line, lines_of_csv
from films.interchange.exporting import Written, as_csv, workbook_of
from films.interchange.packages import BadPackage, uploaded_package
from films.interchange.report import Report
from films.interchange.spreadsheet_text import unguarded

# More are for an import of a programme, which does not save row by row.
MOST_ROWS = 2000


class PlainCsv(CSV):
    def create_dataset(self, in_stream: str | bytes) -> tablib.Dataset:
        content = in_stream.encode() if isinstance(in_stream, str) else in_stream
        report = Report()
        return _dataset(lines_of_csv(lambda: content, "", report), report)

    def get_read_mode(self) -> str:
        return "rb"

    def is_binary(self) -> bool:
        return True

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        return as_csv(_written(dataset))


class PlainXlsx(XLSX):
    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        package = uploaded_package(in_stream)
        if not package.is_workbook:
            raise BadPackage(_("The file is no XLSX workbook."))
        report = Report()
        first = sorted(package.files())[0]
        return _dataset(package.lines(first, report), report)

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        return workbook_of([_written(dataset)])


def _written(dataset: tablib.Dataset) -> Written:
    rows = [["" if cell is None else str(cell) for cell in row] for row in dataset]
    return Written("sheet.csv", list(dataset.headers), rows)


def _dataset(lines: list[Line] | None, report: Report) -> tablib.Dataset:
    """Raises BadPackage, with everything that is wrong with the file as a whole."""
    if len(report.refused):
        raise BadPackage(" ".join(report.refused))
    if not lines or not any(lines[0][1]):
        raise BadPackage(_("The file is empty: its first row names the columns."))
    if len(lines) > MOST_ROWS + 1:
        raise BadPackage(_("Has more than %(most)d rows; a plain sheet takes no more at once.") % {"most": MOST_ROWS})
    header = [name.strip() for name in lines[0][1]]
    if len(set(header)) < len(header):
        raise BadPackage(_("A column stands in the first row more than once."))
    dataset = tablib.Dataset(headers=header)
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            sentence = _("Line %(line)d has %(cells)d cells where the first has %(header)d.")
            raise BadPackage(sentence % {"line": number, "cells": len(cells), "header": len(header)})
        if any(cell.strip() for cell in cells):
            dataset.append([unguarded(cell) for cell in cells])
    return dataset
