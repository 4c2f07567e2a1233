"""A visitor's plan: whether one person can go to all of it, the ways between venues, and what else there is.

Times are instants, lengths are whole minutes. Nothing here knows whose plan it is.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q

from films.models import Screening, ScreeningFilm
from films.status import statuses
from venues.models import TravelTime, Venue

WALKING_PACE = 4.5  # kilometres an hour, easily
DETOUR = 1.3  # how much longer streets are than the straight line
LEAVE_AND_SIT = 5  # minutes to get out of one room and into a seat of the next
EARTH_RADIUS = 6371  # kilometres
MOST_ALTERNATIVES = 4
A_DAY = timedelta(days=1)
BESIDE_THE_FILM = (ScreeningFilm.Part.SHORT_BEFORE, ScreeningFilm.Part.SHORT_AFTER)


@dataclass(frozen=True)
class Way:
    """How long from door to door, in minutes; an empty `means` is on foot."""

    minutes: int
    means: str = ""


class Ways:
    """The ways between venues: what the venues say of them, else a walk along the straight line's detour."""

    def __init__(self, travel_times: Iterable[TravelTime] = ()) -> None:
        self._entered = {(time.origin_id, time.destination_id): Way(time.minutes, time.means) for time in travel_times}

    @classmethod
    def between_all(cls, venues: Iterable[Venue]) -> "Ways":
        """The ways between any two of `venues`, in one query."""
        ids = {venue.pk for venue in venues}
        return cls(TravelTime.objects.filter(origin__in=ids, destination__in=ids))

    def between(self, origin: Venue, destination: Venue) -> Way | None:
        """None when nobody entered it and not both positions are known."""
        if origin == destination:
            return Way(0)
        entered = self._entered
        way = entered.get((origin.pk, destination.pk)) or entered.get((destination.pk, origin.pk))
        if way or origin.latitude is None or destination.latitude is None:
            return way
        return Way(math.ceil(kilometres(origin, destination) * DETOUR / WALKING_PACE * 60))


def kilometres(one: Venue, other: Venue) -> float:
    """The straight line over the ground between two venues whose positions are known."""
    latitudes = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude) - math.radians(one.longitude)
    chord = (
        math.sin((latitudes[1] - latitudes[0]) / 2) ** 2
        + math.cos(latitudes[0]) * math.cos(latitudes[1]) * math.sin(across / 2) ** 2
    )
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(chord)))


@dataclass(frozen=True)
class Leg:
    """From the end of one screening to the start of another that begins no earlier."""

    class Kind(StrEnum):
        CLASH = "clash"  # they overlap
        TIGHT = "tight"  # less time than the way takes
        SAME_VENUE = "same-venue"
        TRAVEL = "travel"
        FREE = "free"  # time, and nobody knows how long the way takes

    before: Screening
    after: Screening
    way: Way | None

    @property
    def gap(self) -> int:
        """Whole minutes between the two; below zero by as much as they overlap."""
        return math.floor((self.after.starts_at - self.before.ends_at) / timedelta(minutes=1))

    @property
    def needed(self) -> int:
        return LEAVE_AND_SIT + (self.way.minutes if self.way else 0)

    @property
    def missed(self) -> int:
        """Minutes of the second one that somebody would miss who stays to the end of the first."""
        return max(0, self.needed - self.gap)

    @property
    def kind(self) -> Kind:
        if self.gap < 0:
            return self.Kind.CLASH
        if self.missed:
            return self.Kind.TIGHT
        if self.way is None:
            return self.Kind.FREE
        return self.Kind.TRAVEL if self.way.minutes else self.Kind.SAME_VENUE

    @property
    def is_trouble(self) -> bool:
        return self.kind in (self.Kind.CLASH, self.Kind.TIGHT)


def leg_between(one: Screening, other: Screening, ways: Ways) -> Leg:
    before, after = sorted((one, other), key=by_start)
    return Leg(before, after, ways.between(before.room.venue, after.room.venue))


def legs_of(screenings: Iterable[Screening], ways: Ways) -> list[Leg]:
    """One for each screening but the first, from whichever before it ends last.

    So a long film clashes with all that begins during it, not only with the next. Between festival days
    there is a leg only where there is trouble.
    """
    legs, latest = [], None
    for screening in sorted(screenings, key=by_start):
        if latest:
            leg = leg_between(latest, screening, ways)
            if leg.is_trouble or latest.festival_day == screening.festival_day:
                legs.append(leg)
        if latest is None or screening.ends_at > latest.ends_at:
            latest = screening
    return legs


def overlapping(screenings: Iterable[Screening]) -> dict[int, list[int]]:
    """For each of `screenings` the ids of the others that overlap it."""
    screenings = sorted(screenings, key=by_start)
    found = {screening.pk: [] for screening in screenings}
    for position, one in enumerate(screenings):
        for other in screenings[position + 1 :]:
            if other.starts_at >= one.ends_at:
                break
            found[one.pk].append(other.pk)
            found[other.pk].append(one.pk)
    return found


@dataclass(frozen=True)
class Alternative:
    """Another showing of what a pick shows; `fits` when it gets in the way of nothing else in the plan."""

    screening: Screening
    fits: bool


def other_showings(picks: Iterable[Screening], at: datetime) -> dict[int, list[Screening]]:
    """For each pick the public screenings still to come that show the same films, in order; two queries.

    Shorts before and after a film do not count: they may differ from one showing to the next.
    """
    wanted = {pick.pk: _films_of(pick) for pick in picks}
    shown = ScreeningFilm.objects.filter(film__in=set().union(*wanted.values()))
    candidates = (
        Screening.objects.public(at)
        .upcoming(at)
        .filter(~Q(pk__in=wanted), pk__in=shown.values("screening"))
        .select_related("room__venue", "edition")
        .prefetch_related("items")
        .in_order()
    )
    films = {candidate: {item.film_id for item in candidate.items.all()} for candidate in candidates}
    return {
        pk: [candidate for candidate, others in films.items() if mine and mine <= others] for pk, mine in wanted.items()
    }


def alternatives(
    pick: Screening, others: list[Screening], showings: list[Screening], ways: Ways, at: datetime
) -> list[Alternative]:
    """The best few of `showings` in place of `pick`: those that fit between `others` first, sold-out ones last."""
    found = [
        Alternative(showing, all(_leaves_room(showing, other, ways) for other in others if other != pick))
        for showing in showings
    ]
    found.sort(key=lambda each: (not each.fits, statuses(each.screening, at)[-1].tone == "sold"))
    return found[:MOST_ALTERNATIVES]


def _leaves_room(showing: Screening, other: Screening, ways: Ways) -> bool:
    far = abs(showing.starts_at - other.starts_at) > A_DAY
    return far or not leg_between(showing, other, ways).is_trouble


def _films_of(screening: Screening) -> set[int]:
    return {item.film_id for item in screening.items.all() if item.part not in BESIDE_THE_FILM}


def by_start(screening: Screening) -> tuple:
    """The order of a plan: of two that begin together, the shorter first."""
    return screening.starts_at, screening.ends_at, screening.pk
