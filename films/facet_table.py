"""The table that films.facets reckons with, loaded in a fixed number of queries however many films there are."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.admission import admission_of, items_with_classes, with_admission_rules
from films.facets import Entry, Group, Label, Slot, Table
from films.models import AccessFeature, Edition, Film, FilmCountry, ProgrammePart, Screening, ScreeningFilm
from films.models.lineup import runtime_of
from films.rows import Rows
from films.vocabulary import country_name, genre_name, language_name
from films.wording import day
from people.text import fold
from venues.models import Room

BOOKABLE, OPEN_TO_UNDER_18S = "bookable", "under-18s"
ADULT = 18
# More values than this are not sent with one query: SQLite takes 32,766 unless it was built to take more.
MOST_IDS = 20_000
# Each part of a day begins at this hour of the venue's clock; the last also holds what comes after midnight.
PARTS = (
    ("morning", 0, gettext_lazy("Morning, before noon")),
    ("afternoon", 12, gettext_lazy("Afternoon, noon to 5 pm")),
    ("evening", 17, gettext_lazy("Evening, 5 to 10 pm")),
    ("late", 22, gettext_lazy("Late, from 10 pm")),
)
# Minutes, from the first up to but not including the second.
RUNTIMES = (
    ("under-60", 0, 60, gettext_lazy("Under an hour")),
    ("60-89", 60, 90, gettext_lazy("60 to 89 minutes")),
    ("90-119", 90, 120, gettext_lazy("90 to 119 minutes")),
    ("from-120", 120, 1_000_000, gettext_lazy("Two hours and more")),
)
ROOM_FACTS = (
    ("wheelchair_places", gettext_lazy("Wheelchair places")),
    ("step_free", gettext_lazy("Step-free route")),
    ("hearing_loop", gettext_lazy("Hearing loop")),
)


def load(films: QuerySet, screenings: QuerySet, at: datetime) -> Table:
    """`films`, which are public, and how they stand in `screenings`, which are public too, at `at`."""
    labels = fixed_labels()
    rows = list(films.values_list("pk", "sort_key", "runtime", "premiere"))
    words = _words([pk for pk, *_others in rows], labels)
    runtimes = _runtimes_of_programmes(films)
    slots = _slots(screenings, at, labels)
    entries = []
    for pk, sort_key, runtime, premiere in rows:
        values = {group: frozenset(of_film[pk]) for group, of_film in words.items() if pk in of_film}
        if premiere:
            values[Group.PREMIERE] = frozenset([premiere])
        if minutes := runtime or runtimes.get(pk):
            values[Group.RUNTIME] = frozenset(band for band, least, most, _text in RUNTIMES if least <= minutes < most)
        entries.append(Entry(pk, sort_key, values, slots.get(pk, [])))
    return Table(entries, labels)


def fixed_labels() -> dict[str, dict[str, Label]]:
    """How the values are written that do not come from the programme's own rows."""
    labels = {group.value: {} for group in Group}
    labels[Group.PART] = {value: Label(hour, str(text)) for value, hour, text in PARTS}
    labels[Group.RUNTIME] = {value: Label(least, str(text)) for value, least, _most, text in RUNTIMES}
    labels[Group.TICKETS] = {BOOKABLE: Label(0, _("Can be booked now"))}
    labels[Group.AGE] = {OPEN_TO_UNDER_18S: Label(0, _("Open to under-18s"))}
    access = [*AccessFeature.Feature.choices, *ROOM_FACTS]
    labels[Group.ACCESS] = {value: Label(order, str(text)) for order, (value, text) in enumerate(access)}
    premieres = [choice for choice in Film.Premiere.choices if choice[0]]
    labels[Group.PREMIERE] = {value: Label(order, str(text)) for order, (value, text) in enumerate(premieres)}
    return labels


