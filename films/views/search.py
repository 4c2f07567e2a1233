from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from films import search as finding
from films.clock import now
from films.suggestions import did_you_mean

# No more than anybody looks through on a phone: what fits best comes first, and another word narrows the rest down.
PAGE_SIZE = 12


@dataclass(frozen=True)
class NameGroup:
    key: str
    heading: str
    names: list[finding.Name]


def search(request: HttpRequest) -> HttpResponse:
    """Films, people, venues and series that have every word of `q`; if nothing has, what may have been meant."""
    at = now(request)
    words = finding.words_of(request.GET.get("q", ""))
    found = finding.films_found(words, at)
    page = Paginator(found.ids, PAGE_SIZE).get_page(request.GET.get("page"))
    groups = name_groups(words, at) if words and page.number == 1 else []
    context = {
        "words": words,
        "page": page,
        "has_more": found.has_more,
        "results": finding.results(list(page), words, at) if found.ids else [],
        "groups": groups,
        "meant": did_you_mean(words, at) if words and not found.ids and not groups else "",
        "at": at,
    }
    return render(request, "films/search.html", context)


def name_groups(words: str, at) -> list[NameGroup]:
    """The kinds of names that have the words; without the empty ones."""
    groups = [
        NameGroup("people", _("People"), finding.people(words, at)),
        NameGroup("series", _("Series"), finding.series(words, at)),
        NameGroup("venues", _("Venues"), finding.venues(words)),
    ]
    return [group for group in groups if group.names]
