"""The public screen in a venue's foyer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

from films.clock import now
from films.foyer import foyer
from venues.models import Venue


@conditional_page
@cache_control(public=True, no_cache=True)
def foyer_screen(request: HttpRequest, slug: str) -> HttpResponse:
    """Today at one venue, for a screen that asks again every few seconds and is mostly told: nothing new."""
    at = now(request)
    venue = get_object_or_404(Venue, slug=slug)
    context = {"venue": venue, "foyer": foyer(venue, at), "local_now": at.astimezone(venue.zone)}
    return render(request, "venues/foyer.html", context)
