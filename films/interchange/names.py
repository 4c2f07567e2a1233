"""What the standards call the countries and languages that a source names in words of its own."""

import re
from functools import cache

from babel import Locale

from people.text import fold

# Festivals name countries in the language of their printed programme.
_LOCALES = ("en", "fr", "de", "es", "it", "pt", "nl", "zh_Hant_HK", "zh_Hant", "zh", "ja", "ko")
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
_MORE_COUNTRIES = {
    "usa": "US", "u.s.a.": "US", "us": "US", "united states of america": "US", "uk": "GB", "u.k.": "GB",
    "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "hong kong": "HK", "香港": "HK", "macau": "MO", "macao": "MO", "澳門": "MO", "palestine": "PS",
    "巴勒斯坦": "PS", "塞蒲路斯": "CY", "korea": "KR", "republic of korea": "KR", "czech republic": "CZ",
    "turkey": "TR", "ivory coast": "CI", "russian federation": "RU", "the netherlands": "NL", "holland": "NL",
    "uae": "AE", "burma": "MM", "macedonia": "MK", "swaziland": "SZ", "cape verde": "CV", "bosnia": "BA",
    "viet nam": "VN", "democratic republic of the congo": "CD", "drc": "CD", "east timor": "TL",
}  # fmt: skip
_MORE_LANGUAGES = {
    "mandarin": "cmn", "mandarin chinese": "cmn", "farsi": "fa", "azeri": "az", "bengali": "bn", "castilian": "es",
    "flemish": "nl-BE", "tagalog": "tl", "filipino": "fil", "pulaar": "fuc", "karbi": "mjw", "kodava": "kfa",
    "eastern maninkakan": "emk", "moldovan": "ro", "hokkien": "nan", "taiwanese": "nan", "scots gaelic": "gd",
}  # fmt: skip
_TAG = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,8})*")


@cache
def _countries() -> dict[str, str]:
    """Codes (ISO 3166-1) by folded name."""
    codes = {
        fold(name): code
        for locale in reversed(_LOCALES)
        for code, name in Locale.parse(locale).territories.items()
        if len(code) == 2 and code not in _NO_COUNTRIES
    }
    return codes | {fold(name): code for name, code in _MORE_COUNTRIES.items()}


@cache
def _languages() -> dict[str, str]:
    """Language tags by folded English name."""
    names = {fold(name): code.replace("_", "-") for code, name in Locale("en").languages.items()}
    return names | _MORE_LANGUAGES


def country(word: str) -> tuple[str, str]:
    """The name to show and the code of a country; the code is empty when nobody knows it.

    A printed name is kept; only its case follows the standard, and a bare code gets its English name.
    """
    english = Locale("en").territories
    if len(word) == 2 and word.isupper() and word in english and word not in _NO_COUNTRIES:
        return english[word], word
    code = _countries().get(fold(word), "")
    return _as_standard(word, english.get(code, "")), code


def language(word: str) -> tuple[str, str]:
    """The name to show and the tag of a language; the tag is empty when nobody knows it."""
    english = Locale("en").languages
    if _TAG.fullmatch(word) and (name := english.get(word.replace("-", "_"))):
        return name, word.replace("_", "-")
    tag = _languages().get(fold(word), "")
    return _as_standard(word, english.get(tag.replace("-", "_"), "")), tag


def _as_standard(word: str, standard: str) -> str:
    return standard if standard and fold(standard) == fold(word) else word
