"""A screening in one line of a list: what it shows, how it stands, and how far off or far on it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from films.cards import Card, cards, for_cards
from films.models import Film, Screening, ScreeningFilm
from films.status import Status, statuses
from films.wording import NO_BREAK, clock, minutes

MINUTE = timedelta(minutes=1)
MAIN_PARTS = (ScreeningFilm.Part.MAIN, ScreeningFilm.Part.DOUBLE_BILL)


@dataclass(frozen=True)
class Bill:
    """A screening with its public films in showing order, as it stands at `at`.

    `main` is what people come for, which a short may precede; None when no film of it is public.
    """

    screening: Screening
    films: list[Film]
    main: Film | None
    statuses: list[Status]
    at: datetime

    @property
    def minutes_in(self) -> int:
        """Whole minutes since it began; of one to come, 0."""
        return max(0, (self.at - self.screening.starts_at) // MINUTE)

    @property
    def minutes_long(self) -> int:
        return (self.screening.ends_at - self.screening.starts_at) // MINUTE

    @property
    def wait(self) -> str:
        """“in 8 min”, “in 1 h 48 min”; a minute that has begun counts as whole, so it never says “in 0 min”."""
        return _("in %(length)s") % {"length": length(-((self.at - self.screening.starts_at) // MINUTE))}

    @property
    def progress(self) -> str:
        """“Started 40 min ago, ends 9:10 pm”"""
        screening = self.screening
        sentence = _("Started %(ago)s ago, ends %(time)s")
        if screening.end_is_approximate:
            sentence = _("Started %(ago)s ago, ends about %(time)s")
        elif screening.talk:
            sentence = _("Started %(ago)s ago, ends about %(time)s, with the talk")
        return sentence % {"ago": length(self.minutes_in), "time": clock(screening.local_end)}


def length(number: int) -> str:
    """A length of `number` minutes: “40 min”, “1 h 48 min”, “2 h”."""
    hours, rest = divmod(number, 60)
    parts = [_("%(hours)s h").replace(" ", NO_BREAK) % {"hours": hours}] if hours else []
    if rest or not hours:
        parts.append(minutes(rest))
    return NO_BREAK.join(parts)


def bills(screenings: Iterable[Screening], at: datetime) -> list[Bill]:
    """A bill for each of `screenings`, which came with room, venue and edition; one query for all their films."""
    screenings = list(screenings)
    shown: dict[int, list[ScreeningFilm]] = {screening.pk: [] for screening in screenings}
    items = ScreeningFilm.objects.filter(screening__in=shown, film__in=Film.objects.public(at))
    for item in items.select_related("film").order_by("screening", "position", "pk"):
        shown[item.screening_id].append(item)
    return [_bill(screening, shown[screening.pk], at) for screening in screenings]


def _bill(screening: Screening, items: list[ScreeningFilm], at: datetime) -> Bill:
    films = [item.film for item in items]
    mains = [item.film for item in items if item.part in MAIN_PARTS]
    return Bill(screening, films, next(iter(mains or films), None), statuses(screening, at), at)


def cards_of(billed: Iterable[Bill], at: datetime, limit: int) -> list[Card]:
    """Up to `limit` cards, in the order of `billed`: each main film once, with the screening that comes first.

    Two queries however many there are.
    """
    chosen: dict[int, Bill] = {}
    for bill in billed:
        if bill.main and len(chosen) < limit:
            chosen.setdefault(bill.main.pk, bill)
    made = {card.film.pk: card for card in cards(for_cards(Film.objects.filter(pk__in=chosen), at), at)}
    return [
        replace(
            made[pk],
            screening=bill.screening,
            statuses=bill.statuses,
            rooms=[bill.screening.room.full_name],
        )
        for pk, bill in chosen.items()
    ]
