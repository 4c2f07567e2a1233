from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from films.interchange import BadPackage, Refused, import_programme, package_at

YEARS = range(1900, 2150)


class Command(BaseCommand):
    help = (
        "Imports a programme from a folder of four CSV files, a ZIP of them or a workbook, and says what it did, "
        "row by row where it matters."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            type=Path,
            help="holds venues.csv, films.csv, credits.csv, screenings.csv; or a ZIP or an XLSX workbook of them",
        )
        parser.add_argument("--source", required=True, help="whose keys these are; the same at every import")
        parser.add_argument("--edition", required=True, help="name of the edition; made if there is none")
        parser.add_argument("--dry-run", action="store_true", help="say everything, write nothing")
        parser.add_argument(
            "--shift-to",
            metavar="DATE",
            help="move the whole programme so that its first day is this one (2026-10-01)",
        )

    def handle(self, *args, folder: Path, **options) -> None:
        if not folder.exists():
            raise CommandError(f"There is no folder or file “{folder}”.")
        try:
            report = import_programme(
                package_at(folder),
                source=options["source"],
                edition=options["edition"],
                dry_run=options["dry_run"],
                shift_to=_date(options["shift_to"]),
                progress=self._progress(options["verbosity"]),
            )
        except BadPackage as reason:
            raise CommandError(str(reason)) from None
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except DatabaseError as error:
            raise CommandError(f"The database refused the programme, and nothing was written: {error}") from error
        every_row = options["dry_run"] or options["verbosity"] > 1
        for line in report.lines(every_row=every_row):
            self.stdout.write(line)

    def _progress(self, verbosity: int):
        def show(step: str, number: int) -> None:
            if verbosity > 1 or (verbosity and self.stderr.isatty()):
                self.stderr.write(f"{step}: {number:,}", self.style.NOTICE)

        return show


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise CommandError(f"“{text}” is not a date. Write it like 2026-10-01.")
    return day
