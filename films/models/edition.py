from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from films.festival_day import day_bounds
from people.models import unique_slug
from people.text import slug_base
from venues.models import validate_time_zone

# How long after its last day the site still is about a festival, when there is a next one.
AFTERGLOW = timedelta(days=30)


class EditionQuerySet(models.QuerySet):
    def current(self, at: datetime) -> "Edition | None":
        """The festival that the site is about at `at`: the one that runs, else the last one for a while, else the next.

        An ended festival gives way to the next AFTERGLOW after its last day; without a next one it stays.
        """
        festivals = list(self.filter(kind=Edition.Kind.FESTIVAL).order_by("starts_on", "pk"))
        begun = [edition for edition in festivals if edition.begins_at <= at]
        to_come = [edition for edition in festivals if edition.begins_at > at]
        if begun and (not to_come or at < begun[-1].ends_at + AFTERGLOW):
            return begun[-1]
        return to_come[0] if to_come else None

    def past(self, at: datetime) -> list["Edition"]:
        """The festivals that have ended by `at`, latest first."""
        festivals = self.filter(kind=Edition.Kind.FESTIVAL).order_by("-starts_on", "-pk")
        return [edition for edition in festivals if edition.ends_at <= at]

    def in_the_making(self, at: datetime) -> list["Edition"]:
        """Those that are not over at `at`, which somebody may still mend, in the order they begin."""
        editions = self.order_by("starts_on", "pk")
        return [edition for edition in editions if edition.ends_at is None or at < edition.ends_at]


class Edition(models.Model):
    """A festival of one year, or the year-round programme of the organiser's own cinema."""

    class Phase(models.TextChoices):
        """Where a festival is in its life, computed and never stored."""

        BEFORE = "before", _("Before the announcement")
        ANNOUNCED = "announced", _("Announced")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")

    class Kind(models.TextChoices):
        FESTIVAL = "festival", _("Festival")
        YEAR_ROUND = "year-round", _("Year-round programme")

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("address"), max_length=100, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.FESTIVAL)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(
        _("last day"),
        null=True,
        blank=True,
        help_text=_("Empty for a year-round programme, which has no end."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="America/Vancouver",
        validators=[validate_time_zone],
    )
    announced_at = models.DateTimeField(
        _("programme announced"),
        null=True,
        blank=True,
        help_text=_("Nothing of this edition's programme is public before this instant. Empty: no such wait."),
    )
    day_starts_at = models.TimeField(
        _("a festival day begins at"),
        default=time(5, 0),
        help_text=_("A screening before this hour stands under the evening before."),
    )
    default_slot = models.PositiveSmallIntegerField(
        _("default slot (minutes)"),
        default=120,
        help_text=_("Stands in for a film whose runtime is unknown; the page then says “approx.”."),
    )
    standby_opens = models.PositiveSmallIntegerField(
        _("standby lines open (minutes before)"),
        null=True,
        blank=True,
        default=30,
        help_text=_("Where neither the venue nor the screening says otherwise. Empty: nothing is promised."),
    )
    currency = models.CharField(_("currency"), max_length=3, default="CAD")
    also_playing_heading = models.CharField(
        _("heading over “also playing”"),
        max_length=200,
        blank=True,
        help_text=_("On the page of a past film, like “Missed it? See what plays at our cinema”."),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(default_slot__gt=0),
                name="edition_default_slot_is_positive",
                violation_error_message=_("The default slot is at least one minute."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="year-round", ends_on__isnull=True)
                | models.Q(kind="festival", ends_on__isnull=False, ends_on__gte=models.F("starts_on")),
                name="edition_has_the_dates_of_its_kind",
                violation_error_message=_(
                    "A festival needs a last day that is not before its first; a year-round programme has none."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = unique_slug(Edition, slug_base(self.name) or "edition")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The page of a festival's year; a year-round programme has none, and leads to the whole programme."""
        return reverse("edition", args=[self.year]) if self.kind == self.Kind.FESTIVAL else reverse("films")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def year(self) -> int:
        return self.starts_on.year

    @property
    def begins_at(self) -> datetime:
        """The instant (UTC) at which its first festival day begins."""
        return day_bounds(self.starts_on, self.zone, self.day_starts_at)[0]

    @property
    def ends_at(self) -> datetime | None:
        """The instant (UTC) at which its last festival day is over; None for a year-round programme."""
        return day_bounds(self.ends_on, self.zone, self.day_starts_at)[1] if self.ends_on else None

    def holds(self, day: date) -> bool:
        """Whether a festival day is one of its own."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def phase(self, at: datetime) -> Phase:
        if self.announced_at and at < self.announced_at:
            return self.Phase.BEFORE
        if at < self.begins_at:
            return self.Phase.ANNOUNCED
        return self.Phase.ENDED if self.ends_at and self.ends_at <= at else self.Phase.RUNNING
