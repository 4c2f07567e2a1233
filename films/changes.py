"""What has changed, in words for the audience: one line for everything that one save changed in a screening.

The log also holds who made a change and why. Neither is public: a reason may be meant for the house alone.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.billing import Bill, bills
from films.models import Edition, Film, Screening, ScreeningFilm, StatusChange
from films.models.status_change import rooms_named_in
from films.status import Status
from films.wording import showday, showtime
from venues.models import Room

Axis, Occurrence, Sales = StatusChange.Axis, Screening.Occurrence, Screening.Sales

# The log stamps each of a save's rows by itself, a few microseconds apart.
ONE_SAVE = timedelta(seconds=1)
GONE = (Sales.SOLD_OUT, Sales.STANDBY)
TO_BE_HAD = (*Screening.SOLD_BY_ADDRESS, Sales.FREE)
OFF = (Occurrence.CANCELLED, Occurrence.POSTPONED)

# What of the log the audience is told: where and when it plays, whether it does, whether there are tickets.
OF_PLACE_AND_TIME = Q(axis__in=[Axis.START, Axis.ROOM])
OF_OCCURRENCE = Q(axis=Axis.OCCURRENCE) & (Q(after__in=[*OFF, Occurrence.MOVED]) | Q(before__in=OFF))
OF_SALES = Q(axis=Axis.SALES) & (
    Q(after__in=GONE) | Q(before__in=GONE, after__in=TO_BE_HAD) | Q(before=Sales.NOT_YET, after__in=TO_BE_HAD)
)
WORTH_TELLING = OF_PLACE_AND_TIME | OF_OCCURRENCE | OF_SALES


@dataclass(frozen=True)
class Change:
    """One line of the changes page. `moment` is when it happened, on the venue's clock."""

    bill: Bill
    moment: datetime
    status: Status
    sentences: list[str]


def newest(screenings: QuerySet, at: datetime, number: int, since: datetime | None = None) -> list[dict]:
    """The newest `number` lines about `screenings`, which are public: `what`, `screening_pk` and `moment` of each.

    However long the log is, no more of it is read than these lines need.
    """
    told, new = _told(screenings, at), _added(screenings, at)
    if since:
        told, new = told.filter(changed_at__gte=since), new.filter(created_at__gte=since)
    changed = told.order_by("-changed_at", "-pk").values(screening_pk=F("screening_id"), moment=F("changed_at"))
    added = new.order_by("-created_at", "-pk").values(screening_pk=F("pk"), moment=F("created_at"))
    rows = [{"what": what} | row for what, lines in (("changed", changed), ("added", added)) for row in lines[:number]]
    rows.sort(key=lambda row: row["what"])
    rows.sort(key=lambda row: (row["moment"], row["screening_pk"]), reverse=True)
    return rows[:number]


def _told(screenings: QuerySet, at: datetime) -> QuerySet:
    """The last row of each save that changed something the audience is told.

    What was changed before the programme was announced, or before the film was public, is no news; nor are
    tickets once the screening has begun.
    """
    edition = "screening__edition__announced_at"
    embargoed = ScreeningFilm.objects.filter(
        screening=OuterRef("screening"),
        film__state=Film.State.SCHEDULED,
        film__embargo_until__gt=OuterRef("changed_at"),
        film__embargo_until__lte=at,
    )
    told = (
        StatusChange.objects.filter(WORTH_TELLING, changed_at__lte=at)
        .filter(Q(**{f"{edition}__isnull": True}) | Q(changed_at__gte=F(edition)))
        .exclude(axis=Axis.SALES, changed_at__gte=F("screening__starts_at"))
    )
    # Asked without edition and screening, which the outer row has: to join them for each row takes five times as long.
    later_in_the_save = StatusChange.objects.filter(
        WORTH_TELLING,
        Q(changed_at__gt=OuterRef("changed_at")) | Q(changed_at=OuterRef("changed_at"), pk__gt=OuterRef("pk")),
        screening=OuterRef("screening"),
        changed_at__lte=OuterRef("changed_at") + ONE_SAVE,
    ).exclude(Q(axis=Axis.SALES, changed_at__gte=OuterRef("screening__starts_at")) | Q(changed_at__gt=at))
    return told.filter(~Exists(later_in_the_save), ~Exists(embargoed), screening__in=screenings.values("pk"))


def _added(screenings: QuerySet, at: datetime) -> QuerySet:
    """Screenings entered after their edition was announced.

    Only where some of the edition's screenings stood here at the announcement: a programme that was loaded
    later came as a whole, and nothing tells what of it is new.
    """
    stood_here = Screening.objects.filter(edition=OuterRef("pk"), created_at__lte=OuterRef("announced_at"))
    editions = Edition.objects.filter(Exists(stood_here))
    return screenings.filter(
        edition__in=editions.values("pk"), created_at__gt=F("edition__announced_at"), created_at__lte=at
    )


def in_words(rows: Iterable[dict], at: datetime) -> list[Change]:
    """The lines for `rows` of `newest`, in their order, in four queries however many there are."""
    rows = list(rows)
    screenings = (
        Screening.objects.filter(pk__in={row["screening_pk"] for row in rows})
        .select_related("room__venue", "edition")
        .order_by("pk")
    )
    by_pk = {bill.screening.pk: bill for bill in bills(screenings, at)}
    log = list(
        StatusChange.objects.filter(WORTH_TELLING, screening__in=by_pk, changed_at__lte=at).order_by(
            "-changed_at", "-pk"
        )
    )
    rooms = rooms_named_in(log)
    saves = {
        pk: _saves(bill.screening, [row for row in log if row.screening_id == pk], rooms) for pk, bill in by_pk.items()
    }
    lines = (_line(by_pk[row["screening_pk"]], row, saves[row["screening_pk"]]) for row in rows)
    return [line for line in lines if line]


