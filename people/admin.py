from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from people.forms import PersonForm
from people.images import Picture
from people.models import FilmographyEntry, Person


def thumbnail(picture: Picture | None) -> str:
    """The smallest rendition, for somebody who is about to choose another."""
    if picture is None:
        return _("None yet.")
    width = picture.shape.widths[0]
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}">',
        picture.url(width),
        width // 2,
        picture.shape.height(width) // 2,
        picture.alt,
    )


class FilmographyInline(admin.TabularInline):
    model = FilmographyEntry
    extra = 0


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    form = PersonForm
    list_display = ["name", "sort_name", "language", "has_headshot"]
    list_per_page = 100
    search_fields = ["name"]
    readonly_fields = ["slug", "headshot_preview"]
    fieldsets = [
        (None, {"fields": ["name", ("sort_name", "family_name_first"), "language", "slug"]}),
        (_("Biography"), {"fields": ["biography"]}),
        (
            _("Headshot"),
            {
                "fields": [
                    "headshot_preview",
                    "headshot_upload",
                    "headshot_focus",
                    "headshot_alt",
                    "headshot_credit",
                ]
            },
        ),
    ]
    inlines = [FilmographyInline]

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term), False

    @admin.display(description=_("headshot"), boolean=True)
    def has_headshot(self, person: Person) -> bool:
        return bool(person.headshot_key)

    @admin.display(description=_("now"))
    def headshot_preview(self, person: Person) -> str:
        return thumbnail(person.headshot)
