"""Which screenings get in each other's way.

Two that hold one room at one instant are refused unless somebody says why they may; the rest are warnings:
no time to clear the room, a guest in two places, a day outside the edition, a stricter room than was sold.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from films.admission import admission_of, with_admission_rules
from films.models import Screening
from people.models import Person
from venues.models import Room

SOLD = (
    Screening.Sales.ON_SALE,
    Screening.Sales.SELLING_FAST,
    Screening.Sales.STANDBY,
    Screening.Sales.SOLD_OUT,
)


def hold_room(room_id: int) -> None:
    """Make everybody else who would plan this room wait until the running transaction ends.

    "Check, then save" is then one step. SQLite needs no more than the transaction: it lets one writer in.
    """
    list(Room.objects.select_for_update(no_key=True).filter(pk=room_id).order_by().values("pk"))


def room_overlaps(screening: Screening) -> QuerySet[Screening]:
    """The other screenings that hold its room at some instant at which it does.

    Intervals are half-open, so back to back is no overlap; cancelled and postponed ones hold nothing.
    """
    if not screening.takes_place:
        return Screening.objects.none()
    return _described(
        Screening.objects.in_room_between(screening.room_id, screening.starts_at, screening.ends_at),
        besides=screening,
    )


def unconfirmed_overlaps(screening: Screening, stored: Screening | None) -> list[Screening]:
    """Overlaps that nobody has given a reason for: not those that `stored`, the screening as it was, had
    already, where one of the two says why."""
    confirmed = set()
    if stored:
        confirmed = {other.pk for other in room_overlaps(stored) if stored.overlap_reason or other.overlap_reason}
    return [other for other in room_overlaps(screening) if other.pk not in confirmed]


def warnings_about(screening: Screening, guests: Iterable[Person], at: datetime | None = None) -> list[str]:
    """Sentences about what may be wrong with it, for somebody to confirm; none of them forbids it.

    `screening` has its `ends_at` and need not be saved; `guests` are those it is to have. Whether tickets were sold
    is asked as at `at`, now unless told.
    """
    if not screening.takes_place:
        return []
    return [
        *_turnaround_warnings(screening),
        *_guest_warnings(screening, guests),
        *_date_warnings(screening),
        *_age_warnings(screening, at or timezone.now()),
    ]


def title_of(screening: Screening) -> str:
    """What staff call a screening: its own title, else its films'."""
    shown = " + ".join(item.film.title for item in screening.items.all())
    return screening.title or shown or _("Screening without a film")


def time_in_words(screening: Screening) -> str:
    """“Mon 23 Nov 2026, 19:30–21:45” on the venue's clock."""
    start = date_format(screening.local_start, "D j M Y, H:i")
    return f"{start}–{date_format(screening.local_end, 'H:i')}"


def overlap_sentence(other: Screening) -> str:
    return _(
        "“%(title)s” holds this room at that time (%(time)s). Choose another time or room; or, if both "
        "are right, say why under “Why it may share its room”, and save again."
    ) % {"title": title_of(other), "time": time_in_words(other)}


def is_too_close(screening: Screening, other: Screening) -> bool:
    """Whether two screenings in one room leave less than its turnaround between them, and do not overlap."""
    return timedelta(0) <= _gap(screening, other) < timedelta(minutes=screening.room.turnaround)


def lies_outside(screening: Screening) -> bool:
    """Whether its festival day is none of its edition's."""
    return not screening.edition.holds(screening.festival_day)


def turnaround_sentence(screening: Screening, other: Screening) -> str:
    return _("Only %(gap)d minutes lie between this and “%(title)s” (%(time)s); %(room)s needs %(turnaround)d.") % {
        "gap": _gap(screening, other).total_seconds() // 60,
        "title": title_of(other),
        "time": time_in_words(other),
        "room": screening.room,
        "turnaround": screening.room.turnaround,
    }


def guest_sentence(guest: Person, other: Screening) -> str:
    return _("%(guest)s is a guest at “%(title)s” at that time (%(time)s, %(room)s).") % {
        "guest": guest,
        "title": title_of(other),
        "time": time_in_words(other),
        "room": other.room,
    }


def outside_sentence(screening: Screening) -> str:
    day = date_format(screening.festival_day, "l j F Y")
    return _("%(day)s lies outside %(edition)s.") % {"day": day, "edition": screening.edition.name}


def overlap(screening: Screening, other: Screening) -> bool:
    """Whether both are on at some instant; intervals are half-open, so back to back they are not."""
    return screening.starts_at < other.ends_at and other.starts_at < screening.ends_at


def _gap(screening: Screening, other: Screening) -> timedelta:
    """The time between the end of one and the start of the other; negative where they overlap."""
    return max(screening.starts_at - other.ends_at, other.starts_at - screening.ends_at)


def _described(screenings: QuerySet, besides: Screening) -> QuerySet[Screening]:
    return (
        screenings.exclude(pk=besides.pk)
        .select_related("room__venue", "edition")
        .prefetch_related("items__film")
        .in_order()
    )


def _turnaround_warnings(screening: Screening) -> list[str]:
    """One for each neighbour in the room that leaves less than its turnaround; those that overlap aside."""
    room = screening.room
    margin = timedelta(minutes=room.turnaround)
    neighbours = Screening.objects.in_room_between(room.pk, screening.starts_at - margin, screening.ends_at + margin)
    others = _described(neighbours, besides=screening)
    return [turnaround_sentence(screening, other) for other in others if is_too_close(screening, other)]


def _guest_warnings(screening: Screening, guests: Iterable[Person]) -> list[str]:
    guests = {guest.pk: guest for guest in guests}
    elsewhere = Screening.objects.taking_place().filter(
        starts_at__lt=screening.ends_at, ends_at__gt=screening.starts_at, guest_rows__person__in=guests
    )
    others = _described(elsewhere.distinct(), besides=screening).prefetch_related("guest_rows")
    return [
        guest_sentence(guests[row.person_id], other)
        for other in others
        for row in other.guest_rows.all()
        if row.person_id in guests
    ]


def _date_warnings(screening: Screening) -> list[str]:
    return [outside_sentence(screening)] if lies_outside(screening) else []


def _age_warnings(screening: Screening, at: datetime) -> list[str]:
    """When tickets were sold for the screening as stored, and fewer people may come in as it is now to be."""
    rules = with_admission_rules(Screening.objects.filter(pk=screening.pk))
    sold = rules.selling(SOLD, at).first()
    if not sold:
        return []
    # What the rules will say is asked of the database as it will be, and that is then undone.
    with transaction.atomic():
        Screening.objects.filter(pk=screening.pk).update(
            room=screening.room, starts_at=screening.starts_at, ends_at=screening.ends_at
        )
        before, after = admission_of(sold), admission_of(rules.get())
        transaction.set_rollback(True)
    if after.minimum_age <= before.minimum_age:
        return []
    return [
        _("Tickets were sold for %(before)s; in %(room)s it would be %(after)s. %(reason)s")
        % {
            "before": before.label,
            "after": after.label,
            "room": screening.room,
            "reason": after.restrictions[0].reason,
        }
    ]
