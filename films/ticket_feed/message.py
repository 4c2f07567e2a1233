"""What a ticketing system sent, read row by row: a bad row is refused by its number and name, and the others stand."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from films.models import Screening, SourceRow

MAX_ROWS = 1_000
MAX_BYTES = 1_000_000
MAX_SEATS = 100_000
LONGEST_KEY = SourceRow._meta.get_field("key").max_length
# Two clocks never agree to the second; more than this is a clock that is wrong.
SKEW = timedelta(minutes=2)
FIELDS = ("screening", "sales", "seats_left", "at")
# What a till knows. Whether a screening is free, or for pass holders, is the programme's to say.
SAYABLE = (
    Screening.Sales.NOT_YET,
    Screening.Sales.ON_SALE,
    Screening.Sales.SELLING_FAST,
    Screening.Sales.STANDBY,
    Screening.Sales.OFF_SALE,
    Screening.Sales.SOLD_OUT,
)


class Refused(Exception):
    """A message, or a row of it, that cannot be taken; its text is the sentence for the sender."""


@dataclass(frozen=True)
class Said:
    """One row: of the screening called `name`, its sales (empty: nothing said) and seats left (None: nothing said), as
    they were at the instant `at`."""

    name: str
    sales: str
    seats_left: int | None
    at: datetime


def read_rows(body: bytes) -> list:
    """The rows of a message, unread. Raises Refused when it is no message at all, or too long a one."""
    if len(body) > MAX_BYTES:
        raise Refused(_("The message is longer than %(bytes)d bytes; send it in parts.") % {"bytes": MAX_BYTES})
    try:
        message = json.loads(body.decode())
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise Refused(_("The message is not JSON in UTF-8.")) from error
    rows = message.get("rows") if isinstance(message, dict) else None
    if not isinstance(rows, list) or not rows:
        raise Refused(_("The message needs “rows”: a list of at least one row."))
    if len(rows) > MAX_ROWS:
        sentence = _("The message has %(rows)d rows; send at most %(limit)d at a time.")
        raise Refused(sentence % {"rows": len(rows), "limit": MAX_ROWS})
    return rows


def read_row(row: object, now: datetime) -> Said:
    """What a row says. Raises Refused with a sentence that names the field which is wrong."""
    if not isinstance(row, dict):
        raise Refused(_("A row is an object with “screening”, “at”, and “sales” or “seats_left”."))
    if unknown := sorted(set(row) - set(FIELDS)):
        raise Refused(_("“%(field)s” is no field of a row.") % {"field": repeatable(unknown[0])})
    name = row.get("screening")
    if isinstance(name, bool) or not isinstance(name, (str, int)) or not str(name).strip():
        raise Refused(_("“screening” names the screening: a number or a key."))
    sales, seats_left = row.get("sales"), row.get("seats_left")
    if sales is None and seats_left is None:
        raise Refused(_("The row says neither “sales” nor “seats_left”."))
    return Said(str(repeatable(name)).strip(), _sales(sales), _seats(seats_left), _instant(row.get("at"), now))


def repeatable(said: object) -> str | int | None:
    """What was sent as a name, as an answer may repeat it: cut short, and without what no database keeps."""
    if isinstance(said, str):
        return said[:LONGEST_KEY].encode(errors="replace").decode().replace("\x00", "\ufffd")
    return said if isinstance(said, int) else None


def _sales(sales: object) -> str:
    if sales is None:
        return ""
    if sales not in SAYABLE:
        raise Refused(_("“sales” is one of %(states)s.") % {"states": ", ".join(SAYABLE)})
    return str(sales)


def _seats(seats: object) -> int | None:
    if seats is None:
        return None
    if isinstance(seats, bool) or not isinstance(seats, int) or not 0 <= seats <= MAX_SEATS:
        raise Refused(_("“seats_left” is a whole number from 0 to %(limit)d.") % {"limit": MAX_SEATS})
    return seats


def _instant(written: object, now: datetime) -> datetime:
    """An instant that has passed; one a little ahead of our clock is taken as now."""
    try:
        at = parse_datetime(written) if isinstance(written, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Refused(_("“at” says when it was so, with its offset, like 2026-10-02T18:55:00-07:00."))
    if at > now + SKEW:
        sentence = _("“at” lies in the future: here it is %(now)s. Set your clock.")
        raise Refused(sentence % {"now": now.isoformat(timespec="seconds")})
    return min(at, now)
