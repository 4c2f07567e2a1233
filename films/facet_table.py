"""The table that films.facets reckons with, loaded in a fixed number of queries however many films there are."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.admission import is_rated
from films.door_ages import MOST_IDS, DoorAges
from films.facets import Choice, Entry, Group, Label, Slot, Table
from films.festival_day import festival_day
from films.models import AccessFeature, Edition, Film, FilmCountry, ProgrammePart, ScreeningFilm, Series
from films.models.lineup import runtime_of
from films.models.vocabulary import Word
from films.vocabulary import country_name, genre_name, language_name
from films.wording import day
from people.text import fold
from venues.models import Room

BOOKABLE, OPEN_TO_UNDER_18S = "bookable", "under-18s"
CAN_BE_BOOKED, FOR_UNDER_18S = (Group.TICKETS.value, BOOKABLE), (Group.AGE.value, OPEN_TO_UNDER_18S)
ADULT = 18
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
    """`films`, which are public, and how they stand in `screenings`, which are public too, at `at`.

    Rows come as bare values and every rule is asked once for all rows that it answers alike: there are thousands.
    """
    labels = fixed_labels()
    rows = list(films.values_list("pk", "sort_key", "runtime", "premiere"))
    choices = _filed_under([pk for pk, *_others in rows], labels)
    runtimes = _runtimes_of_programmes([pk for pk, _key, runtime, _premiere in rows if not runtime])
    slots = _slots(screenings, at, labels)
    entries = []
    for pk, sort_key, runtime, premiere in rows:
        own = choices[pk]
        if premiere:
            own.append((Group.PREMIERE.value, premiere))
        if minutes := runtime or runtimes.get(pk):
            own += [(Group.RUNTIME.value, band) for band, least, most, _text in RUNTIMES if least <= minutes < most]
        entries.append(Entry(pk, sort_key, frozenset(own), slots.get(pk, [])))
    of_slots = {slot.choices for entry in entries for slot in entry.slots}
    return Table(entries, set().union(*(entry.choices for entry in entries), *of_slots), labels)


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


def _filed_under(films: list[int], labels: dict) -> dict[int, list[Choice]]:
    """By film, what it is filed under; how that is written is noted in `labels`."""
    filed = defaultdict(list)
    for group, through, name, value_and_label in (
        (Group.GENRE, Film.genres.through, "genre", lambda genre: _word(genre, genre_name)),
        (Group.COUNTRY, FilmCountry, "country", lambda country: _word(country, country_name)),
        (Group.LANGUAGE, Film.languages.through, "language", lambda language: _word(language, language_name)),
        (Group.SERIES, Film.series.through, "series", _series),
    ):
        known = {}
        # All of them, so that a choice which no film of this list has is called by its name, too.
        for word in through._meta.get_field(name).related_model.objects.all():
            value, label = value_and_label(word)
            known[word.pk] = (group.value, value)
            labels[group][value] = label
        for start in range(0, len(films), MOST_IDS):
            some = through.objects.filter(film__in=films[start : start + MOST_IDS]).order_by("pk")
            for film, word in some.values_list("film_id", f"{name}_id"):
                filed[film].append(known[word])
    return filed


def _word(word: Word, written: Callable[[str], str]) -> tuple[str, Label]:
    text = written(word.name)
    return word.folded, Label(fold(text), text)


def _series(series: Series) -> tuple[str, Label]:
    return series.slug, Label((series.position, series.name), series.name)


def _runtimes_of_programmes(films: list[int]) -> dict[int, int]:
    """Minutes of those of `films` that are as long as their parts, where each part's length is known."""
    parts = ProgrammePart.objects.select_related("film").only("programme", "film__runtime", "film__state")
    lengths = {}
    for start in range(0, len(films), MOST_IDS):
        programmes = Film.objects.filter(
            Exists(ProgrammePart.objects.filter(programme=OuterRef("pk"))), pk__in=films[start : start + MOST_IDS]
        )
        for programme in programmes.only("pk", "runtime").prefetch_related(Prefetch("parts", parts)):
            lengths[programme.pk] = runtime_of(programme)
    return {pk: minutes for pk, (minutes, is_known) in lengths.items() if is_known}


