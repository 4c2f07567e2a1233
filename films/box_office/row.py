"""One line of the board: a screening as staff have to know it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.contrib.auth.base_user import AbstractBaseUser
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from films.admission import Admission, admission_of
from films.billing import MINUTE, length
from films.box_office.changes_in_words import FIRST, what, when, who
from films.box_office.setting import UNDO_FOR, can_be_undone
from films.conflicts import title_of
from films.models import AccessFeature, Screening, StatusChange
from films.showing import SHORT_MARKS, Mark
from films.status import TONES
from films.wording import clock, day
from people.text import fold, is_id

Sales, Occurrence = Screening.Sales, Screening.Occurrence
# What one press sets, in the order of the keys 1 to 4.
PRESSES = (Sales.ON_SALE, Sales.SELLING_FAST, Sales.STANDBY, Sales.SOLD_OUT)
VALUE = "[value]"
# Eighteen digits fit every database's keys.
TONES_OF_OCCURRENCE = {Occurrence.MOVED: "moved", Occurrence.POSTPONED: "moved", Occurrence.CANCELLED: "cancelled"}


@dataclass(frozen=True)
class LastChange:
    """The newest change: what was set, who did it and when, in words; `undo` is its key where it can be undone."""

    pk: int
    what: str
    who: str
    when: str
    undo: int | None
    until: datetime | None


@dataclass(frozen=True)
class Note:
    """What has to be said at a row at once; `again` is the press to offer anew, with its word."""

    sentence: str
    again: str = ""
    word: str = ""


@dataclass(frozen=True)
class Press:
    """What one press asks for: a screening, how it is to sell, and the newest row of the log that was seen."""

    pk: int
    seen: int
    sales: str

    @classmethod
    def read(cls, words: str) -> "Press | None":
        """From a button's value, like “12.345.sold_out”; None when it is none."""
        parts = words.split(".")
        if len(parts) != 3 or not all(map(is_id, parts[:2])) or parts[2] not in Sales.values:
            return None
        return cls(int(parts[0]), int(parts[1]), parts[2])


