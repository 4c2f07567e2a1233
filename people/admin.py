from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.db import models
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from people.forms import PersonForm
from people.images import HEADSHOT, Picture, Shape, sign_original
from people.models import FilmographyEntry, Person
from people.ordered import OrderedRow, OrderedRows
from people.text import is_id


def picture_desk(owner: models.Model, field: str, shape: Shape) -> str:
    """The picture of `owner` in `field`, whole and as pages cut it, for whoever chooses another or its focal point."""
    original, key = getattr(owner, f"{field}_original"), getattr(owner, f"{field}_key")
    context = {
        "field": field,
        "shape": shape,
        "signed": sign_original(original) if original else "",
        "picture": Picture(shape, key) if key else None,
        "focus": getattr(owner, f"{field}_focus"),
    }
    return render_to_string("admin/_picture_desk.html", context)


class PlainToRead:
    """For an admin whose form asks what its model does not keep: whoever may only look is not shown the questions."""

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        asked = {name for name in self.form.declared_fields if not hasattr(self.model, name)}
        return [(heading, options | {"fields": _without(asked, options["fields"])}) for heading, options in fieldsets]


def _without(names: set[str], fields: list) -> list:
    lines = [[line] if isinstance(line, str) else line for line in fields]
    lines = [[name for name in line if name not in names] for line in lines]
    return [line[0] if len(line) == 1 else tuple(line) for line in lines if line]


class FilmographyInline(admin.TabularInline):
    model = FilmographyEntry
    form = OrderedRow
    formset = OrderedRows
    extra = 0


@admin.register(Person)
class PersonAdmin(PlainToRead, admin.ModelAdmin):
    form = PersonForm
    list_display = ["name", "sort_name", "language", "has_headshot"]
    list_per_page = 100
    search_fields = ["name"]
    readonly_fields = ["slug", "headshot_preview"]
    fieldsets = [
        (None, {"fields": ["name", "namesake", ("sort_name", "family_name_first"), "language", "slug"]}),
        (_("Biography"), {"fields": ["biography"]}),
        (
            _("Headshot"),
            {
                "fields": [
                    "headshot_preview",
                    ("headshot_upload", "headshot_kept"),
                    "headshot_focus",
                    "headshot_alt",
                    "headshot_credit",
                ]
            },
        ),
    ]
    inlines = [FilmographyInline]

    def add_view(self, request, form_url="", extra_context=None):
        """When the person who was offered is the one that was meant, nothing is added and that one is chosen."""
        meant = request.POST.get("namesake", "") if self.has_add_permission(request) else ""
        for person in Person.objects.namesakes(request.POST.get("name", "")) if is_id(meant) else []:
            if person.pk == int(meant):
                return self._response_chosen(request, person)
        return super().add_view(request, form_url, extra_context)

    def _response_chosen(self, request, person: Person):
        if IS_POPUP_VAR in request.POST:
            return self.response_add(request, person)
        self.message_user(
            request, _("%(name)s was here already; nobody was added.") % {"name": person}, messages.SUCCESS
        )
        return redirect("admin:people_person_change", person.pk)

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term), False

    @admin.display(description=_("headshot"), ordering="headshot_key")
    def has_headshot(self, person: Person) -> str:
        return _("✓ Yes") if person.headshot_key else _("– None")

    @admin.display(description=_("now"))
    def headshot_preview(self, person: Person) -> str:
        return picture_desk(person, "headshot", HEADSHOT)
