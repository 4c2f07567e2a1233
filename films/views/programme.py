"""The pages that gather films: a series, a person, a venue."""

from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from films.cards import Card, cards, for_cards
from films.clock import now
from films.models import Credit, Film, Screening, Series
from films.showing import for_page, showing_at
from people.models import Person
from venues.models import Venue

PAGE_SIZE = 48


def series_detail(request: HttpRequest, slug: str) -> HttpResponse:
    at = now(request)
    series = get_object_or_404(Series, slug=slug)
    context = {"series": series, "at": at, **page_of_cards(request, series.films.public(at), at)}
    return render(request, "films/series_detail.html", context)


def person_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A person with biography and films here; nobody whose every film is still hidden has a page."""
    at = now(request)
    person = get_object_or_404(Person, slug=slug)
    credits = (
        Credit.objects.filter(person=person, film__in=Film.objects.public(at))
        .select_related("film", "role")
        .order_by("-film__year", "film__sort_key", "film", "role__position")
    )
    roles: dict[Film, list[str]] = {}
    for credit in credits:
        roles.setdefault(credit.film, []).append(credit.role.label)
    if not roles:
        raise Http404
    films = for_cards(Film.objects.filter(pk__in=[film.pk for film in roles]), at)
    context = {
        "person": person,
        "cards": [(card, roles[card.film]) for card in cards(films.order_by("-year", "sort_key", "pk"), at)],
        "filmography": person.filmography.all(),
        "at": at,
    }
    return render(request, "people/person_detail.html", context)


def venue_detail(request: HttpRequest, slug: str) -> HttpResponse:
    at = now(request)
    venue = get_object_or_404(Venue.objects.prefetch_related("rooms", "licences__room"), slug=slug)
    screenings = Screening.objects.public(at).at(venue).not_ended(at).in_order()
    page = Paginator(for_page(screenings, at), PAGE_SIZE).get_page(request.GET.get("page"))
    rooms = list(venue.rooms.all())
    context = {
        "venue": venue,
        "told": [room for room in rooms if room.has_facts],
        "untold": [room for room in rooms if not room.has_facts and room.name != venue.name],
        "showings": [showing_at(screening, at) for screening in page],
        "page": page,
        "at": at,
    }
    return render(request, "venues/venue_detail.html", context)


def page_of_cards(request: HttpRequest, films: QuerySet, at: datetime) -> dict[str, Page | list[Card]]:
    """The page of `films` asked for, by title; the nearest one when the number is nonsense."""
    page = Paginator(films.in_title_order(), PAGE_SIZE).get_page(request.GET.get("page"))
    ids = [film.pk for film in page]
    return {"page": page, "cards": cards(for_cards(Film.objects.filter(pk__in=ids), at).in_title_order(), at)}
