from datetime import timedelta

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from films.models import Film
from people.images import HEADSHOT, STILL, Shape, remove_files
from people.models import Person

# A picture is cut before the form that it was chosen in is saved; until then no row names it.
GRACE = timedelta(days=1)


class Command(BaseCommand):
    help = (
        "Remove the cut files of pictures that no film and no person has had for a day: uploads that were not saved, "
        "and what a crash left behind. Originals are kept, and a picture in use is cut anew from its own."
    )

    def handle(self, *args, **options) -> None:
        removed = unused_pictures(STILL, set(Film.objects.values_list("still_key", flat=True)))
        removed += unused_pictures(HEADSHOT, set(Person.objects.values_list("headshot_key", flat=True)))
        for shape, key in removed:
            remove_files(shape, key)
        self.stdout.write(f"{len(removed)} unused pictures removed.")


def unused_pictures(shape: Shape, used: set[str]) -> list[tuple[Shape, str]]:
    """The pictures of which files are kept, but that are not among the keys `used`, and not new."""
    if not default_storage.exists(shape.folder):
        return []
    old = timezone.now() - GRACE
    names: dict[str, list[str]] = {}
    for name in default_storage.listdir(shape.folder)[1]:
        names.setdefault(name.split("-")[0], []).append(name)
    return [
        (shape, key)
        for key, files in sorted(names.items())
        if key not in used and all(default_storage.get_modified_time(f"{shape.folder}/{name}") < old for name in files)
    ]
