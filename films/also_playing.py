"""What else a reader of a film's page can still go to: ranked by what it shares, and where and when it plays."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from films.cards import Card
from films.models import Credit, CreditRole, Film, FilmCountry, Screening, ScreeningFilm
from films.rows import Rows
from films.status import statuses
from films.vocabulary import country_name, genre_name, language_name

# How much each thing shared with the film weighs. The order is also the order in which a card gives its reason.
WEIGHTS = {"director": 16, "cast": 8, "series": 5, "genre": 3, "country": 2, "language": 1, "venue": 1}
A_WEEK = timedelta(days=7)
SOON = ((timedelta(days=1), 4), (timedelta(days=3), 3), (A_WEEK, 2), (timedelta(days=30), 1))
# How many candidates there are for each card, and how many cards of one series stand before all others.
POOL = 6
OF_ONE_SERIES = 2
# Whoever waits in a standby line may get in, and may not: no ticket is left there either.
NOT_TO_BE_HAD = (Screening.Sales.SOLD_OUT, Screening.Sales.STANDBY, Screening.Sales.OFF_SALE)


@dataclass(frozen=True)
class Traits:
    """What other films may share with this one, as primary keys."""

    people: dict[str, set[int]]
    series: set[int]
    genres: set[int]
    countries: set[int]
    languages: set[int]
    venues: set[int]


def also_playing(film: Film, traits: Traits, at: datetime, limit: int = 6) -> list[Card]:
    """Up to `limit` cards for `film`'s page at `at`, in a stable order, in two queries.

    Only public screenings to come that take place; what is sold out stands after what can be had. Never the
    film itself, what it is part of or what is part of it; never two cards for one screening's programme; not
    more than two of one series while there is anything else.
    """
    pool = {}
    for pk, screening in _ranked(film, traits, at)[: limit * POOL].values_list("pk", "next_screening"):
        if screening not in pool.values():
            pool[pk] = screening
    items = {(item.film_id, item.screening_id): item for item in _items(pool, at)}
    return [_card(item, traits, at) for item in _varied([items[pair] for pair in pool.items()], limit)]


def _varied(items: list[ScreeningFilm], limit: int) -> list[ScreeningFilm]:
    """The first `limit` of ranked `items`, but of each series only the first few while there is anything else.

    What can be had still stands before what is sold out.
    """
    seen: Counter[int] = Counter()
    first, rest, sold_out = [], [], []
    for item in items:
        series = [row["id"] for row in item.series_rows]
        if item.screening.sales in NOT_TO_BE_HAD:
            sold_out.append(item)
        elif any(seen[pk] >= OF_ONE_SERIES for pk in series):
            rest.append(item)
        else:
            seen.update(series)
            first.append(item)
    return [*first, *rest, *sold_out][:limit]


def _showings(film: OuterRef, at: datetime) -> QuerySet:
    """What can still be gone to of a public film, soonest first; not where it is only a short beside another."""
    parts = (ScreeningFilm.Part.MAIN, ScreeningFilm.Part.DOUBLE_BILL)
    screenings = Screening.objects.open_to_all().upcoming(at)
    return screenings.filter(items__film=film, items__part__in=parts).order_by("starts_at", "pk")


def _ranked(film: Film, traits: Traits, at: datetime) -> QuerySet:
    showings = _showings(OuterRef("pk"), at)
    available = showings.exclude(sales__in=NOT_TO_BE_HAD)
    candidates = Film.objects.public(at).exclude(Q(pk=film.pk) | Q(parts__film=film) | Q(part_of__programme=film))
    return (
        candidates.annotate(
            next_available=Subquery(available.values("pk")[:1]),
            next_screening=Coalesce("next_available", Subquery(showings.values("pk")[:1])),
            next_start=Subquery(showings.values("starts_at")[:1]),
        )
        .exclude(next_start=None)
        .annotate(is_available=Q(next_available__isnull=False), score=_score(traits, at), turn=_turn(film))
        .order_by("-is_available", "-score", "turn", "next_start", "pk")
    )


def _turn(film: Film):
    """A fixed number for each pair of films, so that equals take turns from page to page and all are found."""
    return (F("pk") * 7919 + film.pk * 104_729) % 1009


def _score(traits: Traits, at: datetime):
    """Points for what a film shares with the one on the page, and for how soon it can be seen."""

    def through(model, ids: Iterable[int], **lookup):
        return Exists(model.objects.filter(film=OuterRef("pk"), **lookup)) if ids else None

    def credited(department: str):
        people = traits.people.get(department, set())
        return through(Credit, people, role__department=department, person__in=people)

    shared = {
        "director": credited(CreditRole.Department.DIRECTION),
        "cast": credited(CreditRole.Department.CAST),
        "series": _linked(Film.series.through, "series_id", traits.series),
        "genre": _linked(Film.genres.through, "genre_id", traits.genres),
        "country": through(FilmCountry, traits.countries, country__in=traits.countries),
        "language": _linked(Film.languages.through, "language_id", traits.languages),
        "venue": Exists(_showings(OuterRef("pk"), at).filter(room__venue__in=traits.venues)) if traits.venues else None,
    }
    points = [
        Case(When(condition, then=Value(WEIGHTS[name])), default=Value(0))
        for name, condition in shared.items()
        if condition is not None
    ]
    soon = Case(
        *(When(next_start__lte=at + span, then=Value(points)) for span, points in SOON),
        default=Value(0),
        output_field=IntegerField(),
    )
    return sum(points, soon)


def _linked(through, column: str, ids: set[int]):
    return Exists(through.objects.filter(film_id=OuterRef("pk"), **{f"{column}__in": ids})) if ids else None


def _items(chosen: dict[int, int], at: datetime) -> QuerySet:
    """The chosen films with their next screening, and all that a card says, in one query."""
    people = Credit.objects.filter(film=OuterRef("film")).order_by("position", "pk")
    here = {"film_id": OuterRef("film")}
    return (
        ScreeningFilm.objects.filter(film__in=chosen, screening__in=chosen.values())
        .select_related("film", "screening__room__venue", "screening__edition")
        .annotate(
            people_rows=Rows(
                people.exclude(role__department=CreditRole.Department.CREW),
                id=F("person"),
                name=F("person__name"),
                language=F("person__language"),
                department=F("role__department"),
            ),
            series_rows=Rows(Film.series.through.objects.filter(**here), id=F("series"), name=F("series__name")),
            genre_rows=Rows(Film.genres.through.objects.filter(**here), id=F("genre"), name=F("genre__name")),
            language_rows=Rows(
                Film.languages.through.objects.filter(**here), id=F("language"), name=F("language__name")
            ),
            country_rows=Rows(
                FilmCountry.objects.filter(film=OuterRef("film")).order_by("position", "pk"),
                id=F("country"),
                name=F("country__name"),
            ),
            room_rows=Rows(
                _showings(OuterRef("film"), at),
                venue_id=F("room__venue"),
                venue=F("room__venue__name"),
                room=F("room__name"),
            ),
        )
    )


def _card(item: ScreeningFilm, traits: Traits, at: datetime) -> Card:
    direction = CreditRole.Department.DIRECTION
    rooms = [
        row["venue"] if row["room"] == row["venue"] else f"{row['venue']}, {row['room']}" for row in item.room_rows
    ]
    return Card(
        film=item.film,
        directors=[row for row in item.people_rows if row["department"] == direction],
        countries=item.country_rows,
        series=item.series_rows,
        screening=item.screening,
        statuses=statuses(item.screening, at),
        rooms=list(dict.fromkeys(rooms)),
        why=_why(item, traits, at),
    )


def _why(item: ScreeningFilm, traits: Traits, at: datetime) -> str:
    """The strongest true reason, in words; for a film that shares nothing, that it plays soon, or at what."""
    for department, sentence in (
        (CreditRole.Department.DIRECTION, _("Also directed by %(name)s")),
        (CreditRole.Department.CAST, _("Also with %(name)s")),
    ):
        people = [row for row in item.people_rows if row["department"] == department]
        if shared := _first_shared(people, traits.people.get(department, set())):
            return sentence % {"name": shared}
    for rows, ids, sentence, written in (
        (item.series_rows, traits.series, _("Also in %(name)s"), str),
        (item.genre_rows, traits.genres, _("Also %(name)s"), genre_name),
        (item.country_rows, traits.countries, _("Also from %(name)s"), country_name),
        (item.language_rows, traits.languages, _("Also spoken in %(name)s"), language_name),
    ):
        if shared := _first_shared(rows, ids):
            return sentence % {"name": written(shared)}
    at_venue = [{"id": row["venue_id"], "name": row["venue"]} for row in item.room_rows]
    if shared := _first_shared(at_venue, traits.venues):
        return _("Also at %(name)s") % {"name": shared}
    if item.screening.starts_at <= at + A_WEEK:
        return _("Playing soon")
    return _("In the programme of %(name)s") % {"name": item.screening.edition.name}


def _first_shared(rows: list[dict], ids: set[int]) -> str:
    return next((row["name"] for row in rows if row["id"] in ids), "")
