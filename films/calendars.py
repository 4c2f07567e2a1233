"""Screenings as calendars (RFC 5545, RFC 7986) that phones and computers subscribe to.

The same screenings give the same bytes until one of them is edited, so that a calendar that asks every
hour is mostly told that nothing has changed.
"""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vDuration

from films import wording
from films.models import Film, Screening, ScreeningFilm, StatusChange
from films.models.screening import ScreeningQuerySet
from films.showing import Showing, for_page, showing_at

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)
Axis, Occurrence = StatusChange.Axis, Screening.Occurrence
# What makes an event another one than was saved before: calendars then tell their owner.
RESCHEDULING = (Axis.OCCURRENCE, Axis.START, Axis.ROOM)
# A postponed one keeps its original start until there is a new one.
STATUS = {Occurrence.CANCELLED: "CANCELLED", Occurrence.POSTPONED: "TENTATIVE"}


def in_calendars(at: datetime) -> ScreeningQuerySet:
    """Screenings that a calendar may hold at `at`.

    The public ones, and the cancelled ones of a film withdrawn since: whoever saved one has to learn of it.
    """
    announced = ScreeningFilm.objects.filter(film__in=Film.objects.announced(at))
    cancelled = Q(occurrence=Occurrence.CANCELLED, pk__in=announced.values("screening"))
    public = Q(pk__in=Screening.objects.public(at).values("pk"))
    return Screening.objects.open_to_all().filter(public | cancelled)


def calendar_of(
    screenings: ScreeningQuerySet, at: datetime, *, name: str, address: str, absolute: Callable[[str], str]
) -> bytes:
    """The calendar file of `screenings`, which are `in_calendars`, in two queries.

    `address` is the calendar's own; `absolute` makes a whole address of a path.
    """
    calendar = Calendar.new(
        prodid="-//Festival programme//EN",
        name=name,
        uid=uuid.uuid5(uuid.NAMESPACE_URL, address),
    )
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    showings = [showing_at(screening, at) for screening in _with_edits(for_page(screenings.in_order(), at))]
    for showing in showings:
        calendar.add_component(_event(showing, absolute))
    if showings:
        years = [showing.screening.starts_at.year for showing in showings]
        zones = sorted(calendar.get_missing_tzids())
        calendar.subcomponents[:0] = [_clock_of(zone, min(years), max(years)) for zone in zones]
    return calendar.to_ical()


@lru_cache(maxsize=100)
def _clock_of(zone: str, first: int, last: int) -> Timezone:
    """How the clocks of `zone` change from the year `first` to `last`: slower to find out than all else in a calendar.

    A year on either side, for the rule that holds when the first screening begins and the last one ends.
    """
    return Timezone.from_tzid(zone, first_date=date(first - 1, 1, 1), last_date=date(last + 2, 1, 1))


def uid_of(screening: Screening) -> str:
    """The name by which calendars know a screening, whatever becomes of it and wherever this site stands."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"screening {screening.pk} {screening.created_at.isoformat()}"))


def _with_edits(screenings: ScreeningQuerySet) -> ScreeningQuerySet:
    """`screenings` with how often each was rescheduled, and when one of its films was last edited."""
    changes = StatusChange.objects.filter(screening=OuterRef("pk"), axis__in=RESCHEDULING)
    shown = ScreeningFilm.objects.filter(screening=OuterRef("pk"))
    return screenings.annotate(
        times_rescheduled=Subquery(changes.order_by().values("screening").annotate(n=Count("pk")).values("n")),
        films_edited_at=Subquery(shown.order_by("-film__updated_at").values("film__updated_at")[:1]),
    )


def _event(showing: Showing, absolute: Callable[[str], str]) -> Event:
    screening, venue, films = showing.screening, showing.screening.room.venue, _films(showing)
    edited_at = max(screening.updated_at, screening.films_edited_at)
    event = Event.new(
        uid=uid_of(screening),
        stamp=edited_at,
        last_modified=edited_at,
        sequence=screening.times_rescheduled or 0,
        start=screening.local_start,
        end=screening.local_end,
        summary=screening.title or " + ".join(film.title for film in films),
        location="\n".join(line for line in (screening.room.full_name, venue.address_line) if line),
        status=STATUS.get(screening.occurrence, "CONFIRMED"),
        description=_description(showing),
        url=absolute(f"{films[0].get_absolute_url()}#screening-{screening.pk}"),
    )
    if not screening.title and films[0].title_language:
        event["SUMMARY"].params["LANGUAGE"] = films[0].title_language
    if venue.latitude is not None:
        event.add("GEO", (float(venue.latitude), float(venue.longitude)))
    return event


def _films(showing: Showing) -> list[Film]:
    """The public films; of a cancelled screening that has none any more, those withdrawn."""
    public = [item.film for item in showing.items]
    shown = [item.film for item in showing.screening.items.all()]
    return public or [film for film in shown if film.state == Film.State.WITHDRAWN]


def _description(showing: Showing) -> str:
    """What a calendar's owner should know. Nothing in it changes with the hour: it would be a new file each time."""
    screening = showing.screening
    # A title of its own stands in place of the films'.
    lines = [" + ".join(film.title for film in _films(showing))] if screening.title else []
    if screening.occurrence == Occurrence.CANCELLED:
        lines.append(_("This screening is cancelled."))
    elif screening.occurrence == Occurrence.POSTPONED:
        lines.append(_("This screening is postponed. A new date will stand here."))
    elif screening.occurrence == Occurrence.MOVED:
        lines.append(_moved(screening))
    lines += [screening.guest_note, screening.language_line, screening.note]
    if showing.admission.restrictions:
        lines.append(showing.admission.label)
    if screening.end_is_approximate:
        lines.append(_("The end is approximate."))
    if screening.ticket_url and screening.takes_place:
        lines.append(_("Tickets: %(address)s") % {"address": screening.ticket_url})
    return "\n".join(line for line in lines if line)


def _moved(screening: Screening) -> str:
    start, room = screening.previous_local_start, screening.previous_room
    when = f"{wording.day(start)}, {wording.clock(start)}" if start else ""
    was = ", ".join(words for words in (when, room.full_name if room else "") if words)
    return _("Moved. It was to be: %(was)s.") % {"was": was}
