"""What an import has to say, row by row: refused, vanished, changed, kept, doubtful, new; and counts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHEETS = ("venues", "rooms", "films", "people", "credits", "screenings")
OUTCOMES = ("created", "updated", "unchanged", "vanished")
FILES = ("venues.csv", "films.csv", "credits.csv", "screenings.csv")


class Kind(models.TextChoices):
    """What may be said of a row, the most urgent first."""

    REFUSED = "refused", gettext_lazy("Refused")
    VANISHED = "vanished", gettext_lazy("Vanished")
    CHANGED = "changed", gettext_lazy("Changed")
    KEPT = "kept", gettext_lazy("Kept as it is here")
    DOUBTFUL = "doubtful", gettext_lazy("Doubtful")
    NEW = "new", gettext_lazy("New")


@dataclass(frozen=True)
class Entry:
    """One thing to say: of which kind, where in the files, about what (empty where the place says it), and what."""

    kind: Kind
    place: str
    name: str
    what: str


class Refused(Exception):
    """Nothing was written; `report.refused` holds every reason."""

    def __init__(self, report: "Report") -> None:
        super().__init__(str(report))
        self.report = report


class Remarks:
    """Sentences about rows; the same sentence about several rows is told once, with all their lines."""

    def __init__(self, report: "Report") -> None:
        self._report = report
        self._lines: dict[tuple[str, str, str], list[int]] = defaultdict(list)

    def add(self, file: str, line: int, column: str, sentence: str) -> None:
        """`line` is 0 and `column` empty when the remark is about the whole file, `file` when about no file."""
        self._lines[file, column, sentence].append(line)

    def __len__(self) -> int:
        """How many rows are remarked on."""
        return sum(len(lines) for lines in self._lines.values())

    def __iter__(self):
        for place, sentence in self.told():
            yield f"{place}: {sentence}" if place else sentence

    def told(self) -> Iterator[tuple[str, str]]:
        """The place and the sentence of each, in the order of the files."""
        order = {file: number for number, file in enumerate(FILES)}
        entries = sorted(self._lines.items(), key=lambda entry: (order.get(entry[0][0], -1), min(entry[1])))
        for (file, column, sentence), lines in entries:
            yield ", ".join(part for part in (self._report.place(file, lines), column) if part), sentence


class Report:
    def __init__(self, *, of_workbook: bool = False) -> None:
        self.of_workbook = of_workbook
        self.refused = Remarks(self)
        self.doubtful = Remarks(self)
        self.kept = Remarks(self)
        self.counts: dict[str, Counter] = {sheet: Counter() for sheet in SHEETS}
        self.new: list[Entry] = []
        self.changed: list[Entry] = []
        self.vanished: list[str] = []
        self.is_dry_run = False
        self.occasion: UUID | None = None

    def place(self, file: str, lines: list[int]) -> str:
        """Such as “films.csv lines 2–4 and 7”; a workbook has a sheet of the same name, and rows."""
        numbers = in_words(lines)
        if self.of_workbook and file in FILES:
            sheet = _("sheet “%(name)s”") % {"name": file.removesuffix(".csv")}
            return f"{sheet}{numbers}"
        return f"{file}{numbers}"

    def count(self, sheet: str, outcome: str, number: int = 1) -> None:
        self.counts[sheet][outcome] += number

    def creation(self, file: str, line: int, name: str, what: str = "") -> None:
        self.new.append(Entry(Kind.NEW, self.place(file, [line]), name, what))

    def change(self, file: str, line: int, name: str, what: str) -> None:
        self.changed.append(Entry(Kind.CHANGED, self.place(file, [line]), name, what))

    def change_value(self, file: str, line: int, name: str, field: str, before, after) -> None:
        self.change(file, line, name, was_and_is(field, before, after))

    def note(self, file: str, what: str) -> None:
        """A change that stands in no row of the source."""
        self.changed.append(Entry(Kind.CHANGED, self.place(file, []), "", what))

    def refuse_if_any(self) -> None:
        if len(self.refused):
            raise Refused(self)

    @property
    def changed_nothing(self) -> bool:
        done = sum(count[outcome] for count in self.counts.values() for outcome in OUTCOMES[:2])
        return not done and not self.changed and not self.vanished

    @property
    def changes(self) -> list[str]:
        lines = [f"{it.place}, “{it.name}”: {it.what}" if it.name else f"{it.place}: {it.what}" for it in self.changed]
        return lines + self.vanished

    @property
    def creations(self) -> list[str]:
        return [_("%(place)s: new, “%(name)s”") % {"place": entry.place, "name": entry.name} for entry in self.new]

    def entries(self) -> Iterator[Entry]:
        """Everything there is to say, by kind."""
        yield from (Entry(Kind.REFUSED, place, "", what) for place, what in self.refused.told())
        yield from (Entry(Kind.VANISHED, "", "", what) for what in self.vanished)
        yield from self.changed
        yield from (Entry(Kind.KEPT, place, "", what) for place, what in self.kept.told())
        yield from (Entry(Kind.DOUBTFUL, place, "", what) for place, what in self.doubtful.told())
        yield from self.new

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, *, every_row: bool = False):
        """The report as text; `every_row` names the created rows one by one as well."""
        if len(self.refused):
            yield _("Nothing was imported. Refused (%(number)d):") % {"number": len(self.refused)}
            yield from (f"  {remark}" for remark in self.refused)
            return
        yield f"{'':<12}" + "".join(f"{outcome:>11}" for outcome in OUTCOMES)
        for sheet, count in self.counts.items():
            yield f"{sheet:<12}" + "".join(f"{count[outcome]:>11,}" for outcome in OUTCOMES)
        yield from _section(_("New"), self.creations if every_row else [])
        yield from _section(_("Changed"), self.changes)
        yield from _section(_("Kept"), list(self.kept), len(self.kept))
        yield from _section(_("Doubtful"), list(self.doubtful), len(self.doubtful))
        if self.changed_nothing:
            yield _("Nothing changed: everything stands here as the source has it.")
        if self.is_dry_run:
            yield _("Dry run: nothing was written.")


def _section(heading: str, entries: list[str], number: int = 0):
    if entries:
        yield f"{heading} ({number or len(entries):,}):"
        yield from (f"  {entry}" for entry in entries)


def in_words(lines: list[int]) -> str:
    """Such as " lines 2–4 and 7"; nothing for line 0."""
    numbers = sorted({line for line in lines if line})
    if not numbers:
        return ""
    if len(numbers) == 1:
        return " " + _("line %(number)s") % {"number": numbers[0]}
    breaks = [0, *(at for at, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1), len(numbers)]
    runs = [numbers[start:stop] for start, stop in pairwise(breaks)]
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    if len(parts) == 1:
        return " " + _("lines %(numbers)s") % {"numbers": parts[0]}
    return " " + _("lines %(numbers)s and %(last)s") % {"numbers": ", ".join(parts[:-1]), "last": parts[-1]}


# So many characters of a value are quoted.
LIMIT = 80


def shown(value, limit: int = LIMIT) -> str:
    """A value as a report quotes it: in one line, cut when long."""
    if value in (None, ""):
        return _("empty")
    text = " ".join(str(value).split())
    return f"“{text}”" if len(text) <= limit else f"“{text[: limit - 1]}…”"


def was_and_is(field: str, before, after) -> str:
    told = told_apart(before, after)
    return _("%(field)s was %(before)s, is now %(after)s") % {"field": field, "before": told[0], "after": told[1]}


def told_apart(before, after) -> tuple[str, str]:
    """Two values as `shown`; of long ones the part that makes the difference."""
    if len(str(before)) > LIMIT or len(str(after)) > LIMIT:
        return shown_where_they_part(str(before), str(after))
    return shown(before), shown(after)


def shown_where_they_part(before: str, after: str) -> tuple[str, str]:
    """Two long values, each from a few words before the place where they begin to differ."""
    words = before.split(), after.split()
    same = next((at for at, (a, b) in enumerate(zip(*words, strict=False)) if a != b), min(map(len, words)))
    start = max(same - 3, 0)
    cut = [" ".join(some[start:]) for some in words]
    return tuple(shown(f"… {text}" if start and text else text) for text in cut)
