from datetime import time
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import unique_slug
from people.text import slug_base
from venues.models import validate_time_zone


class Edition(models.Model):
    """A festival of one year, or the year-round programme of the organiser's own cinema."""

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
    currency = models.CharField(_("currency"), max_length=3, default="CAD")
    also_playing_heading = models.CharField(
        _("heading over “also playing”"),
        max_length=200,
        blank=True,
        help_text=_("On the page of a past film, like “Missed it? See what plays at our cinema”."),
    )

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

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def year(self) -> int:
        return self.starts_on.year
