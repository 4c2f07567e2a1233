"""Whose word on sales holds: a person's or the ticket feed's.

The feed leads until a person sets sales at the board, or in the admin once the feed has spoken of the screening. What
the person set then holds (`sales_held_at` says since when): what the feed says meanwhile is kept and shown beside it
(`feed_sales`, `feed_said_at`), and replaces nothing. It holds until

- somebody hands the screening back to the feed, whose last word is then taken at once (`hand_back`); or
- the feed says, in a message made after the person's setting, that it is sold out, while what the person set still
  sends people to buy a ticket. A person may not sell what is not there; from then on the feed leads again.

Seats left are a count and no opinion: the newest one is taken, whoever leads. A message that is not newer than the
feed's last one is refused, so that messages which come late or twice change nothing. Where and when a screening plays,
and whether it does, is never the feed's to say.
"""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.box_office.setting import locked, patient
from films.models import Screening, StatusChange
from films.models.status_change import Origin, log_row

Sales, Axis, Lead = Screening.Sales, StatusChange.Axis, StatusChange.Lead
SELLS = (Sales.ON_SALE, Sales.SELLING_FAST, Sales.FREE_REGISTRATION)


class Heard(models.TextChoices):
    """What became of a message of the feed."""

    TAKEN = "taken", gettext_lazy("Taken.")
    UNCHANGED = "unchanged", gettext_lazy("Nothing to change.")
    HELD = "held", gettext_lazy("A person's setting holds; the message is kept and shown beside it.")
    OLD = "old", gettext_lazy("Not newer than the last message about this screening; nothing was changed.")


def may_be_taken(screening: Screening, sales: str, said_at: datetime) -> bool:
    """Whether the feed's word on sales, said at `said_at`, replaces what stands."""
    if screening.sales_held_at is None:
        return True
    is_beyond_dispute = sales == Sales.SOLD_OUT and screening.sales in SELLS
    return is_beyond_dispute and said_at > screening.sales_held_at


@patient
def hear(
    pk: int, *, feed: str, said_at: datetime, at: datetime, sales: str = "", seats_left: int | None = None
) -> Heard:
    """Take what the feed named `feed` said at `said_at` about a screening, as far as it may.

    Empty `sales` and no `seats_left` say nothing about either. Raises Screening.DoesNotExist.
    """
    with transaction.atomic():
        screening = locked(pk)
        if screening.feed_said_at and said_at <= screening.feed_said_at:
            return Heard.OLD
        kept = {"feed_said_at": said_at} | ({"feed_sales": sales} if sales else {})
        if seats_left is not None and (screening.seats_checked_at is None or screening.seats_checked_at <= said_at):
            kept |= {"seats_left": seats_left, "seats_checked_at": said_at}
        is_new = sales and sales != screening.sales
        is_taken = is_new and may_be_taken(screening, sales, said_at)
        if is_taken:
            kept["sales_held_at"] = None
        had = {name: getattr(screening, name) for name in ("seats_left", "feed_sales", "sales_held_at")}
        # Counts come by the hundred and are no part of the log, so that they are written without a row of history.
        Screening.objects.filter(pk=pk).update(**kept)
        if is_taken:
            screening = locked(pk)
            screening.sales, screening.sales_checked_at = sales, said_at
            screening.save(source=StatusChange.Source.FEED, source_name=feed, at=at)
            return Heard.TAKEN
        if any(name in kept and kept[name] != before for name, before in had.items()):
            Screening.objects.filter(pk=pk).mark_changed()
            return Heard.HELD if is_new else Heard.TAKEN
        return Heard.HELD if is_new else Heard.UNCHANGED


@patient
def hand_back(pk: int, *, by: AbstractBaseUser, at: datetime, why: str = "") -> Screening:
    """Let the feed lead again, and take its last word. Raises Screening.DoesNotExist."""
    with transaction.atomic():
        screening = locked(pk)
        if screening.sales_held_at is None:
            return screening
        screening.sales_held_at = None
        if screening.feed_sales:
            screening.sales, screening.sales_checked_at = screening.feed_sales, screening.feed_said_at
        origin = Origin(by, why or _("Handed back to the feed"), StatusChange.Source.BOARD, "", at)
        screening.save(by=by, why=origin.why, source=origin.source, at=at)
        log_row(screening, Axis.LEAD, Lead.PERSON, Lead.FEED, origin).save()
        return screening
