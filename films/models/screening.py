from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from films.festival_day import festival_day
from films.models.edition import Edition
from films.models.film import Film
from films.models.lineup import runtime_of
from films.models.screening_queryset import ScreeningQuerySet
from films.models.status_change import Origin, StatusChange, log_rows
from films.recording import recorded
from people.models import Person
from venues.models import Room

# A number and the field with the moment at which it was counted.
COUNTS = (("seats_left", "seats_checked_at"), ("standby_line", "standby_counted_at"))


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
    WATCHED = tuple(axis for axis in StatusChange.Axis.values if axis != StatusChange.Axis.LEAD)
    # What else a change of those may bring with it, kept in the log so that the change can be undone whole.
    BESIDE = ("previous_starts_at", "previous_room_id", "entered_end", "overlap_reason", "sales_held_at")

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
    seats_left = models.PositiveIntegerField(_("seats left"), null=True, blank=True)
    seats_checked_at = models.DateTimeField(_("seats counted"), null=True, blank=True)
    standby_opens = models.PositiveSmallIntegerField(
        _("standby line opens (minutes before)"),
        null=True,
        blank=True,
        help_text=_("Leave empty to keep to what the venue does, or else the edition."),
    )
    standby_line = models.PositiveSmallIntegerField(_("people in the standby line"), null=True, blank=True)
    standby_counted_at = models.DateTimeField(_("standby line counted"), null=True, blank=True)
    # Whose word on sales holds, a person's or the ticket feed's: see films/box_office/precedence.py.
    sales_held_at = models.DateTimeField(null=True, editable=False)
    feed_sales = models.CharField(max_length=20, choices=Sales, blank=True, editable=False)
    feed_said_at = models.DateTimeField(null=True, editable=False)

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
    revision = models.BigIntegerField(default=0, editable=False, db_index=True)
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
                condition=Q(seats_left__isnull=True) | Q(seats_checked_at__isnull=False),
                name="screening_seats_say_when_they_were_counted",
            ),
            models.CheckConstraint(
                condition=Q(standby_line__isnull=True) | Q(standby_counted_at__isnull=False),
                name="screening_standby_line_says_when_it_was_counted",
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

    def save(
        self,
        *args,
        by: AbstractBaseUser | None = None,
        why: str = "",
        source: str = "",
        source_name: str = "",
        at: datetime | None = None,
        **kwargs,
    ) -> None:
        """Save, and keep in the log who (`by`) changed what the world is told, `why`, from where and when (`at`).

        `source` is a StatusChange.Source; unless told, a person works in the admin and nobody is the system.
        """
        origin = Origin(by, why, source, source_name, at or timezone.now())
        with transaction.atomic():
            self._note_the_move()
            self._note_the_counts(origin.at)
            self._note_who_leads(origin)
            self.work_out_end()
            changes = log_rows(self, origin)
            with recorded(by=by, why=why):
                super().save(*args, **kwargs)
            self.revision = Screening.objects.filter(pk=self.pk).mark_changed()
            StatusChange.objects.bulk_create(changes)
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

    def stand_in_for_end(self) -> None:
        """Give it some end after its start, which the database asks for, until `refresh_ends` works its own out."""
        if self.ends_at is None or self.ends_at <= self.starts_at:
            self.ends_at = self.entered_end or self.starts_at + timedelta(minutes=1)

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

    def can_be_gone_to(self, at: datetime) -> bool:
        """Whether a plan may hold it and has to make room for it at `at`: it takes place and is not over."""
        return self.takes_place and not self.is_past(at)

    def is_on_now(self, at: datetime) -> bool:
        return self.takes_place and self.starts_at <= at < self.ends_at

    # What can be booked

    def sales_state(self, at: datetime) -> str:
        """The state of sales at `at`: tickets that were to go on sale at an instant are on sale from then."""
        if self.sales == self.Sales.NOT_YET and self.on_sale_at and self.on_sale_at <= at:
            return self.Sales.ON_SALE
        return self.sales

    @property
    def standby_minutes(self) -> int | None:
        """How long before the start the standby line opens, in minutes; None where nobody has said."""
        for said in (self.standby_opens, self.room.venue.standby_opens, self.edition.standby_opens):
            if said is not None:
                return said
        return None

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
        # What somebody said themselves, as an undo does, stays.
        for name, before in (("starts_at", "previous_starts_at"), ("room_id", "previous_room_id")):
            is_other = stored.get(name) not in (None, getattr(self, name))
            if is_other and stored.get(before) == getattr(self, before):
                setattr(self, before, stored[name])

    def _note_the_counts(self, at: datetime) -> None:
        """A count is worth what its time says: one that changed without a new time was made at `at`."""
        stored = getattr(self, "_stored", None) or {}
        for count, counted_at in COUNTS:
            if not self.pk or (count in stored and counted_at in stored):
                is_new = getattr(self, count) != stored.get(count)
                if getattr(self, count) is None:
                    setattr(self, counted_at, None)
                elif is_new and getattr(self, counted_at) == stored.get(counted_at):
                    setattr(self, counted_at, at)

    def _note_who_leads(self, origin: Origin) -> None:
        """What a person sets at the board, or once a feed has spoken, holds against the feed."""
        stored = getattr(self, "_stored", None) or {}
        is_set = "sales" in stored and stored["sales"] != self.sales
        counts = origin.by and (origin.source == StatusChange.Source.BOARD or self.feed_said_at)
        # What somebody said themselves, as an undo does, stays.
        if is_set and counts and stored.get("sales_held_at") == self.sales_held_at:
            self.sales_held_at = origin.at
