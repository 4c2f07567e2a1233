"""The archive: every festival that has been, at an address that stays."""

from datetime import datetime
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from films.archive import numbers_of
from films.cards import Card, cards, for_cards
from films.clock import now
from films.models import Edition, Film

PAGE_SIZE = 48


def edition_list(request: HttpRequest) -> HttpResponse:
    """The festivals that have ended, latest first, each in numbers."""
    at = now(request)
    past = Edition.objects.past(at)
    numbers = numbers_of(past, at)
    context = {"editions": [(edition, numbers[edition.pk]) for edition in past], "at": at}
    return render(request, "films/edition_list.html", context)


def edition_detail(request: HttpRequest, year: int) -> HttpResponse:
    """The festival of one year with its films; two of the same year stand below each other."""
    at = now(request)
    editions = editions_of(year, at)
    if not editions:
        raise Http404
    page, shown = films_of(editions, request.GET.get("page"), at)
    numbers = numbers_of(editions, at)
    context = {
        "year": year,
        "editions": [(edition, numbers[edition.pk], edition.phase(at)) for edition in editions],
        "page": page,
        "groups": [(edition, list(group)) for edition, group in groupby(shown, key=lambda card: card.film.edition)],
        "at": at,
    }
    return render(request, "films/edition_detail.html", context)


def editions_of(year: int, at: datetime) -> list[Edition]:
    """The festivals that begin in `year` and whose programme is announced, in order. Any whole number will do."""
    festivals = Edition.objects.filter(kind=Edition.Kind.FESTIVAL).order_by("starts_on", "pk")
    return [edition for edition in festivals if edition.year == year and edition.phase(at) != Edition.Phase.BEFORE]


def films_of(editions: list[Edition], number: str | None, at: datetime) -> tuple[Page, list[Card]]:
    """A page of the editions' public films, each edition's by title; the nearest one when `number` is nonsense."""
    order = ("edition__starts_on", "edition", "sort_key", "pk")
    films = Film.objects.public(at).filter(edition__in=editions).order_by(*order)
    page = Paginator(films, PAGE_SIZE).get_page(number)
    chosen = Film.objects.filter(pk__in=[film.pk for film in page])
    return page, cards(for_cards(chosen, at).order_by(*order), at)
