"""The one way by which a screening's standing is changed for somebody: at the board, and by the feed and the admin.

Whoever changes something says what they had seen (`seen`, the last row of the log that they knew of). When another
has changed the same thing since, or where and when the screening plays, nothing is overwritten: a Clash tells who set
what and when. Where it hurts, NeedsConfirmation tells what to read first.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from films.conflicts import hold_room, overlap_sentence, unconfirmed_overlaps, warnings_about
from films.models import Screening, StatusChange

Axis, Occurrence, Source = StatusChange.Axis, Screening.Occurrence, StatusChange.Source

# How long a change can be undone by whoever made it.
UNDO_FOR = timedelta(minutes=1)
# Where and when it plays, and whether: nothing is changed by somebody who did not know.
OF_PLACE_AND_TIME = (Axis.OCCURRENCE, Axis.START, Axis.ROOM)
FIELDS = {"sales", "occurrence", "starts_at", "room", "seats_left", "standby_opens", "standby_line", "overlap_reason"}


class Clash(Exception):
    """Somebody has changed it since. `changes` are the rows of the log that were not seen, newest first."""

    def __init__(self, screening: Screening, changes: list[StatusChange]) -> None:
        super().__init__(str(changes[0]))
        self.screening, self.changes = screening, changes


class NeedsConfirmation(Exception):
    """It hurts, and has to be said twice. `warnings` are sentences to be read first; there may be none."""

    def __init__(self, screening: Screening, warnings: list[str]) -> None:
        super().__init__(" ".join(warnings))
        self.screening, self.warnings = screening, warnings


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a screening: `values` by field, of those in FIELDS.

    `seen` is the key of the last row of the log that they knew of (0 for none; None for whoever does not look, like
    a bulk action). `read` are the warnings they have read and accept; None before they were asked.
    """

    values: dict[str, object]
    by: AbstractBaseUser | None
    why: str = ""
    source: str = Source.BOARD
    source_name: str = ""
    seen: int | None = None
    read: Collection[str] | None = None


def locked(pk: int) -> Screening:
    """The screening, which nobody else changes until the running transaction ends. Raises Screening.DoesNotExist."""
    screenings = Screening.objects.select_for_update(of=("self",)).select_related("room__venue", "edition")
    return screenings.get(pk=pk)


def patient(act: Callable) -> Callable:
    """`act`, a transaction, once more when the database let somebody else go first.

    PostgreSQL ends one of two who wait for each other: a press, and whoever in the admin saves a film and then what
    plays it.
    """

    @wraps(act)
    def act_patiently(*args, **kwargs):
        try:
            return act(*args, **kwargs)
        except OperationalError:
            if connection.in_atomic_block:
                raise
            return act(*args, **kwargs)

    return act_patiently


@patient
def change(pk: int, wish: Wish, at: datetime) -> Screening:
    """Change the screening as wished, and keep in the log who did and why; nothing is kept of what is so already.

    Raises Screening.DoesNotExist, Clash, NeedsConfirmation, and ValidationError when it cannot be.
    """
    assert wish.values.keys() <= FIELDS, wish.values
    with transaction.atomic():
        if wish.values.keys() & {"room", "starts_at", "occurrence"}:
            _hold_rooms(pk, wish.values.get("room") and wish.values["room"].pk)
        screening = locked(pk)
        values = {name: value for name, value in wish.values.items() if getattr(screening, name) != value}
        if not values:
            return screening
        _refuse_a_clash(screening, values, wish.seen)
        before = locked(pk)
        for name, value in values.items():
            setattr(screening, name, value)
        _follow(screening, before, at)
        _check_place(screening, before, wish.read, at)
        screening.save(by=wish.by, why=wish.why, source=wish.source, source_name=wish.source_name, at=at)
        return screening


