"""Screenings of a programme, found again or made, with the films they show."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from films.interchange.changes import may_replace, report_if_made_anew, take_over
from films.interchange.editions import Editions
from films.interchange.ledger import Ledger, Sheet
from films.interchange.merging import AXES, LastSaid, logged
from films.interchange.pieces import pieces
from films.interchange.programme import Programme
from films.interchange.report import Report, shown
from films.interchange.sheets import Row
from films.interchange.venues import RoomKey
from films.models import Film, Screening, ScreeningFilm, StatusChange
from films.recording import create_recorded, delete_recorded, update_recorded
from venues.models import Room

# Field of Screening by column; a cell of the further ones that is empty leaves the field alone.
COLUMNS = {"title": "title", "flags": "note"}
FURTHER_COLUMNS = {
    "ticket_url": "ticket_url", "price": "price", "guest_note": "guest_note", "language_line": "language_line",
    "subtitle_language": "subtitle_language", "premiere": "is_premiere", "talk_min": "talk", "preshow_min": "preshow",
}  # fmt: skip
_COLUMN_OF = {name: column for column, name in (COLUMNS | FURTHER_COLUMNS).items()} | {
    "audience": "public", "starts_at": "start_utc", "entered_end": "end_local", "room_id": "room",
    "occurrence": "cancelled", "sales": "sold_out",
}  # fmt: skip
Occurrence, Sales, Part = Screening.Occurrence, Screening.Sales, ScreeningFilm.Part


@dataclass
class Stored:
    by_key: dict[str, Screening] = field(default_factory=dict)
    new: dict[str, Screening] = field(default_factory=dict)
    changed: dict[int, Screening] = field(default_factory=dict)

    def note_change(self, screening: Screening, row: Row, what: str, report: Report) -> None:
        """Something beside the screening's own fields changed: a change to report, unless the screening is new."""
        if row["key"] not in self.new:
            report.change(row.file, row.line, row["key"], what)
            self.changed[screening.pk] = screening


