"""What may be missing from a screening that is to come, or odd about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.conflicts import (
    guest_sentence,
    lies_outside,
    outside_sentence,
    time_in_words,
    title_of,
    turnaround_sentence,
)
from films.interchange.overlaps import REASON as AS_IMPORTED
from films.listing_check.rules import Finding, Level, Rules
from films.listing_check.screening_facts import ScreeningFacts
from films.models import Film, Screening, ScreeningFilm
from people.text import fold

SCREENING_RULES = Rules()
rule = SCREENING_RULES.add

ERROR, WARNING, HINT = Level.ERROR, Level.WARNING, Level.HINT
Sales, Occurrence = Screening.Sales, Screening.Occurrence
SOLD = (*Screening.SOLD_BY_ADDRESS, Sales.STANDBY, Sales.SOLD_OUT)
SMALL_HOURS = (time(3), time(8))
LONGEST = timedelta(hours=8)
# A published end is rounded, and credits run while the doors open.
GRACE = timedelta(minutes=5)


@dataclass
class Beside:
    """A sentence about another screening, made when somebody reads it: a list asks only whether there is one."""

    other: Screening
    sentence: Callable[[Screening], str]

    def __str__(self) -> str:
        return self.sentence(self.other)


def name_the_others(findings: Iterable[Finding]) -> None:
    """Read, for all of `findings` at once, what the screenings show of which their sentences speak."""
    others = {one.sentence.other.pk: one.sentence.other for one in findings if isinstance(one.sentence, Beside)}
    items = ScreeningFilm.objects.select_related("film").only("screening", "film__title")
    prefetch_related_objects(list(others.values()), Prefetch("items", items.order_by("position", "pk")))


# Its place and time


@rule("overlap", ERROR, gettext_lazy("Overlap that nobody confirmed"), "room")
def overlap_unconfirmed(facts: ScreeningFacts):
    for other in facts.overlaps:
        if not facts.screening.overlap_reason and not other.overlap_reason:
            yield Beside(other, _holds_the_room)


@rule("overlap-imported", WARNING, gettext_lazy("Overlap kept by an import"), "overlap_reason")
def overlap_imported(facts: ScreeningFacts):
    for other in facts.overlaps:
        if {facts.screening.overlap_reason, other.overlap_reason} - {""} == {AS_IMPORTED}:
            yield Beside(other, _holds_the_room_as_imported)


@rule("turnaround", WARNING, gettext_lazy("Gap under the turnaround"), "local_start")
def turnaround(facts: ScreeningFacts):
    return [Beside(other, partial(turnaround_sentence, facts.screening)) for other in facts.too_close]


@rule("guest-elsewhere", WARNING, gettext_lazy("Guest in two places"), "guest_rows")
def guest_elsewhere(facts: ScreeningFacts):
    return [Beside(other, partial(guest_sentence, guest)) for guest, other in facts.elsewhere]


def _holds_the_room(other: Screening) -> str:
    return _("“%(title)s” holds the same room at that time (%(time)s).") % {
        "title": title_of(other),
        "time": time_in_words(other),
    }


def _holds_the_room_as_imported(other: Screening) -> str:
    return _("“%(title)s” holds the same room at that time (%(time)s); an import kept both.") % {
        "title": title_of(other),
        "time": time_in_words(other),
    }


@rule("outside-edition", WARNING, gettext_lazy("Outside the edition"), "local_start")
def outside_edition(facts: ScreeningFacts):
    if lies_outside(facts.screening):
        yield outside_sentence(facts.screening)


@rule("small-hours", WARNING, gettext_lazy("Starts in the small hours"), "local_start")
def small_hours(facts: ScreeningFacts):
    start = facts.screening.local_start
    if SMALL_HOURS[0] <= start.time() < SMALL_HOURS[1]:
        yield _("It starts at %(time)s in the morning. Is that meant?") % {"time": date_format(start, "H:i")}


@rule("no-end", HINT, gettext_lazy("End unknown"), "local_end", missing=True)
def no_end(facts: ScreeningFacts):
    counted = [film for film in facts.films if film.state != Film.State.WITHDRAWN]
    if facts.screening.end_is_approximate and counted:
        yield _("Its end is not known: the page says “approx.”. Enter an end, or the runtimes of its films.")


@rule("ends-too-early", WARNING, gettext_lazy("Ends before its films do"), "local_end")
def ends_too_early(facts: ScreeningFacts):
    screening = facts.screening
    if not screening.entered_end:
        return
    worked_out = Screening(starts_at=screening.starts_at, preshow=screening.preshow, edition=screening.edition)
    worked_out.work_out_end(facts.films)
    if not worked_out.end_is_approximate and worked_out.ends_at - screening.ends_at > GRACE:
        yield _("It ends at %(end)s, but its films last until %(films)s.") % {
            "end": date_format(screening.local_end, "H:i"),
            "films": date_format(worked_out.ends_at.astimezone(screening.zone), "H:i"),
        }


@rule("lasts-long", WARNING, gettext_lazy("Lasts more than eight hours"), "local_end")
def lasts_long(facts: ScreeningFacts):
    length = facts.screening.ends_at - facts.screening.starts_at
    if length > LONGEST:
        yield _("It lasts %(hours)d hours. Is its end on the right day?") % {"hours": length.total_seconds() // 3600}


@rule("moved-from-here", WARNING, gettext_lazy("Moved from where it is"), "occurrence")
def moved_from_here(facts: ScreeningFacts):
    screening = facts.screening
    if screening.occurrence != Occurrence.MOVED:
        return
    same_time = screening.previous_starts_at in (None, screening.starts_at)
    same_room = screening.previous_room_id in (None, screening.room_id)
    if same_time and same_room:
        yield _("It is marked as moved, but its earlier place and time are the ones it has now.")


@rule("postponed-too-long", WARNING, gettext_lazy("Postponed beyond its date"), "occurrence")
def postponed_too_long(facts: ScreeningFacts):
    if facts.screening.occurrence == Occurrence.POSTPONED and facts.screening.ends_at <= facts.at:
        yield _("Its old date has gone by and it has no new one. Give it one, or cancel it.")


# What it shows


@rule("no-film", WARNING, gettext_lazy("Shows nothing"), "items")
def no_film(facts: ScreeningFacts):
    if not facts.films:
        yield _("It shows no film, so no page lists it.")


@rule("film-withdrawn", ERROR, gettext_lazy("Shows a withdrawn film"), "items")
def film_withdrawn(facts: ScreeningFacts):
    for film in facts.films:
        if film.state == Film.State.WITHDRAWN:
            yield _("“%(film)s” is withdrawn, and this screening of it still takes place.") % {"film": film.title}


@rule("film-not-public", ERROR, gettext_lazy("Tickets for a film that is not public"), "items")
def film_not_public(facts: ScreeningFacts):
    drafts = [film.title for film in facts.films if film.state == Film.State.DRAFT]
    if drafts and facts.is_public and facts.sales in SOLD:
        yield _("Tickets are sold, but “%(film)s” is a draft that nobody can see.") % {"film": drafts[0]}


@rule("premiere-of-nothing", WARNING, gettext_lazy("Premiere of no premiere film"), "is_premiere")
def premiere_of_nothing(facts: ScreeningFacts):
    if not facts.screening.is_premiere:
        return
    shown = [*facts.films, *(part.film for film in facts.films for part in film.parts.all())]
    if not any(film.premiere for film in shown):
        yield _("It is marked as the premiere, but no film in it says which premiere it is.")


@rule("subtitles-untagged", HINT, gettext_lazy("Subtitle language unknown"), "subtitle_language")
def subtitles_untagged(facts: ScreeningFacts):
    line = facts.screening.language_line
    if not facts.screening.subtitle_language and "subtitl" in fold(line):
        yield _("Its own language line speaks of subtitles, but not the field that machines read.")


# Who may come in


@rule("age-needless", HINT, gettext_lazy("Age by hand without need"), "age_override")
def age_needless(facts: ScreeningFacts):
    by_rule = facts.by_rule
    same = by_rule and not by_rule.accompanied_under and by_rule.minimum_age == facts.screening.age_override
    if same:
        yield _("The minimum age set by hand (%(age)s) is what the rules say anyway. Clear it.") % {
            "age": by_rule.label
        }


# Its tickets


@rule("no-ticket-address", ERROR, gettext_lazy("On sale without a ticket address"), "ticket_url", missing=True)
def no_ticket_address(facts: ScreeningFacts):
    screening = facts.screening
    if facts.is_public and facts.sales in Screening.SOLD_BY_ADDRESS and not screening.ticket_url:
        yield _("Its page says “%(state)s” and offers no way to get a ticket.") % {"state": Sales(facts.sales).label}


@rule("on-sale-too-late", ERROR, gettext_lazy("Goes on sale too late"), "on_sale_at")
def on_sale_too_late(facts: ScreeningFacts):
    screening = facts.screening
    if screening.sales == Sales.NOT_YET and screening.on_sale_at and screening.on_sale_at >= screening.starts_at:
        yield _("Its tickets go on sale only when it has begun.")


@rule("sold-out-unchecked", HINT, gettext_lazy("Sold out, never checked"), "sales_checked_at")
def sold_out_unchecked(facts: ScreeningFacts):
    if facts.sales == Sales.SOLD_OUT and not facts.screening.sales_checked_at:
        yield _("It is sold out, and the page cannot say when that was last checked.")


@rule("free-with-a-price", WARNING, gettext_lazy("Free, with a price"), "price")
def free_with_a_price(facts: ScreeningFacts):
    if facts.sales in (Sales.FREE, Sales.FREE_REGISTRATION) and facts.screening.price:
        yield _("It is free and has a price of %(price)s.") % {"price": facts.screening.price}
