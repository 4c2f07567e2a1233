"""What is missing from the programme, or odd about it: worked out anew whenever somebody looks, and stored nowhere.

    for screening, findings in check(Screening.objects.filter(edition=edition), at):
        ...

A rule is a function in `film_rules` or `screening_rules`; the change forms, the lists, the page over all of them
and `manage.py check_listings` show what it finds.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from films.listing_check.film_facts import CheckedFilms, FilmFacts
from films.listing_check.film_rules import FILM_RULES
from films.listing_check.rules import Finding, Level, Rule, Rules
from films.listing_check.screening_facts import CheckedScreenings, ScreeningFacts
from films.listing_check.screening_rules import SCREENING_RULES, name_the_others
from films.models import Edition, Film, Screening

__all__ = [
    "FILM_RULES",
    "SCREENING_RULES",
    "Finding",
    "Level",
    "Rule",
    "check",
    "check_editions",
    "facts_of",
    "found_in",
    "name_the_others",
    "rules_for",
]

Found = list[tuple[Film | Screening, list[Finding]]]


def check(objects: QuerySet, at: datetime) -> Found:
    """Each film or screening of `objects` in which something was found, with that, worst first."""
    found = found_in(objects, at)
    name_the_others(finding for _row, findings in found for finding in findings)
    return found


def check_editions(editions: Iterable[Edition], at: datetime) -> Found:
    """Everything found in `editions`: films by title, then screenings by time."""
    films = check(Film.objects.filter(edition__in=editions), at)
    films.sort(key=lambda found: (found[0].sort_key, found[0].pk))
    return films + check(Screening.objects.filter(edition__in=editions), at)


def found_in(objects: QuerySet, at: datetime) -> Found:
    """The same as `check`, for who counts: `name_the_others` has yet to be called for the sentences that are shown."""
    rules = rules_for(objects.model)
    found = [(facts.row, rules.findings(facts)) for facts in facts_of(objects, at)]
    return [(row, findings) for row, findings in found if findings]


def facts_of(objects: QuerySet, at: datetime) -> Iterable[FilmFacts | ScreeningFacts]:
    """What the rules read, of each of `objects` that is not left in peace: as a withdrawn film is, and a screening
    that is cancelled or past."""
    if objects.model is Film:
        return CheckedFilms(objects.exclude(state=Film.State.WITHDRAWN), at)
    return CheckedScreenings(objects, at)


def rules_for(model: type) -> Rules:
    return FILM_RULES if model is Film else SCREENING_RULES
