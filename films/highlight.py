"""Showing where words were found: the letters as they are printed, marked where their folded forms match."""

import re
from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from people.text import fold

AROUND = 90


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    """One letter as search compares it: none for a combining accent, two for ß."""
    return " " if letter.isspace() else fold(letter)


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where in `text` the folded `words` stand: half-open ranges of its own letters, in order and apart.

    A word that begins words of the text is marked there only; else it is marked wherever it stands. A letter is taken
    whole, with the accents that follow it, even when only a part of its folded form matches.
    """
    folded = [_folded_letter(letter) for letter in text]
    line = "".join(folded)
    origin = [position for position, pieces in enumerate(folded) for _piece in pieces]
    marked = set()
    for word in words:
        at_starts = list(re.finditer(rf"(?<!\w){re.escape(word)}", line))
        for match in at_starts or re.finditer(re.escape(word), line):
            marked.update(origin[match.start() : match.end()])
    for position in range(len(text)):
        if position - 1 in marked and not folded[position]:
            marked.add(position)
    return _joined(sorted(marked))


def _joined(positions: list[int]) -> list[tuple[int, int]]:
    ranges = []
    for position in positions:
        if ranges and ranges[-1][1] == position:
            ranges[-1] = (ranges[-1][0], position + 1)
        else:
            ranges.append((position, position + 1))
    return ranges


def highlight(text: str, words: Iterable[str]) -> SafeString:
    """`text`, escaped, with <mark> around what of it matches the folded `words`."""
    pieces, after = [], 0
    for start, end in spans(text, words):
        pieces += [escape(text[after:start]), "<mark>", escape(text[start:end]), "</mark>"]
        after = end
    return mark_safe("".join([*pieces, escape(text[after:])]))


def excerpt(text: str, words: list[str]) -> SafeString:
    """What stands around the first of the folded `words` in `text`, marked; empty when none does."""
    found = spans(text, words)
    if not found:
        return mark_safe("")
    start, end = max(found[0][0] - AROUND, 0), found[0][1] + AROUND
    if start:
        start = text.find(" ", start, found[0][0]) + 1 or start
    if end < len(text):
        cut = text.rfind(" ", found[0][1], end)
        end = cut if cut > 0 else end
    return mark_safe(
        ("… " if start else "") + highlight(text[start:end].strip(), words) + (" …" if end < len(text) else "")
    )
