"""A folder as a programme: four sheets whose rows refer to one another, checked against each other."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from films.interchange.columns import CREDITS, FILMS, SCREENINGS, VENUES
from films.interchange.packages import Package
from films.interchange.prose import from_html, holds_html
from films.interchange.report import Report, in_words, shown
from films.interchange.sheets import Row, read_sheet
from films.interchange.times import set_times
from films.models import Film

_KINDS = {kind.value: kind for kind in Film.Kind} | {"program": Film.Kind.PROGRAMME, "talk": Film.Kind.EVENT}
# Lists that some sources part by 、 or / as well; a warning or a series may have such a sign in its name.
_SPLIT_FURTHER = ("countries", "languages", "genres")
_LONG_RUNTIME = 600
_LONG_TITLE = 200


@dataclass
class Programme:
    venues: list[Row]
    films: list[Row]
    credits: list[Row]
    screenings: list[Row]


def same(name: str) -> str:
    """What two spellings of one name have in common: case-folded and NFC-normalised."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def person_key(row: Row) -> str:
    """By what a row of credits knows its person: the key in it, else the name."""
    return row.get("person") or same(row["name"])


def read_programme(
    package: Package, shift_to: date | None, report: Report, progress: Callable[[str, int], None]
) -> Programme:
    """The package's rows. Whatever is refused stands in the report, all of it; Refused is raised at the end."""
    sheets = []
    for sheet in (VENUES, FILMS, CREDITS, SCREENINGS):
        sheets.append(read_sheet(package, sheet, report))
        progress(f"{sheet.file} read", len(sheets[-1] or ()))
    venues, films, credit_rows, screenings = sheets
    for rows in (venues, films, screenings):
        _refuse_repeated_keys(rows or [], report)
    _refuse_unknown(credit_rows, "film", films, report)
    _refuse_unknown(screenings, "films", films, report)
    _refuse_unknown(screenings, "venue", venues, report)
    if venues is not None:
        _settle_rooms(venues, screenings or [], report)
    for film in films or []:
        _settle_film(film, report)
    _remark_on_titles(films or [], report)
    _drop_repeated_credits(credit_rows or [], report)
    set_times(screenings or [], shift_to, report)
    if None not in sheets:
        _remark_on_showings(films, screenings, report)
    report.refuse_if_any()
    return Programme(*sheets)


def _refuse_repeated_keys(rows: list[Row], report: Report) -> None:
    first: dict[str, Row] = {}
    for row in rows:
        if row["key"] and first.setdefault(row["key"], row) is not row:
            sentence = _("“%(key)s” is the key of line %(line)d already.") % {
                "key": row["key"],
                "line": first[row["key"]].line,
            }
            report.refused.add(row.file, row.line, "key", sentence)


def _refuse_unknown(rows: list[Row] | None, column: str, targets: list[Row] | None, report: Report) -> None:
    """A reference to a row that is not there; nothing to say while that sheet could not be read."""
    if targets is None:
        return
    keys = {target["key"] for target in targets}
    where = VENUES.file if column == "venue" else FILMS.file
    for row in rows or []:
        named = row[column] if isinstance(row[column], list) else [row[column]]
        for key in named:
            if key and key not in keys:
                sentence = _("“%(key)s” is no key in %(file)s.") % {"key": key, "file": where}
                report.refused.add(row.file, row.line, column, sentence)


def _settle_rooms(venues: list[Row], screenings: list[Row], report: Report) -> None:
    """Give each venue its rooms in the order of the source, "" being the one of the venue's own name, and each
    screening one of them."""
    rooms = {venue["key"]: _listed_rooms(venue, report) for venue in venues}
    listing = {key for key, names in rooms.items() if names}
    for row in screenings:
        if row["venue"] in rooms and row["room"] is not None:
            row["room"] = _room_of(row, rooms[row["venue"]], row["venue"] in listing, report)
    for venue in venues:
        venue["rooms"] = list(rooms[venue["key"]].values()) or [""]


def _listed_rooms(venue: Row, report: Report) -> dict[str, str]:
    """Names of rooms by what their spellings have in common."""
    rooms: dict[str, str] = {}
    for name in venue["rooms"] or ():
        if same(name) in rooms:
            sentence = _("“%(name)s” stands there twice; one room.") % {"name": name}
            report.doubtful.add(venue.file, venue.line, "rooms", sentence)
        rooms.setdefault(same(name), "" if name == venue["name"] else name)
    return rooms


def _room_of(row: Row, rooms: dict[str, str], are_listed: bool, report: Report) -> str:
    """The name by which the screening's venue knows the screening's room."""
    name = row["room"]
    if same(name) in rooms:
        return rooms[same(name)]
    if name and are_listed:
        names = ", ".join(rooms.values())
        sentence = _("“%(name)s” is no room of “%(venue)s”, whose rooms in %(file)s are: %(names)s.")
        words = {"name": name, "venue": row["venue"], "file": VENUES.file, "names": names}
        report.refused.add(row.file, row.line, "room", sentence % words)
    elif name:
        sentence = _("“%(name)s” is not among the rooms in %(file)s; it was added to the venue.")
        report.doubtful.add(row.file, row.line, "room", sentence % {"name": name, "file": VENUES.file})
        rooms[same(name)] = name
    elif are_listed and len(rooms) == 1:
        name = next(iter(rooms.values()))
        sentence = _("Empty; put into “%(name)s”, the venue's only room.") % {"name": name}
        report.doubtful.add(row.file, row.line, "room", sentence)
    elif are_listed:
        sentence = _("Empty, though the venue lists rooms; put into a room of the venue's own name.")
        report.doubtful.add(row.file, row.line, "room", sentence)
        rooms[""] = ""
    else:
        rooms[""] = ""
    return name


