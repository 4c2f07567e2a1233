"""Entering a screening again: its form comes filled in, and nothing is saved until somebody does."""

from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from films.models import Screening
from films.repeating import entered_again, in_the_way, rows_again
from people.text import is_id

FARTHEST = 400  # days


class Repeatable:
    """For the admin of screenings: `?copy=<id>&days=7`, or `&elsewhere=1`, on its form for a new one."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        initial = super().get_changeform_initial_data(request)
        screening, days, elsewhere = _asked(request)
        return initial | entered_again(screening, days, elsewhere=elsewhere) if screening else initial

    def get_formset_kwargs(self, request, obj, inline, prefix) -> dict:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and not obj.pk:
            kwargs["initial"] = rows_asked(request, prefix)
        return kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        screening, days, elsewhere = _asked(request)
        if add and screening and request.method == "GET" and not elsewhere:
            context["findings"] = in_the_way(screening, days)
        context["taken_from"] = screening if add and request.method == "GET" else None
        if change and obj and self.has_add_permission(request):
            context["repeats"] = [(words, _form_for([obj.pk], **asked)) for words, asked in WAYS]
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.action(description=_("Enter again, a day later"), permissions=["add"])
    def repeat_next_day(self, request: HttpRequest, queryset: QuerySet):
        return _entered(queryset, days=1)

    @admin.action(description=_("Enter again, a week later"), permissions=["add"])
    def repeat_next_week(self, request: HttpRequest, queryset: QuerySet):
        return _entered(queryset, days=7)

    @admin.action(description=_("Enter again, in another room"), permissions=["add"])
    def repeat_elsewhere(self, request: HttpRequest, queryset: QuerySet):
        return _entered(queryset, days=0, elsewhere=1)


WAYS = [
    (_("Again a day later"), {"days": 1}),
    (_("Again a week later"), {"days": 7}),
    (_("Again in another room"), {"days": 0, "elsewhere": 1}),
]


def _entered(screenings: QuerySet[Screening], **asked) -> HttpResponseRedirect:
    """One screening is entered in its own form; several stand in the week's grid, a row each."""
    return HttpResponseRedirect(_form_for(screenings.order_by("starts_at", "pk").values_list("pk", flat=True), **asked))


def _form_for(pks, **asked) -> str:
    page = reverse("admin:films_screening_add" if len(pks) == 1 else "week_entry")
    return f"{page}?{urlencode({'copy': ','.join(map(str, pks)), **asked})}"


def rows_asked(request: HttpRequest, rows: str) -> list[dict]:
    """What the rows of a kind begin with in the form of another one."""
    screening, days, _elsewhere = _asked(request)
    return rows_again(screening, days).get(rows, []) if screening else []


class RowsAgain:
    """For rows of a screening that come along when it is entered again: as many as there are."""

    least = 0

    def get_extra(self, request: HttpRequest, obj=None, **kwargs) -> int:
        rows = self.model._meta.get_field("screening").related_query_name()
        return 0 if obj else max(self.least, len(rows_asked(request, rows)))


def _asked(request: HttpRequest) -> tuple[Screening | None, int, bool]:
    """The screening to be entered again, how many days later, and whether in another room."""
    copy, days = request.GET.get("copy", ""), request.GET.get("days", "0")
    if not (is_id(copy) and request.user.has_perm("films.view_screening")):
        return None, 0, False
    if not hasattr(request, "entered_again"):
        screenings = Screening.objects.select_related("room__venue", "edition").prefetch_related(
            "items__film", "guest_rows", "access_features"
        )
        request.entered_again = screenings.filter(pk=copy).first()
    later = min(int(days), FARTHEST) if days.isdecimal() and len(days) < 4 else 0
    return request.entered_again, later, "elsewhere" in request.GET
