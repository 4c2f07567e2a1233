"""The day that tests of the schedule look at, and what its page shows."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TODAY = date(2026, 10, 2)  # NOW is its evening, 6 pm in Vancouver.
PAGE = "/schedule/2026-10-02/"
MINUTE = timedelta(minutes=1)


def at(hour: int, minute: int = 0, day: date = TODAY, zone: str = "America/Vancouver") -> datetime:
    """A wall time; hours from 24 on are those after that day's midnight."""
    return datetime.combine(day, time(minute=minute), ZoneInfo(zone)).astimezone(UTC) + timedelta(hours=hour)


def titles(shows) -> list[str]:
    return [show.films[0].title for show in shows]


def shown(client, address: str = PAGE) -> list[str]:
    return titles(client.get(address).context["shows"])
