"""The log of what the audience was told about each screening. Rows are added and never altered: the database
refuses to change or delete one (migration `seal_the_log`), and a screening or a user that the log names stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from films.recording import name_of
from venues.models import Room

if TYPE_CHECKING:
    from films.models.screening import Screening


class StatusChange(models.Model):
    """One change of what the audience is told about a screening: what, from, to, who, when, why, from where.

    All that one save changed bears the same instant.
    """

    class Axis(models.TextChoices):
        OCCURRENCE = "occurrence", _("Occurrence")
        SALES = "sales", _("Sales")
        START = "starts_at", _("Start")
        ROOM = "room_id", _("Room")
        AGE = "age_override", _("Age override")
        STANDBY_OPENS = "standby_opens", _("Standby line opens")
        STANDBY_LINE = "standby_line", _("People in the standby line")
        LEAD = "lead", _("Who decides on sales")

    class Source(models.TextChoices):
        ADMIN = "admin", _("Admin")
        BOARD = "board", _("Box office board")
        FEED = "feed", _("Ticket feed")
        IMPORT = "import", _("Import")
        SYSTEM = "system", _("The system")

    class Lead(models.TextChoices):
        PERSON = "person", _("A person")
        FEED = "feed", _("The ticket feed")

    screening = models.ForeignKey(
        "films.Screening",
        models.PROTECT,
        related_name="changes",
        verbose_name=_("screening"),
    )
    axis = models.CharField(_("what"), max_length=20, choices=Axis)
    before = models.CharField(_("from"), max_length=200, blank=True)
    after = models.CharField(_("to"), max_length=200, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("who"),
    )
    who = models.CharField(_("name at the time"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    source = models.CharField(_("from where"), max_length=20, choices=Source, default=Source.SYSTEM)
    source_name = models.CharField(_("name of the feed or import"), max_length=100, blank=True)
    beside = models.JSONField(
        default=dict,
        editable=False,
        help_text=_("What else the change brought with it, as it was before, so that it can be undone."),
    )

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        indexes = [models.Index(fields=["screening", "-id"], name="status_change_newest")]

    def __str__(self) -> str:
        return f"{self.get_axis_display()}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Origin:
    """Who changed something, why, from where and when."""

    by: AbstractBaseUser | None
    why: str
    source: str
    source_name: str
    at: datetime


def log_rows(screening: "Screening", origin: Origin) -> list[StatusChange]:
    """The rows, not stored yet, for what of `screening` differs from what is stored."""
    stored = getattr(screening, "_stored", None) or {}
    beside = _changes(screening, stored, screening.BESIDE)
    return [
        log_row(screening, axis, before, in_words(getattr(screening, axis)), origin, beside)
        for axis, before in _changes(screening, stored, screening.WATCHED).items()
    ]


def log_row(
    screening: "Screening", axis: str, before: str, after: str, origin: Origin, beside: dict | None = None
) -> StatusChange:
    Source = StatusChange.Source
    return StatusChange(
        screening=screening,
        axis=axis,
        before=before,
        after=after,
        changed_by=origin.by,
        who=name_of(origin.by),
        changed_at=origin.at,
        reason=origin.why,
        source=origin.source or (Source.ADMIN if origin.by else Source.SYSTEM),
        source_name=origin.source_name,
        beside=beside or {},
    )


def rooms_named_in(log: Iterable[StatusChange]) -> dict[int, Room]:
    """The rooms by key, as far as there still are such."""
    rows = [row for row in log if row.axis == StatusChange.Axis.ROOM]
    keys = {int(value) for row in rows for value in (row.before, row.after) if value.isdecimal()}
    return Room.objects.select_related("venue").in_bulk(keys)


def in_words(value) -> str:
    """A field's value as the log keeps it; empty for none."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _changes(screening: "Screening", stored: dict, names: tuple[str, ...]) -> dict[str, str]:
    """Of the fields `names`, those that differ from what is stored, with what is stored, in words."""
    return {
        name: in_words(stored[name]) for name in names if name in stored and stored[name] != getattr(screening, name)
    }
