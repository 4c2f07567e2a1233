"""The indexes: everyone in the programme, every venue, every series."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, QuerySet, When, Window
from django.db.models.functions import RowNumber, Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from films.billing import Bill, bills
from films.clock import now
from films.models import Credit, Film, Screening, Series
from people.models import Person
from venues.models import Room, Venue

PAGE_SIZE = 120
LONGEST_SEARCH = 200
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Where names stand that begin with no Latin letter: 王, Ж, 3.
OTHER = "other"
NEXT_AT_A_VENUE = 3
TITLES_OF_A_PERSON = 3


@dataclass(frozen=True)
class Listed:
    """A person in the index: what they do, and the films they do it in."""

    person: Person
    roles: list[str]
    films: list[Film]

    @property
    def first_films(self) -> list[Film]:
        return self.films[:TITLES_OF_A_PERSON]

    @property
    def further_films(self) -> int:
        return max(0, len(self.films) - TITLES_OF_A_PERSON)


def person_list(request: HttpRequest) -> HttpResponse:
    """Everyone credited in a public film, by sort form; with `q` those so called, with `letter` those filed there."""
    at = now(request)
    words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    credited = Credit.objects.filter(film__in=Film.objects.public(at).values("pk"))
    people = Person.objects.filter(pk__in=credited.values("person")).matching(words)
    initials = {letter_of(initial) for (initial,) in people.order_by().values_list(Substr("sort_key", 1, 1)).distinct()}
    letter = request.GET.get("letter", "")
    if letter and letter not in (*LETTERS, OTHER):
        raise Http404
    page = Paginator(in_order(filed_under(people, letter)), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "words": words,
        "letter": letter,
        "letters": [(other, other in initials) for other in (*LETTERS, OTHER)],
        "page": page,
        "groups": by_letter(list(page), credited),
        "at": at,
    }
    return render(request, "people/person_list.html", context)


def letter_of(sort_key: str) -> str:
    """The heading of a folded sort form: a lower-case Latin letter, or OTHER."""
    return sort_key[:1] if sort_key[:1] in LETTERS and sort_key else OTHER


def filed_under(people: QuerySet, letter: str) -> QuerySet:
    if letter == OTHER:
        return people.exclude(sort_key__regex="^[a-z]")
    return people.filter(sort_key__startswith=letter) if letter else people


def in_order(people: QuerySet) -> QuerySet:
    """`people` by sort form, and after Z those under OTHER, whatever a database sorts before A."""
    is_other = Case(When(initial__in=LETTERS, then=False), default=True)
    return people.alias(initial=Substr("sort_key", 1, 1)).order_by(is_other, "sort_key", "pk")


def by_letter(people: list[Person], credited: QuerySet) -> dict[str, list[Listed]]:
    """`people` under their letters, in their order, with what they are credited for; one query."""
    roles: dict[int, dict[str, None]] = {person.pk: {} for person in people}
    films: dict[int, dict[Film, None]] = {person.pk: {} for person in people}
    rows = credited.filter(person__in=roles).select_related("role", "film")
    for credit in rows.order_by("role__position", "role__name", "film__sort_key", "pk"):
        roles[credit.person_id][credit.role.label] = None
        films[credit.person_id][credit.film] = None
    groups: dict[str, list[Listed]] = {}
    for person in people:
        listed = Listed(person, list(roles[person.pk]), list(films[person.pk]))
        groups.setdefault(letter_of(person.sort_key), []).append(listed)
    return groups


@dataclass
class Place:
    """A venue in the index, with the next that plays there."""

    venue: Venue
    next_up: list[Bill] = field(default_factory=list)

    @property
    def seats(self) -> int:
        return sum(room.capacity or 0 for room in self.rooms)

    @property
    def rooms(self) -> list[Room]:
        return list(self.venue.rooms.all())

    @property
    def access(self) -> list[str]:
        """What is known of its rooms, in short; nothing is said of what is not known."""
        rooms, facts = self.rooms, []
        step_free = sum(room.step_free is True for room in rooms)
        if step_free == len(rooms) and rooms:
            facts.append(_("step-free"))
        elif step_free:
            facts.append(_("step-free to %(some)s of %(all)s rooms") % {"some": step_free, "all": len(rooms)})
        elif rooms and all(room.step_free is False for room in rooms):
            facts.append(_("no step-free route"))
        if places := sum(room.wheelchair_places or 0 for room in rooms):
            words = ngettext("%(places)s wheelchair place", "%(places)s wheelchair places", places)
            facts.append(words % {"places": places})
        if any(room.hearing_loop for room in rooms):
            facts.append(_("hearing loop"))
        return facts


def venue_list(request: HttpRequest) -> HttpResponse:
    """The venues of public screenings: first where something runs or is to come, then where films have played."""
    at = now(request)
    public = Screening.objects.public(at)
    venues = Venue.objects.filter(pk__in=public.values("room__venue")).prefetch_related("rooms")
    places = {venue.pk: Place(venue) for venue in venues}
    for bill in bills(next_at_venues(public, at), at):
        places[bill.screening.room.venue_id].next_up.append(bill)
    context = {
        "now": [place for place in places.values() if place.next_up],
        "earlier": [place for place in places.values() if not place.next_up],
        "at": at,
    }
    return render(request, "venues/venue_list.html", context)


def next_at_venues(public: QuerySet, at: datetime) -> QuerySet:
    """The next few screenings at each venue, in order; where there are not so many, with those that run."""
    has_begun = Case(When(starts_at__lte=at, then=True), default=False)
    in_turn = Window(RowNumber(), partition_by=F("room__venue"), order_by=[has_begun, "starts_at", "pk"])
    soonest = public.taking_place().not_ended(at).annotate(turn=in_turn).filter(turn__lte=NEXT_AT_A_VENUE)
    return soonest.select_related("room__venue", "edition").order_by("starts_at", "pk")


def series_list(request: HttpRequest) -> HttpResponse:
    """The series of public films, with how many of each are in the programme now; those with none now stand last."""
    at = now(request)
    public = Film.objects.public(at)
    filed = Film.series.through.objects
    current = filed.filter(film__in=public.not_past(at).values("pk"))
    numbers = dict(current.order_by().values_list("series").annotate(Count("film")))
    shown = Series.objects.filter(pk__in=filed.filter(film__in=public.values("pk")).values("series"))
    context = {
        "now": [(series, numbers[series.pk]) for series in shown if series.pk in numbers],
        "earlier": [series for series in shown if series.pk not in numbers],
        "at": at,
    }
    return render(request, "films/series_list.html", context)
