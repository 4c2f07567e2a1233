"""Every table that an export of everything carries, and how a field's value stands in a cell.

A row says what it refers to by that row's key: the one of `own_keys` for what sources know as well, else its name.
Rows stand in the order in which they were made, which is what decides where nothing else does.

Not carried, for it belongs to an installation rather than to a programme: log-ins, preview links, ticket feeds, what
the log keeps for taking a change back, pictures and their files (what describes a picture is carried), the history of
edits, the imports themselves, and every column that follows from others. The instants at which rows were made and last
changed are those of the import.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from films.interchange.cells import BadCell
from films.models import (
    AccessFeature,
    Classification,
    ClassificationScheme,
    ContentWarning,
    Country,
    Credit,
    CreditRole,
    Edition,
    Film,
    FilmClassification,
    FilmCountry,
    Genre,
    Language,
    OldSlug,
    ProgrammePart,
    Quote,
    Screening,
    ScreeningFilm,
    ScreeningGuest,
    Series,
    SourceRow,
    StatusChange,
    UnclassifiedRule,
    WarningKind,
)
from people.models import FilmographyEntry, Person
from venues.models import Licence, Room, TravelTime, Venue

Namer = Callable[[models.Model, "Keys"], str]


class Keys:
    """Keys of rows by model and primary key."""

    def __init__(self) -> None:
        self._keys: dict[type[models.Model], dict[int, str]] = {}

    def of(self, model: type[models.Model], pk: int | None) -> str:
        """The row's key; empty for none, and for a row that is gone."""
        return self._keys[model].get(pk, "")

    def name(self, model: type[models.Model], rows: Iterable[tuple[int, str]]) -> None:
        """Give rows of `model` their keys; a second of one name is numbered."""
        keys, taken = self._keys.setdefault(model, {}), set()
        for pk, name in rows:
            key, number = name, 1
            while key in taken:
                number += 1
                key = f"{name}~{number}"
            taken.add(key)
            keys[pk] = key


@dataclass(frozen=True)
class Table:
    """One file: its rows are those of `model`. With `name`, others refer to them, by what it returns.

    `columns` renames fields to what the interchange format calls them.
    """

    file: str
    model: type[models.Model]
    name: Namer | None = None
    columns: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, models.Field]:
        """The fields that it carries, by column."""
        renamed = dict(self.columns)
        return {
            renamed.get(field.name, field.name): field
            for field in self.model._meta.concrete_fields
            if not (field.primary_key or is_derived(field) or field.name in self.left_out)
        }


# They follow from other columns, from pictures, or from the moment.
DERIVED = {
    "sort_key", "search_name", "folded", "ends_at", "end_is_approximate", "created_at", "updated_at",
    "still_original", "still_key", "headshot_original", "headshot_key", "revision",
}  # fmt: skip


def is_derived(field: models.Field) -> bool:
    """Rendered HTML above all never comes from a file."""
    return field.name in DERIVED or field.name.endswith("_html")


def _by(field: str) -> Namer:
    return lambda row, keys: str(getattr(row, field))


def _class(row: Classification, keys: Keys) -> str:
    return f"{keys.of(ClassificationScheme, row.scheme_id)} {row.code}"


def _known(row: models.Model, keys: Keys) -> str:
    return keys.of(type(row), row.pk)


