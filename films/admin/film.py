from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from films import publication
from films.admin.bulk import publish_films, schedule_films, set_series, withdraw_films
from films.admin.filters import FilmDayFilter, FilmVenueFilter
from films.admin.forms import ClassificationFormSet, FilmForm
from films.admin.history import WithHistory
from films.admin.listing_check import Checked, FoundFilter
from films.admin.marks import mark
from films.admin.menus import InPageOrder, Menus, Ordered
from films.admin.previews import links_in_words, preview_links
from films.admin.sheets import FilmSheet, WithSheet
from films.models import (
    ContentWarning,
    Credit,
    Edition,
    Film,
    FilmClassification,
    FilmCountry,
    ProgrammePart,
    Quote,
)
from films.roles import may_publish, may_touch
from films.secret import reveal
from people.admin import PlainToRead, picture_desk
from people.images import STILL


class CountryInline(Ordered, Menus, admin.TabularInline):
    model = FilmCountry
    follows = "language_line"
    extra = 0
    fields = ["country", "position"]
    autocomplete_fields = ["country"]


class CreditInline(Ordered, Menus, admin.TabularInline):
    model = Credit
    follows = "genres"
    extra = 1
    fields = ["role", "person", "credited_as", "character", "position"]
    autocomplete_fields = ["person"]
    short_lists = {"role": []}
    ordering = ["role__position", "position", "pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("role")


class QuoteInline(Ordered, admin.StackedInline):
    model = Quote
    follows = "synopsis"
    extra = 0
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fields = ["text", ("source", "url"), ("language", "position")]


class WarningInline(Ordered, Menus, admin.TabularInline):
    model = ContentWarning
    follows = "guest_note"
    extra = 0
    fields = ["kind", "detail", "spoiler", "position"]
    short_lists = {"kind": []}


class ClassificationInline(Menus, admin.TabularInline):
    model = FilmClassification
    follows = "guest_note"
    formset = ClassificationFormSet
    extra = 0
    fields = ["classification"]
    short_lists = {"classification": ["scheme"]}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("classification__scheme")


class PartInline(Ordered, Menus, admin.TabularInline):
    model = ProgrammePart
    follows = "guest_note"
    fk_name = "programme"
    extra = 0
    fields = ["film", "position"]
    autocomplete_fields = ["film"]
    verbose_name_plural = _("films in the programme, when this is a programme of several")


@admin.register(Film)
class FilmAdmin(WithSheet, WithHistory, Checked, InPageOrder, PlainToRead, Menus, admin.ModelAdmin):
    resource_classes = [FilmSheet]
    form = FilmForm
    list_display = ["title", "year", "edition", "kind", "state_in_words", "found", "updated"]
    list_filter = [
        "edition",
        FilmDayFilter,
        ("showings__screening__room__venue", FilmVenueFilter),
        "series",
        "state",
        "kind",
        FoundFilter,
    ]
    # To count behind every filter asks two hundred times; the page of the listing check has the counts that matter.
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ["edition"]
    list_per_page = 100
    search_fields = ["title"]
    search_help_text = _("Title, person, series, country or a word of the synopsis; accents do not matter.")
    autocomplete_fields = ["stands_for", "languages", "genres", "series"]
    short_lists = {"edition": []}
    radio_fields = {"state": admin.VERTICAL}
    readonly_fields = ["seen", "previews", "still_preview", "updated_at"]
    # In the order of the public page; rows below name the field after which they stand there.
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "edition",
                    "kind",
                    ("title", "title_language"),
                    ("original_title", "original_language"),
                    ("sort_title", "slug"),
                ]
            },
        ),
        (
            _("Publication"),
            {"fields": ["seen", "state", "take_away", "embargo_until", "tba", "previews", "updated_at"]},
        ),
        (_("Around the title"), {"fields": ["series", "premiere", ("year", "runtime"), "blurb", "language_line"]}),
        (
            _("Still"),
            {
                "fields": [
                    "still_preview",
                    ("still_upload", "still_kept"),
                    "still_focus",
                    "still_alt",
                    "still_credit",
                    "grade",
                ]
            },
        ),
        (_("Synopsis"), {"fields": ["synopsis"]}),
        (_("Guests"), {"fields": ["guest_note"]}),
        (_("Filed under"), {"fields": ["genres", "languages"]}),
        (_("Secret screening"), {"classes": ["collapse"], "fields": ["stands_for"]}),
        (_("Locks"), {"classes": ["collapse"], "fields": ["locked_fields"]}),
    ]
    inlines = [CountryInline, QuoteInline, PartInline, WarningInline, ClassificationInline, CreditInline]
    actions = [publish_films, schedule_films, withdraw_films, set_series, "reveal_films"]

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and may_touch(request.user, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch(request.user, obj)

    def has_publish_permission(self, request) -> bool:
        return may_publish(request.user)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if may_publish(request.user):
            return fieldsets
        return [
            (name, some | {"fields": [one for one in some["fields"] if one != "previews"]}) for name, some in fieldsets
        ]

    def get_readonly_fields(self, request, obj=None):
        decided_by_others = [] if may_publish(request.user) else ["state", "embargo_until"]
        return [*super().get_readonly_fields(request, obj), *decided_by_others]

    def get_urls(self) -> list:
        page = self.admin_site.admin_view(preview_links)
        return [path("<int:object_id>/preview-links/", page, name="films_film_previews"), *super().get_urls()]

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term), False

    def get_changeform_initial_data(self, request) -> dict:
        # An address may fill in what the form reads as text, and a moment is none.
        asked = super().get_changeform_initial_data(request) | {"embargo_until": None}
        return {"edition": Edition.objects.first(), **asked}

    @admin.display(description=_("publication"), ordering="state")
    def state_in_words(self, film: Film) -> str:
        return mark(Film.State(film.state), publication.in_words(film))

    @admin.display(description=_("what the world sees now"))
    def seen(self, film: Film) -> str:
        if not film.pk:
            return _("Nothing: it is not saved yet.")
        at = timezone.now()
        film = Film.objects.select_related("edition").get(pk=film.pk)  # As stored, whatever was typed and refused.
        sentence = publication.seen_by_the_world(film, at)
        if film.state == Film.State.DRAFT:
            return sentence
        moment = timezone.localtime(max(at, publication.opens_at(film) or at))
        asked = urlencode(
            {"moment": f"{moment + timedelta(seconds=59):%Y-%m-%dT%H:%M}", "path": film.get_absolute_url()}
        )
        words = _("See it as at %(time)s") % {"time": publication.moment(moment)}
        return format_html('{} <a href="{}?{}">{}</a>', sentence, reverse("as_at"), asked, words)

    @admin.display(description=_("updated"), ordering="updated_at")
    def updated(self, film: Film) -> str:
        return date_format(timezone.localtime(film.updated_at), "j M Y, H:i")

    @admin.display(description=_("preview links"))
    def previews(self, film: Film) -> str:
        return links_in_words(film)

    @admin.display(description=_("now"))
    def still_preview(self, film: Film) -> str:
        return picture_desk(film, "still", STILL)

    @admin.action(description=_("Reveal the secret screenings selected"), permissions=["publish"])
    def reveal_films(self, request: HttpRequest, queryset: QuerySet):
        """Asks first: what is revealed cannot be hidden again."""
        placeholders = queryset.select_related("stands_for")
        if "confirmed" not in request.POST:
            context = self.admin_site.each_context(request) | {
                "title": _("Reveal?"),
                "opts": self.opts,
                "placeholders": placeholders,
                "action_checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/films/film/reveal_confirmation.html", context)
        for placeholder in placeholders:
            try:
                film = reveal(placeholder, request.user, timezone.now())
            except ValidationError as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            else:
                self.message_user(
                    request,
                    _("“%(placeholder)s” is revealed: it is “%(film)s”, now published.")
                    % {"placeholder": placeholder, "film": film},
                    messages.SUCCESS,
                )
        return None
