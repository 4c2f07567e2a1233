"""A message's effect: each row has its own, and each message has it once, however often it is sent."""

import hashlib
from collections import Counter
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.box_office.precedence import Heard, hear
from films.interchange.pieces import pieces
from films.models import FeedMessage, Screening, SourceRow, TicketFeed
from films.ticket_feed.message import Refused, Said, read_row, read_rows, repeatable
from people.text import is_id

PER_MINUTE = 60
MINUTE = timedelta(minutes=1)
# Whoever has not been answered by then was cut off, and the same message may be worked on anew.
PATIENCE = timedelta(minutes=2)
KEPT = timedelta(days=7)
REFUSED = "refused"


class Repeated(models.TextChoices):
    """Why a key that was used before gets no new answer."""

    OTHER = "other", gettext_lazy("This key was used for another message. Give each message a key of its own.")
    AT_WORK = "at_work", gettext_lazy("The message with this key is still being worked on. Ask again in a moment.")


class KeyInUse(Exception):
    def __init__(self, why: Repeated) -> None:
        super().__init__(why.label)
        self.why = why


def seconds_to_wait(feed: TicketFeed, at: datetime) -> int:
    """Count a message of the feed: 0 when it may be taken, else the seconds until the next one may."""
    this_minute = {"minute_began_at__gt": at - MINUTE}
    row = TicketFeed.objects.filter(pk=feed.pk)
    count = F("heard_this_minute") + 1
    if row.filter(**this_minute, heard_this_minute__lt=PER_MINUTE).update(heard_this_minute=count, heard_at=at):
        return 0
    if row.exclude(**this_minute).update(heard_this_minute=1, minute_began_at=at, heard_at=at):
        return 0
    began_at = row.values_list("minute_began_at", flat=True).get()
    return max(1, int((began_at + MINUTE - at).total_seconds()))


def receive(feed: TicketFeed, key: str, body: bytes, at: datetime) -> tuple[dict, bool]:
    """The answer to a message, and whether it is one that was given before.

    Raises Refused when the whole message cannot be taken, and KeyInUse when its key was another's.
    """
    digest = hashlib.sha256(body).hexdigest()
    rows = read_rows(body)
    FeedMessage.objects.filter(received_at__lt=at - KEPT).delete()
    message, is_new = FeedMessage.objects.get_or_create(
        feed=feed, key=key, defaults={"body_hash": digest, "received_at": at}
    )
    if not is_new:
        if message.body_hash != digest:
            raise KeyInUse(Repeated.OTHER)
        if message.answered_at:
            return message.answer, True
        cut_off = FeedMessage.objects.filter(pk=message.pk, answered_at=None, received_at__lte=at - PATIENCE)
        if not cut_off.update(received_at=at):
            raise KeyInUse(Repeated.AT_WORK)
    message.answer = _answer(feed, rows, at)
    message.answered_at = at
    message.save(update_fields=["answer", "answered_at"])
    return message.answer, False


def _answer(feed: TicketFeed, rows: list, at: datetime) -> dict:
    read: list[Said | Refused] = []
    for row in rows:
        try:
            read.append(read_row(row, at))
        except Refused as refusal:
            read.append(refusal)
    screenings = _screenings(feed, {said.name for said in read if isinstance(said, Said)})
    results = []
    for number, (row, said) in enumerate(zip(rows, read, strict=True), start=1):
        result = {"row": number, "screening": repeatable(row.get("screening")) if isinstance(row, dict) else None}
        results.append(result | _effect(feed, said, screenings, at))
    counts = Counter(result["result"] for result in results)
    return {name: counts[name] for name in (*Heard.values, REFUSED)} | {"rows": results}


def _effect(feed: TicketFeed, said: Said | Refused, screenings: dict[str, int], at: datetime) -> dict:
    if isinstance(said, Refused):
        return {"result": REFUSED, "says": str(said)}
    pk = screenings.get(said.name)
    try:
        if pk is None:
            raise Screening.DoesNotExist
        heard = hear(pk, feed=feed.name, said_at=said.at, at=at, sales=said.sales, seats_left=said.seats_left)
    except Screening.DoesNotExist:
        return {"result": REFUSED, "says": _("This feed may speak of no screening of that name.")}
    return {"result": heard.value, "says": str(heard.label)}


def _screenings(feed: TicketFeed, names: set[str]) -> dict[str, int]:
    """The screenings, by what the feed calls them, of which it may speak."""
    if feed.source:
        keys = SourceRow.objects.filter(source=feed.source, sheet=SourceRow.Sheet.SCREENING)
        known = {
            key: pk
            for some in pieces(list(names))
            for key, pk in keys.filter(key__in=some).values_list("key", "object_id")
        }
    else:
        known = {name: int(name) for name in names if is_id(name)}
    screenings = Screening.objects.all()
    if venues := list(feed.venues.values_list("pk", flat=True)):
        screenings = screenings.filter(room__venue__in=venues)
    there = {
        pk
        for some in pieces(list(known.values()))
        for pk in screenings.filter(pk__in=some).order_by().values_list("pk", flat=True)
    }
    return {name: pk for name, pk in known.items() if pk in there}
