"""What time it is for a page."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone


def now(request: HttpRequest) -> datetime:
    """The instant that a page speaks of: this one, or the one at which staff look at the site (`festival.as_at`).

    A view reads it once and passes it on.
    """
    return getattr(request, "as_at", None) or timezone.now()
