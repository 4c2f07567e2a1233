"""What the home page shows: of the festival it is about, by its phase; and of the house, which plays on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, Count, F, OuterRef, QuerySet, Value, When

from films.billing import Bill, bills, cards_of
from films.cards import Card, cards, for_cards
from films.changes import GONE, TO_BE_HAD, Change, in_words, newest
from films.festival_day import day_bounds, festival_day
from films.models import Edition, Film, Screening, Series
from films.rows import Rows

NEXT, ON_NOW, AVAILABLE, HIGHLIGHTS, IN_THE_HOUSE = 6, 12, 8, 8, 8
# Among so many candidates a choice is made; who comes later has no chance.
CANDIDATES = 40
JUST = timedelta(days=1)
EVENING = time(17)
OPENINGS = 3
PREMIERES = [value for value in Film.Premiere.values if value]


@dataclass(frozen=True)
class Today:
    """One festival day of a running festival, from this moment on; `then` is what the days after it begin with.

    `available` is what there are tickets for beside the `feature`. `is_sold_out` is what is known: a screening that
    nobody has said anything about is not sold out.
    """

    day: date
    number: int
    of: int
    is_evening: bool
    on_now: list[Bill]
    next_up: list[Bill]
    then: list[Bill]
    feature: Bill | None
    available: list[Card]
    is_sold_out: bool


def today(edition: Edition, at: datetime) -> Today:
    day = festival_day(at, edition.zone, edition.day_starts_at)
    ends = day_bounds(day, edition.zone, edition.day_starts_at)[1]
    screenings = screenings_of(edition, at)
    todays = list(screenings.taking_place().not_ended(at).filter(starts_at__lt=ends))
    on_now = [screening for screening in todays if screening.is_on_now(at)][:ON_NOW]
    to_come = [screening for screening in todays if screening.starts_at > at]
    next_up = to_come[:NEXT]
    then = list(screenings.upcoming(at).filter(starts_at__gte=ends)[:NEXT])[: NEXT - len(next_up)]
    to_be_had = [screening for screening in to_come if screening.sales_state(at) in TO_BE_HAD][:CANDIDATES]
    billed = {bill.screening.pk: bill for bill in bills({*on_now, *next_up, *then, *to_be_had}, at) if bill.main}
    can_be_had = _billed(to_be_had, billed)
    feature = feature_of(can_be_had)
    return Today(
        day=day,
        number=(day - edition.starts_on).days + 1,
        of=(edition.ends_on - edition.starts_on).days + 1,
        is_evening=not edition.day_starts_at <= at.astimezone(edition.zone).time() < EVENING,
        on_now=_billed(on_now, billed),
        next_up=_billed(next_up, billed),
        then=_billed(then, billed),
        feature=feature,
        available=cards_of((bill for bill in can_be_had if not feature or bill.main != feature.main), at, AVAILABLE),
        is_sold_out=bool(to_come) and all(screening.sales_state(at) in GONE for screening in to_come),
    )


def _billed(screenings: list[Screening], billed: dict[int, Bill]) -> list[Bill]:
    return [billed[screening.pk] for screening in screenings if screening.pk in billed]


def feature_of(billed: list[Bill]) -> Bill | None:
    """The screening worth the large picture: a premiere, else one with guests, else the next; None without a still."""
    with_still = [bill for bill in billed if bill.main.still]
    return min(
        with_still,
        key=lambda bill: (not bill.screening.is_premiere, not bill.screening.guest_note, bill.screening.starts_at),
        default=None,
    )


def screenings_of(edition: Edition, at: datetime) -> QuerySet:
    """The edition's public screenings in order, with what a bill needs."""
    public = Screening.objects.public(at).filter(edition=edition)
    return public.select_related("room__venue", "edition").in_order()