def _settle_film(row: Row, report: Report) -> None:
    def doubt(column: str, sentence: str) -> None:
        report.doubtful.add(row.file, row.line, column, sentence)

    kind = (row["kind"] or "film").casefold()
    if kind not in _KINDS:
        sentence = _("“%(kind)s” is no kind of film known here; filed under “%(other)s”.")
        doubt("kind", sentence % {"kind": row["kind"], "other": Film.Kind.OTHER.label})
    row["kind"] = _KINDS.get(kind, Film.Kind.OTHER)
    if (row["runtime_min"] or 0) > _LONG_RUNTIME:
        doubt("runtime_min", _("%(number)d minutes is very long; taken as it is.") % {"number": row["runtime_min"]})
    if row["year"] and not 1880 <= row["year"] <= date.today().year + 5:
        doubt("year", _("%(year)s is an unlikely year; taken as it is.") % {"year": row["year"]})
    if len(row["alt_title"] or "") > _LONG_TITLE:
        sentence = _("%(title)s is very long for a title; taken as it is.")
        doubt("alt_title", sentence % {"title": shown(row["alt_title"])})
    for column in _SPLIT_FURTHER:
        parted = [part.strip() for word in row.get(column) or () for part in re.split("[、/]", word) if part.strip()]
        if len(parted) > len(row.get(column) or ()):
            sentence = _("“%(cell)s” was read as a list: %(words)s.")
            doubt(column, sentence % {"cell": "|".join(row[column]), "words": ", ".join(parted)})
            row[column] = parted
    if holds_html(row["synopsis"] or ""):
        row["synopsis"], dropped = from_html(row["synopsis"])
        sentence = _("Held HTML, which was turned into Markdown.")
        if dropped:
            left_out = _("Left out, but for any words inside: %(names)s.") % {"names": ", ".join(dropped)}
            sentence = f"{sentence} {left_out}"
        doubt("synopsis", sentence)
    if row.get("state") == Film.State.SCHEDULED and not row.get("embargo_until"):
        sentence = _("A scheduled film needs the instant at which it becomes public, in “embargo_until”.")
        report.refused.add(row.file, row.line, "state", sentence)
    for column in ("title", "alt_title"):
        if holds_html(row[column] or ""):
            sentence = _("%(title)s holds HTML, which is shown as it is written.")
            doubt(column, sentence % {"title": shown(row[column])})


def _remark_on_titles(films: list[Row], report: Report) -> None:
    by_title: dict[str, list[Row]] = defaultdict(list)
    for row in films:
        by_title[same(row["title"] or "")].append(row)
    for title, rows in by_title.items():
        if title and len(rows) > 1:
            for row in rows:
                sentence = _("“%(title)s” is the title of %(count)d films, which stay apart.")
                words = {"title": row["title"], "count": len(rows)}
                report.doubtful.add(row.file, row.line, "title", sentence % words)
    capitals = [row for row in films if (row["title"] or "").isupper() and len(row["title"]) > 5]
    if capitals:
        sentence = _("Titles in capitals throughout: %(count)d; shown so.") % {"count": len(capitals)}
        report.doubtful.add(FILMS.file, 0, "title", sentence)


def _drop_repeated_credits(rows: list[Row], report: Report) -> None:
    first: dict[tuple, Row] = {}
    for row in rows:
        if not (row["film"] and row["role"] and row["name"]):
            continue
        credit = (row["film"], same(row["role"]), person_key(row))
        if first.setdefault(credit, row) is not row:
            sentence = _("“%(name)s” stands under this role in line %(line)d already; one credit.")
            words = {"name": row["name"], "line": first[credit].line}
            report.doubtful.add(row.file, row.line, "name", sentence % words)
            row["is_repeated"] = True
    rows[:] = [row for row in rows if "is_repeated" not in row]


def _remark_on_showings(films: list[Row], screenings: list[Row], report: Report) -> None:
    shown_films = set()
    for row in screenings:
        listed = row["films"] or []
        shown_films.update(listed)
        if not listed:
            report.doubtful.add(row.file, row.line, "films", _("Shows no film; no page of the site will list it."))
        if len(set(listed)) < len(listed):
            row["films"] = list(dict.fromkeys(listed))
            sentence = _("Names a film more than once; it stands there once.")
            report.doubtful.add(row.file, row.line, "films", sentence)
    unscreened = [row.line for row in films if row["key"] not in shown_films]
    if unscreened:
        sentence = ngettext(
            "%(count)d film stands in no screening (see%(lines)s).",
            "%(count)d films stand in no screening (see%(lines)s).",
            len(unscreened),
        )
        words = {"count": len(unscreened), "lines": in_words(unscreened)}
        report.doubtful.add(FILMS.file, 0, "", sentence % words)
