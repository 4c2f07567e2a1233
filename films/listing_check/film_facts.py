"""What the rules for films read, for one film or a whole festival in the same number of queries."""

from collections import defaultdict
from collections.abc import Iterator
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
)
from films.publication import opens_at
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


class CheckedFilms:
    """Films to check, and what their rules read: each kind of it for all of them at once, when the first rule asks.

    What is many (credits, countries, languages) comes as bare values: models of it would cost most of the time.
    """

    # Long, or costly to read from the database, and of no rule's concern.
    UNREAD = ("synopsis_html", "locked_fields", "created_at", "updated_at")

    def __init__(self, films: QuerySet[Film], at: datetime) -> None:
        self.at = at
        self.films = films.order_by()
        self.pks = self.films.values("pk")

    def __iter__(self) -> Iterator["FilmFacts"]:
        loaded = list(self.films.defer(*self.UNREAD).order_by("pk"))
        prefetch_related_objects(loaded, "edition", "stands_for")
        # `runtime_of` adds up the parts of what has no runtime of its own.
        unknown = [film for film in loaded if not film.runtime]
        prefetch_related_objects(unknown, Prefetch("parts", ProgrammePart.objects.select_related("film")))
        return (FilmFacts(film, self) for film in loaded)

    @cached_property
    def parts(self) -> dict[int, list[Film]]:
        parts = defaultdict(list)
        rows = ProgrammePart.objects.shown().filter(programme__in=self.pks)
        unread = ("film__synopsis", "film__synopsis_html")
        for part in rows.select_related("film").defer(*unread).order_by("position", "pk"):
            parts[part.programme_id].append(part.film)
        return parts

    @cached_property
    def unlinked_quotes(self) -> dict[int, list[str]]:
        sources = defaultdict(list)
        quotes = Quote.objects.filter(film__in=self.pks, url="").order_by("position", "pk")
        for film, source in quotes.values_list("film", "source"):
            sources[film].append(source)
        return sources

    @cached_property
    def credits(self) -> dict[int, list[Credited]]:
        credits = defaultdict(list)
        rows = Credit.objects.filter(film__in=self.pks).order_by("role__position", "position", "pk")
        for film, person, name, folded, credited_as, department in rows.values_list(
            "film", "person", "person__name", "person__search_name", "credited_as", "role__department"
        ):
            is_directing = department == CreditRole.Department.DIRECTION
            credits[film].append(Credited(person, name, folded, credited_as or name, is_directing))
        return credits

    @cached_property
    def with_country(self) -> set[int]:
        return set(FilmCountry.objects.filter(film__in=self.pks).order_by().values_list("film", flat=True))

    @cached_property
    def with_language(self) -> set[int]:
        languages = Film.languages.through.objects.filter(film__in=self.pks)
        return set(languages.order_by().values_list("film", flat=True))

    @cached_property
    def showings(self) -> dict[int, list[Showing]]:
        """By time. Asked of the screenings: SQLite goes through the films' rows many times when asked of those."""
        counted = Screening.objects.open_to_all().not_cancelled().order_by("starts_at", "pk")
        facts = ("pk", "starts_at", "is_premiere", "room__venue__jurisdiction")
        alone = counted.filter(items__film__in=self.pks).values_list("items__film", *facts)
        inside = counted.filter(items__film__parts__film__in=self.pks)
        showings = defaultdict(dict)
        for film, *facts_of_one in [*alone, *inside.values_list("items__film__parts__film", *facts)]:
            showings[film][facts_of_one[0]] = Showing(*facts_of_one)
        return {film: sorted(its.values(), key=lambda it: it.starts_at) for film, its in showings.items()}

    @cached_property
    def classed(self) -> dict[int, dict[str, set[int]]]:
        classed = defaultdict(lambda: defaultdict(set))
        own = FilmClassification.objects.filter(film__in=self.pks).order_by()
        of_parts = ProgrammePart.objects.filter(programme__in=self.pks, film__classifications__isnull=False).order_by()
        rows = [
            *own.values_list("film", "film", "scheme__jurisdiction"),
            *of_parts.values_list("programme", "film", "film__classifications__scheme__jurisdiction"),
        ]
        for film, has_class, jurisdiction in rows:
            classed[film][jurisdiction].add(has_class)
        return classed

    @cached_property
    def schemes(self) -> dict[str, bool]:
        """By jurisdiction that has a scheme: whether it says who may see a film without a class."""
        schemes = ClassificationScheme.objects.order_by("pk").values_list(
            "jurisdiction", Q(unclassified_rules__isnull=False)
        )
        return dict(schemes.distinct())

    @cached_property
    def namesakes(self) -> dict[tuple[int, str], list[tuple[int, str, int | None]]]:
        """Films that sort under the same words in the same edition, by edition and folded title."""
        same = Film.objects.filter(edition__in=self.films.values("edition"), sort_key__in=self.films.values("sort_key"))
        namesakes = defaultdict(list)
        for edition, title, *about in same.order_by("pk").values_list("edition", "title", "pk", "kind", "year"):
            namesakes[edition, fold(title)].append(tuple(about))
        return namesakes


@dataclass
class FilmFacts:
    film: Film
    among: CheckedFilms

    @property
    def row(self) -> Film:
        return self.film

    @property
    def at(self) -> datetime:
        return self.among.at

    @property
    def credits(self) -> list[Credited]:
        return self.among.credits[self.film.pk]

    @property
    def parts(self) -> list[Film]:
        """The films of a programme, without withdrawn ones."""
        return self.among.parts[self.film.pk]

    @property
    def unlinked_quotes(self) -> list[str]:
        """The sources of quotes that do not link to them."""
        return self.among.unlinked_quotes[self.film.pk]

    @property
    def has_country(self) -> bool:
        return self.film.pk in self.among.with_country

    @property
    def has_language(self) -> bool:
        return self.film.pk in self.among.with_language

    @property
    def showings(self) -> list[Showing]:
        return self.among.showings.get(self.film.pk, [])

    @property
    def classed(self) -> dict[str, set[int]]:
        """By jurisdiction: which of the film and its parts have a class there."""
        return self.among.classed[self.film.pk]

    @property
    def schemes(self) -> dict[str, bool]:
        return self.among.schemes

    @property
    def namesakes(self) -> list[tuple[int, str, int | None]]:
        """Others in the edition under the same title: id, kind, year."""
        same = self.among.namesakes[self.film.edition_id, fold(self.film.title)]
        return [one for one in same if one[0] != self.film.pk]

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
        """The instant from which it has a page; None when it had one from the first."""
        return opens_at(self.film)
