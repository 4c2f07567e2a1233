"""The festival's clock: wall time at a venue, and the day that an evening belongs to."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ROLLOVER = time(5, 0)
# In which films are shown, and which every clock and database can reckon with.
YEARS = range(1895, 2900)


def day_named(text: str) -> date | None:
    """The day that `text` names like 2026-10-03; None where it names none, or one on which nothing can be shown."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def festival_day(instant: datetime, zone: ZoneInfo, rollover: time = ROLLOVER) -> date:
    """The day whose programme `instant` stands in: the evening before, until `rollover` on the venue's clock."""
    local = instant.astimezone(zone)
    return local.date() - timedelta(days=1) if local.time() < rollover else local.date()


def day_bounds(day: date, zone: ZoneInfo, rollover: time = ROLLOVER) -> tuple[datetime, datetime]:
    """The half-open interval `[start, end)` in UTC that festival day `day` covers at a venue in `zone`."""
    start, end = (
        datetime.combine(which, rollover, tzinfo=zone).astimezone(UTC) for which in (day, day + timedelta(days=1))
    )
    return start, end


def instant_of(local: datetime, zone: ZoneInfo, *, second_time: bool | None = None) -> datetime:
    """The instant (UTC) at which clocks in `zone` show the naive wall time `local`.

    Raises ValidationError when a clock change skips that time, and when it comes twice and `second_time`
    does not say which: code "skipped" or "repeated".
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    shown = first.astimezone(zone).replace(tzinfo=None)
    if shown != local:
        raise ValidationError(
            _("%(time)s does not exist at the venue on that day: the clocks go forward over it."),
            code="skipped",
            params={"time": f"{local:%H:%M}"},
        )
    if first != second and second_time is None:
        raise ValidationError(
            _("%(time)s comes twice at the venue on that day, because the clocks go back. Say which one is meant."),
            code="repeated",
            params={"time": f"{local:%H:%M}"},
        )
    return second if second_time else first
