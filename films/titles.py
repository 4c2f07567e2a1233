"""Where a title sorts, and how wide it is set."""

import re
from functools import lru_cache

from people.text import fold

# Articles that librarians pass over when a title in that language begins with one (ISO 639-1 codes).
# Elided forms end in their apostrophe. Languages whose article also means "one" list the definite forms
# and the indefinite ones alike, as library catalogues do.
LEADING_ARTICLES = {
    "ca": ("el", "la", "els", "les", "l'", "un", "una"),
    "da": ("den", "det", "de", "en", "et"),
    "de": ("der", "die", "das", "ein", "eine"),
    "en": ("the", "a", "an"),
    "es": ("el", "la", "los", "las", "un", "una", "unos", "unas"),
    "fr": ("le", "la", "les", "l'", "un", "une", "des"),
    "ga": ("an", "na"),
    "hu": ("a", "az", "egy"),
    "it": ("il", "lo", "la", "i", "gli", "le", "l'", "un", "uno", "una", "un'"),
    "nl": ("de", "het", "'t", "een"),
    "no": ("den", "det", "de", "en", "ei", "et"),
    "pt": ("o", "a", "os", "as", "um", "uma"),
    "sv": ("den", "det", "de", "en", "ett"),
}
LEADING_ARTICLES["nb"] = LEADING_ARTICLES["nn"] = LEADING_ARTICLES["no"]


def sort_key(title: str, language: str = "", sort_title: str = "") -> str:
    """What `title` sorts by: an explicit `sort_title`, else itself without its own language's leading article.

    Folded, so that accents and case do not part neighbours. A title of one word keeps it.
    """
    if sort_title.strip():
        return fold(sort_title)
    folded = fold(title).lstrip("\"'«„([ ") or fold(title)
    for article in LEADING_ARTICLES.get(language.split("-")[0].lower(), ()):
        start = article if article.endswith("'") else f"{article} "
        if folded.startswith(start) and len(folded) > len(start):
            return folded[len(start) :].lstrip()
    return folded


# The most characters that a class takes, and the longest word, which has to fit on a phone's line unbroken.
WIDTHS = {"s": (11, 8.6), "m": (24, 11), "l": (40, 14.5)}
# Where a line may break, and how much wider a capital is than a small letter.
BREAKS = re.compile(r"[\s–—-]+")
CAPITAL = 1.3


@lru_cache(maxsize=4096)
def width_class(title: str) -> str:
    """How much a heading squeezes `title`: s, m, l or xl by its number of characters and its longest word."""
    longest = max(sum(CAPITAL if letter.isupper() else 1 for letter in word) for word in BREAKS.split(title))
    fitting = (name for name, (length, word) in WIDTHS.items() if len(title) <= length and longest <= word)
    return next(fitting, "xl")
