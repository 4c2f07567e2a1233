"""Ticketing systems that tell how screenings sell, and what they have told."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from venues.models import Venue

# An exchanged token is honoured this long, so that the ticketing system can be told the new one in peace.
GRACE = timedelta(hours=1)


class TicketFeed(models.Model):
    """A ticketing system that may push how screenings sell. Its token is kept only as a fingerprint."""

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("As the log of changes names it."))
    venues = models.ManyToManyField(
        Venue,
        blank=True,
        related_name="ticket_feeds",
        verbose_name=_("venues"),
        help_text=_("It may speak of screenings here; leave empty for everywhere."),
    )
    source = models.CharField(
        _("source of its keys"),
        max_length=100,
        blank=True,
        help_text=_("The import source whose keys it names screenings by; empty when it uses our own numbers."),
    )
    is_open = models.BooleanField(_("open"), default=True, help_text=_("A closed feed is refused, whatever its token."))
    token_hash = models.CharField(max_length=64, editable=False, db_index=True)
    old_token_hash = models.CharField(max_length=64, editable=False, blank=True, db_index=True)
    old_token_until = models.DateTimeField(null=True, editable=False)
    token_made_at = models.DateTimeField(_("token made"), null=True, editable=False)
    token_made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, verbose_name=_("by")
    )
    heard_at = models.DateTimeField(_("last heard"), null=True, editable=False)
    minute_began_at = models.DateTimeField(null=True, editable=False)
    heard_this_minute = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("ticket feed")
        verbose_name_plural = _("ticket feeds")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of_token(cls, token: str, at: datetime) -> "TicketFeed | None":
        """The open feed whose token this is at `at`, or was until an hour ago; None for any other."""
        fingerprint = _fingerprint(token)
        current, old = Q(token_hash=fingerprint), Q(old_token_hash=fingerprint, old_token_until__gt=at)
        return cls.objects.filter(current | old, is_open=True).first() if token else None

    def new_token(self, by, at: datetime) -> str:
        """Give it a new token, which is returned and never known again; the one before still holds for an hour."""
        token = f"feed_{secrets.token_urlsafe(32)}"
        if self.token_hash:
            self.old_token_hash, self.old_token_until = self.token_hash, at + GRACE
        self.token_hash, self.token_made_at, self.token_made_by = _fingerprint(token), at, by
        self.save()
        return token


class FeedMessage(models.Model):
    """A message of a feed under the key it gave, with the answer that the same key will get again."""

    feed = models.ForeignKey(TicketFeed, models.CASCADE, related_name="messages", verbose_name=_("ticket feed"))
    key = models.CharField(_("key"), max_length=200)
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField(_("answer"), default=dict)
    received_at = models.DateTimeField(_("received"), db_index=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("feed message")
        verbose_name_plural = _("feed messages")
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="feed_message_once_per_key")]

    def __str__(self) -> str:
        return f"{self.feed}: {self.key}"


def _fingerprint(token: str) -> str:
    """Tokens are long and random, so a plain digest tells nothing of them."""
    return hashlib.sha256(token.encode()).hexdigest()