def just_changed(edition: Edition, at: datetime, limit: int = 5) -> list[Change]:
    """What changed in the last day about screenings that someone may still be on the way to."""
    not_over = Screening.objects.public(at).filter(edition=edition, ends_at__gt=at)
    return in_words(newest(not_over, at, limit, since=at - JUST), at)


def highlights(edition: Edition, at: datetime, limit: int = HIGHLIGHTS) -> list[Card]:
    """Cards of the edition's films that promise most: premieres first, with a picture, and each of another series.

    A series comes twice only when there are too few others.
    """
    weight = Case(
        *(When(premiere=value, then=Value(number)) for number, value in enumerate(PREMIERES)),
        default=Value(len(PREMIERES)),
    )
    candidates = list(
        Film.objects.public(at)
        .filter(edition=edition, part_of=None)
        .with_standing(at)
        .exclude(standing=Film.Standing.CANCELLED)
        .annotate(
            is_bare=Case(When(still_key="", then=Value(1)), default=Value(0)),
            weight=weight,
            series_rows=Rows(
                Film.series.through.objects.filter(film_id=OuterRef("pk")).order_by("series__position", "pk"),
                id=F("series"),
            ),
        )
        .order_by("is_bare", "weight", "sort_key", "pk")
        .values_list("pk", "series_rows")[:CANDIDATES]
    )
    seen, first, others = set(), [], []
    for pk, rows in candidates:
        series = rows[0]["id"] if rows else None
        (others if series in seen else first).append(pk)
        seen.add(series)
    chosen = (first + others)[:limit]
    made = {card.film.pk: card for card in cards(for_cards(Film.objects.filter(pk__in=chosen), at), at)}
    return [made[pk] for pk in chosen]


@dataclass(frozen=True)
class Opening:
    """An instant at which tickets go on sale, on the festival's clock, and for how many screenings."""

    moment: datetime
    number: int
    billed: list[Bill]


def openings(edition: Edition, at: datetime) -> list[Opening]:
    """The next instants at which tickets of the edition go on sale, each with the first of its screenings."""
    waiting = screenings_of(edition, at).upcoming(at).filter(sales=Screening.Sales.NOT_YET, on_sale_at__gt=at)
    instants = waiting.order_by("on_sale_at").values_list("on_sale_at").annotate(Count("pk"))[:OPENINGS]
    soonest = bills(waiting.order_by("on_sale_at", "starts_at", "pk")[:NEXT], at)
    return [
        Opening(
            instant.astimezone(edition.zone),
            number,
            [bill for bill in soonest if bill.screening.on_sale_at == instant],
        )
        for instant, number in instants
    ]


def first_screenings(edition: Edition, at: datetime) -> list[Bill]:
    return bills(screenings_of(edition, at).upcoming(at)[:NEXT], at)


def playing_in_the_house(at: datetime, limit: int = IN_THE_HOUSE) -> list[Card]:
    """Cards of what can be seen between festivals, soonest first."""
    screenings = Screening.objects.public(at).upcoming(at).filter(edition__kind=Edition.Kind.YEAR_ROUND).in_order()
    return cards_of(bills(screenings.select_related("room__venue", "edition")[:CANDIDATES], at), at, limit)


def known_series(at: datetime) -> QuerySet:
    """Series of which a festival has shown a film: one that is new this year stays hidden until it is announced."""
    films = Film.objects.public(at).filter(edition__kind=Edition.Kind.FESTIVAL)
    shown = Film.series.through.objects.filter(film__in=films.values("pk"))
    return Series.objects.filter(pk__in=shown.values("series"))


def next_festival(edition: Edition) -> Edition | None:
    festivals = Edition.objects.filter(kind=Edition.Kind.FESTIVAL, starts_on__gt=edition.ends_on)
    return festivals.order_by("starts_on", "pk").first()


def days_until(moment: datetime, edition: Edition, at: datetime) -> int:
    """Midnights on the festival's clock between `at` and `moment`."""
    return (moment.astimezone(edition.zone).date() - at.astimezone(edition.zone).date()).days
