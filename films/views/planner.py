"""My schedule: one page for everybody, the truth about the picks it asks for, and their calendars.

Picks stay in the visitor's browser. An address that carries some says which screenings, and never whose.
"""

import hashlib
import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from films.calendars import CONTENT_TYPE, calendar_of, in_calendars
from films.clock import now
from films.models import Film, Screening
from films.models.screening import ScreeningQuerySet
from films.plan_json import Pair, Plan, plan_json
from people.text import is_id

MOST_PICKS = 200
LONGEST_QUERY = 8000
# Eighteen digits fit every database's keys.
PAIR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})", re.ASCII)


@require_safe
def my_schedule(request: HttpRequest) -> HttpResponse:
    """The page of everybody's schedule; which picks are whose only their browser knows."""
    return render(request, "films/my_schedule.html")


@require_safe
def picked_screenings(request: HttpRequest) -> JsonResponse:
    """What holds now of the screenings `?ids=1,2,3`; overlaps in `both=1-2` are the visitor's to live with."""
    plan = Plan(numbers_in(request.GET.get("ids", "")), now(request), pairs_in(request.GET.get("both", "")))
    response = JsonResponse(plan_json(plan))
    patch_cache_control(response, no_cache=True)
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows offline in place of a page that it did not keep."""
    return render(request, "films/offline.html")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps pages readable offline. It stands at the root, because it serves the whole site."""
    response = render(request, "service-worker.js", content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    patch_cache_control(response, no_cache=True)
    return response


@require_safe
def plan_calendar(request: HttpRequest, ids: str) -> HttpResponse:
    """The calendar of a plan; ids that lead nowhere any more are left out of it."""
    at = now(request)
    screenings = in_calendars(at).filter(pk__in=numbers_in(ids))
    return calendar_response(request, screenings, at, _("My schedule"), "my-schedule")


@require_safe
def screening_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    at = now(request)
    screenings = in_calendars(at).filter(pk=pk)
    if not screenings.exists():
        raise Http404
    return calendar_response(request, screenings, at, _("Screening"), f"screening-{pk}")


@require_safe
def film_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    at = now(request)
    film = get_object_or_404(Film.objects.announced(at), slug=slug)
    shown = Screening.objects.showing(film) | Screening.objects.showing_programme_with(film)
    screenings = in_calendars(at).filter(pk__in=shown.values("pk"))
    return calendar_response(request, screenings, at, film.title, film.slug)


def calendar_response(
    request: HttpRequest, screenings: ScreeningQuerySet, at, name: str, filename: str
) -> HttpResponse:
    """A calendar as a file; 304 for whoever has these very bytes already."""
    content = calendar_of(
        screenings,
        at,
        name=name,
        address=request.build_absolute_uri(request.path),
        absolute=request.build_absolute_uri,
    )
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{filename}.ics"'
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    patch_cache_control(response, no_cache=True)
    return get_conditional_response(request, etag=response["ETag"], response=response)


def numbers_in(words: str) -> list[int]:
    """The ids in a list with commas, each once, in its order; what is no number is passed over."""
    parts = words[:LONGEST_QUERY].split(",")
    return list(dict.fromkeys(int(part) for part in parts if is_id(part)))[:MOST_PICKS]


def pairs_in(words: str) -> frozenset[Pair]:
    """The pairs in a list like “1-2,3-4”; what is no pair is passed over."""
    found = (PAIR.fullmatch(part) for part in words[:LONGEST_QUERY].split(","))
    return frozenset(frozenset((int(match[1]), int(match[2]))) for match in found if match)
