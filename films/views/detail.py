"""The film page: everything about one film, in the right state for the moment it is read."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from films.admission import Admission
from films.also_playing import Traits, also_playing
from films.clock import now
from films.models import ContentWarning, Credit, CreditRole, Film, FilmCountry, OldSlug, Quote, Screening
from films.rows import Rows
from films.showing import Showing, for_page, showing_at, warning_rows
from people.models import FilmographyEntry, Person
from venues.models import Venue


@dataclass(frozen=True)
class VenueAge:
    """Who may come in at a venue; `showings` says when, where the answer differs from day to day there."""

    venue: Venue
    admission: Admission
    showings: list[Showing]


# A film that plays for weeks would keep its story a long way down a phone; a fold for one or two is not worth a press.
SHOWN_AT_ONCE, SHOWN_IF_NO_MORE = 6, 8


def film_detail(request: HttpRequest, slug: str) -> HttpResponse:
    at = now(request)
    film = film_for_page(Film.objects.announced(at), at).filter(slug=slug).first()
    if film is None:
        return redirect_to_new_address(slug, at)
    return render(request, "films/film_detail.html", page_of(film, at))


def page_of(film: Film, at: datetime) -> dict:
    """What stands at `at` on the page of a film that came `film_for_page`."""
    credits = list(film.credits.in_order())
    showings = showings_of(film, at)
    to_come = [showing for showing in showings if not showing.is_past]
    directors = list(dict.fromkeys(credit.person for credit in credits if credit.is_directing))
    return {
        "film": film,
        "at": at,
        "standing": Film.Standing(film.standing).name.lower(),
        "to_come": to_come[: SHOWN_AT_ONCE if len(to_come) > SHOWN_IF_NO_MORE else None],
        "further": to_come[SHOWN_AT_ONCE:] if len(to_come) > SHOWN_IF_NO_MORE else [],
        "over": [showing for showing in showings if showing.is_past],
        "credit_groups": credit_groups(credits),
        "cast": [credit for credit in credits if credit.role.department == CreditRole.Department.CAST],
        "directors": directors,
        "introduced": [
            (person, works)
            for person, works in with_filmography(directors)
            if works or person.biography or person.headshot
        ],
        "warnings": warnings_of(film, showings),
        "ages": ages_by_venue(showings),
        "programmes": list(dict.fromkeys(p for showing in showings for p in showing.programmes)),
        "also_playing": also_playing(film, traits_of(film, credits, showings), at),
    }


def film_for_page(films: QuerySet, at: datetime) -> QuerySet:
    """`films`, each with the lists that stand on its page at `at`."""
    this = OuterRef("pk")
    return (
        films.with_standing(at)
        .select_related("edition")
        .annotate(
            **_filed_under(this),
            quote_rows=Rows(
                Quote.objects.filter(film=this).order_by("position", "pk"),
                text=F("text"),
                source=F("source"),
                url=F("url"),
                language=F("language"),
            ),
            warning_rows=warning_rows(ContentWarning.objects.filter(film=this)),
            part_rows=Rows(
                Film.objects.public(at).filter(part_of__programme=this).order_by("part_of__position"),
                title=F("title"),
                language=F("title_language"),
                slug=F("slug"),
                runtime=F("runtime"),
            ),
        )
    )


def _filed_under(film: OuterRef) -> dict[str, Rows]:
    """The words that a film is filed under, by the name that its page asks for them."""

    def rows(filed: QuerySet, word: str, **more: F) -> Rows:
        return Rows(filed, id=F(word), name=F(f"{word}__name"), **more)

    series = Film.series.through.objects.filter(film_id=film).order_by("series__position", "series__name")
    return {
        "series_rows": rows(series, "series", slug=F("series__slug")),
        "genre_rows": rows(Film.genres.through.objects.filter(film_id=film).order_by("pk"), "genre"),
        "language_rows": rows(Film.languages.through.objects.filter(film_id=film).order_by("pk"), "language"),
        "country_rows": rows(FilmCountry.objects.filter(film=film).order_by("position", "pk"), "country"),
    }


def redirect_to_new_address(slug: str, at: datetime) -> HttpResponse:
    """To the page of the film that had this address once; raises Http404 when none that is public had."""
    old = OldSlug.objects.filter(slug=slug, film__in=Film.objects.announced(at)).select_related("film").first()
    if old is None:
        raise Http404
    return HttpResponsePermanentRedirect(old.film.get_absolute_url())


def showings_of(film: Film, at: datetime) -> list[Showing]:
    """The film's public screenings in order, in two queries; those in which it is part of a programme too."""
    own, within = Screening.objects.showing(film), Screening.objects.showing_programme_with(film)
    screenings = Screening.objects.open_to_all().filter(Q(pk__in=own) | Q(pk__in=within)).in_order()
    return [showing_at(screening, at, film) for screening in for_page(screenings, at)]


def credit_groups(credits: list[Credit]) -> list[tuple[CreditRole, list[Credit]]]:
    """Credits under their roles, in the order of the roles and, within each, of the film."""
    return [(role, list(group)) for role, group in groupby(credits, key=lambda credit: credit.role)]


def with_filmography(people: list[Person]) -> list[tuple[Person, list[FilmographyEntry]]]:
    rows = FilmographyEntry.objects.filter(person__in=people).order_by("position", "-year", "pk")
    by_person = {person.pk: [] for person in people}
    for row in rows:
        by_person[row.person_id].append(row)
    return [(person, by_person[person.pk]) for person in people]


def warnings_of(film: Film, showings: list[Showing]) -> list[dict]:
    """The film's own warnings, then those of what is shown with it, each kind once."""
    items = [item for showing in showings for item in showing.items]
    shown_with_it = [row for item in items for row in item.warning_rows + item.part_warning_rows]
    union = {}
    for row in film.warning_rows + shown_with_it:
        union.setdefault(row["kind"], row)
    return list(union.values())


def ages_by_venue(showings: list[Showing]) -> list[VenueAge]:
    """Who may come in, grouped by venue and by what the rules say there; cancelled screenings left out."""
    groups: dict[tuple, list[Showing]] = {}
    for showing in showings:
        if showing.screening.occurrence != Screening.Occurrence.CANCELLED:
            key = (showing.screening.room.venue, showing.admission)
            groups.setdefault(key, []).append(showing)
    venues = [venue for venue, _admission in groups]
    return [
        VenueAge(venue, admission, group if venues.count(venue) > 1 else [])
        for (venue, admission), group in groups.items()
        if admission.restrictions
    ]


def traits_of(film: Film, credits: list[Credit], showings: list[Showing]) -> Traits:
    people: dict[str, set[int]] = {}
    for credit in credits:
        people.setdefault(credit.role.department, set()).add(credit.person_id)
    return Traits(
        people=people,
        series={row["id"] for row in film.series_rows},
        genres={row["id"] for row in film.genre_rows},
        countries={row["id"] for row in film.country_rows},
        languages={row["id"] for row in film.language_rows},
        venues={showing.screening.room.venue_id for showing in showings},
    )