def _words(films: list[int], labels: dict) -> dict[str, dict[int, list[str]]]:
    """By group and film, the words it is filed under; how they are written is noted in `labels`."""
    words = {group: defaultdict(list) for group in (Group.SERIES, Group.GENRE, Group.COUNTRY, Group.LANGUAGE)}
    for start in range(0, len(films), MOST_IDS):
        some = films[start : start + MOST_IDS]
        for group, through, name, written in (
            (Group.GENRE, Film.genres.through, "genre", genre_name),
            (Group.COUNTRY, FilmCountry, "country", country_name),
            (Group.LANGUAGE, Film.languages.through, "language", language_name),
        ):
            rows = through.objects.filter(film__in=some).order_by("pk")
            for film, value, text in rows.values_list("film_id", f"{name}__folded", f"{name}__name"):
                words[group][film].append(value)
                if value not in labels[group]:
                    text = written(text)
                    labels[group][value] = Label(fold(text), text)
        rows = Film.series.through.objects.filter(film__in=some).order_by("pk")
        for film, *series in rows.values_list("film_id", "series__slug", "series__name", "series__position"):
            slug, name, position = series
            words[Group.SERIES][film].append(slug)
            labels[Group.SERIES][slug] = Label((position, name), name)
    return words


def _runtimes_of_programmes(films: QuerySet) -> dict[int, int]:
    """Minutes of the programmes that are as long as their parts, where each part's length is known."""
    parts = ProgrammePart.objects.select_related("film").only("programme", "film__runtime", "film__state")
    programmes = (
        films.filter(Exists(ProgrammePart.objects.filter(programme=OuterRef("pk"))), runtime__isnull=True)
        .only("pk", "runtime")
        .prefetch_related(Prefetch("parts", parts))
    )
    lengths = {programme.pk: runtime_of(programme) for programme in programmes}
    return {pk: minutes for pk, (minutes, is_known) in lengths.items() if is_known}


def _slots(screenings: QuerySet, at: datetime, labels: dict) -> dict[int, list[Slot]]:
    """Every film's screenings, those of a programme standing under each of its parts as well."""
    # Rooms and editions are few: read once and shared, they need not come again with each screening.
    rooms = Room.objects.select_related("venue").in_bulk()
    editions = Edition.objects.in_bulk()
    slots = defaultdict(list)
    for screening in _with_what_is_asked(screenings):
        screening.room, screening.edition = rooms[screening.room_id], editions[screening.edition_id]
        slot = Slot(screening.pk, screening.starts_at, dict(_screening_values(screening, at, labels)))
        for film in _films_shown(screening):
            slots[film].append(slot)
    return slots


def _with_what_is_asked(screenings: QuerySet) -> QuerySet:
    """`screenings` with no more than the rules of `_screening_values` read."""
    confirmed = AccessFeature.objects.filter(screening=OuterRef("pk"), is_confirmed=True).order_by("feature")
    shown = ScreeningFilm.objects.only("screening", "position", "film__state", "film__kind")
    return (
        with_admission_rules(screenings)
        .select_related(None)
        .prefetch_related(None)
        .only(
            *("edition", "room", "starts_at", "ends_at", "occurrence", "sales", "on_sale_at", "ticket_url"),
            *("age_override", "age_override_reason"),
        )
        .annotate(access_rows=Rows(confirmed, feature=F("feature")))
        .prefetch_related(Prefetch("items", items_with_classes(shown)))
    )


def _films_shown(screening: Screening) -> set[int]:
    items = screening.items.all()
    return {item.film_id for item in items} | {row["film"] for item in items for row in item.part_rows}


def _screening_values(screening: Screening, at: datetime, labels: dict) -> Iterator[tuple[str, frozenset[str]]]:
    """What is true of a screening, by group; days and venues met on the way are noted in `labels`."""
    festival_day, venue = screening.festival_day, screening.room.venue
    if (date := festival_day.isoformat()) not in labels[Group.DAY]:
        labels[Group.DAY][date] = Label(festival_day, day(festival_day))
    labels[Group.VENUE].setdefault(venue.slug, Label(venue.name.casefold(), venue.name))
    hour = 24 if screening.is_late_night else screening.local_start.hour
    yield Group.DAY, frozenset([date])
    yield Group.PART, frozenset([[value for value, begins, _text in PARTS if begins <= hour][-1]])
    yield Group.VENUE, frozenset([venue.slug])
    facts = [name for name, _text in ROOM_FACTS if getattr(screening.room, name)]
    yield Group.ACCESS, frozenset([*facts, *(row["feature"] for row in screening.access_rows)])
    if screening.is_bookable(at):
        yield Group.TICKETS, frozenset([BOOKABLE])
    if admission_of(screening).minimum_age < ADULT:
        yield Group.AGE, frozenset([OPEN_TO_UNDER_18S])
