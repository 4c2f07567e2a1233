from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

# Read from the whole tree of zones, so once.
time_zones = cache(available_timezones)


def validate_time_zone(name: str) -> None:
    if name not in time_zones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Write it like “America/Vancouver”."),
            params={"name": name},
        )


class Venue(models.Model):
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address on this site"), max_length=100, unique=True, blank=True)
    address = models.CharField(_("street"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    region = models.CharField(_("province or state"), max_length=100, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = models.CharField(_("country code"), max_length=2, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[validate_time_zone],
        help_text=_("Like “America/Vancouver”."),
    )
    jurisdiction = models.CharField(
        _("jurisdiction"),
        max_length=60,
        blank=True,
        help_text=_("Whose film classification holds here, like “CA-BC”; as in the classification scheme."),
    )
    directions = models.TextField(_("how to get there"), blank=True)
    access = models.TextField(_("access"), blank=True, help_text=_("Entrances, lifts, toilets, quiet places."))
    standby_note = models.CharField(_("standby line"), max_length=300, blank=True)
    standby_opens = models.PositiveSmallIntegerField(
        _("standby line opens (minutes before)"),
        null=True,
        blank=True,
        help_text=_("Leave empty to keep to what the edition does."),
    )
    website = models.URLField(_("website"), blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="venue_position_is_on_earth",
                violation_error_message=_("Give both latitude (−90 to 90) and longitude (−180 to 180), or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            base = slugify(self.name)[:90] or "venue"
            taken = set(Venue.objects.filter(slug__startswith=base).values_list("slug", flat=True))
            numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
            self.slug = next(slug for slug in (base, *numbered) if slug not in taken)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("venue", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def address_line(self) -> str:
        place = " ".join(part for part in (self.region, self.postal_code) if part)
        return ", ".join(part for part in (self.address, self.city, place) if part)

    @property
    def map_url(self) -> str:
        """Where a map shows this venue; empty where nobody has entered its position."""
        if self.latitude is not None:
            at = f"{self.latitude}/{self.longitude}"
            return f"https://www.openstreetmap.org/?mlat={self.latitude}&mlon={self.longitude}#map=17/{at}"
        return ""


class Room(models.Model):
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="rooms", verbose_name=_("venue"))
    name = models.CharField(_("name"), max_length=200)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    turnaround = models.PositiveSmallIntegerField(
        _("turnaround (minutes)"),
        default=15,
        help_text=_("The least time between two screenings here."),
    )
    wheelchair_places = models.PositiveSmallIntegerField(_("wheelchair places"), null=True, blank=True)
    step_free = models.BooleanField(_("step-free route"), null=True, blank=True)
    hearing_loop = models.BooleanField(_("hearing loop"), null=True, blank=True)

    class Meta:
        ordering = ["venue__name", "name", "pk"]
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "name"],
                name="room_name_once_per_venue",
                violation_error_message=_("This venue already has a room of that name."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def has_facts(self) -> bool:
        """Whether anything is known of it that a visitor would ask."""
        return bool(self.capacity or self.wheelchair_places or self.hearing_loop or self.step_free is not None)

    @property
    def full_name(self) -> str:
        """“International Village, Cinema 9”; just the venue's name where the room bears the same."""
        return self.venue.name if self.name == self.venue.name else f"{self.venue.name}, {self.name}"


class Licence(models.Model):
    """A rule that a venue's liquor licence sets for who may enter, for all of it or one room."""

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="licences", verbose_name=_("venue"))
    room = models.ForeignKey(
        Room,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="licences",
        verbose_name=_("room"),
        help_text=_("Leave empty when it holds in every room."),
    )
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"))
    infants_allowed = models.BooleanField(_("babies in arms may come in"), default=False)
    note = models.CharField(_("reason shown to the audience"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day it holds."))

    class Meta:
        ordering = ["venue", "valid_from", "pk"]
        verbose_name = _("licence rule")
        verbose_name_plural = _("licence rules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="licence_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room or self.venue}: {self.minimum_age}+"

    def clean(self) -> None:
        if self.room_id and self.venue_id and self.room.venue_id != self.venue_id:
            raise ValidationError({"room": _("This room belongs to another venue.")})


class TravelTime(models.Model):
    """How long the way between two venues takes; it holds for the way back too, unless that has its own row."""

    origin = models.ForeignKey(Venue, models.CASCADE, related_name="ways_out", verbose_name=_("from"))
    destination = models.ForeignKey(Venue, models.CASCADE, related_name="ways_in", verbose_name=_("to"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), help_text=_("From door to door, with an ordinary wait."))
    means = models.CharField(
        _("how"),
        max_length=60,
        blank=True,
        help_text=_("As in “by bus 20”; on foot when left empty."),
    )

    class Meta:
        ordering = ["origin", "destination", "pk"]
        verbose_name = _("travel time")
        verbose_name_plural = _("travel times")
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "destination"],
                name="travel_time_once_per_way",
                violation_error_message=_("This way already has its time."),
            ),
            models.CheckConstraint(
                condition=~models.Q(origin=models.F("destination")),
                name="travel_time_leads_elsewhere",
                violation_error_message=_("A way leads from one venue to another."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.destination}: {self.minutes} min"