class ScreeningStore:
    """Takes the screenings of one folder into the database."""

    def __init__(
        self,
        programme: Programme,
        editions: Editions,
        films: dict[str, Film],
        rooms: dict[RoomKey, Room],
        ledger: Ledger,
        report: Report,
    ) -> None:
        self.rows, self.editions = programme.screenings, editions
        self.films, self.rooms = films, rooms
        self.ledger, self.report = ledger, report
        self.stored = Stored()
        self.log: list[StatusChange] = []

    def store(self) -> Stored:
        # What a programme of films without a runtime of its own is as long as.
        models.prefetch_related_objects(list(self.films.values()), "parts__film")
        known = self.ledger.known(Sheet.SCREENING)
        here: dict[int, Screening] = {}
        for some in pieces([known[row["key"]] for row in self.rows if row["key"] in known]):
            here |= Screening.objects.select_related("room__venue").in_bulk(some)
        last_said = LastSaid(self.ledger.source, self._at_odds(here))
        for row in self.rows:
            screening = here.get(known.get(row["key"]))
            if screening is None:
                report_if_made_anew(row, known, self.report)
                screening = self.stored.new[row["key"]] = self._new(row)
            else:
                self._update(screening, row, last_said)
            self.stored.by_key[row["key"]] = screening
        self._write()
        self._show_films(here)
        return self.stored

    def _at_odds(self, here: dict[int, Screening]) -> list[int]:
        """Screenings of which the source now says something else than stands here, so that the log has to tell why."""
        known = self.ledger.known(Sheet.SCREENING)
        found = [(row, here.get(known.get(row["key"]))) for row in self.rows]
        return [
            screening.pk
            for row, screening in found
            if screening
            and any(getattr(screening, axis) != value for axis, value in self._axes(row, screening).items())
        ]

    def _axes(self, row: Row, screening: Screening | None) -> dict[str, object]:
        """What the source says of what the world is told. Not cancelled may be moved as well; and without a word
        about sales, only "sold out" can have come to an end."""
        occurrence = Occurrence.CANCELLED if row["cancelled"] else row.get("occurrence") or Occurrence.SCHEDULED
        if occurrence == Occurrence.MOVED:
            # From where, no row says; somebody here does.
            occurrence = Occurrence.SCHEDULED
        sales = Sales.SOLD_OUT if row["sold_out"] else row.get("sales")
        if screening and occurrence == Occurrence.SCHEDULED and screening.occurrence == Occurrence.MOVED:
            occurrence = Occurrence.MOVED
        if screening and not sales and screening.sales != Sales.SOLD_OUT:
            sales = screening.sales
        return {
            "starts_at": row["starts_at"],
            "room_id": self.rooms[row["venue"], row["room"]].pk,
            "occurrence": str(occurrence),
            "sales": str(sales or Sales.UNKNOWN),
        }

    def _plain(self, row: Row) -> dict[str, object]:
        wanted = {name: row[column] for column, name in COLUMNS.items()}
        for column, name in FURTHER_COLUMNS.items():
            if row.get(column) not in (None, ""):
                wanted[name] = row[column]
        return wanted | {"audience": Screening.Audience.PUBLIC if row["public"] else Screening.Audience.PRESS}

    def _new(self, row: Row) -> Screening:
        screening = Screening(edition=self.editions.of(row), **self._plain(row), **self._axes(row, None))
        screening.entered_end = row["entered_end"]
        screening.work_out_end([self.films[key] for key in row["films"]])
        if screening.sales == Sales.SOLD_OUT:
            screening.sales_checked_at = timezone.now()
        local = row["starts_at"].astimezone(ZoneInfo(row["tz"]))
        room = self._rooms_here[screening.room_id].full_name
        self.report.creation(row.file, row.line, _name(row, self.films), f"{local:%Y-%m-%d %H:%M}, {room}")
        return screening

    def _update(self, screening: Screening, row: Row, last_said: LastSaid) -> None:
        changed = set()
        for axis, value in self._axes(row, screening).items():
            if self._take_axis(screening, axis, value, row, last_said):
                changed.add(axis)
        plain = self._plain(row)
        if screening.starts_at == row["starts_at"]:
            # A start that was set here keeps the end that belongs to it.
            plain["entered_end"] = row["entered_end"]
            if "starts_at" in changed and not row["entered_end"] and screening.entered_end:
                screening.entered_end = None
                sentence = _("The end that stood here belonged to the old start; it is worked out anew.")
                self.report.doubtful.add(row.file, row.line, "end_local", sentence)
        changed |= set(take_over(screening, _name(row, self.films), plain, _COLUMN_OF, row, self.report))
        if changed:
            self.stored.changed[screening.pk] = screening

    def _take_axis(self, screening: Screening, axis: str, value, row: Row, last_said: LastSaid) -> bool:
        before, column = getattr(screening, axis), _COLUMN_OF[axis]
        if before == value:
            return False
        if last_said.is_still(screening, axis, value):
            sentence = _("Kept %(here)s, as set here; the source still says %(there)s.")
            words = {"here": self._in_words(axis, before), "there": self._in_words(axis, value)}
            self.report.kept.add(row.file, row.line, column, sentence % words)
            return False
        if not may_replace(screening, axis, before, value, row, column, self.report):
            return False
        words = {"field": column, "before": self._in_words(axis, before), "after": self._in_words(axis, value)}
        what = _("%(field)s was %(before)s, is now %(after)s") % words
        self.report.change(row.file, row.line, _name(row, self.films), what)
        self.log.append(logged(screening, axis, before, value, self.ledger.source))
        setattr(screening, axis, value)
        if axis == "sales":
            screening.sales_checked_at = timezone.now()
        return True

    def _in_words(self, axis: str, value) -> str:
        if axis == "room_id":
            return shown(self._rooms_here[value])
        return shown(f"{value:%Y-%m-%d %H:%M} UTC" if axis == "starts_at" else value)

    @cached_property
    def _rooms_here(self) -> dict[int, Room]:
        return Room.objects.select_related("venue").in_bulk()

    def _write(self) -> None:
        new, changed = list(self.stored.new.values()), list(self.stored.changed.values())
        create_recorded(new)
        self.ledger.add(Sheet.SCREENING, {key: screening.pk for key, screening in self.stored.new.items()})
        for screening in changed:
            screening.stand_in_for_end()
        fields = [*AXES[:1], "room", *AXES[2:], *COLUMNS.values(), *FURTHER_COLUMNS.values()]
        fields += ["audience", "entered_end", "ends_at", "sales_checked_at"]
        update_recorded(changed, fields)
        StatusChange.objects.bulk_create(self.log, batch_size=500)

    def _show_films(self, here: dict[int, Screening]) -> None:
        """Let each screening show its films in order; what it shows already stays with its parts."""
        present: dict[int, list[int]] = {}
        for some in pieces(list(here)):
            items = ScreeningFilm.objects.filter(screening__in=some).order_by("position", "pk")
            for screening, film in items.values_list("screening_id", "film_id"):
                present.setdefault(screening, []).append(film)
        add, clear = [], []
        for row in self.rows:
            screening, films = self.stored.by_key[row["key"]], [self.films[key] for key in row["films"]]
            before = present.get(screening.pk, [])
            if before == [film.pk for film in films] or not self._may_show(screening, films, before, row):
                continue
            if row["key"] not in self.stored.new:
                what = _("shows other films, or in other order")
                self.report.change(row.file, row.line, _name(row, self.films), what)
                self.stored.changed[screening.pk] = screening
                clear.append(screening.pk)
            parts = zip(films, parts_of(films), strict=True)
            add += [
                ScreeningFilm(screening=screening, film=film, part=part, position=position)
                for position, (film, part) in enumerate(parts)
            ]
        for some in pieces(clear):
            delete_recorded(ScreeningFilm.objects.filter(screening__in=some))
        create_recorded(add)

    def _may_show(self, screening: Screening, films: list[Film], before: list[int], row: Row) -> bool:
        if not before:
            return True
        # A secret film that was revealed here stays behind as a draft; what it turned out to be goes on showing.
        if any(film.kind == Film.Kind.SECRET and film.state == Film.State.DRAFT for film in films):
            sentence = _("The secret film was revealed here; what the screening shows was kept.")
            self.report.kept.add(row.file, row.line, "films", sentence)
            return False
        return may_replace(screening, "films", _("other films"), list(map(str, films)), row, "films", self.report)


def parts_of(films: list[Film]) -> list[str]:
    """The part each film has in a screening of them all: shorts stand before or after the film, or are the film."""
    mains = [number for number, film in enumerate(films) if film.kind != Film.Kind.SHORT]
    if len(mains) > 1:
        return [Part.DOUBLE_BILL if number in mains else Part.SHORT_BEFORE for number in range(len(films))]
    if not mains:
        return [Part.MAIN] * len(films)
    return [
        Part.MAIN if number == mains[0] else Part.SHORT_BEFORE if number < mains[0] else Part.SHORT_AFTER
        for number in range(len(films))
    ]


def _name(row: Row, films: dict[str, Film]) -> str:
    """What a report calls a screening, without asking the database."""
    return row["title"] or " + ".join(films[key].title for key in row["films"]) or row["key"]