TABLES = (
    Table("editions.csv", Edition, _by("name")),
    Table("countries.csv", Country, _by("name")),
    Table("languages.csv", Language, _by("name")),
    Table("genres.csv", Genre, _by("name")),
    Table("warning_kinds.csv", WarningKind, _by("name")),
    Table("roles.csv", CreditRole, _by("slug")),
    Table("series.csv", Series, _by("name")),
    Table("schemes.csv", ClassificationScheme, _by("jurisdiction")),
    Table("classes.csv", Classification, _class),
    Table("unclassified_rules.csv", UnclassifiedRule),
    Table("people.csv", Person, _known),
    Table("filmographies.csv", FilmographyEntry),
    Table("venues.csv", Venue, _known),
    Table("rooms.csv", Room, lambda row, keys: f"{keys.of(Venue, row.venue_id)}|{row.name}"),
    Table("licences.csv", Licence),
    Table("travel_times.csv", TravelTime),
    Table("films.csv", Film, _known, (("original_title", "alt_title"), ("runtime", "runtime_min"))),
    Table("old_addresses.csv", OldSlug),
    Table("film_countries.csv", FilmCountry),
    Table("film_languages.csv", Film.languages.through),
    Table("film_genres.csv", Film.genres.through),
    Table("film_series.csv", Film.series.through),
    Table("film_warnings.csv", ContentWarning),
    Table("film_classes.csv", FilmClassification),
    Table("quotes.csv", Quote),
    Table("programme_parts.csv", ProgrammePart),
    Table("credits.csv", Credit),
    Table(
        "screenings.csv",
        Screening,
        _known,
        (
            ("note", "flags"), ("starts_at", "start_utc"), ("is_premiere", "premiere"), ("talk", "talk_min"),
            ("preshow", "preshow_min"), ("room", "room_key"),
        ),
    ),
    Table("screening_films.csv", ScreeningFilm),
    Table("screening_guests.csv", ScreeningGuest),
    Table("access_features.csv", AccessFeature),
    Table("status_changes.csv", StatusChange, left_out=("changed_by", "beside")),
    Table("source_rows.csv", SourceRow),
)  # fmt: skip
FILES = tuple(table.file for table in TABLES)


def cell_of(row: models.Model, field: models.Field, keys: Keys) -> str:
    value = field.value_from_object(row)
    if value is None or value == []:
        return ""
    if target := _target(row, field):
        return keys.of(target, int(value)) if value else ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return in_utc(value)
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False)
    return field.value_to_string(row)


def in_utc(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    timespec = "auto" if moment.second or moment.microsecond else "minutes"
    return moment.replace(tzinfo=None).isoformat(timespec=timespec) + "Z"


def set_value(row: models.Model, field: models.Field, cell: str, rows: dict[type, dict[str, models.Model]]) -> None:
    """Set the field of `row`, whose fields before it are set, from its cell. Raises BadCell."""
    if target := _target(row, field):
        found = rows[target].get(cell)
        if cell and found is None:
            raise BadCell(_("“%(key)s” is no key of the table that it refers to.") % {"key": cell})
        if not found and not (field.null or field.blank):
            raise BadCell(_("The cell is empty, and has to be filled."))
        value = found and found.pk
        setattr(row, field.attname, value if field.is_relation or value is None else str(value))
        return
    setattr(row, field.attname, value_of(field, cell, row))


def value_of(field: models.Field, cell: str, row: models.Model) -> Any:
    """What the cell says for a field that refers to nothing. Raises BadCell."""
    if not cell:
        if field.null:
            return None
        if isinstance(field, models.JSONField):
            return field.get_default()
        if not isinstance(field, models.CharField | models.TextField):
            raise BadCell(_("The cell is empty, and has to be filled."))
        return ""
    try:
        return field.clean(json.loads(cell) if isinstance(field, models.JSONField) else cell, row)
    except json.JSONDecodeError:
        raise BadCell(_("“%(cell)s” is not JSON.") % {"cell": cell[:40]}) from None
    except ValidationError as fault:
        raise BadCell(" ".join(fault.messages)) from None


OF_SHEET = {
    SourceRow.Sheet.VENUE: Venue,
    SourceRow.Sheet.ROOM: Room,
    SourceRow.Sheet.FILM: Film,
    SourceRow.Sheet.PERSON: Person,
    SourceRow.Sheet.SCREENING: Screening,
}


def _target(row: models.Model, field: models.Field) -> type[models.Model] | None:
    """What the field refers to: by a foreign key, or as the ledger and the log of changes do."""
    if field.is_relation:
        return field.related_model
    if isinstance(row, SourceRow) and field.name == "object_id":
        return OF_SHEET[row.sheet]
    if isinstance(row, StatusChange) and field.name in ("before", "after") and row.axis == StatusChange.Axis.ROOM:
        return Room
    return None
