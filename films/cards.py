"""A film as a card in a list: who made it, how long it is, and where it plays next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from films.models import Credit, CreditRole, Film, FilmCountry, Screening
from films.rows import Rows
from films.status import Status, statuses


@dataclass(frozen=True)
class Card:
    film: Film
    directors: list[dict] = field(default_factory=list)
    countries: list[dict] = field(default_factory=list)
    series: list[dict] = field(default_factory=list)
    screening: Screening | None = None
    statuses: list[Status] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    why: str = ""

    @property
    def standing(self) -> str:
        """What stands in place of a showtime: when it was, that it is off, or that dates will come."""
        if self.film.standing == Film.Standing.PAST:
            return _("Played at %(edition)s") % {"edition": self.film.edition}
        return Film.Standing(self.film.standing).label


def for_cards(films: QuerySet, at: datetime) -> QuerySet:
    """`films`, which are public, with what `cards` needs of each at `at`."""
    soonest = Screening.objects.open_to_all().next_first(at).values("pk")
    film = {"film": OuterRef("pk")}
    directing = Credit.objects.filter(**film, role__department=CreditRole.Department.DIRECTION)
    return (
        films.with_standing(at)
        .select_related("edition")
        .annotate(
            next_by_itself=Subquery(soonest.showing(OuterRef("pk"))[:1]),
            next_in_programme=Subquery(soonest.showing_programme_with(OuterRef("pk"))[:1]),
            director_rows=Rows(
                directing.order_by("position", "pk"), name=F("person__name"), language=F("person__language")
            ),
            country_rows=Rows(FilmCountry.objects.filter(**film).order_by("position", "pk"), name=F("country__name")),
            series_rows=Rows(
                Film.series.through.objects.filter(film_id=OuterRef("pk")).order_by("series__position", "pk"),
                name=F("series__name"),
            ),
        )
    )


def cards(films: Iterable[Film], at: datetime) -> list[Card]:
    """A card for each of `films`, which came `for_cards`; one query for all their next screenings.

    A film that runs for the last time shows that it does, and one whose last screening was postponed, that it was.
    """
    films = list(films)
    next_ids = {pk for film in films for pk in (film.next_by_itself, film.next_in_programme) if pk}
    screenings = Screening.objects.select_related("room__venue", "edition").in_bulk(next_ids)
    made = []
    for film in films:
        either = [screenings[pk] for pk in (film.next_by_itself, film.next_in_programme) if pk]
        screening = min(either, key=lambda one: (not one.takes_place, one.is_on_now(at), one.starts_at), default=None)
        made.append(
            Card(
                film=film,
                directors=film.director_rows,
                countries=film.country_rows,
                series=film.series_rows,
                screening=screening,
                statuses=statuses(screening, at) if screening else [],
                rooms=[screening.room.full_name] if screening else [],
            )
        )
    return made
