"""The minimum ages of many screenings: the rules of films.admission, each asked once for a house and for a film."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F

from films.admission import Restriction, for_film, holds_on, licence, strictest, unclassified
from films.models import FilmClassification, UnclassifiedRule
from venues.models import Licence, Room

# More values than this are not sent with one query: SQLite takes 32,766 unless it was built to take more.
MOST_IDS = 20_000


@dataclass(frozen=True)
class Shown:
    """A film as `for_film` reads it."""

    film_id: int
    class_rows: list[dict] = field(default_factory=list)
    part_class_rows: list[dict] = field(default_factory=list)
    part_rows: list[dict] = field(default_factory=list)


class DoorAges:
    """What is asked at the door for `films` (ids) with `parts` (ids, by programme); three queries."""

    def __init__(self, films: Iterable[int], parts: dict[int, list[int]]) -> None:
        self._licences: dict[int, list[dict]] = defaultdict(list)
        for row in Licence.objects.order_by("pk").values():
            self._licences[row["venue_id"]].append(_as_json(row))
        self._unclassified: dict[str, list[dict]] = defaultdict(list)
        for row in UnclassifiedRule.objects.order_by("pk").values(
            "minimum_age", "note", "valid_from", "valid_until", jurisdiction=F("scheme__jurisdiction")
        ):
            self._unclassified[row["jurisdiction"]].append(_as_json(row))
        self._classes = _classes_of(sorted({*films, *(part for some in parts.values() for part in some)}))
        self._parts = parts
        self._at_the_house: dict[tuple, tuple[int, tuple[Restriction, ...]]] = {}
        self._for_the_film: dict[tuple, int] = {}

    def minimum_age(self, override: int | None, room: Room, day: date, films: Iterable[int]) -> int:
        """What `admission_of` says of a screening on `day` of the venue's calendar; `films` are the rated ones."""
        if override is not None:
            return override
        if (here := self._at_the_house.get((room.pk, day))) is None:
            here = self._at_the_house[room.pk, day] = self._house(room, day)
        house, without_class = here
        return max([house, *(self._film(film, room.venue.jurisdiction, without_class) for film in films)])

    def _house(self, room: Room, day: date) -> tuple[int, tuple[Restriction, ...]]:
        """The age that the house asks for, and what it asks for films without a class."""
        rows = [row for row in self._licences[room.venue_id] if row["room_id"] in (None, room.pk)]
        asked = strictest(licence(row, room.full_name) for row in rows if holds_on(day, row))
        rules = self._unclassified[room.venue.jurisdiction]
        return asked.minimum_age, tuple(unclassified(row) for row in rules if holds_on(day, row))

    def _film(self, film: int, jurisdiction: str, without_class: tuple[Restriction, ...]) -> int:
        key = film, jurisdiction, without_class
        if key not in self._for_the_film:
            parts = self._parts.get(film, [])
            shown = Shown(
                film,
                class_rows=self._classes.get(film, []),
                part_class_rows=[row for part in parts for row in self._classes.get(part, [])],
                part_rows=[{"film": part} for part in parts],
            )
            self._for_the_film[key] = strictest(for_film(shown, jurisdiction, list(without_class))).minimum_age
        return self._for_the_film[key]


def _classes_of(films: list[int]) -> dict[int, list[dict]]:
    classes = defaultdict(list)
    for start in range(0, len(films), MOST_IDS):
        for row in (
            FilmClassification.objects.filter(film__in=films[start : start + MOST_IDS])
            .order_by("pk")
            .values(
                "film",
                jurisdiction=F("scheme__jurisdiction"),
                code=F("classification__code"),
                minimum_age=F("classification__minimum_age"),
                accompanied_under=F("classification__accompanied_under"),
            )
        ):
            classes[row["film"]].append(row)
    return classes


def _as_json(row: dict) -> dict:
    """A rule's row as it arrives inside another one's: dates as text."""
    return row | {end: row[end] and row[end].isoformat() for end in ("valid_from", "valid_until")}
