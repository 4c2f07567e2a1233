from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from films.listing_check import Level, check_editions
from films.models import Edition, Film


class Command(BaseCommand):
    help = (
        "Says what is missing from the programme, or odd about it, one line each. Ends with 0 when nothing is found, "
        "with 1 when something is, and with 2 when it is asked something impossible."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--edition", help="the name of one edition; else every one that is not over")
        parser.add_argument(
            "--level",
            choices=Level.values,
            default=Level.WARNING,
            help="the least that counts: error, warning (the default) or hint",
        )

    def handle(self, *args, edition: str | None, level: str, **options) -> None:
        at = timezone.now()
        editions = self._editions(edition, at)
        lines = [
            f"{finding.level:<8} {row._meta.verbose_name} {row.pk} {_name(row)}: {finding.sentence} [{finding.code}]"
            for row, findings in check_editions(editions, at)
            for finding in findings
            if finding.level.rank <= Level(level).rank
        ]
        for line in lines:
            self.stdout.write(line)
        if lines:
            raise SystemExit(1)
        self.stdout.write("Nothing found.")

    def _editions(self, name: str | None, at) -> list[Edition]:
        if not name:
            return Edition.objects.in_the_making(at)
        if editions := list(Edition.objects.filter(name=name)):
            return editions
        known = ", ".join(f"“{edition}”" for edition in Edition.objects.order_by("-starts_on", "pk"))
        raise CommandError(f"There is no edition “{name}”. There are: {known or 'none'}.", returncode=2)


def _name(row) -> str:
    return f"“{row}”" if isinstance(row, Film) else str(row)
