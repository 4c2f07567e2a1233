"""Which rows of a source were imported before, and as what."""

from collections.abc import Iterable
from datetime import datetime

from films.interchange.own_keys import HERE
from films.interchange.pieces import pieces
from films.models import SourceRow
from films.recording import create_recorded, set_recorded

Sheet = SourceRow.Sheet


class Ledger:
    """What was imported from `source` before; beside it, the rows to which an export from here gave keys."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._objects: dict[str, dict[str, int]] = {sheet: {} for sheet in Sheet.values}
        self._known: dict[str, dict[str, int]] = {sheet: {} for sheet in Sheet.values}
        for sheet, key, pk in SourceRow.objects.filter(source=HERE).values_list("sheet", "key", "object_id").iterator():
            self._known[sheet][key] = pk
        self._gone: dict[str, set[str]] = {sheet: set() for sheet in Sheet.values}
        rows = SourceRow.objects.filter(source=source).order_by()
        for sheet, key, pk, gone in rows.values_list("sheet", "key", "object_id", "vanished_at").iterator():
            self._objects[sheet][key] = pk
            self._known[sheet][key] = pk
            if gone:
                self._gone[sheet].add(key)

    def known(self, sheet: str) -> dict[str, int]:
        """Primary keys of the objects by the keys that may stand in a file of the source."""
        return self._known[sheet]

    def listed(self, sheet: str) -> dict[str, int]:
        """Primary keys of the objects by the source's own keys."""
        return self._objects[sheet]

    def add(self, sheet: str, objects: dict[str, int]) -> None:
        """Remember what was made of the rows with these keys, those made anew included."""
        again = {key: pk for key, pk in objects.items() if key in self._objects[sheet]}
        for key, pk in again.items():
            set_recorded(SourceRow.objects.filter(source=self.source, sheet=sheet, key=key), object_id=pk)
        create_recorded(
            SourceRow(source=self.source, sheet=sheet, key=key, object_id=pk)
            for key, pk in objects.items()
            if key not in again
        )
        self._objects[sheet] |= objects
        self._known[sheet] |= objects

    def mark_returned(self, sheet: str, keys: Iterable[str]) -> list[str]:
        """Take the flag from those of `keys` that had vanished; returns them."""
        returned = sorted(self._gone[sheet].intersection(keys))
        self._flag(sheet, returned, None)
        self._gone[sheet].difference_update(returned)
        return returned

    def mark_vanished(self, sheet: str, keys: Iterable[str], at: datetime) -> list[str]:
        """Flag those of `keys` that are not flagged yet; returns them."""
        vanished = sorted(set(keys) - self._gone[sheet])
        self._flag(sheet, vanished, at)
        self._gone[sheet].update(vanished)
        return vanished

    def _flag(self, sheet: str, keys: list[str], at: datetime | None) -> None:
        rows = SourceRow.objects.filter(source=self.source, sheet=sheet)
        for some in pieces(keys):
            set_recorded(rows.filter(key__in=some), vanished_at=at)
