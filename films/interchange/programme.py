"""A folder as a programme: four sheets whose rows refer to one another, checked against each other."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

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
            sentence = f"“{row['key']}” is the key of line {first[row['key']].line} already."
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
                report.refused.add(row.file, row.line, column, f"“{key}” is no key in {where}.")


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
            report.doubtful.add(venue.file, venue.line, "rooms", f"“{name}” stands there twice; one room.")
        rooms.setdefault(same(name), "" if name == venue["name"] else name)
    return rooms


def _room_of(row: Row, rooms: dict[str, str], are_listed: bool, report: Report) -> str:
    """The name by which the screening's venue knows the screening's room."""
    name = row["room"]
    if same(name) in rooms:
        return rooms[same(name)]
    if name and are_listed:
        names = ", ".join(rooms.values())
        sentence = f"“{name}” is no room of “{row['venue']}”, whose rooms in {VENUES.file} are: {names}."
        report.refused.add(row.file, row.line, "room", sentence)
    elif name:
        sentence = f"“{name}” is not among the rooms in {VENUES.file}; it was added to the venue."
        report.doubtful.add(row.file, row.line, "room", sentence)
        rooms[same(name)] = name
    elif are_listed and len(rooms) == 1:
        name = next(iter(rooms.values()))
        report.doubtful.add(row.file, row.line, "room", f"Empty; put into “{name}”, the venue's only room.")
    elif are_listed:
        sentence = "Empty, though the venue lists rooms; put into a room of the venue's own name."
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
        doubt("kind", f"“{row['kind']}” is no kind of film known here; filed under “{Film.Kind.OTHER.label}”.")
    row["kind"] = _KINDS.get(kind, Film.Kind.OTHER)
    if (row["runtime_min"] or 0) > _LONG_RUNTIME:
        doubt("runtime_min", f"{row['runtime_min']} minutes is very long; taken as it is.")
    if row["year"] and not 1880 <= row["year"] <= date.today().year + 5:
        doubt("year", f"{row['year']} is an unlikely year; taken as it is.")
    if len(row["alt_title"] or "") > _LONG_TITLE:
        doubt("alt_title", f"{shown(row['alt_title'])} is very long for a title; taken as it is.")
    for column in _SPLIT_FURTHER:
        parted = [part.strip() for word in row.get(column) or () for part in re.split("[、/]", word) if part.strip()]
        if len(parted) > len(row.get(column) or ()):
            doubt(column, f"“{'|'.join(row[column])}” was read as a list: {', '.join(parted)}.")
            row[column] = parted
    if holds_html(row["synopsis"] or ""):
        row["synopsis"], dropped = from_html(row["synopsis"])
        left_out = f" Left out, but for any words inside: {', '.join(dropped)}." if dropped else ""
        doubt("synopsis", f"Held HTML, which was turned into Markdown.{left_out}")
    if row.get("state") == Film.State.SCHEDULED and not row.get("embargo_until"):
        sentence = _("A scheduled film needs the instant at which it becomes public, in “embargo_until”.")
        report.refused.add(row.file, row.line, "state", sentence)
    for column in ("title", "alt_title"):
        if holds_html(row[column] or ""):
            doubt(column, f"{shown(row[column])} holds HTML, which is shown as it is written.")


def _remark_on_titles(films: list[Row], report: Report) -> None:
    by_title: dict[str, list[Row]] = defaultdict(list)
    for row in films:
        by_title[same(row["title"] or "")].append(row)
    for title, rows in by_title.items():
        if title and len(rows) > 1:
            for row in rows:
                sentence = f"“{row['title']}” is the title of {len(rows)} films, which stay apart."
                report.doubtful.add(row.file, row.line, "title", sentence)
    capitals = [row for row in films if (row["title"] or "").isupper() and len(row["title"]) > 5]
    if capitals:
        sentence = f"Titles in capitals throughout: {len(capitals)}; shown so."
        report.doubtful.add(FILMS.file, 0, "title", sentence)


def _drop_repeated_credits(rows: list[Row], report: Report) -> None:
    first: dict[tuple, Row] = {}
    for row in rows:
        if not (row["film"] and row["role"] and row["name"]):
            continue
        credit = (row["film"], same(row["role"]), person_key(row))
        if first.setdefault(credit, row) is not row:
            sentence = f"“{row['name']}” stands under this role in line {first[credit].line} already; one credit."
            report.doubtful.add(row.file, row.line, "name", sentence)
            row["is_repeated"] = True
    rows[:] = [row for row in rows if "is_repeated" not in row]


def _remark_on_showings(films: list[Row], screenings: list[Row], report: Report) -> None:
    shown_films = set()
    for row in screenings:
        listed = row["films"] or []
        shown_films.update(listed)
        if not listed:
            report.doubtful.add(row.file, row.line, "films", "Shows no film; no page of the site will list it.")
        if len(set(listed)) < len(listed):
            row["films"] = list(dict.fromkeys(listed))
            report.doubtful.add(row.file, row.line, "films", "Names a film more than once; it stands there once.")
    unscreened = [row.line for row in films if row["key"] not in shown_films]
    if unscreened:
        sentence = f"{len(unscreened)} films stand in no screening (see{in_words(unscreened)})."
        report.doubtful.add(FILMS.file, 0, "", sentence)
