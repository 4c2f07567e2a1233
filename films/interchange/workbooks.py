"""A programme as one XLSX workbook: a sheet for each file, read as text. Formulas are refused, never worked out."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from films.interchange.csv_files import Line
from films.interchange.report import Report
from films.interchange.spreadsheet_text import from_workbook

# A spreadsheet keeps what was formatted once; so many empty rows in a row mean that nothing follows.
EMPTY_ROWS = 1000


class NoWorkbook(ValueError):
    """Why a file cannot be read as a workbook, as a sentence."""


class Workbook:
    def __init__(self, content: bytes) -> None:
        """Raises NoWorkbook."""
        _refuse_entities(content)
        try:
            with warnings.catch_warnings():
                # About what a programme does not need: validation rules, print settings, fonts.
                warnings.simplefilter("ignore")
                self._book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, TypeError, OSError):
            raise NoWorkbook(_("The workbook cannot be opened: it is damaged, or no XLSX workbook.")) from None
        self._sheets = {name.strip().casefold(): name for name in self._book.sheetnames}

    def files(self) -> set[str]:
        return {f"{name}.csv" for name in self._sheets}

    def lines(self, file: str, report: Report, most: int) -> list[Line] | None:
        """The rows of the sheet that stands for `file`; None when there is none, or it is not to be read."""
        name = self._sheets.get(file.removesuffix(".csv"))
        if name is None:
            report.refused.add(file, 0, "", _("The sheet is missing from the workbook."))
            return None
        lines: list[Line] = []
        try:
            for number, cells in _rows(self._book[name]):
                lines.append((number, [_text(cell, file, number, report) for cell in cells]))
                if len(lines) > most + 1:
                    break
        except (KeyError, ValueError, SyntaxError, TypeError, zipfile.BadZipFile, OSError, AttributeError):
            report.refused.add(file, len(lines), "", _("From here on the sheet cannot be read: it is damaged."))
            return None
        if not lines:
            return [(1, [])]
        width = _width(lines[0][1])
        return [(number, _fitted(cells, width, file, number, report)) for number, cells in lines]


def _refuse_entities(content: bytes) -> None:
    """A part that declares entities of its own is no spreadsheet's, and may be meant to swell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    if b"<!DOCTYPE" in part.read(4096):
                        raise NoWorkbook(_("The workbook holds a document type, which no spreadsheet writes."))


def _rows(sheet) -> Iterator[tuple[int, tuple]]:
    """Rows with anything in them, and the header."""
    empty = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number == 1 or any(cell.value is not None for cell in cells):
            empty = 0
            yield number, cells
        else:
            empty += 1
            if empty > EMPTY_ROWS:
                return


def _text(cell, file: str, line: int, report: Report) -> str:
    """The cell as a CSV file would have it."""
    if cell.data_type == "f":
        where = f"{get_column_letter(cell.column)}{line}"
        sentence = _(
            "%(cell)s holds a formula, and formulas are not worked out here. "
            "Put its value there: copy, paste as values."
        )
        report.refused.add(file, line, "", sentence % {"cell": where})
        return ""
    if cell.data_type == "e":
        where = f"{get_column_letter(cell.column)}{line}"
        report.refused.add(
            file, line, "", _("%(cell)s holds the error %(error)s.") % {"cell": where, "error": cell.value}
        )
        return ""
    return _written(cell.value)


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return from_workbook(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _width(header: list[str]) -> int:
    return max((place for place, name in enumerate(header, start=1) if name.strip()), default=0)


def _fitted(cells: list[str], width: int, file: str, line: int, report: Report) -> list[str]:
    """As many cells as the header names; what stands further right would be lost, so it is refused."""
    if any(cell.strip() for cell in cells[width:]):
        report.refused.add(file, line, "", _("Something stands right of the last column that has a name."))
    return (cells + [""] * width)[:width]
