"""The page on which a week's screenings are entered."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from films.admin.filters import screenings_on
from films.admin.listing_check import moment_of
from films.conflicts import title_of
from films.festival_day import day_named
from films.models import Edition, Screening
from films.week_entry import DAYS, MOST_ROWS, ROWS, Entries, entries_of, row_of
from people.text import is_id

MOST_COPIED = 60


def week_page(request: HttpRequest) -> HttpResponse:
    """Shows the grid; checks what was typed, for the page or for its script; saves all of it or nothing."""
    if not request.user.has_perm("films.add_screening"):
        raise PermissionDenied
    copied = _copied(request)
    edition, first_day = _week(request, copied)
    if edition is None:
        messages.warning(request, _("There is no edition yet: make one first, then enter its screenings."))
        return HttpResponseRedirect("../../edition/add/")
    if request.method == "POST" and "save" in request.POST:
        with transaction.atomic():
            entries = entries_of(edition, first_day, request.POST, holds_rooms=True)
            is_agreed = "confirm_warnings" in request.POST
            if entries.is_valid() and entries.filled and (is_agreed or not entries.warned):
                saved = entries.save(by=request.user)
                _tell(request, saved)
                return HttpResponseRedirect(request.get_full_path())
    elif request.method == "POST":
        entries = entries_of(edition, first_day, _with_more_rows(request.POST))
        entries.is_valid()
        if request.accepts("application/json") and not request.accepts("text/html"):
            return JsonResponse(_marks(entries))
    else:
        rows = [row_of(screening, days=_days_later(request)) for screening in copied]
        entries = _as_if_sent(entries_of(edition, first_day, rows=rows)) if rows else entries_of(edition, first_day)
    return TemplateResponse(request, "admin/films/week.html", _context(request, entries, edition, first_day))


def _week(request: HttpRequest, copied: list[Screening]) -> tuple[Edition | None, date]:
    """The edition and the first day asked for; else those of what is copied; else of the festival to come."""
    at = moment_of(request)
    chosen = request.GET.get("edition", "")
    asked = [edition for edition in Edition.objects.all() if str(edition.pk) == chosen]
    going_on = [screening.edition for screening in copied] or [Edition.objects.current(at)]
    edition = next((one for one in [*asked, *going_on, *Edition.objects.in_the_making(at)] if one), None)
    if asked_for := day_named(request.GET.get("from", "")):
        return edition, asked_for
    if copied:
        return edition, min(one.festival_day for one in copied) + timedelta(days=_days_later(request))
    return edition, max(edition.starts_on, at.astimezone(edition.zone).date()) if edition else at.date()


def _copied(request: HttpRequest) -> list[Screening]:
    wanted = [int(pk) for pk in request.GET.get("copy", "").split(",") if is_id(pk)]
    screenings = Screening.objects.filter(pk__in=wanted[:MOST_COPIED]).select_related("room__venue", "edition")
    return list(screenings.prefetch_related("items__film").in_order())


def _days_later(request: HttpRequest) -> int:
    days = request.GET.get("days", "")
    return min(int(days), 400) if days.isdecimal() and len(days) < 4 else 0


def _with_more_rows(posted):
    """What was sent, with as many rows more as were asked for."""
    total = posted.get("row-TOTAL_FORMS", "")
    if "more" not in posted or not total.isdecimal():
        return posted
    posted = posted.copy()
    posted["row-TOTAL_FORMS"] = str(min(int(total) + ROWS, MOST_ROWS))
    return posted


def _as_if_sent(entries: Entries) -> Entries:
    """Rows that were filled in for somebody, marked at once as if they had been typed."""
    sent = {f"row-{name}": str(value) for name, value in entries.management_form.initial.items()}
    for form in entries.forms:
        for name in form.fields:
            value = form.get_initial_for_field(form.fields[name], name)
            sent[form.add_prefix(name)] = f"{value:%H:%M}" if name == "time" and value else str(value or "")
    marked = entries_of(entries.edition, entries.days[0], sent)
    marked.is_valid()
    return marked


def _marks(entries: Entries) -> dict:
    """What the page's script shows beside each row."""
    return {
        "rows": [
            {
                "readsAs": form.reads_as,
                "errors": {name: list(sentences) for name, sentences in form.errors.items()},
                "warnings": form.warnings,
                "asks": [name for name in ("turn", "reason") if getattr(form, f"asks_{name}")],
            }
            for form in entries.forms
        ],
        "summary": _summary(entries),
        "warned": entries.warned,
    }


def _summary(entries: Entries) -> str:
    wrong = sum(bool(form.errors) for form in entries.forms) if entries.is_bound else 0
    warned = sum(bool(form.warnings) for form in entries.forms)
    ready = len([form for form in entries.filled if not form.errors])
    parts = [ngettext("%(n)d row can be saved", "%(n)d rows can be saved", ready) % {"n": ready}]
    if wrong:
        parts.append(ngettext("%(n)d row cannot", "%(n)d rows cannot", wrong) % {"n": wrong})
    if warned:
        parts.append(ngettext("%(n)d row has a warning", "%(n)d rows have warnings", warned) % {"n": warned})
    return ", ".join(parts) + "."


def _tell(request: HttpRequest, saved: list[Screening]) -> None:
    screenings = admin.site.get_model_admin(Screening)
    for screening in saved:
        screenings.log_addition(request, screening, [{"added": {}}])
    count = len(saved)
    words = ngettext("%(n)d screening is entered.", "%(n)d screenings are entered.", count) % {"n": count}
    messages.success(request, words)


def _context(request: HttpRequest, entries: Entries, edition: Edition, first_day: date) -> dict:
    is_bound = entries.is_bound
    return admin.site.each_context(request) | {
        "title": _("A week’s screenings"),
        "opts": Screening._meta,
        "entries": entries,
        "edition": edition,
        "editions": Edition.objects.all(),
        "first_day": first_day,
        "summary": _summary(entries) if is_bound else "",
        "asks_to_confirm": is_bound and entries.warned,
        "is_confirmed": "confirm_warnings" in request.POST,
        "columns": [date_format(day, "D j M") for day in entries.days],
        "held": _held(entries.days),
    }


def _held(days: list[date]) -> list[tuple[str, list[list[tuple[datetime, Screening, str]]]]]:
    """What the week's rooms hold already: a row for each room, a cell for each festival day."""
    held = defaultdict(lambda: [[] for _day in range(DAYS)])
    of_the_week = screenings_on(days[0], days[-1]).taking_place()
    for screening in of_the_week.select_related("room__venue", "edition").prefetch_related("items__film").in_order():
        cell = held[screening.room.full_name][(screening.festival_day - days[0]).days]
        cell.append((screening.local_start, screening, title_of(screening)))
    return sorted(held.items())
