from django.contrib import admin
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from venues.models import Licence, Room, TravelTime, Venue


class RoomInline(admin.StackedInline):
    model = Room
    extra = 0
    fields = [("name", "capacity", "turnaround"), ("wheelchair_places", "step_free", "hearing_loop")]


class LicenceInline(admin.TabularInline):
    model = Licence
    extra = 0

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "room":
            venue = request.resolver_match.kwargs.get("object_id")
            rooms = Room.objects.select_related("venue")
            kwargs["queryset"] = rooms.filter(venue=venue) if venue else rooms.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class TravelTimeInline(admin.TabularInline):
    """The ways that begin here; those that only lead here stand with the other venue."""

    model = TravelTime
    fk_name = "origin"
    extra = 0


@admin.register(Venue)
class VenueAdmin(admin.ModelAdmin):
    list_display = ["name", "city", "time_zone", "jurisdiction"]
    list_filter = ["city", "jurisdiction"]
    list_per_page = 100
    search_fields = ["name", "city"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "time_zone", "jurisdiction"]}),
        (
            _("Where it is"),
            {
                "fields": [
                    "address",
                    ("city", "region"),
                    ("postal_code", "country"),
                    ("latitude", "longitude"),
                    "website",
                ]
            },
        ),
        (_("What the audience reads"), {"fields": ["directions", "access", "standby_note", "standby_opens"]}),
    ]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [RoomInline, LicenceInline, TravelTimeInline]

    def get_search_results(self, request, queryset, search_term):
        """By name or town; the address on this site is the name without its accents."""
        for word in search_term.split():
            bare = slugify(word)
            named = models.Q(name__icontains=word) | models.Q(city__icontains=word)
            queryset = queryset.filter(named | models.Q(slug__contains=bare) if bare else named)
        return queryset, False


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    """Rooms are edited with their venue; here they are found for a screening."""

    list_display = ["name", "venue", "capacity", "turnaround"]
    list_filter = ["venue"]
    search_fields = ["venue__name", "name"]
    autocomplete_fields = ["venue"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("venue")

    def has_module_permission(self, request) -> bool:
        return False
