"""A festival in numbers."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from films.models import Edition, Film, Screening

# What gathers films, or is none, is not counted among them.
NO_FILM = (Film.Kind.PROGRAMME, Film.Kind.EVENT)


@dataclass(frozen=True)
class Numbers:
    films: int = 0
    countries: int = 0
    screenings: int = 0
    venues: int = 0


def numbers_of(editions: list[Edition], at: datetime) -> dict[int, Numbers]:
    """For each edition's primary key, what of it is public: films, where they come from, screenings not called off.

    Two queries however many editions there are.
    """
    films = (
        Film.objects.public(at)
        .filter(edition__in=editions)
        .exclude(kind__in=NO_FILM)
        .order_by()
        .values_list("edition")
        .annotate(Count("pk", distinct=True), Count("countries", distinct=True))
    )
    screenings = (
        Screening.objects.public(at)
        .taking_place()
        .filter(edition__in=editions)
        .order_by()
        .values_list("edition")
        .annotate(Count("pk"), Count("room__venue", distinct=True))
    )
    of_films = {edition: counts for edition, *counts in films}
    of_screenings = {edition: counts for edition, *counts in screenings}
    return {
        edition.pk: Numbers(*of_films.get(edition.pk, (0, 0)), *of_screenings.get(edition.pk, (0, 0)))
        for edition in editions
    }
