"""When the screenings of a folder are: as the source says, or moved so that the programme begins on another day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from films.festival_day import instant_of
from films.interchange.report import Report
from films.interchange.sheets import Row

_LONG = timedelta(hours=24)


def set_times(rows: list[Row], shift_to: date | None, report: Report) -> None:
    """Set each row's `starts_at` and `entered_end` (UTC; None when unknown). `start_utc` decides.

    With `shift_to`, every screening keeps its wall time on a day that lies as many days on as that date lies from
    the programme's first.
    """
    rows = [row for row in rows if row["start_utc"] and row["tz"]]
    for row in rows:
        row["entered_end"] = _end(row, report)
        row["starts_at"] = row["start_utc"]
    if shift_to and rows:
        days = shift_to - min(_local(row).date() for row in rows)
        for row in rows:
            _shift(row, days, report)


def _local(row: Row) -> datetime:
    return row["start_utc"].astimezone(ZoneInfo(row["tz"])).replace(tzinfo=None)


def _end(row: Row, report: Report) -> datetime | None:
    local, printed, end = _local(row), row["start_local"], row["end_local"]
    if printed and printed != local:
        sentence = _("Prints %(printed)s, but start_utc is %(local)s in %(zone)s; start_utc decides.") % {
            "printed": f"{printed:%Y-%m-%d %H:%M}",
            "local": f"{local:%Y-%m-%d %H:%M}",
            "zone": row["tz"],
        }
        report.doubtful.add(row.file, row.line, "start_local", sentence)
    if not end:
        return None
    end += local - (printed or local)
    zone = ZoneInfo(row["tz"])
    # Of an hour that comes twice, the first that lies after the start.
    ends = [_instant(end, zone, second_time=second)[0] for second in (False, True)]
    later = [instant for instant in ends if instant > row["start_utc"]]
    if not later:
        sentence = _("%(end)s is not after the start, %(start)s.") % {
            "end": f"{row['end_local']:%Y-%m-%d %H:%M}",
            "start": f"{printed or local:%Y-%m-%d %H:%M}",
        }
        report.refused.add(row.file, row.line, "end_local", sentence)
        return None
    if later[0] - row["start_utc"] > _LONG:
        lasts = later[0] - row["start_utc"]
        sentence = _("The screening would last %(hours)s hours; taken as it is.") % {"hours": lasts}
        report.doubtful.add(row.file, row.line, "end_local", sentence)
    return later[0]


def _shift(row: Row, days: timedelta, report: Report) -> None:
    zone = ZoneInfo(row["tz"])
    row["starts_at"], was_skipped = _instant(_local(row) + days, zone)
    if was_skipped:
        moved = _local(row) + days
        sentence = _(
            "%(time)s does not exist on %(day)s in %(zone)s, where the clocks go forward; moved on by an hour."
        ) % {"time": f"{moved:%H:%M}", "day": f"{moved:%Y-%m-%d}", "zone": row["tz"]}
        report.doubtful.add(row.file, row.line, "start_utc", sentence)
    if row["entered_end"]:
        lasts = row["entered_end"] - row["start_utc"]
        end = row["entered_end"].astimezone(zone).replace(tzinfo=None) + days
        row["entered_end"] = _instant(end, zone)[0]
        if row["entered_end"] <= row["starts_at"]:
            row["entered_end"] = row["starts_at"] + lasts


def _instant(local: datetime, zone: ZoneInfo, *, second_time: bool = False) -> tuple[datetime, bool]:
    """The instant of a wall time, and whether a clock change skips it, so that it had to move on by an hour."""
    try:
        return instant_of(local, zone, second_time=second_time), False
    except ValidationError:
        return instant_of(local + timedelta(hours=1), zone, second_time=second_time), True
