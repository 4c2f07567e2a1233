from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from films.festival_day import festival_day
from films.models.edition import Edition
from films.models.film import Film, ProgrammePart
from films.models.lineup import ScreeningFilm, runtime_of
from films.models.status_change import StatusChange
from films.recording import recorded
from people.models import Person
from venues.models import Room, Venue


class ScreeningQuerySet(models.QuerySet):
    def public(self, at: datetime | None = None) -> Self:
        """Screenings the world may see at `at`: for the public, of at least one film that is public itself."""
        shown = ScreeningFilm.objects.filter(film__in=Film.objects.public(at))
        return self.open_to_all().filter(pk__in=shown.values("screening"))

    def open_to_all(self) -> Self:
        """Screenings that are not for press and industry alone; whether their films are public is not asked."""
        return self.filter(audience=Screening.Audience.PUBLIC)

    def showing(self, film: Film | models.OuterRef) -> Self:
        """Screenings in which `film` is shown by itself or beside others."""
        return self.filter(items__film=film)

    def showing_programme_with(self, film: Film | models.OuterRef) -> Self:
        """Screenings of a programme of which `film` is a part."""
        return self.filter(items__film__parts__film=film)

    def upcoming(self, at: datetime) -> Self:
        """Screenings that have not begun at `at` and will take place, as far as anyone knows."""
        return self.taking_place().filter(starts_at__gt=at)

    def not_ended(self, at: datetime) -> Self:
        """The opposite of `Screening.is_past`, cancelled ones left out."""
        postponed = Q(occurrence=Screening.Occurrence.POSTPONED)
        return self.not_cancelled().filter(postponed | Q(ends_at__gt=at))

    def not_cancelled(self) -> Self:
        return self.exclude(occurrence=Screening.Occurrence.CANCELLED)

    def taking_place(self) -> Self:
        return self.filter(occurrence__in=Screening.TAKING_PLACE)

    def at(self, venue: Venue) -> Self:
        return self.filter(room__venue=venue)

    def in_room_between(self, room_id: int, start: datetime, end: datetime) -> Self:
        """Screenings that hold the room at some instant of the half-open interval `[start, end)`."""
        return self.taking_place().filter(room_id=room_id, starts_at__lt=end, ends_at__gt=start)

    def in_order(self) -> Self:
        """By instant; two at the same instant by room."""
        return self.order_by("starts_at", "room__venue__name", "room__name", "pk")

    def refresh_ends(self) -> int:
        """Work the ends out anew after a runtime, a film in the screening or a default slot has changed.

        Returns how many screenings changed.
        """
        changed = []
        # Joined: looking up more than 1,000 films by their keys is more than SQLite takes.
        items = models.Prefetch("items", ScreeningFilm.objects.select_related("film"))
        parts = models.Prefetch("items__film__parts", ProgrammePart.objects.select_related("film"))
        screenings = self.select_related("edition").prefetch_related(items, parts)
        for screening in screenings:
            before = (screening.ends_at, screening.end_is_approximate)
            screening.work_out_end()
            if before != (screening.ends_at, screening.end_is_approximate):
                changed.append(screening)
        return Screening.objects.bulk_update(changed, ["ends_at", "end_is_approximate"], batch_size=500)