@dataclass(frozen=True)
class Save:
    """What some rows of the log changed, by axis as (before, after), and the screening as it stood before and after."""

    first_at: datetime
    last_at: datetime
    values: dict[str, tuple[str, str]]
    before: Screening
    after: Screening


def _saves(screening: Screening, log: list[StatusChange], rooms: dict[int, Room]) -> list[Save]:
    """The saves that `log`, newest first, tells of; each screening as it stood is worked out from the next."""
    saves, standing = [], screening
    while log:
        rows = [log.pop(0)]
        while log and rows[-1].changed_at - log[0].changed_at <= ONE_SAVE:
            rows.append(log.pop(0))
        saves.append(taken_together(standing, rows, rooms))
        standing = saves[-1].before
    return saves


def taken_together(screening: Screening, rows: list[StatusChange], rooms: dict[int, Room]) -> Save:
    """What `rows`, newest first, changed altogether in `screening`, which is as they left it."""
    before = copy(screening)
    values: dict[str, tuple[str, str]] = {}
    for row in rows:
        _put_back(before, row, rooms)
        values[row.axis] = (row.before, values.get(row.axis, (row.before, row.after))[1])
    return Save(rows[-1].changed_at, rows[0].changed_at, values, before, screening)


def _put_back(screening: Screening, row: StatusChange, rooms: dict[int, Room]) -> None:
    if row.axis == Axis.OCCURRENCE:
        screening.occurrence = row.before
    elif row.axis == Axis.START:
        screening.starts_at = parse_datetime(row.before)
    elif row.axis == Axis.ROOM and row.before.isdecimal():
        # A room that is gone leaves the one that is known.
        screening.room = rooms.get(int(row.before), screening.room)


def _line(bill: Bill, row: dict, saves: list[Save]) -> Change | None:
    """None for a save that was taken back at once: on balance, nothing changed."""
    moment = row["moment"].astimezone(bill.screening.zone)
    if row["what"] == "added":
        first = saves[-1].before if saves else bill.screening
        sentence = _("A screening was added: %(showing)s.") % {"showing": _showing(first)}
        return Change(bill, moment, Status("sale", gettext_lazy("Added")), [sentence])
    save = next(save for save in saves if save.first_at <= row["moment"] <= save.last_at)
    told = [news for news in (of_occurrence(save), _of_sales(save)) if news]
    return Change(bill, moment, told[0][0], [sentence for _status, sentence in told]) if told else None


def of_occurrence(save: Save) -> tuple[Status, str] | None:
    """Whether, when and where it plays now: a mark and a sentence. None when that is as it was, or it is off still."""
    before, after = save.values.get(Axis.OCCURRENCE, ("", ""))
    left = _what_it_left(save)
    showing = {"showing": _showing(save.after), "before": _showing(save.before)}
    if after == Occurrence.CANCELLED:
        return Status("cancelled", _("Cancelled")), _("It was to play %(before)s.") % showing
    if after == Occurrence.POSTPONED:
        sentence = _("It was to play %(before)s. A new date will be announced.")
        return Status("moved", _("Postponed")), sentence % showing
    if save.after.occurrence in OFF:
        return None
    if before == Occurrence.CANCELLED:
        return Status("sale", _("Takes place")), _("It takes place after all: %(showing)s.") % showing
    if before == Occurrence.POSTPONED:
        return Status("moved", _("New date")), _("It now plays %(showing)s.") % showing
    if left:
        sentence = _("It now plays %(showing)s. It was to be %(before)s.")
        return Status("moved", _("Moved")), sentence % {**showing, "before": left}
    if after == Occurrence.MOVED:
        return Status("moved", _("Moved")), _("It now plays %(showing)s.") % showing
    return None


def _of_sales(save: Save) -> tuple[Status, str] | None:
    if Axis.SALES not in save.values or save.after.occurrence in OFF:
        return None
    before, after = save.values[Axis.SALES]
    showing = {"showing": _showing(save.after)}
    if after == Sales.SOLD_OUT:
        return Status("sold", _("Sold out")), _("There are no more tickets for %(showing)s.") % showing
    if after == Sales.STANDBY:
        sentence = _("There are no advance tickets left for %(showing)s; a standby line forms at the door.")
        return Status("standby", _("Standby")), sentence % showing
    if after in TO_BE_HAD and before in GONE:
        return Status("sale", _("Back on sale")), _("There are tickets again for %(showing)s.") % showing
    if after in TO_BE_HAD and before == Sales.NOT_YET:
        return Status("sale", _("On sale")), _("Tickets can now be had for %(showing)s.") % showing
    return None


def _what_it_left(save: Save) -> str:
    """Of day, time and room before a move, those that are others now."""
    before, after = save.before, save.after
    left = []
    if before.festival_day != after.festival_day:
        left.append(showday(before))
    if before.starts_at != after.starts_at:
        left.append(showtime(before))
    if before.room != after.room:
        left.append(before.room.full_name)
    return ", ".join(left)


def _showing(screening: Screening) -> str:
    """“Mon 2 Oct, 9:15 pm, International Village, Cinema 9”"""
    return _("%(day)s, %(time)s, %(room)s") % {
        "day": showday(screening),
        "time": showtime(screening),
        "room": screening.room.full_name,
    }
