"""The changes page: what was moved, cancelled, added, sold out or is to be had again, newest first."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from films.changes import changes, in_words
from films.clock import now
from films.models import Screening

PAGE_SIZE = 50


def changes_page(request: HttpRequest) -> HttpResponse:
    at = now(request)
    page = Paginator(changes(Screening.objects.public(at), at), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = in_words(page, at)
    context = {
        "page": page,
        "days": [(day, list(group)) for day, group in groupby(lines, key=lambda line: line.moment.date())],
        "at": at,
    }
    return render(request, "films/changes.html", context)
