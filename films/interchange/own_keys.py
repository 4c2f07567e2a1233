"""Keys for what is exported: a row's own in the source that is asked for, else one that this site gives it for ever.

Those are remembered among the source rows under a source without a name, which no import can bear; so the same export
gives the same keys again, and an import of it finds the rows that they stand for.
"""

from collections.abc import Callable, Iterable
from secrets import token_hex

from django.db import models

from films.models import Film, Screening, SourceRow
from films.recording import create_recorded
from people.models import Person
from venues.models import Venue

HERE = ""
Sheet = SourceRow.Sheet


def keys_of(model: type[models.Model], source: str, rows: Iterable[models.Model]) -> dict[int, str]:
    """The key of each row by its primary key. What has none yet is given one, and that is written."""
    sheet, base_of = _NAMED[model]
    rows = {row.pk: row for row in rows}
    keys: dict[int, str] = {}
    # Of several keys of one source for one row, the first stands.
    for name in (HERE, source) if source else (HERE,):
        known = SourceRow.objects.filter(source=name, sheet=sheet).order_by("-key")
        keys |= {pk: key for key, pk in known.values_list("key", "object_id").iterator() if pk in rows}
    new = {pk: f"{base_of(row)[:60]}~{token_hex(4)}" for pk, row in rows.items() if pk not in keys}
    create_recorded(SourceRow(source=HERE, sheet=sheet, key=key, object_id=pk) for pk, key in new.items())
    return keys | new


def sources() -> list[str]:
    """Names of the sources that this programme was imported from, the one with most rows first."""
    counted = SourceRow.objects.exclude(source=HERE).values("source").order_by()
    return list(counted.annotate(rows=models.Count("pk")).order_by("-rows", "source").values_list("source", flat=True))


_NAMED: dict[type[models.Model], tuple[str, Callable[[models.Model], str]]] = {
    Person: (Sheet.PERSON, lambda person: person.slug),
    Venue: (Sheet.VENUE, lambda venue: venue.slug),
    Film: (Sheet.FILM, lambda film: film.slug),
    Screening: (Sheet.SCREENING, lambda screening: f"{screening.starts_at:%Y%m%dT%H%MZ}"),
}
