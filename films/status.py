"""What the audience is told about a screening, in a word with its shape and tone."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from films.models import Screening
from films.wording import standby

Sales, Occurrence = Screening.Sales, Screening.Occurrence

# Tones are those of the stylesheet, which draws nine; the word says what the tone only colours.
TONES = {
    Sales.NOT_YET: "soon",
    Sales.ON_SALE: "sale",
    Sales.SELLING_FAST: "fast",
    Sales.STANDBY: "standby",
    Sales.OFF_SALE: "soon",
    Sales.SOLD_OUT: "sold",
    Sales.FREE: "sale",
    Sales.FREE_REGISTRATION: "sale",
    Sales.PASS_ONLY: "soon",
    Sales.UNKNOWN: "soon",
}


@dataclass(frozen=True)
class Status:
    tone: str
    word: str
    # What the word alone does not say, in a sentence for who would come; empty for most.
    detail: str = ""


def statuses(screening: Screening, at: datetime) -> list[Status]:
    """The states of a screening at `at`, the one that matters most first.

    A screening that will not take place, is running or is over says only that; one to come says whether it
    was moved, and how it sells.
    """
    if screening.occurrence == Occurrence.CANCELLED:
        return [Status("cancelled", _("Cancelled"))]
    if screening.occurrence == Occurrence.POSTPONED:
        return [Status("moved", _("Postponed"))]
    if screening.is_past(at):
        return [Status("passed", _("Passed"))]
    if screening.is_on_now(at):
        return [Status("now", _("On screen now"))]
    sales = screening.sales_state(at)
    detail = standby(screening) if sales == Sales.STANDBY else ""
    status = Status(TONES[sales], str(Sales(sales).label), detail)
    if screening.occurrence == Occurrence.MOVED:
        return [Status("moved", _("Moved")), status]
    return [status]
