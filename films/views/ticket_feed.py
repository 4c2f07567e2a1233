"""The address that ticketing systems push to, which explains itself to those who ask it with a browser."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from films.models import TicketFeed
from films.ticket_feed.message import MAX_BYTES, MAX_ROWS, SAYABLE, SKEW, Refused
from films.ticket_feed.receiving import KEPT, PER_MINUTE, KeyInUse, Repeated, receive, seconds_to_wait

MAX_KEY = 200


@csrf_exempt  # A token that no browser sends by itself stands for the sender.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest) -> HttpResponse:
    """Take how screenings sell from a ticketing system: JSON in, JSON out, one result for each row."""
    if request.method == "POST":
        return _take(request)
    context = {
        "states": SAYABLE,
        "limits": {"rows": MAX_ROWS, "bytes": MAX_BYTES, "messages": PER_MINUTE},
        "skew": SKEW.seconds // 60,
        "kept": KEPT.days,
    }
    return render(request, "films/ticket_feed.html", context)


def _take(request: HttpRequest) -> JsonResponse:
    at = timezone.now()
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    feed = TicketFeed.of_token(token.strip(), at) if scheme.lower() == "bearer" else None
    if feed is None:
        sentence = _("Send the feed’s token: “Authorization: Bearer …”. This one is missing, replaced or closed.")
        return _refusal(401, sentence, {"WWW-Authenticate": "Bearer"})
    if wait := seconds_to_wait(feed, at):
        sentence = _("More than %(limit)d messages in a minute. Ask again in %(seconds)d seconds.")
        return _refusal(429, sentence % {"limit": PER_MINUTE, "seconds": wait}, {"Retry-After": str(wait)})
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > MAX_KEY or not (key.isascii() and key.isprintable()):
        sentence = _("Give each message an “Idempotency-Key” of 1 to %(limit)d plain letters and digits.")
        return _refusal(400, sentence % {"limit": MAX_KEY})
    try:
        answer, is_repeated = receive(feed, key, request.body, at)
    except RequestDataTooBig:
        return _refusal(413, _("The message is longer than %(bytes)d bytes; send it in parts.") % {"bytes": MAX_BYTES})
    except Refused as refusal:
        return _refusal(400, str(refusal))
    except KeyInUse as used:
        wait_a_moment = {"Retry-After": "2"} if used.why == Repeated.AT_WORK else {}
        return _refusal(409, str(used), wait_a_moment)
    return JsonResponse(answer, headers={"Idempotent-Replay": "true"} if is_repeated else {})


def _refusal(status: int, sentence: str, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status, headers=headers or {})
