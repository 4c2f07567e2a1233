"""Actions on many rows: what to do and why is asked, what will change is shown row by row, and then it is done."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from films.bulk import Bulk, Changed, Line, mark_of, publication_of_films, series_of_films, standing_of_screenings
from films.forms import WallTimeField
from films.models import Film, Screening, Series

# More than a person reads through.
MOST = 500


class WhyForm(forms.Form):
    """Fields of each action stand above this one, which is asked for when it is done."""

    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Kept in the history, for staff."),
    )
    field_order: list[str] = []

    def clean_why(self) -> str:
        if "apply" in self.data and not self.cleaned_data["why"].strip():
            raise ValidationError(_("Say in a few words why."))
        return self.cleaned_data["why"].strip()


class MomentForm(WhyForm):
    field_order = ["moment"]
    moment = WallTimeField(label=_("Public from"), help_text=_("Nothing shows before then."))

    def clean_moment(self):
        return timezone.make_aware(self.cleaned_data["moment"])


class SeriesForm(WhyForm):
    field_order = ["series", "how"]
    series = forms.ModelMultipleChoiceField(
        Series.objects.all(), label=_("Series"), widget=forms.CheckboxSelectMultiple
    )
    how = forms.ChoiceField(
        label=_("How"),
        choices=[("add", _("Beside the series they are in")), ("set", _("Instead of the series they are in"))],
        initial="add",
        widget=forms.RadioSelect,
    )


class SalesForm(WhyForm):
    field_order = ["sales"]
    sales = forms.ChoiceField(label=_("Sales"), choices=Screening.Sales)


class OccurrenceForm(WhyForm):
    """What is moved is moved somewhere, each its own way, and so not in bulk."""

    field_order = ["occurrence"]
    occurrence = forms.ChoiceField(
        label=_("Occurrence"),
        choices=[choice for choice in Screening.Occurrence.choices if choice[0] != Screening.Occurrence.MOVED],
        help_text=_("One that moves gets its new room or time in its own form, and says there where it was."),
    )


def bulk_page(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    rows: QuerySet,
    form_class: type[WhyForm],
    bulk_for: Callable[[dict], Bulk],
    title: str,
) -> HttpResponse | None:
    """The page of one action, from question to summary; None, and with it the list, once it is done."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        messages.error(request, gettext("Choose at most %(most)d rows at once.") % {"most": MOST})
        return None
    at = timezone.now()
    form = form_class(request.POST if "asked" in request.POST or form_class is WhyForm else None)
    lines: list[Line] = []
    if form.is_valid() and "apply" in request.POST:
        try:
            why = form.cleaned_data["why"]
            done = bulk_for(form.cleaned_data).apply(keys, request.POST.get("seen", ""), request.user, why, at)
        except Changed:
            form.add_error(None, _("Meanwhile something of this was changed. Look through it once more."))
        except ValidationError as refusal:
            form.add_error(None, [_("Nothing was changed: two of these get in each other's way."), *refusal.messages])
        else:
            _tell(model_admin, request, done, title)
            return None
    asked = {name: value for name, value in getattr(form, "cleaned_data", {}).items() if name != "why"}
    if form.is_bound and len(asked) == len(form.fields) - 1:
        lines = bulk_for(asked).look(keys, at)
    context = model_admin.admin_site.each_context(request) | {
        "title": title,
        "opts": model_admin.opts,
        "form": form,
        "has_fields": form_class is not WhyForm,
        "action": request.POST["action"],
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
        "keys": keys,
    }
    return TemplateResponse(request, "admin/films/bulk.html", context | _summary(lines))


def _summary(lines: list[Line]) -> dict:
    changing = [line for line in lines if line.changes]
    return {
        "is_planned": bool(lines),
        "changing": changing,
        "staying": [line for line in lines if not line.changes],
        "has_warnings": any(line.warnings for line in changing),
        "seen": mark_of(lines),
    }


def _tell(model_admin: admin.ModelAdmin, request: HttpRequest, done: list[Line], title: str) -> None:
    for line in done:
        model_admin.log_change(request, line.row, f"{title}: {line.before} → {line.after}")
    words = ngettext("%(count)d row was changed.", "%(count)d rows were changed.", len(done))
    messages.success(request, words % {"count": len(done)})


@admin.action(description=_("Publish…"), permissions=["publish"])
def publish_films(model_admin, request: HttpRequest, queryset: QuerySet):
    def bulk(asked: dict) -> Bulk:
        return publication_of_films(Film.State.PUBLISHED)

    return bulk_page(model_admin, request, queryset, WhyForm, bulk, gettext("Publish films"))


@admin.action(description=_("Schedule…"), permissions=["publish"])
def schedule_films(model_admin, request: HttpRequest, queryset: QuerySet):
    def bulk(asked: dict) -> Bulk:
        return publication_of_films(Film.State.SCHEDULED, asked["moment"])

    return bulk_page(model_admin, request, queryset, MomentForm, bulk, gettext("Schedule films"))


@admin.action(description=_("Withdraw…"), permissions=["publish"])
def withdraw_films(model_admin, request: HttpRequest, queryset: QuerySet):
    def bulk(asked: dict) -> Bulk:
        return publication_of_films(Film.State.WITHDRAWN)

    return bulk_page(model_admin, request, queryset, WhyForm, bulk, gettext("Withdraw films"))


@admin.action(description=_("Set the series…"), permissions=["publish"])
def set_series(model_admin, request: HttpRequest, queryset: QuerySet):
    def bulk(asked: dict) -> Bulk:
        return series_of_films(list(asked["series"]), add=asked["how"] == "add")

    return bulk_page(model_admin, request, queryset, SeriesForm, bulk, gettext("Set the series of films"))


@admin.action(description=_("Set sales…"), permissions=["status"])
def set_sales(model_admin, request: HttpRequest, queryset: QuerySet):
    def bulk(asked: dict) -> Bulk:
        return standing_of_screenings("sales", asked["sales"])

    return bulk_page(model_admin, request, queryset, SalesForm, bulk, gettext("Set the sales of screenings"))


@admin.action(description=_("Set occurrence…"), permissions=["status"])
def set_occurrence(model_admin, request: HttpRequest, queryset: QuerySet):
    def bulk(asked: dict) -> Bulk:
        return standing_of_screenings("occurrence", asked["occurrence"])

    title = gettext("Set the occurrence of screenings")
    return bulk_page(model_admin, request, queryset, OccurrenceForm, bulk, title)
