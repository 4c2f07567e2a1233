from argparse import ArgumentParser
from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from films.demo.loading import LOG_INS, PASSWORD, is_empty, load
from films.models import Film, Screening


class Command(BaseCommand):
    help = (
        "Fills an empty database with an invented festival around today, and with the log-ins "
        f"{', '.join(LOG_INS)} (password {PASSWORD})."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing, rather than fail, when there is a programme already",
        )
        parser.add_argument("--no-pictures", action="store_true", help="load it without pictures, which take the time")

    def handle(self, *args, if_empty: bool, no_pictures: bool, **options) -> None:
        if not is_empty():
            if if_empty:
                self.stdout.write("There is a programme already, so no demo was loaded.")
                return
            raise CommandError(
                "There is a programme in this database already, and the demo is never mixed into somebody's "
                "own. Load it into an empty database."
            )
        begun = monotonic()
        self.stdout.write("Loading the demo programme ...")
        load(timezone.now(), pictures=not no_pictures)
        self.stdout.write(
            f"Loaded {Film.objects.count()} films and {Screening.objects.count()} screenings "
            f"in {monotonic() - begun:.0f} seconds."
        )
