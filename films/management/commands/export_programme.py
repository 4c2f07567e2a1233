from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from films.interchange.exporting import TooLong, export_edition, export_everything, workbook_of, write_folder, zip_of
from films.interchange.own_keys import sources
from films.models import Edition


class Command(BaseCommand):
    help = (
        "Writes the programme into files: everything, which an import into an empty database makes the same again, "
        "or one edition in the interchange format. Pictures, log-ins and the history of edits stay here."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="a folder, or a file that ends in .zip or .xlsx")
        parser.add_argument("--edition", help="only this one, in four files")
        parser.add_argument("--source", help="whose keys to use; by default those of the source with most rows")

    def handle(self, *args, target: Path, edition: str | None, source: str | None, **options) -> None:
        known = sources()
        if source and source not in known:
            raise CommandError(f"Nothing was imported from “{source}”. Known: {', '.join(known) or 'none'}.")
        source = source or next(iter(known), "")
        files = export_edition(_edition(edition), source) if edition else export_everything(source)
        try:
            if target.suffix == ".zip":
                target.write_bytes(zip_of(files))
            elif target.suffix == ".xlsx":
                target.write_bytes(workbook_of(files))
            else:
                write_folder(files, target)
        except TooLong as reason:
            raise CommandError(str(reason)) from None
        except OSError as error:
            raise CommandError(f"“{target}” cannot be written: {error.strerror}.") from None
        self.stdout.write(f"Wrote {target}.")


def _edition(name: str) -> Edition:
    edition = Edition.objects.filter(name=name).first()
    if edition is None:
        names = ", ".join(Edition.objects.values_list("name", flat=True))
        raise CommandError(f"There is no edition “{name}”. There are: {names or 'none'}.")
    return edition
