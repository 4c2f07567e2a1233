"""The programme as files: of one edition, the four sheets of the interchange format; or everything there is.

An export of everything holds those four sheets with columns of their own, and a file for each other table (see
`tables`). Taken into an empty database it gives the same programme; taken into one that holds a programme, its four
sheets are merged like anybody else's. Both are exact because every cell is written as text, and guarded against
spreadsheets in a way that leads back.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import models, transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell

from films.interchange.columns import CREDITS, FILMS, SCREENINGS, VENUES
from films.interchange.main_sheets import MAIN
from films.interchange.own_keys import keys_of
from films.interchange.packages import zipped
from films.interchange.spreadsheet_text import for_workbook, guarded
from films.interchange.tables import TABLES, Keys, Table, cell_of
from films.models import Credit, Edition, Film, Screening, ScreeningFilm, SourceRow
from people.models import Person
from venues.models import Venue

SHEETS = {sheet.file: sheet for sheet in (VENUES, FILMS, CREDITS, SCREENINGS)}
# What a spreadsheet's cell can hold.
MOST_CHARACTERS = 32_767


class TooLong(ValueError):
    """Why something cannot stand in a workbook, as a sentence."""


@dataclass
class Written:
    """One file: its header, and its rows in the same order."""

    file: str
    header: list[str]
    rows: Iterable[list[str]]


def export_everything(source: str = "") -> Iterator[Written]:
    """Every table, with the keys of `source` where rows have one."""
    with transaction.atomic():
        keys = _keys(source, {table.model: table.model._base_manager.all() for table in TABLES})
    for table in TABLES:
        yield written_with(table, keys)


def export_edition(edition: Edition, source: str = "") -> Iterator[Written]:
    """The four sheets of one edition: its films and screenings, what else those show, and where."""
    screenings = Screening.objects.filter(edition=edition)
    films = Film.objects.filter(
        models.Q(edition=edition)
        | models.Q(pk__in=ScreeningFilm.objects.filter(screening__in=screenings).values("film"))
    )
    rows = {
        Venue: Venue.objects.filter(rooms__screenings__in=screenings).distinct(),
        Film: films,
        Credit: Credit.objects.filter(film__in=films),
        Screening: screenings,
    }
    with transaction.atomic():
        people = Person.objects.filter(models.Q(credits__film__in=films) | models.Q(visits__in=screenings)).distinct()
        keys = _keys(source, rows | {Person: people})
    for table in TABLES:
        if table.file in MAIN:
            yield written_with(table, keys, rows[table.model])


def _keys(source: str, rows: dict[type[models.Model], models.QuerySet]) -> Keys:
    keys = Keys()
    for model in (Venue, Person, Film, Screening):
        keys.name(model, keys_of(model, source, rows[model].only("pk", *_NAMED_BY[model])).items())
    for table in TABLES:
        if table.name and table.model not in _NAMED_BY:
            named = table.model._base_manager.order_by("pk").iterator()
            keys.name(table.model, ((row.pk, table.name(row, keys)) for row in named))
    return keys


_NAMED_BY = {Venue: ["slug"], Person: ["slug"], Film: ["slug"], Screening: ["starts_at"]}


def written_with(table: Table, keys: Keys, rows: models.QuerySet | None = None) -> Written:
    """The rows of a table, all of them unless `rows` says which."""
    rows = table.model._base_manager.all() if rows is None else rows
    needs, cells_of = MAIN.get(table.file, (lambda rows: rows, lambda row, keys: {}))
    fields = table.fields
    header = list(dict.fromkeys([*_first_columns(table), *fields]))

    def cells() -> Iterator[list[str]]:
        for row in needs(rows.order_by("pk")).iterator(chunk_size=500):
            found = {name: cell_of(row, field, keys) for name, field in fields.items()}
            # The ledger also knows rows that were deleted since; nothing is left to say of them.
            if table.model is not SourceRow or found["object_id"]:
                found |= {"key": keys.of(table.model, row.pk)} if table.name else {}
                found |= cells_of(row, keys)
                yield [found[name] for name in header]

    return Written(table.file, header, cells())


def _first_columns(table: Table) -> list[str]:
    if sheet := SHEETS.get(table.file):
        return [column.name for column in sheet.columns]
    return ["key"] if table.name else []


def write_folder(files: Iterable[Written], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for written in files:
        (folder / written.file).write_bytes(as_csv(written))


def zip_of(files: Iterable[Written]) -> bytes:
    return zipped((written.file, as_csv(written)) for written in files)


def as_csv(written: Written) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(written.header)
    writer.writerows(map(guarded, row) for row in written.rows)
    # With the mark by which spreadsheets know UTF-8.
    return text.getvalue().encode("utf-8-sig")


def workbook_of(files: Iterable[Written]) -> bytes:
    """The files as sheets of one workbook. Raises TooLong for what no cell can hold."""
    book = Workbook(write_only=True)
    for written in files:
        sheet = book.create_sheet(written.file.removesuffix(".csv"))
        sheet.append(written.header)
        try:
            for number, row in enumerate(written.rows, start=2):
                sheet.append([_cell(sheet, text, written, number) for text in row])
        except TooLong:
            sheet.close()
            raise
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet, text: str, written: Written, number: int) -> Cell | None:
    if not text:
        return None
    text = for_workbook(guarded(text))
    if len(text) > MOST_CHARACTERS:
        raise TooLong(
            _(
                "Row %(number)s of %(file)s holds a text of %(length)s characters, and a spreadsheet's cell holds "
                "%(most)s. Export CSV files instead."
            )
            % {"number": number, "file": written.file, "length": len(text), "most": MOST_CHARACTERS}
        )
    cell = WriteOnlyCell(sheet, text)
    # Text whatever it looks like: “#N/A” is somebody's title.
    cell.data_type = "s"
    return cell
