from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from films.models.film import Film


class PreviewLinkQuerySet(models.QuerySet):
    def open(self, at: datetime) -> Self:
        """Links that lead to their film at `at`: neither expired nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class PreviewLink(models.Model):
    """An address at which somebody without a login reads the page of one film that is not public."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="preview_links", verbose_name=_("film"))
    # Whoever reads the database, or a copy of it, learns no address.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_for = models.CharField(_("for whom"), max_length=100)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        default_permissions = ()  # Whoever may publish a film may show it early.
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")),
                name="preview_link_ends_after_it_begins",
                violation_error_message=_("A preview link ends after it was made."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.film}: {self.made_for}"

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at
