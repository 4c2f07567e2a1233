"""How the desk shows a state: a sign, and the word for it."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from films.listing_check import Finding, Level
from films.models import Film, Screening

SIGNS = {
    Level.ERROR: ("✖", "bad"),
    Level.WARNING: ("▲", "odd"),
    Level.HINT: ("○", "quiet"),
    Film.State.DRAFT: ("✎", "quiet"),
    Film.State.SCHEDULED: ("◷", "odd"),
    Film.State.PUBLISHED: ("●", "good"),
    Film.State.WITHDRAWN: ("✖", "bad"),
    Screening.Occurrence.MOVED: ("→", "odd"),
    Screening.Occurrence.POSTPONED: ("◷", "odd"),
    Screening.Occurrence.CANCELLED: ("✖", "bad"),
    Screening.Sales.NOT_YET: ("◷", "quiet"),
    Screening.Sales.ON_SALE: ("●", "good"),
    Screening.Sales.SELLING_FAST: ("◑", "odd"),
    Screening.Sales.STANDBY: ("◔", "odd"),
    Screening.Sales.OFF_SALE: ("■", "bad"),
    Screening.Sales.SOLD_OUT: ("■", "bad"),
    Screening.Sales.FREE: ("●", "good"),
    Screening.Sales.FREE_REGISTRATION: ("●", "good"),
    Screening.Sales.PASS_ONLY: ("◆", "quiet"),
    Screening.Sales.UNKNOWN: ("?", "quiet"),
}


def mark(state: str, words: str) -> SafeString:
    """`words`, after the sign of `state`; the sign says nothing that the words do not."""
    sign, tone = SIGNS.get(state, ("●", "good"))
    return format_html('<span class="mark mark-{}"><span aria-hidden="true">{}</span> {}</span>', tone, sign, words)


def by_level(findings: list[Finding]) -> list[tuple[Level, int]]:
    """How many of each level there are, worst first, those without any left out."""
    counts = [(level, sum(found.level == level for found in findings)) for level in Level]
    return [(level, count) for level, count in counts if count]
