"""The changes page: what was moved, cancelled, added, sold out or is to be had again, newest first."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from films.changes import in_words, newest
from films.clock import now
from films.models import Screening

PAGE_SIZE = 50
# Whoever wants more of the past than so many pages looks at the screenings themselves.
MOST_PAGES = 100


@dataclass(frozen=True)
class NumberedPage:
    """A page of a list whose length nobody counts; `rows` are its own."""

    number: int
    rows: list[dict]
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1


def changes_page(request: HttpRequest) -> HttpResponse:
    at = now(request)
    wanted = request.GET.get("page", "")
    # Four digits are more than enough, and any number can be made of them.
    number = min(int(wanted), MOST_PAGES) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 5 else 1
    rows = newest(Screening.objects.public(at), at, max(number, 1) * PAGE_SIZE + 1)
    page = page_of(rows, max(number, 1))
    lines = in_words(page.rows, at)
    context = {
        "page": page,
        "days": [(day, list(group)) for day, group in groupby(lines, key=lambda line: line.moment.date())],
        "at": at,
    }
    return render(request, "films/changes.html", context)


def page_of(rows: list[dict], number: int) -> NumberedPage:
    """Page `number`, else the last one that there is."""
    last = max(-(-len(rows) // PAGE_SIZE), 1)
    number = min(number, last)
    return NumberedPage(number, rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number < min(last, MOST_PAGES))
