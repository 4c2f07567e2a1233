"""A screening once more: on another day at the same hour, or at the same time in another room."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from films.conflicts import overlap_sentence, room_overlaps, warnings_about
from films.festival_day import instant_of
from films.listing_check import Finding, Level
from films.models import Screening

# What goes with the film and the house. How it stands, its ticket address, its premiere and an age that somebody set
# by hand are its own.
KEPT = ("title", "audience", "preshow", "talk", "language_line", "subtitle_language", "price", "note")


def entered_again(screening: Screening, days: int, *, elsewhere: bool = False) -> dict:
    """What the form of the new screening begins with; `elsewhere` leaves its room to be chosen."""
    kept = {name: getattr(screening, name) for name in KEPT}
    times = {"local_start": _wall(screening.local_start, days)}
    if screening.entered_end:
        times["local_end"] = _wall(screening.entered_end.astimezone(screening.zone), days)
    room = None if elsewhere else screening.room_id
    if days:
        kept["guest_note"] = screening.guest_note
    return {"edition": screening.edition_id, "room": room} | kept | times


def rows_again(screening: Screening, days: int) -> dict[str, list[dict]]:
    """What the rows of that form begin with, by their name.

    Guests come along to another day, and cannot be in two rooms at once; what makes a screening accessible was
    confirmed for that one only.
    """
    guests = screening.guest_rows.all() if days else []
    return {
        "items": [{"film": item.film_id, "part": item.part} for item in screening.items.all()],
        "guest_rows": [{"person": guest.person_id} for guest in guests],
        "access_features": [{"feature": one.feature} for one in screening.access_features.all()],
    }


def in_the_way(screening: Screening, days: int) -> list[Finding]:
    """What the new screening will meet in the same room, before anything of it is saved."""
    try:
        start = instant_of(_wall(screening.local_start, days), screening.zone)
    except ValidationError as refusal:
        return [Finding("clock-change", Level.ERROR, " ".join(refusal.messages), "local_start")]
    again = Screening(edition=screening.edition, room=screening.room, starts_at=start)
    again.ends_at = start + (screening.ends_at - screening.starts_at)
    overlaps = [Finding("overlap", Level.ERROR, overlap_sentence(other), "room") for other in room_overlaps(again)]
    return overlaps + [Finding("conflict", Level.WARNING, one, "local_start") for one in warnings_about(again, [])]


def _wall(local: datetime, days: int) -> datetime:
    """The same hour on the clock, so many days later."""
    return local.replace(tzinfo=None, second=0, microsecond=0, fold=0) + timedelta(days=days)
