"""The home page: what matters now, by the phase of the festival that the site is about."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from films.archive import numbers_of
from films.clock import now
from films.home import (
    days_until,
    first_screenings,
    highlights,
    just_changed,
    known_series,
    next_festival,
    openings,
    playing_in_the_house,
    today,
)
from films.models import Edition

Phase = Edition.Phase


def home(request: HttpRequest) -> HttpResponse:
    at = now(request)
    edition = Edition.objects.current(at)
    if edition is None:
        context = {"at": at, "in_the_house": playing_in_the_house(at)}
        return render(request, "films/home_none.html", context)
    phase = edition.phase(at)
    context = {
        "edition": edition,
        "phase": phase,
        "at": at,
        "local_now": at.astimezone(edition.zone),
        "past": [past for past in Edition.objects.past(at) if past != edition],
        **IN[phase](edition, at),
    }
    return render(request, f"films/home_{phase}.html", context)


def before(edition: Edition, at: datetime) -> dict:
    return {
        "announced_at": edition.announced_at.astimezone(edition.zone),
        "days_until": days_until(edition.announced_at, edition, at),
        "all_series": known_series(at),
        "in_the_house": playing_in_the_house(at, limit=4),
    }


def announced(edition: Edition, at: datetime) -> dict:
    return {
        "days_until": days_until(edition.begins_at, edition, at),
        "highlights": highlights(edition, at),
        "openings": openings(edition, at),
        "first": first_screenings(edition, at),
        "changes": just_changed(edition, at),
    }


def running(edition: Edition, at: datetime) -> dict:
    return {"today": today(edition, at), "changes": just_changed(edition, at)}


def ended(edition: Edition, at: datetime) -> dict:
    return {
        "numbers": numbers_of([edition], at)[edition.pk],
        "following": next_festival(edition),
        "highlights": highlights(edition, at, limit=4),
        "in_the_house": playing_in_the_house(at),
    }


IN = {Phase.BEFORE: before, Phase.ANNOUNCED: announced, Phase.RUNNING: running, Phase.ENDED: ended}
