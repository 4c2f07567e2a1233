"""The four sheets of the interchange format as they are written: what their columns say of rows in the database.

Each function returns the columns that are no field of the row itself (see `tables` for those).
"""

from collections.abc import Callable
from datetime import datetime

from django.db import models

from films.interchange.tables import Keys
from films.models import (
    Credit,
    Film,
    FilmClassification,
    FilmCountry,
    Screening,
    ScreeningFilm,
    ScreeningGuest,
)
from people.models import Person
from venues.models import Venue

Cells = dict[str, str]


def of_venue(venue: Venue, keys: Keys) -> Cells:
    rooms = sorted(venue.rooms.all(), key=lambda room: room.pk)
    has_only_itself = len(rooms) == 1 and rooms[0].name == venue.name
    return {
        "key": keys.of(Venue, venue.pk),
        "rooms": "" if has_only_itself else "|".join(room.name for room in rooms),
    }


def of_film(film: Film, keys: Keys) -> Cells:
    quotes = list(film.quotes.all())
    return {
        "key": keys.of(Film, film.pk),
        "countries": "|".join(origin.country.name for origin in film.origins.all()),
        "languages": "|".join(sorted(language.name for language in film.languages.all())),
        "rating": _rating(film),
        "warnings": "|".join(warning.kind.name for warning in film.warnings.all()),
        "sections": "|".join(sorted(series.name for series in film.series.all())),
        "genres": "|".join(sorted(genre.name for genre in film.genres.all())),
        "quote": quotes[0].text if quotes else "",
        "quote_source": quotes[0].source if quotes else "",
    }


def of_credit(credit: Credit, keys: Keys) -> Cells:
    return {
        "name": credit.printed_name,
    }


def of_screening(screening: Screening, keys: Keys) -> Cells:
    guests = list(screening.guest_rows.all())
    return {
        "key": keys.of(Screening, screening.pk),
        "films": "|".join(keys.of(Film, item.film_id) for item in screening.items.all()),
        "venue": keys.of(Venue, screening.room.venue_id),
        "room": screening.room.name,
        "start_local": _on_the_clock(screening, screening.starts_at),
        "end_local": _on_the_clock(screening, screening.entered_end),
        "tz": screening.room.venue.time_zone,
        "public": "1" if screening.audience == Screening.Audience.PUBLIC else "0",
        "cancelled": "1" if screening.occurrence == Screening.Occurrence.CANCELLED else "0",
        "sold_out": "1" if screening.sales == Screening.Sales.SOLD_OUT else "0",
        "access": "|".join(
            feature.feature + ("" if feature.is_confirmed else "?") for feature in screening.access_features.all()
        ),
        "guests": "|".join(guest.person.name for guest in guests),
        "guest_keys": "|".join(keys.of(Person, guest.person_id) for guest in guests),
    }


def _rating(film: Film) -> str:
    """As the one scheme that it is classified in has it; a cell cannot say which of several."""
    classes = [row.classification for row in film.classifications.all()]
    return (classes[0].label or classes[0].code) if len(classes) == 1 else ""


def _on_the_clock(screening: Screening, moment: datetime | None) -> str:
    return moment.astimezone(screening.zone).replace(tzinfo=None).isoformat(timespec="minutes") if moment else ""


def _rows(model: type[models.Model], *related: str) -> models.QuerySet:
    return model._base_manager.select_related(*related).order_by("position", "pk")


# For each of the four files what its rows need beside themselves, and what then says their columns.
MAIN: dict[str, tuple[Callable[[models.QuerySet], models.QuerySet], Callable[[models.Model, Keys], Cells]]] = {
    "venues.csv": (lambda rows: rows.prefetch_related("rooms"), of_venue),
    "films.csv": (
        lambda rows: rows.prefetch_related(
            models.Prefetch("origins", _rows(FilmCountry, "country")),
            models.Prefetch("classifications", FilmClassification.objects.select_related("classification")),
            "languages",
            "genres",
            "series",
            "quotes",
            "warnings__kind",
        ),
        of_film,
    ),
    "credits.csv": (lambda rows: rows.select_related("role", "person"), of_credit),
    "screenings.csv": (
        lambda rows: rows.select_related("room__venue").prefetch_related(
            models.Prefetch("items", _rows(ScreeningFilm)),
            models.Prefetch("guest_rows", ScreeningGuest.objects.select_related("person").order_by("pk")),
            "access_features",
        ),
        of_screening,
    ),
}
