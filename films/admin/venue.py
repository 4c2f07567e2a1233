from django.contrib import admin

from films.admin.history import WithHistory
from films.admin.sheets import VenueSheet, WithSheet
from venues import admin as of_venues
from venues.models import Room, Venue

admin.site.unregister([Room, Venue])


@admin.register(Venue)
class VenueAdmin(WithSheet, WithHistory, of_venues.VenueAdmin):
    """Venues as their app edits them, with the history that this one keeps."""

    resource_classes = [VenueSheet]


@admin.register(Room)
class RoomAdmin(WithHistory, of_venues.RoomAdmin):
    """The same for one room."""
