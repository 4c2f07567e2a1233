"""What is missing from the programme, or odd about it: worked out anew whenever somebody looks, and stored nowhere.

    for screening, findings in check_screenings(Screening.objects.filter(edition=edition), at):
        ...

A rule is a function in `film_rules` or `screening_rules`; the change forms, the lists, the page over all of them
and `manage.py check_listings` show what it finds.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from films.listing_check.film_facts import facts_of_films
from films.listing_check.film_rules import FILM_RULES
from films.listing_check.rules import Finding, Level, Rule
from films.listing_check.screening_facts import facts_of_screenings
from films.listing_check.screening_rules import SCREENING_RULES
from films.models import Edition, Film, Screening

__all__ = [
    "FILM_RULES",
    "SCREENING_RULES",
    "Finding",
    "Level",
    "Rule",
    "check",
    "check_editions",
    "check_films",
    "check_screenings",
    "rules_for",
]


def check_films(films: QuerySet[Film], at: datetime) -> Iterator[tuple[Film, list[Finding]]]:
    """Each of `films` in which something was found, with that, worst first; a withdrawn film is left in peace."""
    for facts in facts_of_films(films.exclude(state=Film.State.WITHDRAWN), at):
        if findings := FILM_RULES.findings(facts):
            yield facts.film, findings


def check_screenings(screenings: QuerySet[Screening], at: datetime) -> Iterator[tuple[Screening, list[Finding]]]:
    """Each of `screenings` in which something was found, with that; past and cancelled ones are left in peace."""
    for facts in facts_of_screenings(screenings, at):
        if findings := SCREENING_RULES.findings(facts):
            yield facts.screening, findings


def check(objects: QuerySet, at: datetime) -> Iterator[tuple[Film | Screening, list[Finding]]]:
    return (check_films if objects.model is Film else check_screenings)(objects, at)


def check_editions(editions: Iterable[Edition], at: datetime) -> Iterator[tuple[Film | Screening, list[Finding]]]:
    """Everything found in `editions`: films by title, then screenings by time."""
    films = check_films(Film.objects.filter(edition__in=editions), at)
    yield from sorted(films, key=lambda found: (found[0].sort_key, found[0].pk))
    yield from check_screenings(Screening.objects.filter(edition__in=editions), at)


def rules_for(model: type) -> list[Rule]:
    return FILM_RULES if model is Film else SCREENING_RULES