@patient
def undo(change_pk: int, *, by: AbstractBaseUser, at: datetime) -> Screening:
    """Put back all that one save changed, if `by` made it within UNDO_FOR and nobody changed anything since.

    Raises StatusChange.DoesNotExist, Clash, and ValidationError when it cannot be undone any more.
    """
    change = StatusChange.objects.get(pk=change_pk)
    of_the_save = {name: getattr(change, name) for name in ("screening", "changed_at", "changed_by", "source")}
    rows = list(StatusChange.objects.filter(**of_the_save))
    with transaction.atomic():
        _hold_rooms(change.screening_id, *(int(row.before) for row in rows if row.axis == Axis.ROOM))
        screening, before = locked(change.screening_id), locked(change.screening_id)
        since = list(screening.changes.filter(pk__gt=max(row.pk for row in rows)))
        if since:
            raise Clash(screening, since)
        if not can_be_undone(change, by, at):
            raise ValidationError(_("It can be undone for one minute only, by who did it. Set it anew instead."))
        for row in rows:
            if row.axis != Axis.LEAD:
                _put_back(screening, row.axis, row.before)
        for name, value in change.beside.items():
            _put_back(screening, name, value)
        _check_place(screening, before, read=None, at=at, asks=False)
        screening.save(by=by, why=_("Undone"), source=Source.BOARD, at=at)
        return screening


def can_be_undone(change: StatusChange, by: AbstractBaseUser, at: datetime) -> bool:
    """Whether `by` may undo what the row tells at `at`, as far as time and person go."""
    is_of_the_board = change.source == Source.BOARD and change.axis != Axis.LEAD
    return is_of_the_board and change.changed_by_id == by.pk and at - change.changed_at < UNDO_FOR


def _hold_rooms(pk: int, *others: int | None) -> None:
    """Hold the screening's room and `others`. Rooms come before screenings, as for whoever plans, so that nobody
    waits for somebody who waits for them."""
    its_own = Screening.objects.filter(pk=pk).values_list("room_id", flat=True)
    for room_id in sorted({*its_own, *filter(None, others)}):
        hold_room(room_id)


def _refuse_a_clash(screening: Screening, values: dict, seen: int | None) -> None:
    if seen is None:
        return
    axes = {*(_axis_of(name) for name in values), *OF_PLACE_AND_TIME}
    since = list(screening.changes.filter(pk__gt=seen, axis__in=axes))
    if since:
        raise Clash(screening, since)


def _axis_of(name: str) -> str:
    return Axis.ROOM if name == "room" else name


def _follow(screening: Screening, before: Screening, at: datetime) -> None:
    """What comes with a change: who moves a screening has moved it, and who says how it sells has just looked."""
    is_elsewhere = (screening.starts_at, screening.room_id) != (before.starts_at, before.room_id)
    if is_elsewhere:
        screening.occurrence = Occurrence.MOVED
        if screening.entered_end:
            screening.entered_end += screening.starts_at - before.starts_at
    elif screening.occurrence == Occurrence.SCHEDULED and (screening.previous_starts_at or screening.previous_room_id):
        screening.occurrence = Occurrence.MOVED  # It takes place after all, and still not where it was to be.
    if screening.sales != before.sales:
        screening.sales_checked_at = at


def _check_place(
    screening: Screening, before: Screening, read: Collection[str] | None, at: datetime, *, asks: bool = True
) -> None:
    """Room, turnaround, guests and age, when it now is elsewhere or takes place again; what hurts is asked twice."""
    place = ("occurrence", "starts_at", "room_id")
    if all(getattr(screening, name) == getattr(before, name) for name in place):
        return
    screening.work_out_end()
    overlaps = unconfirmed_overlaps(screening, before)
    if overlaps and screening.overlap_reason == before.overlap_reason:
        raise ValidationError({"overlap_reason": [overlap_sentence(other) for other in overlaps]})
    if asks:
        warnings = warnings_about(screening, screening.guests.all(), at)
        if read is None or not set(warnings) <= set(read):
            raise NeedsConfirmation(screening, warnings)


def _put_back(screening: Screening, name: str, value: str) -> None:
    """Set a field to what the log says in words that it was."""
    column = Screening._meta.get_field(name.removesuffix("_id"))
    setattr(screening, name, column.to_python(value) if value else ("" if column.empty_strings_allowed else None))
