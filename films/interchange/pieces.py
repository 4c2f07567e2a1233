"""Long lists of keys in pieces that one query can take."""

from collections.abc import Iterator, Sequence

SIZE = 500


def pieces(items: Sequence) -> Iterator[Sequence]:
    for start in range(0, len(items), SIZE):
        yield items[start : start + SIZE]
