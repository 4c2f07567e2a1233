from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceRow(models.Model):
    """Which row of which source an object came from; (source, sheet, key) names it for ever."""

    class Sheet(models.TextChoices):
        VENUE = "venue", _("Venue")
        ROOM = "room", _("Room")
        FILM = "film", _("Film")
        PERSON = "person", _("Person")
        SCREENING = "screening", _("Screening")

    source = models.CharField(_("source"), max_length=100)
    sheet = models.CharField(_("sheet"), max_length=20, choices=Sheet)
    key = models.CharField(_("key"), max_length=300)
    object_id = models.PositiveBigIntegerField(_("object"))
    vanished_at = models.DateTimeField(
        _("vanished"),
        null=True,
        blank=True,
        help_text=_("Set when an import no longer contained this row."),
    )

    class Meta:
        ordering = ["source", "sheet", "key"]
        verbose_name = _("source row")
        verbose_name_plural = _("source rows")
        constraints = [
            models.UniqueConstraint(fields=["source", "sheet", "key"], name="source_row_once"),
        ]
        indexes = [models.Index(fields=["sheet", "object_id"], name="source_row_of_object")]

    def __str__(self) -> str:
        return f"{self.source}: {self.sheet} {self.key}"
