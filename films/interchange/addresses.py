"""Addresses for many new rows at once, as saving them one by one would give."""

from collections.abc import Callable, Sequence

from django.db import models

from films.recording import record
from people.text import first_free


def create_with_addresses(
    rows: Sequence[models.Model], base_of: Callable[[models.Model], str], word: str, taken: set[str]
) -> None:
    """Create `rows`, each under the first free address for its base, or as `word`-<id> where the base is empty.

    `taken` holds the addresses that are gone, and grows.
    """
    if not rows:
        return
    nameless = []
    for row in rows:
        base = base_of(row)
        if not base:
            # Nothing of the name can stand in an address: the id does, once there is one.
            base = f"{word}-new-{id(row)}"
            nameless.append(row)
        row.slug = first_free(base, taken.__contains__)
        taken.add(row.slug)
    stored = type(rows[0])._default_manager
    stored.bulk_create(rows, batch_size=500)
    for row in nameless:
        row.slug = first_free(f"{word}-{row.pk}", taken.__contains__)
        taken.add(row.slug)
    stored.bulk_update(nameless, ["slug"], batch_size=500)
    record(rows, "+")
