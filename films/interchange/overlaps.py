"""Screenings that hold one room at the same time: an import keeps them, marks them and reports them."""

from collections import defaultdict
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from films.interchange.pieces import pieces
from films.interchange.programme import Programme
from films.interchange.report import Report, in_words
from films.interchange.sheets import Row
from films.models import Screening
from films.recording import set_recorded

REASON = "As the source has it"


def mark_overlaps(programme: Programme, screenings: dict[str, Screening], report: Report) -> None:
    """Give each overlapping screening of this import its reason, unless somebody gave it another; and take ours
    from one that overlaps no more."""
    rows = {screenings[row["key"]].pk: row for row in programme.screenings}
    names = {row["key"]: row["name"] for row in programme.venues}
    rooms = sorted({screening.room_id for screening in screenings.values()})
    marked, cleared = [], []
    for some in pieces(rooms):
        others, reasons = _overlaps_in(some)
        for pk, reason in reasons.items():
            if pk in rows and pk in others and not reason:
                marked.append(pk)
            elif pk in rows and pk not in others and reason == REASON:
                cleared.append(pk)
        for pk in sorted(others.keys() & rows.keys(), key=lambda pk: rows[pk].line):
            _remark(rows, pk, others[pk], names, report)
    for pks, reason in ((marked, REASON), (cleared, "")):
        for some in pieces(pks):
            set_recorded(Screening.objects.filter(pk__in=some), overlap_reason=reason)


def _overlaps_in(rooms: list[int]) -> tuple[dict[int, set[int]], dict[int, str]]:
    """For each screening that shares its room, the others there; and what every screening says of that."""
    others: dict[int, set[int]] = defaultdict(set)
    reasons: dict[int, str] = {}
    room_now, holding = None, []
    screenings = Screening.objects.taking_place().filter(room__in=rooms).order_by("room", "starts_at", "pk")
    values = screenings.values_list("pk", "room_id", "starts_at", "ends_at", "overlap_reason")
    for pk, room, start, end, reason in values.iterator():
        reasons[pk] = reason
        holding = _still_holding(holding, start) if room == room_now else []
        room_now = room
        for other, _end in holding:
            others[pk].add(other)
            others[other].add(pk)
        holding.append((pk, end))
    return others, reasons


def _still_holding(holding: list[tuple[int, datetime]], at: datetime) -> list[tuple[int, datetime]]:
    return [(pk, end) for pk, end in holding if end > at]


def _remark(rows: dict[int, Row], pk: int, others: set[int], venues: dict[str, str], report: Report) -> None:
    """One remark for each pair, at the later of its two rows."""
    row = rows[pk]
    earlier = [rows[other].line for other in others if other in rows and rows[other].line < row.line]
    if earlier:
        room = row["room"] or venues[row["venue"]]
        sentence = _("Holds “%(room)s” at the same time as%(lines)s; kept, and marked “%(mark)s”.")
        words = {"room": room, "lines": in_words(earlier), "mark": REASON}
        report.doubtful.add(row.file, row.line, "room", sentence % words)
    if strangers := [other for other in others if other not in rows]:
        sentence = ngettext(
            "Holds its room at the same time as %(count)d that this source does not list; kept.",
            "Holds its room at the same time as %(count)d that this source does not list; kept.",
            len(strangers),
        )
        report.doubtful.add(row.file, row.line, "room", sentence % {"count": len(strangers)})
