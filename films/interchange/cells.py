"""How one cell is read: each reader takes the cell's text and returns its value, or raises BadCell.

A reader is called only for a cell that is not empty; an empty one is "" or None (see `columns.Column`).
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from venues.models import time_zones

FIRST_YEAR, LAST_YEAR = 1890, 2190

Reader = Callable[[str], Any]

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_WALL_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", re.ASCII)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_YES_NO = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
_LINE_BREAKS = re.compile(r"[ \t\r\n]+")


class BadCell(ValueError):
    """Why a cell cannot be read, as a sentence for whoever wrote it."""


def text(limit: int) -> Reader:
    def read(cell: str) -> str:
        line = _LINE_BREAKS.sub(" ", cell)
        if len(line) > limit:
            raise BadCell(
                _("“%(text)s…” has %(length)s characters; at most %(limit)d fit.")
                % {"text": line[:40], "length": f"{len(line):,}", "limit": limit}
            )
        return line

    return read


def of(model: type[models.Model], field: str) -> Reader:
    """One line of text that fits the field."""
    return text(model._meta.get_field(field).max_length)


def prose(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def words(limit: int) -> Reader:
    """A list split by |, without empty words."""
    one = text(limit)

    def read(cell: str) -> list[str]:
        return [one(word.strip()) for word in cell.split("|") if word.strip()]

    return read


def number(what: str, least: int = 0, most: int = 32767, advice: str = _lazy("Leave it empty when unknown.")) -> Reader:
    def read(cell: str) -> int:
        if not (cell.isascii() and cell.isdigit()):
            sentence = _("“%(cell)s” is not %(what)s.") % {"cell": cell, "what": what}
            raise BadCell(f"{sentence} {advice}")
        value = int(cell[:9])
        if len(cell) > 9 or not least <= value <= most:
            sentence = _("“%(cell)s” is not %(what)s between %(least)d and %(most)s.")
            words = {"cell": cell, "what": what, "least": least, "most": f"{most:,}"}
            raise BadCell(f"{sentence % words} {advice}")
        return value

    return read


def yes_no(cell: str) -> bool:
    if cell.casefold() not in _YES_NO:
        raise BadCell(_("“%(cell)s” is neither 1 (yes) nor 0 (no).") % {"cell": cell})
    return _YES_NO[cell.casefold()]


def instant(cell: str) -> datetime:
    """An instant in UTC."""
    example = _("Write it like 2024-03-08T18:30Z.")
    if not _INSTANT.fullmatch(cell):
        sentence = _("“%(cell)s” is not a date and time in UTC.") % {"cell": cell}
        raise BadCell(f"{sentence} {example}")
    return _moment(cell, example).astimezone(UTC)


def wall_time(cell: str) -> datetime:
    """What a clock at the venue shows (naive)."""
    example = _("Write it like 2024-03-08T18:30.")
    if not _WALL_TIME.fullmatch(cell):
        sentence = _("“%(cell)s” is not a date and time.") % {"cell": cell}
        raise BadCell(f"{sentence} {example}")
    return _moment(cell, example)


def _moment(cell: str, example: str) -> datetime:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        sentence = _("“%(cell)s” is no moment that the calendar knows.") % {"cell": cell}
        raise BadCell(f"{sentence} {example}") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        sentence = _("“%(cell)s” is not between the years %(first)d and %(last)d.")
        raise BadCell(sentence % {"cell": cell, "first": FIRST_YEAR, "last": LAST_YEAR})
    return moment


def time_zone(cell: str) -> str:
    if cell not in time_zones():
        raise BadCell(_("“%(cell)s” is not a time zone. Write it like Europe/London.") % {"cell": cell})
    return cell


def language_tag(cell: str) -> str:
    if len(cell) > 35 or not _LANGUAGE_TAG.fullmatch(cell):
        raise BadCell(_("“%(cell)s” is not a language tag. Write it like fr or zh-Hant.") % {"cell": cell})
    return cell


def address(cell: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(cell)
    except ValidationError:
        sentence = _("“%(cell)s” is not a web address. Write it with https:// in front.")
        raise BadCell(sentence % {"cell": cell}) from None
    return text(500)(cell)


def price(cell: str) -> Decimal:
    try:
        amount = Decimal(cell).quantize(Decimal("0.01"))
        is_price = 0 <= amount < 1_000_000 and amount == Decimal(cell)
    except (InvalidOperation, ValueError):
        is_price = False
    if not is_price:
        sentence = _("“%(cell)s” is not a price. Write it like 12.50, or 0 when it is free.")
        raise BadCell(sentence % {"cell": cell})
    return amount


def choice(choices: type[models.TextChoices]) -> Reader:
    """A value of `choices`, given as itself or by its label."""

    def read(cell: str) -> str:
        for value, label in choices.choices:
            if cell.casefold() in (value, str(label).casefold()):
                return value
        known = ", ".join(value for value in choices.values if value)
        sentence = _("“%(cell)s” is not known here. Write one of: %(known)s.")
        raise BadCell(sentence % {"cell": cell, "known": known})

    return read


def access_features(choices: type[models.TextChoices]) -> Reader:
    """{feature: whether it is confirmed}; a trailing ? says that it is not."""
    one = choice(choices)

    def read(cell: str) -> dict[str, bool]:
        listed = [word.strip() for word in cell.split("|") if word.strip()]
        return {one(word.rstrip("? ")): not word.endswith("?") for word in listed}

    return read
