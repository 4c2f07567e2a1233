"""What has a history: every model that the public sees something of, whichever app it stands in."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import models
from simple_history import register

from films.models.advisory import (
    Classification,
    ClassificationScheme,
    ContentWarning,
    FilmClassification,
    UnclassifiedRule,
    WarningKind,
)
from films.models.credit import Credit, CreditRole
from films.models.edition import Edition
from films.models.film import Film, FilmCountry, Quote
from films.models.lineup import AccessFeature, ProgrammePart, ScreeningFilm, ScreeningGuest
from films.models.screening import Screening
from films.models.series import Series
from films.models.source import SourceRow
from films.models.vocabulary import Country, Genre, Language
from films.recording import AT_ONCE, Records, record
from people.models import FilmographyEntry, Person
from venues.models import Licence, Room, TravelTime, Venue

# The tables that Django itself keeps between films and what they are filed under.
FILINGS = [Film.series.through, Film.genres.through, Film.languages.through]

# Each model with the columns that follow from others, which are no history. Those that others name come first.
TRACKED: dict[type[models.Model], list[str]] = {
    **dict.fromkeys([Country, Language, Genre, WarningKind], ["folded"]),
    CreditRole: [],
    ClassificationScheme: [],
    Classification: [],
    UnclassifiedRule: [],
    Edition: [],
    Series: ["description_html"],
    Person: ["biography_html", "sort_key", "search_name"],
    FilmographyEntry: [],
    Venue: [],
    Room: [],
    Licence: [],
    TravelTime: [],
    Film: ["synopsis_html", "sort_key", "created_at", "updated_at"],
    **dict.fromkeys(FILINGS, []),
    FilmCountry: [],
    Quote: [],
    Credit: [],
    ContentWarning: [],
    FilmClassification: [],
    ProgrammePart: [],
    Screening: [
        *("ends_at", "end_is_approximate", "created_at", "updated_at", "revision"),
        # What ticketing systems tell, by the hundred a day.
        *("sales_held_at", "feed_sales", "feed_said_at", "seats_left", "seats_checked_at"),
    ],
    ScreeningFilm: [],
    ScreeningGuest: [],
    AccessFeature: [],
    # Seen by nobody outside, and yet what an import did to it is undone with the rest.
    SourceRow: [],
}

# The rows that belong to an object, with the column that names it.
FAMILIES: dict[type[models.Model], dict[type[models.Model], str]] = {
    Film: {
        **dict.fromkeys(FILINGS, "film_id"),
        **dict.fromkeys([FilmCountry, Quote, Credit, ContentWarning, FilmClassification], "film_id"),
        ProgrammePart: "programme_id",
    },
    Screening: dict.fromkeys([ScreeningFilm, ScreeningGuest, AccessFeature], "screening_id"),
    Person: {FilmographyEntry: "person_id"},
    Venue: {Room: "venue_id", Licence: "venue_id", TravelTime: "origin_id"},
    ClassificationScheme: {Classification: "scheme_id", UnclassifiedRule: "scheme_id"},
}

for _model, _derived in TRACKED.items():
    register(_model, app="films", records_class=Records, excluded_fields=_derived)


def written_on(occasion: UUID) -> Iterator[models.QuerySet]:
    """For each model of which anything was written then, its rows of history, oldest first."""
    for model in TRACKED:
        rows = model.history.filter(occasion=occasion).order_by("history_id")
        if rows.exists():
            yield rows


def begin(at: datetime) -> None:
    """Give every row that has no history yet its first: as it stands now, it is said to have stood at `at`."""
    for model in TRACKED:
        known = model.history.model.objects.values(model._meta.pk.attname)
        rows = model._base_manager.exclude(pk__in=known).order_by("pk")
        keys = list(rows.values_list("pk", flat=True))
        for start in range(0, len(keys), AT_ONCE):
            record(rows.model._base_manager.filter(pk__in=keys[start : start + AT_ONCE]), "+", at)
