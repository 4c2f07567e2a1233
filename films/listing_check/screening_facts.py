"""What the rules for screenings read, for one screening or a whole festival in the same number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from films.admission import Admission, admission_by_rule, with_admission_rules
from films.conflicts import is_too_close, overlap
from films.models import Film, ProgrammePart, Screening, ScreeningFilm, ScreeningGuest
from people.models import Person
from venues.models import Room


@dataclass
class ScreeningFacts:
    screening: Screening
    at: datetime
    films: list[Film]
    # Others that hold its room at the same time; and those before it that leave less than the room's turnaround.
    overlaps: list[Screening] = field(default_factory=list)
    too_close: list[Screening] = field(default_factory=list)
    # Its guests who are at another screening at the same time.
    elsewhere: list[tuple[Person, Screening]] = field(default_factory=list)
    # What the rules ask for, where an age was set by hand.
    by_rule: Admission | None = None

    @cached_property
    def is_unfinished(self) -> bool:
        """Whether nothing it shows is meant to be public yet."""
        return bool(self.films) and all(film.state == Film.State.DRAFT for film in self.films)

    @cached_property
    def is_public(self) -> bool:
        return self.screening.audience == Screening.Audience.PUBLIC

    @cached_property
    def sales(self) -> str:
        return self.screening.sales_state(self.at)


def facts_of_screenings(screenings: QuerySet[Screening], at: datetime) -> list[ScreeningFacts]:
    """Each of `screenings` that has not ended at `at`, with what its rules read, in a fixed number of queries."""
    open_ones = screenings.not_ended(at).order_by()
    loaded = _placed(open_ones)
    films = _films_of(open_ones)
    facts = {screening.pk: ScreeningFacts(screening, at, films[screening.pk]) for screening in loaded}
    _compare(facts, open_ones)
    by_hand = with_admission_rules(open_ones.filter(age_override__isnull=False))
    for screening in by_hand:
        facts[screening.pk].by_rule = admission_by_rule(screening)
    return list(facts.values())


def _placed(screenings: QuerySet[Screening]) -> list[Screening]:
    """`screenings` in order, with their rooms and editions, each of which is loaded once however often it is used."""
    loaded = list(screenings.order_by("starts_at", "pk"))
    prefetch_related_objects(loaded, Prefetch("room", Room.objects.select_related("venue")), "edition")
    return loaded


def _films_of(screenings: QuerySet[Screening]) -> dict[int, list[Film]]:
    """What each shows, in order; a film that is shown ten times is one object."""
    rows = ScreeningFilm.objects.filter(screening__in=screenings.values("pk")).order_by("position", "pk")
    rows = list(rows.values_list("screening", "film", "screening__is_premiere"))
    films = Film.objects.filter(showings__screening__in=screenings.values("pk")).order_by().distinct()
    films = {film.pk: film for film in films.only("title", "state", "kind", "runtime", "premiere")}
    # Parts are read of what has no runtime of its own, and of what is shown as a premiere.
    read = {film for _screening, film, is_premiere in rows if is_premiere or not films[film].runtime}
    parts = ProgrammePart.objects.select_related("film").order_by("position", "pk")
    prefetch_related_objects([films[pk] for pk in read], Prefetch("parts", parts))
    shown = defaultdict(list)
    for screening, film, _is_premiere in rows:
        shown[screening].append(films[film])
    return shown


def _compare(facts: dict[int, ScreeningFacts], checked: QuerySet[Screening]) -> None:
    """Set every screening beside those that share its room or a guest."""
    own = [one.screening for one in facts.values() if one.screening.takes_place]
    others = _neighbours(own, checked)
    named = {}
    for first, second in _pairs_in_a_room([*own, *others]):
        if overlap(first, second):
            for one, other in ((first, second), (second, first)):
                if one.pk in facts:
                    facts[one.pk].overlaps.append(other)
                    named[other.pk] = other
        # A guessed end leaves a guessed gap; and each gap is told once, of the one that comes too soon.
        elif second.pk in facts and is_too_close(second, first) and not first.end_is_approximate:
            facts[second.pk].too_close.append(first)
            named[first.pk] = first
    known = {screening.pk: screening for screening in [*own, *others]}
    for guest, first, second in _pairs_with_a_guest(known):
        for one, other in ((first, second), (second, first)):
            if one.pk in facts:
                facts[one.pk].elsewhere.append((guest, other))
                named[other.pk] = other
    items = ScreeningFilm.objects.select_related("film").only("screening", "film__title")
    prefetch_related_objects(list(named.values()), Prefetch("items", items.order_by("position", "pk")))


def _neighbours(own: list[Screening], checked: QuerySet[Screening]) -> list[Screening]:
    """Screenings besides `own` that are on at about the same time, in a room or with a guest of theirs."""
    if not own:
        return []
    margin = timedelta(minutes=max(screening.room.turnaround for screening in own))
    around = Screening.objects.taking_place().filter(
        starts_at__lt=max(screening.ends_at for screening in own) + margin,
        ends_at__gt=min(screening.starts_at for screening in own) - margin,
    )
    in_rooms = around.filter(room__in=checked.values("room"))
    guests = ScreeningGuest.objects.filter(screening__in=checked.values("pk")).values("person")
    with_guests = around.filter(pk__in=ScreeningGuest.objects.filter(person__in=guests).values("screening"))
    return _placed((in_rooms | with_guests).exclude(pk__in=checked.values("pk")))


def _pairs_in_a_room(screenings: Iterable[Screening]) -> Iterable[tuple[Screening, Screening]]:
    """Pairs in one room of which the second begins before the first has ended and the room is cleared."""
    holding = defaultdict(list)
    for screening in sorted(screenings, key=lambda screening: (screening.starts_at, screening.pk)):
        margin = timedelta(minutes=screening.room.turnaround)
        held = [other for other in holding[screening.room_id] if other.ends_at + margin > screening.starts_at]
        yield from ((other, screening) for other in held)
        holding[screening.room_id] = [*held, screening]


def _pairs_with_a_guest(known: dict[int, Screening]) -> Iterable[tuple[Person, Screening, Screening]]:
    """Each guest who is at two of the screenings at once, with the two."""
    visits = defaultdict(list)
    rows = ScreeningGuest.objects.filter(screening__in=known).select_related("person")
    for row in rows.defer("person__biography", "person__biography_html").order_by("pk"):
        visits[row.person].append(known[row.screening_id])
    for guest, places in visits.items():
        for number, first in enumerate(places):
            yield from ((guest, first, second) for second in places[number + 1 :] if overlap(first, second))
