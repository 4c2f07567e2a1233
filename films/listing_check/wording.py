"""What can be odd about a piece of text as such."""

import re

_LETTERS = re.compile(r"[^\W\d_]+")
_TAG = re.compile(r"</?(?:p|br|i|b|em|strong|a|div|span|ul|li|h[1-6])\b[^>]*>|&(?:nbsp|amp|quot|lt|gt|#\d+);", re.I)
_PLACEHOLDER = re.compile(r"[Ll]orem ipsum|\bTODO\b|\bTBC\b|\bTK\b")
# Looked for first: a festival's synopses are long, and hardly any holds one.
_SIGNS_OF_PLACEHOLDERS = ("orem ipsum", "TODO", "TBC", "TK")


def shouts(text: str, long_words: int = 2) -> bool:
    """Whether `text` is typed in capitals: several words, of which `long_words` have four letters or more.

    “36”, “4004”, “X-Y”, “JFK” and what is written without case do not shout.
    """
    if text != text.upper() or text == text.lower():
        return False
    words = _LETTERS.findall(text)
    return len(words) >= 2 and sum(len(word) >= 4 for word in words) >= long_words


def markup_in(text: str) -> str:
    """The first piece of HTML in `text`, which the page would show as it stands; else empty."""
    found = ("<" in text or "&" in text) and _TAG.search(text)
    return found.group() if found else ""


def placeholder_in(text: str) -> str:
    """The first word in `text` that somebody meant to replace; else empty."""
    found = any(sign in text for sign in _SIGNS_OF_PLACEHOLDERS) and _PLACEHOLDER.search(text)
    return found.group() if found else ""
