from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from films.admin.bulk import set_occurrence, set_sales
from films.admin.filters import DayFilter, screenings_found_by
from films.admin.history import WithHistory
from films.admin.listing_check import Checked, FoundFilter
from films.admin.marks import mark
from films.admin.menus import InPageOrder, Menus, Ordered
from films.admin.repeating import Repeatable, RowsAgain
from films.admin.sheets import ScreeningSheet, WithSheet
from films.admin.status_change import StatusChangeInline
from films.conflicts import title_of
from films.forms import ScreeningForm, StandingForm
from films.models import AccessFeature, Edition, Screening, ScreeningFilm, ScreeningGuest, StatusChange


class ScreeningFilmInline(RowsAgain, Ordered, Menus, admin.TabularInline):
    model = ScreeningFilm
    least = 1
    follows = "audience"
    fields = ["film", "part", "position"]
    autocomplete_fields = ["film"]


class GuestInline(RowsAgain, Menus, admin.TabularInline):
    model = ScreeningGuest
    follows = "guest_note"
    autocomplete_fields = ["person"]


class AccessFeatureInline(RowsAgain, admin.TabularInline):
    model = AccessFeature
    follows = "note"


@admin.register(Screening)
class ScreeningAdmin(WithSheet, WithHistory, Repeatable, Checked, InPageOrder, Menus, admin.ModelAdmin):
    resource_classes = [ScreeningSheet]
    form = ScreeningForm
    counts = ("seats_left", "standby_line")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["start_on_the_clock", "shown", "room", "occurrence_in_words", "sales_in_words", "found"]
    list_display_links = ["start_on_the_clock", "shown"]
    list_filter = [
        "edition",
        DayFilter,
        "room__venue",
        ("items__film__series", admin.RelatedOnlyFieldListFilter),
        "occurrence",
        "sales",
        "audience",
        FoundFilter,
    ]
    # To count behind every filter asks two hundred times; the page of the listing check has the counts that matter.
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ["room__venue", "edition"]
    list_per_page = 100
    search_fields = ["title"]
    search_help_text = _("A film's title, or anybody or anything it is found by; accents do not matter.")
    autocomplete_fields = ["room", "previous_room"]
    short_lists = {"edition": []}
    readonly_fields = ["worked_out_end", "updated_at"]
    fieldsets = [
        (None, {"fields": ["confirm_warnings", "edition", "title", "audience"]}),
        (
            _("Where and when"),
            {
                "fields": [
                    "room",
                    ("local_start", "clock_change"),
                    ("local_end", "end_clock_change"),
                    ("preshow", "talk"),
                    "worked_out_end",
                    "overlap_reason",
                ]
            },
        ),
        (
            _("Occurrence"),
            {"fields": ["occurrence", ("previous_starts_at", "previous_room"), "change_reason"]},
        ),
        (
            _("Tickets"),
            {
                "fields": [
                    "sales",
                    ("on_sale_at", "sales_checked_at"),
                    "ticket_url",
                    "price",
                    "seats_left",
                    ("standby_opens", "standby_line"),
                ]
            },
        ),
        (
            _("What the audience reads"),
            {"fields": ["is_premiere", "guest_note", ("language_line", "subtitle_language"), "note"]},
        ),
        (_("Age, set by hand"), {"classes": ["collapse"], "fields": ["age_override", "age_override_reason"]}),
        (_("Locks"), {"classes": ["collapse"], "fields": ["locked_fields"]}),
    ]
    # For those who read a screening, or set how it stands and nothing else.
    standing_fields = ["occurrence", "sales", "note"]
    read_fieldsets = [
        (None, {"fields": ["edition", "title", "audience", "room", "start_on_the_clock", "worked_out_end"]}),
        (_("How it stands"), {"fields": standing_fields}),
        (_("Tickets"), {"fields": ["on_sale_at", "sales_checked_at", "ticket_url", "price"]}),
        (_("What the audience reads"), {"fields": ["is_premiere", "guest_note", "language_line", "subtitle_language"]}),
        (_("Age, set by hand"), {"classes": ["collapse"], "fields": ["age_override", "age_override_reason"]}),
    ]
    inlines = [ScreeningFilmInline, GuestInline, AccessFeatureInline, StatusChangeInline]
    actions = [set_sales, set_occurrence, "repeat_next_day", "repeat_next_week", "repeat_elsewhere"]

    def has_change_permission(self, request, obj=None) -> bool:
        """Whether anything of it may be changed; of those who only set how it stands, see `edits_all`."""
        return self.has_status_permission(request) or self.edits_all(request)

    def has_status_permission(self, request) -> bool:
        return request.user.has_perm("films.set_status")

    def edits_all(self, request) -> bool:
        return request.user.has_perm("films.change_screening")

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj and not self.edits_all(request):
            kwargs["form"] = StandingForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        if not obj or self.edits_all(request):
            return self.fieldsets
        asked = [(_("Why"), {"fields": ["change_reason"]})] if self.has_status_permission(request) else []
        return [*self.read_fieldsets[:2], *asked, *self.read_fieldsets[2:]]

    def get_readonly_fields(self, request, obj=None):
        if not obj or self.edits_all(request):
            return self.readonly_fields
        return [field for field in flatten_fieldsets(self.read_fieldsets) if field not in self.standing_fields]

    def get_inlines(self, request, obj):
        return [inline for inline in self.inlines if obj or inline is not StatusChangeInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("items__film")

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        return queryset.filter(pk__in=screenings_found_by(search_term).values("pk")), False

    def get_changeform_initial_data(self, request) -> dict:
        return {"edition": Edition.objects.first(), **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change) -> None:
        if isinstance(form, StandingForm) and "sales" in form.changed_data:
            obj.sales_checked_at = timezone.now()  # Who says how it sells has just looked.
        obj.save(by=request.user, why=form.cleaned_data["change_reason"], source=StatusChange.Source.ADMIN)
        for warning in form.warnings:
            self.message_user(request, warning, messages.WARNING)

    def view_on_site(self, screening: Screening) -> str | None:
        return screening.get_absolute_url() if screening.items.all() else None

    @admin.display(description=_("start"), ordering="starts_at")
    def start_on_the_clock(self, screening: Screening) -> str:
        return date_format(screening.local_start, "D j M Y, H:i")

    @admin.display(description=_("films"))
    def shown(self, screening: Screening) -> str:
        if screening.audience == Screening.Audience.PUBLIC:
            return title_of(screening)
        return format_html("{} {}", title_of(screening), mark(Screening.Audience.PRESS))

    @admin.display(description=_("occurrence"), ordering="occurrence")
    def occurrence_in_words(self, screening: Screening) -> str:
        return mark(Screening.Occurrence(screening.occurrence))

    @admin.display(description=_("sales"), ordering="sales")
    def sales_in_words(self, screening: Screening) -> str:
        return mark(Screening.Sales(screening.sales))

    @admin.display(description=_("ends, as things stand"))
    def worked_out_end(self, screening: Screening) -> str:
        if not screening.pk:
            return _("Worked out when it is saved.")
        end = date_format(screening.local_end, "D j M Y, H:i")
        return _("About %(end)s") % {"end": end} if screening.end_is_approximate else end
