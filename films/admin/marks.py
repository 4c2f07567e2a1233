"""How the desk shows a state: a sign, and the word for it."""

from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.safestring import SafeString

from films.listing_check import Finding, Level
from films.models import Film, Screening

# Which sign, in which tone, for the values of each kind of state; others need no notice.
SIGNS = {
    Level: {
        Level.ERROR: ("✖", "bad"),
        Level.WARNING: ("▲", "odd"),
        Level.HINT: ("○", "quiet"),
    },
    Film.State: {
        Film.State.DRAFT: ("✎", "quiet"),
        Film.State.SCHEDULED: ("◷", "odd"),
        Film.State.PUBLISHED: ("●", "good"),
        Film.State.WITHDRAWN: ("✖", "bad"),
    },
    Screening.Audience: {Screening.Audience.PRESS: ("◆", "quiet")},
    Screening.Occurrence: {
        Screening.Occurrence.SCHEDULED: ("●", "good"),
        Screening.Occurrence.MOVED: ("→", "odd"),
        Screening.Occurrence.POSTPONED: ("◷", "odd"),
        Screening.Occurrence.CANCELLED: ("✖", "bad"),
    },
    Screening.Sales: {
        Screening.Sales.ON_SALE: ("●", "good"),
        Screening.Sales.SELLING_FAST: ("◑", "odd"),
        Screening.Sales.STANDBY: ("◔", "odd"),
        Screening.Sales.OFF_SALE: ("■", "bad"),
        Screening.Sales.SOLD_OUT: ("■", "bad"),
        Screening.Sales.FREE: ("●", "good"),
        Screening.Sales.FREE_REGISTRATION: ("●", "good"),
    },
}


def mark(state: TextChoices, words: str = "") -> SafeString:
    """The sign of `state` and its name, or other `words` for it; the sign says nothing that the words do not."""
    sign, tone = SIGNS[type(state)].get(state, ("◌", "quiet"))
    return format_html(
        '<span class="mark mark-{}"><span aria-hidden="true">{}</span> {}</span>', tone, sign, words or state.label
    )


def by_level(findings: list[Finding]) -> list[tuple[Level, int]]:
    """How many of each level there are, worst first, those without any left out."""
    counts = [(level, sum(found.level == level for found in findings)) for level in Level]
    return [(level, count) for level, count in counts if count]