class Screening(models.Model):
    class Audience(models.TextChoices):
        PUBLIC = "public", _("Public")
        PRESS = "press", _("Press & industry")

    class Occurrence(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        MOVED = "moved", _("Moved")
        POSTPONED = "postponed", _("Postponed")
        CANCELLED = "cancelled", _("Cancelled")

    class Sales(models.TextChoices):
        NOT_YET = "not_yet", _("Not on sale yet")
        ON_SALE = "on_sale", _("On sale")
        SELLING_FAST = "selling_fast", _("Selling fast")
        STANDBY = "standby", _("Standby")
        OFF_SALE = "off_sale", _("Off sale")
        SOLD_OUT = "sold_out", _("Sold out")
        FREE = "free", _("Free")
        FREE_REGISTRATION = "free_registration", _("Free, with registration")
        PASS_ONLY = "pass_only", _("Pass holders only")
        UNKNOWN = "unknown", _("Ask the venue")

    TAKING_PLACE = (Occurrence.SCHEDULED, Occurrence.MOVED)
    SOLD_BY_ADDRESS = (Sales.ON_SALE, Sales.SELLING_FAST, Sales.FREE_REGISTRATION)
    # What the world is told about, so each change of it is kept with its reason.
    WATCHED = tuple(StatusChange.Axis.values)

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="screenings", verbose_name=_("edition"))
    room = models.ForeignKey(Room, models.PROTECT, related_name="screenings", verbose_name=_("room"))
    title = models.CharField(
        _("title"),
        max_length=300,
        blank=True,
        help_text=_("Only when it differs from its films', as for a double bill."),
    )
    audience = models.CharField(_("audience"), max_length=20, choices=Audience, default=Audience.PUBLIC)
    starts_at = models.DateTimeField(_("start"), db_index=True)
    entered_end = models.DateTimeField(
        _("end"),
        null=True,
        blank=True,
        help_text=_("Leave empty to work it out from the runtimes."),
    )
    preshow = models.PositiveSmallIntegerField(_("preshow (minutes)"), default=0)
    talk = models.PositiveSmallIntegerField(_("talk afterwards (minutes)"), default=0)
    ends_at = models.DateTimeField(editable=False, db_index=True)
    end_is_approximate = models.BooleanField(editable=False, default=False)

    occurrence = models.CharField(_("occurrence"), max_length=20, choices=Occurrence, default=Occurrence.SCHEDULED)
    previous_starts_at = models.DateTimeField(_("start before it was moved"), null=True, blank=True)
    previous_room = models.ForeignKey(
        Room,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="screenings_moved_away",
        verbose_name=_("room before it was moved"),
    )
    sales = models.CharField(_("sales"), max_length=20, choices=Sales, default=Sales.UNKNOWN)
    on_sale_at = models.DateTimeField(_("goes on sale"), null=True, blank=True)
    sales_checked_at = models.DateTimeField(_("sales last checked"), null=True, blank=True)
    ticket_url = models.URLField(_("ticket address"), max_length=500, blank=True)
    price = models.DecimalField(_("price"), max_digits=8, decimal_places=2, null=True, blank=True)

    is_premiere = models.BooleanField(_("this is the premiere"), default=False)
    guest_note = models.CharField(
        _("guests"),
        max_length=300,
        blank=True,
        help_text=_("As in “Q&A with director Pascal Plante & crew”."),
    )
    guests = models.ManyToManyField(Person, through="ScreeningGuest", related_name="visits", blank=True)
    language_line = models.CharField(
        _("language of this print"),
        max_length=200,
        blank=True,
        help_text=_("Only when it differs from the film's; “No dialogue” is an answer too."),
    )
    subtitle_language = models.CharField(
        _("subtitle language"),
        max_length=35,
        blank=True,
        help_text=_("A language tag, like “en”."),
    )
    note = models.CharField(_("note to the audience"), max_length=300, blank=True)

    age_override = models.PositiveSmallIntegerField(
        _("minimum age set by hand"),
        null=True,
        blank=True,
        help_text=_("Replaces what the rules say; 0 for all ages."),
    )
    age_override_reason = models.CharField(_("why"), max_length=200, blank=True)
    overlap_reason = models.CharField(
        _("why it may share its room"),
        max_length=200,
        blank=True,
        help_text=_("Another screening holds this room at the same time? Say here why that is right, and save again."),
    )
    locked_fields = models.JSONField(
        _("locked fields"),
        default=list,
        blank=True,
        help_text=_("Names of fields that an import leaves alone."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        permissions = [("set_status", "Can set how a screening stands")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="screening_ends_after_it_starts",
                violation_error_message=_("The screening ends before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(occurrence="moved") | Q(previous_starts_at__isnull=False) | Q(previous_room__isnull=False),
                name="screening_moved_from_somewhere",
                violation_error_message=_("A moved screening needs its previous start or its previous room."),
            ),
            models.CheckConstraint(
                condition=Q(age_override__isnull=True) | ~Q(age_override_reason=""),
                name="screening_age_override_has_a_reason",
                violation_error_message=_("A minimum age set by hand needs its reason, which the audience will read."),
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0),
                name="screening_price_is_not_negative",
                violation_error_message=_("A price cannot be negative."),
            ),
        ]
        indexes = [
            models.Index(fields=["room", "starts_at"], name="screening_in_room"),
            models.Index(fields=["edition", "starts_at"], name="screening_in_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.local_start:%Y-%m-%d %H:%M}, {self.room}"

    def save(self, *args, by: AbstractBaseUser | None = None, why: str = "", **kwargs) -> None:
        """Save, and keep in the log who (`by`) changed what the world is told, and `why`."""
        with transaction.atomic():
            self._note_the_move()
            self.work_out_end()
            changes = self._changes()
            with recorded(by=by, why=why):
                super().save(*args, **kwargs)
            StatusChange.objects.bulk_create(
                StatusChange(
                    screening=self,
                    axis=axis,
                    before=before,
                    after=after,
                    changed_by=by,
                    reason=why,
                )
                for axis, before, after in changes
            )
        self._stored = {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}

    def get_absolute_url(self) -> str:
        """Its place on the page of its first film, or the venue's page where it shows none."""
        item = self.items.select_related("film").first()
        page = item.film if item else self.room.venue
        return f"{page.get_absolute_url()}#screening-{self.pk}"

    def clean(self) -> None:
        if not self.starts_at or not self.room_id or not self.edition_id:
            return
        if self.entered_end and self.entered_end <= self.starts_at:
            raise ValidationError({"entered_end": _("The screening ends before it starts.")})
        if self.age_override is not None and not self.age_override_reason.strip():
            raise ValidationError(
                {"age_override_reason": _("A minimum age set by hand needs its reason, which the audience will read.")}
            )
        self.work_out_end()

    @classmethod
    def from_db(cls, db, field_names, values) -> Self:
        screening = super().from_db(db, field_names, values)
        screening._stored = dict(zip(field_names, values, strict=True))
        return screening

    # When it is

    def work_out_end(self, films: list[Film] | None = None) -> None:
        """Set `ends_at`: the entered end, else start + preshow + runtimes + talk (minutes).

        `films` stand in for those stored, before they are. A programme of several films counts its own runtime
        if it has one, else those of its parts. The edition's default slot stands in for each runtime that is
        unknown, and the end is then approximate.
        """
        self.end_is_approximate = False
        if self.entered_end:
            self.ends_at = self.entered_end
            return
        if films is None:
            films = [item.film for item in self.items.all()] if self.pk else []
        runtimes = [runtime_of(film) for film in films if film.state != Film.State.WITHDRAWN]
        unknown = sum(not is_known for _minutes, is_known in runtimes) if runtimes else 1
        minutes = self.preshow + self.talk + sum(minutes for minutes, _is_known in runtimes)
        self.end_is_approximate = unknown > 0
        self.ends_at = self.starts_at + timedelta(minutes=minutes + unknown * self.edition.default_slot)

    @property
    def zone(self) -> ZoneInfo:
        return self.room.venue.zone

    @property
    def local_start(self) -> datetime:
        """The start on the venue's clock."""
        return self.starts_at.astimezone(self.zone)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.zone)

    @property
    def previous_local_start(self) -> datetime | None:
        """The start before it was moved, on the clock of the venue it was moved from."""
        if self.previous_starts_at is None:
            return None
        room = self.previous_room or self.room
        return self.previous_starts_at.astimezone(room.venue.zone)

    @property
    def festival_day(self) -> date:
        return festival_day(self.starts_at, self.zone, self.edition.day_starts_at)

    @property
    def is_late_night(self) -> bool:
        """Whether it stands under the evening before the date on the calendar."""
        return self.festival_day != self.local_start.date()

    @property
    def takes_place(self) -> bool:
        return self.occurrence in self.TAKING_PLACE

    def is_past(self, at: datetime) -> bool:
        """Whether it has ended at `at` (not: begun). A postponed one has not taken place, so it never has."""
        return self.ends_at <= at and self.occurrence != self.Occurrence.POSTPONED

    def is_on_now(self, at: datetime) -> bool:
        return self.takes_place and self.starts_at <= at < self.ends_at

    # What can be booked

    def sales_state(self, at: datetime) -> str:
        """The state of sales at `at`: tickets that were to go on sale at an instant are on sale from then."""
        if self.sales == self.Sales.NOT_YET and self.on_sale_at and self.on_sale_at <= at:
            return self.Sales.ON_SALE
        return self.sales

    def is_bookable(self, at: datetime) -> bool:
        """Whether a ticket can be had through the ticket address: it takes place, has not begun, and is sold."""
        return bool(
            self.ticket_url
            and self.takes_place
            and at < self.starts_at
            and self.sales_state(at) in self.SOLD_BY_ADDRESS
        )

    # What changed

    def _note_the_move(self) -> None:
        """When a screening becomes moved, what it was moved from is what was stored before."""
        stored = getattr(self, "_stored", None)
        if not stored or self.occurrence != self.Occurrence.MOVED:
            return
        if stored.get("starts_at") not in (None, self.starts_at):
            self.previous_starts_at = stored["starts_at"]
        if stored.get("room_id") not in (None, self.room_id):
            self.previous_room_id = stored["room_id"]

    def _changes(self) -> list[tuple[str, str, str]]:
        stored = getattr(self, "_stored", None) or {}
        return [
            (
                axis,
                self._in_words(axis, stored[axis]),
                self._in_words(axis, getattr(self, axis)),
            )
            for axis in self.WATCHED
            if axis in stored and stored[axis] != getattr(self, axis)
        ]

    def _in_words(self, axis: str, value) -> str:
        if value is None:
            return ""
        return value.isoformat() if isinstance(value, datetime) else str(value)
