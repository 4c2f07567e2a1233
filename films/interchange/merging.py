"""Who said last when a screening is, where, whether it takes place and how it sells: the source, or a person here.

Nothing of a source's last import is stored beside the log of changes, and nothing more is needed: what the source said
last is what its latest entry there set, or what stood there before the first entry of anybody else.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from films.interchange.pieces import pieces
from films.models import Screening, StatusChange
from films.models.status_change import Origin, in_words, log_row

AXES = ("starts_at", "room_id", "occurrence", "sales")


def reason(source: str) -> str:
    """Why, as the log of changes has it, the importer changed something."""
    return f"Import from {source}"


def undo_reason(source: str) -> str:
    """Why, as the log has it, what the importer changed was changed back."""
    return f"Undone: {reason(source)}"


class LastSaid:
    """What `source` said last about each screening, for those with an entry in the log."""

    def __init__(self, source: str, screenings: Iterable[int]) -> None:
        self._entries: dict[tuple[int, str], list[tuple[str, str, str]]] = defaultdict(list)
        for some in pieces(list(screenings)):
            changes = StatusChange.objects.filter(screening__in=some, axis__in=AXES).order_by("changed_at", "pk")
            for change in changes.values_list("screening_id", "axis", "before", "after", "reason"):
                screening, axis, before, after, why = change
                self._entries[screening, axis].append((before, after, why))
        self._source = source

    def is_still(self, screening: Screening, axis: str, value) -> bool:
        """Whether `value` is what the source said last, while a person has set another since."""
        entries = self._entries.get((screening.pk, axis))
        if not entries:
            return False
        imported = []
        for _before, after, why in entries:
            if why == reason(self._source):
                imported.append(after)
            elif why == undo_reason(self._source) and imported:
                imported.pop()
        return _read(axis, imported[-1] if imported else entries[0][0]) == value


def _read(axis: str, logged: str):
    """A value as the log keeps it in words, itself again."""
    if axis == "starts_at":
        return datetime.fromisoformat(logged) if logged else None
    return int(logged) if axis == "room_id" and logged else logged


def logged(screening: Screening, axis: str, before, after, source: str) -> StatusChange:
    origin = Origin(None, reason(source)[:300], StatusChange.Source.IMPORT, source[:100], timezone.now())
    return log_row(screening, axis, in_words(before), in_words(after), origin)
