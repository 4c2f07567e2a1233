"""One CSV file as rows that know their line; whatever is wrong with it goes into the report."""

import csv
import difflib
import io
from pathlib import Path

from films.interchange.cells import BadCell
from films.interchange.columns import Column, Sheet
from films.interchange.report import Report

# No cell of a programme is longer; a quotation mark that is never closed swallows more.
csv.field_size_limit(1_000_000)

_FORMULA_STARTS = ("'=", "'+", "'-", "'@")


class Row(dict):
    """A row's values by column, and the line on which it starts in its file (the header is line 1)."""

    __slots__ = ("file", "line")

    def __init__(self, values: dict, file: str, line: int) -> None:
        super().__init__(values)
        self.file, self.line = file, line


def read_sheet(folder: Path, sheet: Sheet, report: Report) -> list[Row] | None:
    """The rows of the sheet, with None for a cell that is refused; None when the file cannot be read as a table."""
    content = _decoded(folder / sheet.file, sheet, report)
    if content is None:
        return None
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    rows, line = [], 1
    try:
        header = [name.strip() for name in next(reader, [])]
        columns = _columns_of(header, sheet, report)
        if columns is None:
            return None
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(_row(cells, columns, sheet.file, line, report))
            line = reader.line_num + 1
    except csv.Error:
        sentence = (
            "From here on the file is not CSV: a quotation mark is missing or stands inside a cell "
            "without being doubled. What follows was not read."
        )
        report.refused.add(sheet.file, line, "", sentence)
        return None
    return rows


def _decoded(path: Path, sheet: Sheet, report: Report) -> str | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        report.refused.add(sheet.file, 0, "", "The file is missing from the folder.")
        return None
    except OSError as error:
        report.refused.add(sheet.file, 0, "", f"The file cannot be read: {error.strerror}.")
        return None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.refused.add(sheet.file, 0, "", "The file is UTF-16. Save it as “CSV UTF-8”.")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        sentence = (
            f"Byte {error.start - start + 1} of the line (0x{content[error.start]:02X}) is not UTF-8. "
            "Save the file as “CSV UTF-8”."
        )
        report.refused.add(sheet.file, content.count(b"\n", 0, error.start) + 1, "", sentence)
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        report.refused.add(sheet.file, line, "", "Holds a NUL character, which is no text.")
        return None
    return text


def _columns_of(header: list[str], sheet: Sheet, report: Report) -> list[Column | None] | None:
    """The known column at each place of the header, None for an unknown one; None if one is missing or stands twice."""
    known = {column.name: column for column in sheet.columns}
    unknown = [name for name in header if name not in known]
    faults = [
        f"The header has no column “{column.name}”{_hint(column.name, unknown, header)}."
        for column in sheet.columns
        if column.name not in header and not column.is_optional
    ]
    faults += [f"The header has the column “{name}” more than once." for name in known if header.count(name) > 1]
    for fault in faults:
        report.refused.add(sheet.file, 1, "", fault)
    for name in unknown:
        report.doubtful.add(
            sheet.file, 1, "", f"The column {f'“{name}”' if name else 'without a name'} is not known and was ignored."
        )
    return None if faults else [known.get(name) for name in header]


def _hint(name: str, unknown: list[str], header: list[str]) -> str:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        return " (its cells are not separated by commas)"
    near = difflib.get_close_matches(name, unknown, 1)
    return f" (is “{near[0]}” meant for it?)" if near else ""


def _row(cells: list[str], columns: list, file: str, line: int, report: Report) -> Row:
    known = [column for column in columns if column is not None]
    if len(cells) != len(columns):
        sentence = (
            f"Has {len(cells)} cells where the header has {len(columns)}. "
            "A cell with a comma in it needs quotation marks around it."
        )
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
    cell = cell.strip()
    if cell.startswith(_FORMULA_STARTS):
        cell = cell[1:]
    if not cell:
        if column.must_be_filled:
            report.refused.add(file, line, column.name, "The cell is empty, and has to be filled.")
        return column.empty
    try:
        return column.read(cell)
    except BadCell as fault:
        report.refused.add(file, line, column.name, str(fault))
        return None
