"""The box office board: a day at the till, one press that sets a state, and what has changed since."""

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from films.box_office.access import PERMISSION, as_json, for_box_office, log_in_first, refuse, wants_json
from films.box_office.board import Board, Filters, Group, board_at, group_of
from films.box_office.changes_in_words import clash_in_words
from films.box_office.keeping import html_of, rows_changed
from films.box_office.row import TONES_OF_OCCURRENCE, Note, Press, Row
from films.box_office.setting import Clash, Wish, change, undo
from films.models import Revision, Screening, StatusChange
from films.status import TONES
from films.wording import clock
from people.text import is_id

Sales = Screening.Sales
LABELS = dict(Sales.choices) | dict(Screening.Occurrence.choices)
# More than turn in one second.
MOST_TURNED = 200
GONE = (Screening.DoesNotExist, StatusChange.DoesNotExist)


@require_safe
@for_box_office
def board(request: HttpRequest) -> HttpResponse:
    """The day's screenings; `?again=` is a press that was not taken, because nobody was logged in any more."""
    notes = {}
    if press := Press.read(request.GET.get("again", "")):
        notes[press.pk] = Note(
            _("Not saved: your session had ended. Is it still to be set?"),
            request.GET["again"],
            str(Sales(press.sales).label),
        )
    return _board(request, Filters.read(request.GET), notes)


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """What has changed since revision `?since=`, as rows in HTML; 304 when nothing has.

    `?turned=` are screenings of which the board knows that time alone has made them read otherwise.
    Asked every second by every board, so that "nothing" costs three short queries: session, user, revision.
    """
    if not request.user.is_authenticated:
        return log_in_first(request)
    revision = Revision.current()
    tag = f'"{revision.number}"'
    # A packed answer's tag came back from its browser marked as weak.
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    if not request.user.has_perm(PERMISSION):
        return refuse(request)
    at, filters = timezone.now(), Filters.read(request.GET)
    (since,) = _numbers(request.GET.get("since", "")) or [-1]
    if since < revision.whole:
        answer = {"all": True} | _fragments(board_at(at, filters, request.user).rows, at, revision.whole)
    else:
        turned = _numbers(*request.GET.get("turned", "").split(",")[:MOST_TURNED])
        rows = rows_changed(since, turned, revision, at, request.user)
        shown = [row for row in rows if row.screening.festival_day == filters.day and filters.let_through(row, at)]
        gone = {row.screening.pk for row in rows} - {row.screening.pk for row in shown}
        answer = {"gone": sorted(gone)} | _fragments(shown, at, revision.whole)
    return as_json(answer | {"revision": revision.number}, headers={"ETag": tag})


def _numbers(*words: str) -> list[int]:
    """Those of `words` that are numbers, as every database takes them."""
    return [int(word) for word in words if is_id(word)]


@require_POST
@for_box_office
def press(request: HttpRequest) -> HttpResponse:
    """Set how a screening sells (`set`), or put back what was set within the last minute (`undo`)."""
    at = timezone.now()
    wanted = Press.read(request.POST.get("set", ""))
    undone = request.POST.get("undo", "")
    try:
        if wanted:
            wish = Wish({"sales": wanted.sales}, request.user, why=request.POST.get("why", "")[:300], seen=wanted.seen)
            pk = change(wanted.pk, wish, at).pk
        elif is_id(undone):
            pk = undo(int(undone), by=request.user, at=at).pk
        else:
            return _answer(request, None, _("That press makes no sense here. Nothing was saved."), 400)
    except Clash as clash:
        return _answer(request, clash.screening.pk, clash_in_words(clash.screening, clash.changes, at), 409)
    except ValidationError as refusal:
        pk = wanted.pk if wanted else StatusChange.objects.get(pk=int(undone)).screening_id
        return _answer(request, pk, " ".join(refusal.messages), 400)
    except GONE:
        return _answer(request, None, _("That screening is not here any more. Nothing was saved."), 404)
    return _answer(request, pk)


def _answer(request: HttpRequest, pk: int | None, sentence: str = "", status: int = 200) -> HttpResponse:
    """After a press: the row as it now is, with the `sentence` that says why nothing was saved, if so."""
    filters = Filters.read_query(request.POST.get("back", ""))
    notes = {pk: Note(sentence)} if sentence else {}
    if wants_json(request):
        at, revision = timezone.now(), Revision.current()
        # Kept, as every other board asks for it within a second.
        rows = rows_changed(revision.number, [pk], revision, at, request.user) if pk else []
        rows = [replace(row, note=notes.get(pk)) for row in rows if row.screening.pk == pk]
        return as_json(_fragments(rows, at) | {"sentence": sentence}, status=status)
    if status == 200:
        return redirect(f"{reverse('box_office')}?{filters.query()}#b{pk}")
    return _board(request, filters, notes, "" if pk else sentence, status=status)


def _board(
    request: HttpRequest, filters: Filters, notes: dict[int, Note], sentence: str = "", status: int = 200
) -> HttpResponse:
    at = timezone.now()
    # Read before the rows: what changes in between is then told twice rather than never.
    revision = Revision.current()
    seen = board_at(at, filters, request.user)
    filters = replace(filters, day=seen.day)
    context = {
        "board": seen,
        "filters": filters,
        "groups": _groups(seen, notes, revision.whole),
        "revision": revision.number,
        "at": at,
        "clock": clock(timezone.localtime(at)),
        "states": LABELS.items(),
        "sentence": sentence,
        "counts": _counts(seen, filters),
    }
    return render(request, "box_office/board.html", context, status=status)


def _groups(seen: Board, notes: dict[int, Note], whole: int) -> list[dict]:
    return [
        {
            "group": Group(group),
            "rows": [html_of(replace(row, note=notes.get(row.screening.pk)), group, whole) for row in rows],
        }
        for group, rows in seen.groups.items()
    ]


def _fragments(rows: list[Row], at: datetime, whole: int | None = None) -> dict:
    return {"rows": {row.screening.pk: html_of(row, group_of(row.screening, at), whole) for row in rows}}


def _counts(seen: Board, filters: Filters) -> list[dict]:
    """How many still to come stand how, each leading to those; the one that is looked at leads back to all."""
    return [
        {
            "state": state,
            "tone": TONES.get(state) or TONES_OF_OCCURRENCE[state],
            "word": LABELS[state],
            "number": number,
            "is_on": filters.state == state,
            "query": filters.query(state="" if filters.state == state else state),
        }
        for state, number in seen.counts.items()
    ]
