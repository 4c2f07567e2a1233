"""Countries, languages, genres and warnings in the language of the page; the programme holds them in the default one.

A word that neither a standard nor the site's own catalog knows stands as it was entered.
"""

from functools import cache, lru_cache

from babel import Locale
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_noop

from films.interchange.names import language as standard_language

KNOWN = frozenset(
    {
        gettext_noop("Action"),
        gettext_noop("Action & Suspense"),
        gettext_noop("Adventure"),
        gettext_noop("Animal harm"),
        gettext_noop("Animation"),
        gettext_noop("Comedy"),
        gettext_noop("Coming of age"),
        gettext_noop("Cree"),
        gettext_noop("Crime"),
        gettext_noop("Documentary"),
        gettext_noop("Drama"),
        gettext_noop("Experimental"),
        gettext_noop("Family"),
        gettext_noop("Fantasy"),
        gettext_noop("Flashing lights"),
        gettext_noop("Gore"),
        gettext_noop("History"),
        gettext_noop("Horror"),
        gettext_noop("Music"),
        gettext_noop("Mystery"),
        gettext_noop("No dialogue"),
        gettext_noop("Nudity"),
        gettext_noop("Romance"),
        gettext_noop("Science fiction"),
        gettext_noop("Self-harm"),
        gettext_noop("Sexual Violence"),
        gettext_noop("Shorts"),
        gettext_noop("Strong language"),
        gettext_noop("Suicide"),
        gettext_noop("Talk"),
        gettext_noop("Thriller"),
        gettext_noop("Violence"),
        gettext_noop("Western"),
    }
)


def country_name(name: str) -> str:
    """“Corée du Sud” for “South Korea”, on a French page."""
    return _country(name, get_language() or settings.LANGUAGE_CODE)


def language_name(name: str) -> str:
    return _language(name, get_language() or settings.LANGUAGE_CODE)


def genre_name(name: str) -> str:
    return gettext(name) if name in KNOWN else name


def warning_name(name: str) -> str:
    return gettext(name) if name in KNOWN else name


@lru_cache(maxsize=4096)
def _country(name: str, spoken: str) -> str:
    code = _codes().get(name, "")
    return name if spoken == settings.LANGUAGE_CODE else Locale.parse(spoken, sep="-").territories.get(code, name)


@lru_cache(maxsize=4096)
def _language(name: str, spoken: str) -> str:
    if spoken == settings.LANGUAGE_CODE or name in KNOWN:
        return genre_name(name)
    code = standard_language(name)[1].replace("-", "_")
    return capfirst(Locale.parse(spoken, sep="-").languages.get(code, name))


@cache
def _codes() -> dict[str, str]:
    """Codes of countries by their standard names in the site's default language."""
    return {name: code for code, name in Locale.parse(settings.LANGUAGE_CODE, sep="-").territories.items()}
