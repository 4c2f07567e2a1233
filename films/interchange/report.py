"""What an import has to say: refused and doubtful rows by file, line and column, changes, and counts."""

from collections import Counter, defaultdict
from itertools import pairwise

SHEETS = ("venues", "rooms", "films", "people", "credits", "screenings")
OUTCOMES = ("created", "updated", "unchanged", "vanished")
FILES = ("venues.csv", "films.csv", "credits.csv", "screenings.csv")


class Refused(Exception):
    """Nothing was written; `report.refused` holds every reason."""

    def __init__(self, report: "Report") -> None:
        super().__init__(str(report))
        self.report = report


class Remarks:
    """Sentences about rows; the same sentence about several rows is told once, with all their lines."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str, str], list[int]] = defaultdict(list)

    def add(self, file: str, line: int, column: str, sentence: str) -> None:
        """`line` is 0 and `column` empty when the remark is about the whole file, `file` when about no file."""
        self._lines[file, column, sentence].append(line)

    def __len__(self) -> int:
        """How many rows are remarked on."""
        return sum(len(lines) for lines in self._lines.values())

    def __iter__(self):
        order = {file: number for number, file in enumerate(FILES)}
        entries = sorted(self._lines.items(), key=lambda entry: (order.get(entry[0][0], -1), min(entry[1])))
        for (file, column, sentence), lines in entries:
            place = ", ".join(part for part in (f"{file}{in_words(lines)}", column) if part)
            yield f"{place}: {sentence}" if place else sentence


class Report:
    def __init__(self) -> None:
        self.refused = Remarks()
        self.doubtful = Remarks()
        self.counts: dict[str, Counter] = {sheet: Counter() for sheet in SHEETS}
        self.creations: list[str] = []
        self.changes: list[str] = []
        self.is_dry_run = False

    def count(self, sheet: str, outcome: str, number: int = 1) -> None:
        self.counts[sheet][outcome] += number

    def creation(self, file: str, line: int, name: str) -> None:
        self.creations.append(f"{file} line {line}: new, “{name}”")

    def change(self, file: str, line: int, name: str, what: str) -> None:
        self.changes.append(f"{file} line {line}, “{name}”: {what}")

    def change_value(self, file: str, line: int, name: str, field: str, before, after) -> None:
        self.change(file, line, name, f"{field} was {shown(before)}, is now {shown(after)}")

    def refuse_if_any(self) -> None:
        if len(self.refused):
            raise Refused(self)

    @property
    def changed_nothing(self) -> bool:
        done = sum(count[outcome] for count in self.counts.values() for outcome in OUTCOMES[:2])
        return not done and not self.changes

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, *, every_row: bool = False):
        """The report as text; `every_row` names the created rows one by one as well."""
        if len(self.refused):
            yield f"Nothing was imported. Refused ({len(self.refused)}):"
            yield from (f"  {remark}" for remark in self.refused)
            return
        yield f"{'':<12}" + "".join(f"{outcome:>11}" for outcome in OUTCOMES)
        for sheet, count in self.counts.items():
            yield f"{sheet:<12}" + "".join(f"{count[outcome]:>11,}" for outcome in OUTCOMES)
        yield from _section("New", self.creations if every_row else [])
        yield from _section("Changed", self.changes)
        yield from _section("Doubtful", list(self.doubtful), len(self.doubtful))
        if self.changed_nothing:
            yield "Nothing changed: everything stands here as the source has it."
        if self.is_dry_run:
            yield "Dry run: nothing was written."


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
        return f" line {numbers[0]}"
    breaks = [0, *(at for at, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1), len(numbers)]
    runs = [numbers[start:stop] for start, stop in pairwise(breaks)]
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return f" lines {', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else f" lines {parts[0]}"


def shown(value, limit: int = 80) -> str:
    """A value as a report quotes it: in one line, cut when long."""
    if value in (None, ""):
        return "empty"
    text = " ".join(str(value).split())
    return f"“{text}”" if len(text) <= limit else f"“{text[: limit - 1]}…”"
