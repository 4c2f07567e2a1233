"""One CSV file of a programme as lines; whatever keeps it from being read goes into the report."""

import csv
import io
from collections.abc import Callable

from django.utils.translation import gettext as _

from films.interchange.report import Report

# No cell of a programme is longer; a quotation mark that is never closed swallows more.
csv.field_size_limit(1_000_000)

# A line's number in its file (the header is line 1), and its cells.
Line = tuple[int, list[str]]


def lines_of_csv(read: Callable[[], bytes], file: str, report: Report) -> list[Line] | None:
    """The lines of the CSV file whose content `read` returns; None when it is no table."""
    content = _decoded(read, file, report)
    if content is None:
        return None
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    lines, number = [], 1
    try:
        for cells in reader:
            lines.append((number, cells))
            number = reader.line_num + 1
    except csv.Error:
        sentence = _(
            "From here on the file is not CSV: a quotation mark is missing or stands inside a cell "
            "without being doubled. What follows was not read."
        )
        report.refused.add(file, number, "", sentence)
        return None
    return lines


def _decoded(read: Callable[[], bytes], file: str, report: Report) -> str | None:
    try:
        content = read()
    except OSError as error:
        report.refused.add(file, 0, "", _("The file cannot be read: %(why)s.") % {"why": error.strerror})
        return None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.refused.add(file, 0, "", _("The file is UTF-16. Save it as “CSV UTF-8”."))
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        sentence = _("Byte %(number)d of the line (0x%(byte)02X) is not UTF-8. Save the file as “CSV UTF-8”.") % {
            "number": error.start - start + 1,
            "byte": content[error.start],
        }
        report.refused.add(file, content.count(b"\n", 0, error.start) + 1, "", sentence)
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        report.refused.add(file, line, "", _("Holds a NUL character, which is no text."))
        return None
    return text