@dataclass(frozen=True)
class Row:
    screening: Screening
    at: datetime
    admission: Admission
    sales: str
    last: LastChange | None
    note: Note | None = None

    @property
    def presses(self) -> SafeString:
        """The four buttons, the one that holds pressed."""
        return mark_safe(_presses(self.sales, get_language()).replace(VALUE, f"{self.screening.pk}.{self.seen}"))

    @property
    def seen(self) -> int:
        """The newest row of the log that whoever reads this knows of."""
        return self.last.pk if self.last else 0

    @property
    def state(self) -> str:
        """The one word for how it stands: whether it takes place, else how it sells."""
        return self.sales if self.screening.takes_place else self.screening.occurrence

    @property
    def tone(self) -> str:
        return TONES_OF_OCCURRENCE[self.screening.occurrence] if not self.screening.takes_place else TONES[self.sales]

    @property
    def word(self) -> str:
        screening = self.screening
        return str(Sales(self.sales).label if screening.takes_place else screening.get_occurrence_display())

    @property
    def is_pressed(self) -> bool:
        """Whether one of the four presses says how it sells; else the word stands beside them."""
        return self.sales in PRESSES

    @cached_property
    def title(self) -> str:
        return title_of(self.screening)

    @cached_property
    def find(self) -> str:
        """What it is found by, folded."""
        room = self.screening.room
        originals = " ".join(item.film.original_title for item in self.screening.items.all())
        return fold(f"{self.title} {originals} {room.venue.name} {room.name}")

    @property
    def time(self) -> str:
        return clock(self.screening.local_start)

    @property
    def wait(self) -> str:
        """“in 33 min”, of what begins within a few hours."""
        minutes = -((self.at - self.screening.starts_at) // MINUTE)
        return _("in %(length)s") % {"length": length(minutes)} if 0 < minutes <= 180 else ""

    @property
    def ends(self) -> str:
        words = _("ends about %(time)s") if self.screening.end_is_approximate else _("ends %(time)s")
        return words % {"time": clock(self.screening.local_end)}

    @property
    def minutes(self) -> int:
        """From its start to its end."""
        return (self.screening.ends_at - self.screening.starts_at) // MINUTE

    @property
    def was(self) -> str:
        """Where and when a moved screening was to be."""
        screening = self.screening
        if screening.occurrence != Occurrence.MOVED:
            return ""
        start, room = screening.previous_local_start, screening.previous_room
        return ", ".join(
            filter(None, [start and f"{day(start)} {clock(start)}", room and room.full_name]),
        )

    @property
    def age(self) -> str:
        return self.admission.label

    @property
    def why_age(self) -> str:
        return " ".join(self.admission.reasons)

    @property
    def marks(self) -> list[Mark]:
        features = ((AccessFeature.Feature(row["feature"]), row["is_confirmed"]) for row in self.screening.access_rows)
        return [Mark(SHORT_MARKS[feature], feature.label, bool(confirmed)) for feature, confirmed in features]

    @property
    def guests(self) -> str:
        names = ", ".join(row["name"] for row in self.screening.guest_names)
        return self.screening.guest_note or names

    @property
    def seats(self) -> str:
        """“12 seats left, 6:40 pm”; empty where nobody counted."""
        screening = self.screening
        if screening.seats_left is None:
            return ""
        counted = when(screening.seats_checked_at, screening.zone, self.at)
        words = ngettext("%(seats)s seat left, %(time)s", "%(seats)s seats left, %(time)s", screening.seats_left)
        return words % {"seats": screening.seats_left, "time": counted}

    @property
    def line(self) -> str:
        """“12 in line, 6:40 pm”; when the line opens, where nobody counted; empty without a standby line."""
        screening = self.screening
        if screening.standby_line is not None:
            counted = when(screening.standby_counted_at, screening.zone, self.at)
            return _("%(people)s in line, %(time)s") % {"people": screening.standby_line, "time": counted}
        if self.sales == Sales.STANDBY and screening.standby_minutes:
            return _("line opens %(minutes)s min before") % {"minutes": screening.standby_minutes}
        return ""

    @property
    def feed(self) -> str:
        """What the ticket feed says, where a person's setting holds against it."""
        screening = self.screening
        if screening.sales_held_at is None or screening.feed_sales in ("", screening.sales):
            return ""
        said = {
            "sales": Sales(screening.feed_sales).label,
            "time": when(screening.feed_said_at, screening.zone, self.at),
        }
        return _("The feed says %(sales)s (%(time)s); set by hand") % said


def row_of(screening: Screening, at: datetime, user: AbstractBaseUser) -> Row:
    """The row of a screening that came `for_board`, as `user` sees it at `at`."""
    return Row(screening, at, admission_of(screening), screening.sales_state(at), _last(screening, at, user))


def _last(screening: Screening, at: datetime, user: AbstractBaseUser) -> LastChange | None:
    rows = screening.change_rows
    if not rows:
        return None
    newest = [row for row in rows if row["changed_at"] == rows[0]["changed_at"]]
    row = min(newest, key=lambda row: FIRST.index(row["axis"]) if row["axis"] in FIRST else len(FIRST))
    changed_at = parse_datetime(row["changed_at"])
    if changed_at.tzinfo is None:  # SQLite keeps UTC and does not say so.
        changed_at = changed_at.replace(tzinfo=UTC)
    change = StatusChange(changed_by_id=row["changed_by_id"], changed_at=changed_at, **_plain(row))
    may_undo = can_be_undone(change, user, at)
    return LastChange(
        pk=rows[0]["pk"],
        what=what(row["axis"], row["after"], screening.zone),
        who=who(row["who"], row["source"], row["source_name"]),
        when=when(changed_at, screening.zone, at),
        undo=row["pk"] if may_undo else None,
        until=changed_at + UNDO_FOR if may_undo else None,
    )


def _plain(row: dict) -> dict:
    return {name: row[name] for name in ("axis", "source")}


@cache
def _presses(sales: str, language: str | None) -> str:
    """Written once for each state and language, VALUE in place of the row's own: a day has hundreds of rows."""
    presses = [
        {"value": f"{VALUE}.{to}", "tone": TONES[to], "word": to.label, "key": key, "is_on": to == sales}
        for key, to in enumerate(PRESSES, start=1)
    ]
    return render_to_string("box_office/_presses.html", {"presses": presses})
