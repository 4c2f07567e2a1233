from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from films.models.edition import Edition
from films.models.source import SourceRow


class ImportRunQuerySet(models.QuerySet):
    def last_applied(self) -> "ImportRun | None":
        """The import that can be undone: imports build on one another, so the last goes first."""
        return self.filter(state=ImportRun.State.APPLIED).order_by("-applied_at", "-pk").first()

    def light(self) -> "ImportRunQuerySet":
        """Without what was uploaded and what was said of it, which may be large."""
        return self.defer("content", "report")


class ImportRun(models.Model):
    """One import through the admin: what was uploaded, what it would change, and what became of it.

    The upload is kept here, so that any application node applies exactly what was looked at.
    """

    class State(models.TextChoices):
        EXAMINED = "examined", _("Looked at, not applied")
        REFUSED = "refused", _("Refused")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")

    source = models.CharField(
        _("source"),
        max_length=SourceRow._meta.get_field("source").max_length,
        help_text=_("Whose keys these are, like “Planner”. The same name at every import from there."),
    )
    edition = models.CharField(
        _("edition"),
        max_length=Edition._meta.get_field("name").max_length,
        help_text=_("Into which edition; one that is not there yet is made, with the dates of its screenings."),
    )
    file_name = models.CharField(_("uploaded"), max_length=300)
    content = models.BinaryField(editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.EXAMINED)
    report = models.JSONField(default=dict, editable=False)
    occasion = models.UUIDField(null=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    uploaded_at = models.DateTimeField(_("when"), auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("applied by")
    )
    applied_at = models.DateTimeField(_("applied"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    left = models.JSONField(default=list, editable=False, help_text=_("What an undo left, in words."))

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} → {self.edition}"
