"""Text as a festival needs it: folded for finding, transliterated for addresses, Markdown for prose."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import nh3
from django.utils.text import slugify
from markdown_it import MarkdownIt

# Letters that no Unicode decomposition takes apart, as a reader without them on the keyboard types them.
_WITHOUT_DECOMPOSITION = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
        "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t", "ə": "e", "’": "'", "‘": "'", "“": '"', "”": '"',
    }
)  # fmt: skip
# What stands around words, and is no part of what somebody looks for.
_AROUND_WORDS = "\"'«»‹›„‚“”‘’()[]<>,;:.!?…¿¡「」『』《》"
LONGEST_SLUG = 80
_SPACES = re.compile(r"\s+")
_MARKDOWN_RULES = (
    "emphasis",
    "link",
    "newline",
    "escape",
    "entity",
    "balance_pairs",
    "fragments_join",
)


def fold(text: str) -> str:
    """`text` as search compares it: no case, no accents, ø ł đ ß æ as o l d ss ae, single spaces."""
    lowered = unicodedata.normalize("NFKD", text).casefold().translate(_WITHOUT_DECOMPOSITION)
    bare = "".join(char for char in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(char))
    return _SPACES.sub(" ", bare).strip()


def words_in(text: str) -> list[str]:
    """The folded words of `text` without the marks around them; if it is nothing but marks, those."""
    folded = fold(text).split()
    bare = (word.strip(_AROUND_WORDS) for word in folded)
    return [word for word in bare if any(map(str.isalnum, word))] or folded


def slug_base(text: str) -> str:
    """An ASCII address for `text`; empty when no letter of it can be transliterated (CJK, Arabic).

    At most 80 characters, cut between words where there are any.
    """
    slug = slugify(fold(text))
    if len(slug) > LONGEST_SLUG:
        slug = slug[:LONGEST_SLUG].rsplit("-", 1)[0]
    return slug.strip("-")


def first_free(base: str, is_taken: Callable[[str], bool]) -> str:
    """`base`, or `base-2`, `base-3` …: the first that is not taken."""
    candidate, number = base, 1
    while is_taken(candidate):
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def is_id(text: str) -> bool:
    """Whether it can be a row's: a number that every database takes."""
    return text.isascii() and text.isdecimal() and len(text) < 19


def is_blank(text: str | None) -> bool:
    return not (text or "").strip()


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("zero").enable(list(_MARKDOWN_RULES))


def render_markdown(source: str) -> str:
    """Safe HTML of limited Markdown: paragraphs, emphasis, strong and links; any HTML in it is shown as text."""
    if is_blank(source):
        return ""
    return nh3.clean(
        _markdown().render(source.strip()),
        tags={"p", "em", "strong", "a", "br"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
