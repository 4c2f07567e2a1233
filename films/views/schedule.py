"""The schedule: one festival day at one address, as a list and as a grid of rooms × time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from films.clock import now
from films.festival_day import day_named, festival_day
from films.schedule import (
    Show,
    clock_of,
    day_to_open,
    days_around,
    neighbours,
    next_show,
    other_clocks,
    shows_among,
)
from films.schedule_changes import changes_on, perhaps_left, recent_changes
from films.schedule_filters import chips_for, choices_in, filters_for, narrowed, query_of
from films.schedule_grid import grid_of
from films.wording import place_of, weekday_with_year


class DayConverter:
    """A date in an address, like 2026-10-03; any other spelling, and a date that is none, is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        if day := day_named(value):
            return day
        raise ValueError(value)

    def to_url(self, day: date) -> str:
        return day.isoformat()


def schedule(request: HttpRequest) -> HttpResponse:
    """Leads to the day that a visitor most likely means."""
    day = day_to_open(now(request))
    return redirect("schedule_day", day=day) if day else render(request, "films/schedule_empty.html")


def schedule_day(request: HttpRequest, day: date) -> HttpResponse:
    at = now(request)
    days = days_around(day, at)
    before, after = neighbours(day, days, at)
    recent = recent_changes(at)
    here = Q(starts_at__range=days[day]) if day in days else Q()
    found = shows_among(here | Q(pk__in=perhaps_left(day, recent)), at)
    shows = [show for show in found if show.screening.festival_day == day]
    zone, rollover = clock_of(shows)
    choices = choices_in(request.GET)
    filters = filters_for(shows, choices)
    context = {
        "day": day,
        "heading": weekday_with_year(day),
        "today": festival_day(at, zone, rollover),
        "days": list(days),
        "before": before,
        "after": after,
        "editions": list(dict.fromkeys(show.screening.edition for show in shows)),
        "total": len(shows),
        "filters": filters,
        "chips": chips_for(filters, choices),
        "query": query_of(choices),
        "changes": changes_on(day, found, recent),
        "as_of": at.astimezone(zone),
        **drawn(narrowed(shows, choices), day, zone, at),
    }
    return render(request, "films/schedule.html", context)


def drawn(shows: list[Show], day: date, zone: ZoneInfo, at: datetime) -> dict:
    """The shows that match, with their grid and what belongs to it."""
    write_states(shows)
    grid = grid_of(shows, day, zone) if shows else None
    return {
        "shows": shows,
        "grid": grid,
        "now": grid and grid.now(at),
        "next_show": next_show(shows, at),
        "some_are_past": any(show.is_past for show in shows) and any(show.can_be_gone_to for show in shows),
        "other_clocks": other_clocks(shows, zone),
        "axis_clock": place_of(zone),
        "marks": sorted({mark.short: mark.name for show in shows for mark in show.marks}.items()),
    }


def write_states(shows: list[Show]) -> None:
    """Writes what is on and for sale, each wording once: of hundreds of shows, few say something different."""
    written = {}
    for show in shows:
        says = show.says
        if says not in written:
            written[says] = render_to_string("films/_schedule_states.html", {"show": show})
        show.states = written[says]
