from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StatusChange(models.Model):
    """One change of what the audience is told about a screening: what, from, to, who, when, why."""

    class Axis(models.TextChoices):
        OCCURRENCE = "occurrence", _("Occurrence")
        SALES = "sales", _("Sales")
        START = "starts_at", _("Start")
        ROOM = "room_id", _("Room")
        AGE = "age_override", _("Age override")

    screening = models.ForeignKey(
        "films.Screening",
        models.CASCADE,
        related_name="changes",
        verbose_name=_("screening"),
    )
    axis = models.CharField(_("what"), max_length=20, choices=Axis)
    before = models.CharField(_("from"), max_length=200, blank=True)
    after = models.CharField(_("to"), max_length=200, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("who"),
    )
    changed_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")

    def __str__(self) -> str:
        return f"{self.get_axis_display()}: {self.before} → {self.after}"
