"""Text in a cell as a spreadsheet may hold it, so that opening an export is safe and importing it again is exact."""

import re

# A spreadsheet takes such a cell for a formula. One that looks like a guarded one already is guarded once more, so
# that taking one apostrophe away always leads back.
_TO_GUARD = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
# What XML cannot hold or would change, and what looks like the way of writing it, stands in a workbook by its number.
_TO_NUMBER = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NUMBERED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def guarded(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def for_workbook(text: str) -> str:
    return _TO_NUMBER.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def from_workbook(text: str) -> str:
    return _NUMBERED.sub(lambda found: chr(int(found[1], 16)), text)
