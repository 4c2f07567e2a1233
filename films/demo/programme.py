"""The films of the demo, and all they stand on: editions, venues, rules of age, people, words."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from films.interchange import names
from films.models import (
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
    ProgrammePart,
    Quote,
    Series,
    UnclassifiedRule,
    WarningKind,
)
from films.models.vocabulary import Word
from people.models import FilmographyEntry, Person
from people.text import fold
from venues.models import Licence, Room, TravelTime, Venue

CONTENT = Path(__file__).parent / "content"
ZONE = ZoneInfo("America/Vancouver")
FILMS = ("features", "shorts", "house", "archive", "red_rooms")
NO_DIALOGUE = "zxx"
DAYS_BEFORE, DAYS_AFTER = 4, 7


def read(name: str) -> dict:
    with (CONTENT / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass
class Programme:
    """What was loaded, by the keys that the content names it by; `day_zero` is where an edition counts from."""

    editions: dict[str, Edition]
    day_zero: dict[str, date]
    rooms: dict[str, Room]
    people: dict[str, Person]
    films: dict[str, Film]

    def edition_key(self, film: Film) -> str:
        return next(key for key, edition in self.editions.items() if edition.pk == film.edition_id)

    @cached_property
    def family_films(self) -> set[int]:
        return set(Film.objects.filter(genres__name="Family").values_list("pk", flat=True))


def load_programme(today: date, at: datetime) -> Programme:
    """Everything but the screenings. `today` is the festival day at `at`, in Vancouver."""
    day_zero = {
        "current": today,
        "house": today,
        "previous": _a_year_before(today),
        "2023": date(2023, 9, 28),
    }
    editions = _load_editions(day_zero)
    scheme = _load_scheme()
    rooms = _load_venues(today)
    films = [row for name in FILMS for row in read(name)["film"]]
    people = _load_people(read("people")["person"], films)
    return Programme(editions, day_zero, rooms, people, _load_films(films, editions, people, scheme, at))


def _a_year_before(day: date) -> date:
    """The same date a year earlier; 28 February for the 29th."""
    return (day.replace(day=28) if (day.month, day.day) == (2, 29) else day).replace(year=day.year - 1)


def _load_editions(day_zero: dict[str, date]) -> dict[str, Edition]:
    first = day_zero["current"] - timedelta(days=DAYS_BEFORE)
    last_year = day_zero["previous"] - timedelta(days=DAYS_BEFORE)
    return {
        "current": _festival(
            f"Northlight {first.year}",
            first,
            day_zero["current"] + timedelta(days=DAYS_AFTER),
            "Missed it? There is more to see",
        ),
        "previous": _festival(
            f"Northlight {first.year - 1}",
            last_year,
            day_zero["previous"] + timedelta(days=DAYS_AFTER),
            "Missed it last year? See what plays now",
        ),
        "2023": _festival(
            "Northlight 2023",
            day_zero["2023"],
            date(2023, 10, 8),
            "Missed Northlight 2023? See what you can still catch",
        ),
        "house": Edition.objects.create(
            name="The House at the VIFF Centre",
            kind=Edition.Kind.YEAR_ROUND,
            starts_on=_a_year_before(_a_year_before(day_zero["house"])),
            also_playing_heading="Next at the VIFF Centre",
        ),
    }


def _festival(name: str, first: date, last: date, heading: str) -> Edition:
    announced = datetime.combine(first - timedelta(days=28), time(10), tzinfo=ZONE)
    return Edition.objects.create(
        name=name, starts_on=first, ends_on=last, announced_at=announced, also_playing_heading=heading
    )


def _load_scheme() -> ClassificationScheme:
    content = read("venues")["classification"]
    scheme = ClassificationScheme.objects.create(name=content["name"], jurisdiction=content["jurisdiction"])
    Classification.objects.bulk_create(
        Classification(scheme=scheme, position=position, **row) for position, row in enumerate(content["class"])
    )
    UnclassifiedRule.objects.create(scheme=scheme, **content["unclassified"])
    return scheme


def _load_venues(today: date) -> dict[str, Room]:
    rooms = {}
    for row in read("venues")["venue"]:
        venue = Venue.objects.create(
            name=row["name"],
            slug=row["key"],
            region="BC",
            standby_note=row["standby"],
            **{
                field: row[field]
                for field in (
                    *("address", "city", "postal_code", "country", "latitude", "longitude"),
                    *("time_zone", "jurisdiction", "directions", "access"),
                )
            },
        )
        for room in row["room"]:
            rooms[room["name"]] = Room.objects.create(venue=venue, **room)
        for licence in row.get("licence", []):
            Licence.objects.create(
                venue=venue,
                room=rooms[licence["room"]] if licence["room"] else None,
                minimum_age=licence["minimum_age"],
                infants_allowed=licence["infants_allowed"],
                note=licence["note"],
                valid_from=_offset(today, licence.get("valid_from_offset")),
                valid_until=_offset(today, licence.get("valid_until_offset")),
            )
    _load_travel_times()
    return rooms


def _load_travel_times() -> None:
    venues = {venue.slug: venue for venue in Venue.objects.all()}
    for row in read("venues")["travel"]:
        origin, destination = (venues[key] for key in row["between"])
        TravelTime.objects.create(origin=origin, destination=destination, minutes=row["minutes"], means=row["means"])


def _offset(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _load_people(rows: list[dict], films: list[dict]) -> dict[str, Person]:
    """People by key; those who stand in credits only, by name."""
    people, filmography = {}, []
    for row in rows:
        people[row["key"]] = person = Person.objects.create(
            **{field: row.get(field, "") for field in ("name", "sort_name", "language", "biography")},
            family_name_first=row["family_name_first"],
            headshot_alt=f"Silhouette of {row['name']} before large initials." if row["portrait"] else "",
            headshot_credit="Illustration: the festival" if row["portrait"] else "",
        )
        filmography += [
            FilmographyEntry(person=person, position=position, **entry)
            for position, entry in enumerate(row.get("filmography", []))
        ]
    FilmographyEntry.objects.bulk_create(filmography)
    for film in films:
        for credit in film.get("credits", []):
            for name in credit["people"]:
                if name not in people:
                    people[name] = Person.objects.create(name=name)
    return people


def _load_films(
    rows: list[dict],
    editions: dict[str, Edition],
    people: dict[str, Person],
    scheme: ClassificationScheme,
    at: datetime,
) -> dict[str, Film]:
    films = {row["key"]: _load_film(row, editions[row["edition"]], at) for row in rows}
    pairs = [(films[row["key"]], row) for row in rows]
    _load_words(pairs)
    _load_credits(pairs, people)
    _load_advice(pairs, {row.code: row for row in scheme.classes.all()}, scheme)
    Quote.objects.bulk_create(
        Quote(film=film, position=position, **quote)
        for film, row in pairs
        for position, quote in enumerate(row.get("quotes", []))
    )
    ProgrammePart.objects.bulk_create(
        ProgrammePart(programme=film, film=films[part], position=position)
        for film, row in pairs
        for position, part in enumerate(row.get("parts", []))
    )
    for film, row in pairs:
        if "stands_for" in row:
            Film.objects.filter(pk=film.pk).update(stands_for=films[row["stands_for"]])
    return films


def _load_film(row: dict, edition: Edition, at: datetime) -> Film:
    as_written = (
        *("kind", "title", "title_language", "original_title", "original_language", "language_line"),
        *("premiere", "blurb", "synopsis", "guest_note"),
    )
    embargo = timedelta(days=row["embargo_days"]) if "embargo_days" in row else None
    return Film.objects.create(
        edition=edition,
        state=row.get("state", Film.State.PUBLISHED),
        embargo_until=embargo and at + embargo,
        slug=row.get("slug", ""),
        tba=row.get("tba", False),
        year=row.get("year"),
        runtime=row.get("runtime"),
        grade=row.get("grade"),
        still_alt=row.get("alt", ""),
        still_credit=row.get("still_credit", ""),
        still_focus=row.get("focus", ""),
        **{field: row[field] for field in as_written},
    )


def _load_words(pairs: list[tuple[Film, dict]]) -> None:
    """What films are filed under: countries, languages, genres, series."""
    series = {
        row["key"]: Series.objects.create(
            name=row["name"], blurb=row["blurb"], description=row["description"], position=position
        )
        for position, row in enumerate(read("series")["series"])
    }
    countries = _words(Country, pairs, "countries", names.country)
    languages = _words(Language, pairs, "languages", _language)
    genres = _words(Genre, pairs, "genres")
    FilmCountry.objects.bulk_create(
        FilmCountry(film=film, country=countries[country], position=position)
        for film, row in pairs
        for position, country in enumerate(row["countries"])
    )
    for field, words in ("languages", languages), ("genres", genres), ("series", series):
        through = getattr(Film, field).through
        column = getattr(Film, field).field.m2m_reverse_name()
        through.objects.bulk_create(
            through(film_id=film.pk, **{column: words[word].pk}) for film, row in pairs for word in row[field]
        )


def _language(code: str) -> tuple[str, str]:
    return ("No dialogue", NO_DIALOGUE) if code == NO_DIALOGUE else names.language(code)


def _words(model: type[Word], pairs: Iterable[tuple[Film, dict]], field: str, known=None) -> dict[str, Word]:
    """The words of `field` in all films, as they are written there; `known` gives a name and a code to each."""
    words = {}
    for written in dict.fromkeys(word for _film, row in pairs for word in row[field]):
        name, *code = known(written) if known else (written,)
        defaults = {"name": name} | ({"code": code[0]} if code else {})
        words[written], _created = model.objects.get_or_create(folded=fold(name), defaults=defaults)
    return words


def _load_credits(pairs: list[tuple[Film, dict]], people: dict[str, Person]) -> None:
    roles = {role.slug: role for role in CreditRole.objects.all()}
    Credit.objects.bulk_create(
        Credit(film=film, person=person, role=role, position=position, character=character)
        for film, row in pairs
        for position, (person, role, character) in enumerate(
            (people[name], roles[credit["role"]], credit.get("as", ""))
            for credit in row.get("credits", [])
            for name in credit["people"]
        )
    )


def _load_advice(
    pairs: list[tuple[Film, dict]], classes: dict[str, Classification], scheme: ClassificationScheme
) -> None:
    """Content warnings, and the class of each film that has one."""
    warned = [(film, number, warning) for film, row in pairs for number, warning in enumerate(row.get("warnings", []))]
    kinds = {}
    for name in dict.fromkeys(warning["kind"] for _film, _number, warning in warned):
        kinds[name], _created = WarningKind.objects.get_or_create(folded=fold(name), defaults={"name": name})
    ContentWarning.objects.bulk_create(
        ContentWarning(film=film, position=position, **(warning | {"kind": kinds[warning["kind"]]}))
        for film, position, warning in warned
    )
    FilmClassification.objects.bulk_create(
        FilmClassification(film=film, scheme=scheme, classification=classes[row["classification"]])
        for film, row in pairs
        if row["classification"]
    )