def _slots(screenings: QuerySet, at: datetime, labels: dict) -> dict[int, list[Slot]]:
    """Every film's screenings, those of a programme standing under each of its parts as well."""
    # Rooms and editions are few: read once and shared, they need not come again with each screening.
    rooms = Room.objects.select_related("venue").in_bulk()
    rollovers = dict(Edition.objects.values_list("pk", "day_starts_at"))
    asked = screenings.order_by().values("pk")
    shown, rated = defaultdict(list), defaultdict(list)
    items = ScreeningFilm.objects.order_by().filter(screening__in=asked)
    for screening, film, state, kind in items.values_list("screening_id", "film_id", "film__state", "film__kind"):
        shown[screening].append(film)
        if is_rated(state, kind):
            rated[screening].append(film)
    parts, features = _parts_of(items), _features_of(asked)
    ages = DoorAges({film for films in rated.values() for film in films}, parts)
    bookable = set(screenings.bookable(at).order_by().values_list("pk", flat=True))
    in_room = {pk: _room_choices(room, labels) for pk, room in rooms.items()}
    times: dict[tuple, tuple[date, list[Choice]]] = {}
    slots = defaultdict(list)
    for pk, starts_at, room, edition, override in screenings.order_by("starts_at", "pk").values_list(
        "pk", "starts_at", "room_id", "edition_id", "age_override"
    ):
        key = starts_at, rooms[room].venue.time_zone, rollovers[edition]
        if key not in times:
            times[key] = _time_choices(starts_at, rooms[room].venue.zone, rollovers[edition], labels)
        calendar_date, at_the_time = times[key]
        choices = [*at_the_time, *in_room[room], *features.get(pk, ())]
        if pk in bookable:
            choices.append(CAN_BE_BOOKED)
        if ages.minimum_age(override, rooms[room], calendar_date, rated.get(pk, ())) < ADULT:
            choices.append(FOR_UNDER_18S)
        slot = Slot(pk, starts_at, frozenset(choices))
        for film in {one for whole in shown[pk] for one in (whole, *parts.get(whole, ()))}:
            slots[film].append(slot)
    return slots


def _parts_of(items: QuerySet) -> dict[int, list[int]]:
    """Of each programme that `items` show, the films that still play in it."""
    parts = defaultdict(list)
    rows = ProgrammePart.objects.shown().order_by("programme", "position")
    for programme, film in rows.filter(programme__in=items.values("film")).values_list("programme", "film"):
        parts[programme].append(film)
    return parts


def _features_of(screenings: QuerySet) -> dict[int, list[Choice]]:
    features = defaultdict(list)
    confirmed = AccessFeature.objects.order_by().filter(screening__in=screenings, is_confirmed=True)
    for screening, feature in confirmed.values_list("screening_id", "feature"):
        features[screening].append((Group.ACCESS.value, feature))
    return features


def _room_choices(room: Room, labels: dict) -> list[Choice]:
    labels[Group.VENUE][room.venue.slug] = Label(room.venue.name.casefold(), room.venue.name)
    facts = [(Group.ACCESS.value, name) for name, _text in ROOM_FACTS if getattr(room, name)]
    return [(Group.VENUE.value, room.venue.slug), *facts]


def _time_choices(instant: datetime, zone: ZoneInfo, rollover: time, labels: dict) -> tuple[date, list[Choice]]:
    """The date on the venue's calendar, and the festival's day and the part of it."""
    local, festivals = instant.astimezone(zone), festival_day(instant, zone, rollover)
    iso = festivals.isoformat()
    if iso not in labels[Group.DAY]:
        labels[Group.DAY][iso] = Label(festivals, day(festivals))
    hour = local.hour if local.date() == festivals else 24
    part = [value for value, begins, _text in PARTS if begins <= hour][-1]
    return local.date(), [(Group.DAY.value, iso), (Group.PART.value, part)]
