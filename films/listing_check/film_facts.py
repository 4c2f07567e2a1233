"""What the rules for films read, for one film or a whole festival in the same number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from films.models import (
    ClassificationScheme,
    Credit,
    CreditRole,
    Film,
    FilmClassification,
    FilmCountry,
    ProgrammePart,
    Quote,
    Screening,
    ScreeningFilm,
)
from people.text import fold


class Showing(NamedTuple):
    """A public screening, not cancelled, that shows the film by itself or in a programme."""

    screening: int
    starts_at: datetime
    is_premiere: bool
    jurisdiction: str


class Credited(NamedTuple):
    """A row of the credits, without the weight of its models: a festival has thousands."""

    person: int
    name: str
    folded_name: str
    printed_name: str
    is_directing: bool


@dataclass
class FilmFacts:
    film: Film
    at: datetime
    credits: list[Credited]
    # The films of a programme, without withdrawn ones.
    parts: list[Film]
    # The sources of quotes that do not link to them.
    unlinked_quotes: list[str]
    has_country: bool
    has_language: bool
    showings: list[Showing]
    # By jurisdiction: which of the film and its parts have a class there.
    classed: dict[str, set[int]]
    # By jurisdiction that has a scheme: whether it says who may see a film without a class.
    schemes: dict[str, bool]
    # Others in the edition under the same title: id, kind, year.
    namesakes: list[tuple[int, str, int | None]]

    @cached_property
    def is_unfinished(self) -> bool:
        return self.film.state == Film.State.DRAFT

    @cached_property
    def is_work(self) -> bool:
        """Whether it is a film itself, which somebody has directed and which lasts a while."""
        return self.film.kind in (Film.Kind.FILM, Film.Kind.SHORT)

    @cached_property
    def is_to_be_announced(self) -> bool:
        """Whether the page says by itself that more is to come, so that nothing is missing yet."""
        return self.film.tba or self.film.kind == Film.Kind.SECRET

    @cached_property
    def edition_is_over(self) -> bool:
        ends_at = self.film.edition.ends_at
        return ends_at is not None and ends_at <= self.at

    @cached_property
    def public_from(self) -> datetime | None:
        """The later of its own embargo and its edition's announcement; None when there is neither."""
        embargo = self.film.embargo_until if self.film.state == Film.State.SCHEDULED else None
        instants = [instant for instant in (embargo, self.film.edition.announced_at) if instant]
        return max(instants, default=None)


def facts_of_films(films: QuerySet[Film], at: datetime) -> list[FilmFacts]:
    """Each of `films` with what its rules read, in a fixed number of queries.

    What is many (credits, countries, languages) comes as bare values: models of it would cost most of the time.
    """
    loaded = list(films.defer("synopsis_html").order_by("pk"))
    pks = films.order_by().values("pk")
    prefetch_related_objects(loaded, "edition", "stands_for")
    parts = _parts(pks)
    # `runtime_of` adds up the parts of what has no runtime of its own.
    unknown = [film for film in loaded if not film.runtime]
    prefetch_related_objects(unknown, Prefetch("parts", ProgrammePart.objects.select_related("film")))
    credits, quotes, showings, classed = _credits(pks), _unlinked_quotes(pks), _showings(pks), _classed(pks)
    from_somewhere = set(FilmCountry.objects.filter(film__in=pks).order_by().values_list("film", flat=True))
    languages = Film.languages.through.objects.filter(film__in=pks)
    speaking = set(languages.order_by().values_list("film", flat=True))
    schemes, namesakes = _schemes(), _namesakes(films.order_by())
    return [
        FilmFacts(
            film,
            at,
            credits=credits[film.pk],
            parts=parts[film.pk],
            unlinked_quotes=quotes[film.pk],
            has_country=film.pk in from_somewhere,
            has_language=film.pk in speaking,
            showings=sorted(showings[film.pk], key=lambda showing: showing.starts_at),
            classed=classed[film.pk],
            schemes=schemes,
            namesakes=[one for one in namesakes[film.edition_id, fold(film.title)] if one[0] != film.pk],
        )
        for film in loaded
    ]


def _parts(films: QuerySet) -> dict[int, list[Film]]:
    parts = defaultdict(list)
    rows = ProgrammePart.objects.filter(programme__in=films).exclude(film__state=Film.State.WITHDRAWN)
    unread = ("film__synopsis", "film__synopsis_html")
    for part in rows.select_related("film").defer(*unread).order_by("position", "pk"):
        parts[part.programme_id].append(part.film)
    return parts


def _unlinked_quotes(films: QuerySet) -> dict[int, list[str]]:
    sources = defaultdict(list)
    quotes = Quote.objects.filter(film__in=films, url="").order_by("position", "pk")
    for film, source in quotes.values_list("film", "source"):
        sources[film].append(source)
    return sources


def _credits(films: QuerySet) -> dict[int, list[Credited]]:
    credits = defaultdict(list)
    rows = Credit.objects.filter(film__in=films).order_by("role__position", "position", "pk")
    for film, person, name, folded, credited_as, department in rows.values_list(
        "film", "person", "person__name", "person__search_name", "credited_as", "role__department"
    ):
        is_directing = department == CreditRole.Department.DIRECTION
        credits[film].append(Credited(person, name, folded, credited_as or name, is_directing))
    return credits


def _showings(films: QuerySet) -> dict[int, set[Showing]]:
    counted = Screening.objects.open_to_all().not_cancelled()
    facts = ("pk", "starts_at", "is_premiere", "room__venue__jurisdiction")
    alone = ScreeningFilm.objects.filter(film__in=films, screening__in=counted).order_by()
    inside = ProgrammePart.objects.filter(film__in=films, programme__showings__screening__in=counted).order_by()
    rows = [
        *alone.values_list("film", *(f"screening__{name}" for name in facts)),
        *inside.values_list("film", *(f"programme__showings__screening__{name}" for name in facts)),
    ]
    showings = defaultdict(set)
    for film, *facts_of_one in rows:
        showings[film].add(Showing(*facts_of_one))
    return showings


def _classed(films: QuerySet) -> dict[int, dict[str, set[int]]]:
    classed = defaultdict(lambda: defaultdict(set))
    own = FilmClassification.objects.filter(film__in=films).order_by()
    of_parts = ProgrammePart.objects.filter(programme__in=films, film__classifications__isnull=False).order_by()
    rows = [
        *own.values_list("film", "film", "scheme__jurisdiction"),
        *of_parts.values_list("programme", "film", "film__classifications__scheme__jurisdiction"),
    ]
    for film, has_class, jurisdiction in rows:
        classed[film][jurisdiction].add(has_class)
    return classed


def _schemes() -> dict[str, bool]:
    schemes = ClassificationScheme.objects.order_by("pk").values_list(
        "jurisdiction", Q(unclassified_rules__isnull=False)
    )
    return dict(schemes.distinct())


def _namesakes(films: QuerySet[Film]) -> dict[tuple[int, str], list[tuple[int, str, int | None]]]:
    """Films that sort under the same words in the same edition, by edition and folded title."""
    same = Film.objects.filter(edition__in=films.values("edition"), sort_key__in=films.values("sort_key"))
    namesakes = defaultdict(list)
    for edition, title, *about in same.order_by("pk").values_list("edition", "title", "pk", "kind", "year"):
        namesakes[edition, fold(title)].append(tuple(about))
    return namesakes
