from django.contrib import admin

from films.admin.history import WithHistory
from venues import admin as of_venues
from venues.models import Room, Venue

admin.site.unregister([Room, Venue])


@admin.register(Venue)
class VenueAdmin(WithHistory, of_venues.VenueAdmin):
    """Venues as their app edits them, with the history that this one keeps."""


@admin.register(Room)
class RoomAdmin(WithHistory, of_venues.RoomAdmin):
    """The same for one room."""
