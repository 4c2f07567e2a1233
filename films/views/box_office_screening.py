"""One screening at the box office: every state, its counts, cancel and move, and all that was changed about it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from films.box_office.access import for_box_office
from films.box_office.board import rows_of
from films.box_office.changes_in_words import clash_in_words, told
from films.box_office.forms import FORMS, SettingForm, forms_of
from films.box_office.precedence import hand_back
from films.box_office.row import Row
from films.box_office.setting import Clash, NeedsConfirmation, Wish, change
from films.models import Screening


@require_http_methods(["GET", "HEAD", "POST"])
@for_box_office
def screening(request: HttpRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    stored = get_object_or_404(Screening.objects.select_related("room__venue", "edition"), pk=pk)
    if request.method != "POST":
        return _page(request, pk, at)
    if "hand_back" in request.POST:
        hand_back(pk, by=request.user, at=at)
        return redirect("box_office_screening", pk)
    form_class = FORMS.get(request.POST.get("form", ""))
    if form_class is None:
        return HttpResponseBadRequest(_("That form is not known here. Nothing was saved."))
    name = request.POST["form"]
    form = form_class(request.POST, screening=stored, auto_id=f"{name}_%s")
    return (
        _take(request, stored, name, form, at) if form.is_valid() else _page(request, pk, at, {name: form}, status=400)
    )


def _take(request: HttpRequest, stored: Screening, name: str, form: SettingForm, at: datetime) -> HttpResponse:
    read = request.POST.getlist("read") if "confirmed" in request.POST else None
    wish = Wish(form.values(), request.user, why=form.cleaned_data["why"], seen=form.cleaned_data["seen"], read=read)
    try:
        change(stored.pk, wish, at)
    except Clash as clash:
        sentence = clash_in_words(clash.screening, clash.changes, at)
        return _page(request, stored.pk, at, sentence=sentence, status=409)
    except NeedsConfirmation as question:
        return _ask(request, question, form, at)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _page(request, stored.pk, at, {name: form}, status=400)
    return redirect(f"{request.path}?saved=1")


def _page(
    request: HttpRequest,
    pk: int,
    at: datetime,
    bound: dict[str, SettingForm] | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    (row,) = rows_of([pk], at, request.user)
    context = {
        "row": row,
        "screening": row.screening,
        "forms": forms_of(row.screening, row.seen) | (bound or {}),
        "sentence": sentence,
        "saved": "saved" in request.GET,
        "log": told(row.screening),
        "feed": row.screening.feed_said_at is not None,
        "back": _back(row),
    }
    return render(request, "box_office/screening.html", context, status=status)


def _ask(request: HttpRequest, question: NeedsConfirmation, form: SettingForm, at: datetime) -> HttpResponse:
    """What would be, what is to be known first, and everything that was filled in, to be sent once more."""
    (row,) = rows_of([question.screening.pk], at, request.user)
    wished = question.screening
    kept = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "read")]
    context = {
        "row": row,
        "screening": row.screening,
        "wished": wished,
        "is_move": (wished.starts_at, wished.room_id) != (row.screening.starts_at, row.screening.room_id),
        "warnings": question.warnings,
        "kept": kept,
        "why": form.cleaned_data["why"],
    }
    return render(request, "box_office/confirm.html", context)


def _back(row: Row) -> str:
    return f"day={row.screening.festival_day.isoformat()}#b{row.screening.pk}"
