"""Small programmes as folders of CSV files, for the tests of the importer."""

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from openpyxl import Workbook

from films.interchange import Report, import_programme, package_at
from films.models import Revision

HEADERS = {
    "venues": ["key", "name", "address", "rooms"],
    "films": [
        "key", "title", "alt_title", "kind", "year", "runtime_min", "countries", "languages", "rating", "warnings",
        "sections", "synopsis",
    ],
    "credits": ["film", "role", "position", "name"],
    "screenings": [
        "key", "films", "title", "venue", "room", "start_local", "end_local", "tz", "start_utc", "public",
        "cancelled", "sold_out", "flags",
    ],
}  # fmt: skip


def venue(key: str = "rio", **cells) -> dict:
    return {"key": key, "name": "Rio", "rooms": "Hall 1|Hall 2"} | cells


def film(key: str = "f1", **cells) -> dict:
    return {"key": key, "title": f"Film {key}", "kind": "film", "runtime_min": "90"} | cells


def credit(name: str, key: str = "f1", role: str = "director", position: int = 1) -> dict:
    return {"film": key, "role": role, "position": position, "name": name}


def screening(key: str = "s1", films: str = "f1", start_utc: str = "2026-10-02T02:00Z", **cells) -> dict:
    """7 pm in Vancouver on 1 October, unless it says otherwise."""
    return {
        "key": key, "films": films, "venue": "rio", "room": "Hall 1", "tz": "America/Vancouver",
        "start_utc": start_utc, "public": "1", "cancelled": "0", "sold_out": "0",
    } | cells  # fmt: skip


def write(
    folder: Path,
    venues: Iterable[dict] = (),
    films: Iterable[dict] = (),
    credits: Iterable[dict] = (),
    screenings: Iterable[dict] = (),
) -> Path:
    """One venue, one film and one screening of it, where a test does not say what there is."""
    sheets = {
        "venues": venues or [venue()],
        "films": films or [film()],
        "credits": credits,
        "screenings": screenings or [screening()],
    }
    for sheet, rows in sheets.items():
        further = dict.fromkeys(column for row in rows for column in row if column not in HEADERS[sheet])
        with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*HEADERS[sheet], *further])
            writer.writeheader()
            writer.writerows(rows)
    return folder


def run(folder: Path, **options) -> Report:
    return import_programme(package_at(folder), **({"source": "fest", "edition": "Fest 2026"} | options))


def everything() -> dict[str, list[dict]]:
    """Every row of the programme as the database holds it."""
    labels = ("films", "people", "venues")
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for label in labels
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model is not Revision
    }


def as_zip(folder: Path, inside: str = "") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.glob("*.csv")):
            archive.write(file, f"{inside}{file.name}")
    return content.getvalue()


def as_workbook(folder: Path, cells: dict[tuple[str, str], object] | None = None) -> bytes:
    """The folder as a workbook; `cells` are put into it afterwards, by sheet and place, like ("films", "B2")."""
    book = Workbook()
    book.remove(book.active)
    for file in sorted(folder.glob("*.csv")):
        sheet = book.create_sheet(file.stem)
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                sheet.append(row)
    for (name, place), value in (cells or {}).items():
        book[name][place] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
