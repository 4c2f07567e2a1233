"""What the rules for screenings read, for one screening or a whole festival in the same number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from films.admission import Admission, admission_by_rule, with_admission_rules
from films.conflicts import is_too_close, overlap
from films.models import Film, ProgrammePart, Screening, ScreeningFilm, ScreeningGuest
from people.models import Person
from venues.models import Room

# Of no rule's concern; an instant costs more to read than what is of use.
UNREAD = (
    "created_at",
    "updated_at",
    "locked_fields",
    "note",
    "guest_note",
    "seats_checked_at",
    "standby_counted_at",
    "feed_said_at",
)


class CheckedScreenings:
    """Those of some screenings that have not ended at `at`, and what their rules read: each kind of it for all of
    them at once, when the first rule asks."""

    def __init__(self, screenings: QuerySet[Screening], at: datetime) -> None:
        self.at = at
        self.screenings = screenings.not_ended(at).order_by()
        self.pks = self.screenings.values("pk")

    def __iter__(self) -> Iterator["ScreeningFacts"]:
        return (ScreeningFacts(screening, self) for screening in self.loaded.values())

    @cached_property
    def loaded(self) -> dict[int, Screening]:
        return {screening.pk: screening for screening in _placed(self.screenings)}

    @cached_property
    def films(self) -> dict[int, list[Film]]:
        """What each shows, in order; a film that is shown ten times is one object."""
        rows = ScreeningFilm.objects.filter(screening__in=self.pks).order_by("position", "pk")
        rows = list(rows.values_list("screening", "film", "screening__is_premiere"))
        films = Film.objects.filter(showings__screening__in=self.pks).order_by().distinct()
        films = {film.pk: film for film in films.only("title", "state", "kind", "runtime", "premiere")}
        # Parts are read of what has no runtime of its own, and of what is shown as a premiere.
        read = {film for _screening, film, is_premiere in rows if is_premiere or not films[film].runtime}
        parts = ProgrammePart.objects.select_related("film").order_by("position", "pk")
        prefetch_related_objects([films[pk] for pk in read], Prefetch("parts", parts))
        shown = defaultdict(list)
        for screening, film, _is_premiere in rows:
            shown[screening].append(films[film])
        return shown

    @cached_property
    def by_rule(self) -> dict[int, Admission]:
        by_hand = with_admission_rules(self.screenings.filter(age_override__isnull=False))
        return {screening.pk: admission_by_rule(screening) for screening in by_hand}

    @cached_property
    def beside(self) -> dict[int, Screening]:
        """Those of them that take place, and others at about the same time in a room or with a guest of theirs."""
        own = {pk: screening for pk, screening in self.loaded.items() if screening.takes_place}
        if not own:
            return {}
        margin = timedelta(minutes=max(screening.room.turnaround for screening in own.values()))
        around = Screening.objects.taking_place().filter(
            starts_at__lt=max(screening.ends_at for screening in own.values()) + margin,
            ends_at__gt=min(screening.starts_at for screening in own.values()) - margin,
        )
        in_rooms = around.filter(room__in=self.screenings.values("room"))
        guests = ScreeningGuest.objects.filter(screening__in=self.pks).values("person")
        with_guests = around.filter(pk__in=ScreeningGuest.objects.filter(person__in=guests).values("screening"))
        others = _placed((in_rooms | with_guests).exclude(pk__in=self.pks))
        return own | {screening.pk: screening for screening in others}

    @cached_property
    def in_a_room(self) -> tuple[dict[int, list[Screening]], dict[int, list[Screening]]]:
        """By screening: those that hold its room at the same time; and those before it that leave less than the
        room's turnaround."""
        overlaps, too_close = defaultdict(list), defaultdict(list)
        for first, second in _pairs_in_a_room(self.beside.values()):
            if overlap(first, second):
                overlaps[first.pk].append(second)
                overlaps[second.pk].append(first)
            # A guessed end leaves a guessed gap; and each gap is told once, of the one that comes too soon.
            elif is_too_close(second, first) and not first.end_is_approximate:
                too_close[second.pk].append(first)
        return overlaps, too_close

    @cached_property
    def elsewhere(self) -> dict[int, list[tuple[Person, Screening]]]:
        """By screening: its guests who are at another at the same time."""
        elsewhere = defaultdict(list)
        for guest, first, second in _pairs_with_a_guest(self.beside):
            elsewhere[first.pk].append((guest, second))
            elsewhere[second.pk].append((guest, first))
        return elsewhere


@dataclass
class ScreeningFacts:
    screening: Screening
    among: CheckedScreenings

    @property
    def row(self) -> Screening:
        return self.screening

    @property
    def at(self) -> datetime:
        return self.among.at

    @property
    def films(self) -> list[Film]:
        return self.among.films[self.screening.pk]

    @property
    def overlaps(self) -> list[Screening]:
        return self.among.in_a_room[0][self.screening.pk]

    @property
    def too_close(self) -> list[Screening]:
        return self.among.in_a_room[1][self.screening.pk]

    @property
    def elsewhere(self) -> list[tuple[Person, Screening]]:
        return self.among.elsewhere[self.screening.pk]

    @property
    def by_rule(self) -> Admission | None:
        """What the rules ask for, where an age was set by hand."""
        return self.among.by_rule.get(self.screening.pk)

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


def _placed(screenings: QuerySet[Screening]) -> list[Screening]:
    """`screenings` in order, with their rooms and editions, each of which is loaded once however often it is used."""
    loaded = list(screenings.defer(*UNREAD).order_by("starts_at", "pk"))
    prefetch_related_objects(loaded, Prefetch("room", Room.objects.select_related("venue")), "edition")
    return loaded


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
