from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info

from festival.as_at import ROOT, Stop, own_path, stops
from films.models import Edition


@dataclass(frozen=True)
class Reading:
    """The page of this address in one language; `name` is what the language calls itself."""

    language: str
    name: str
    path: str
    is_this: bool


def festival(request: HttpRequest) -> dict:
    """The festival's own name and colour for every template; the same for every visitor of an address.

    `lang_of_texts` is an attribute for elements that hold what the festival wrote, in the site's default language;
    empty where the page has that language anyway.
    """
    is_own = get_language() == settings.LANGUAGE_CODE
    return {
        "festival_name": settings.FESTIVAL_NAME,
        "festival_tagline": settings.FESTIVAL_TAGLINE,
        "festival_grade": settings.FESTIVAL_GRADE,
        "festival_box_office": settings.FESTIVAL_BOX_OFFICE,
        "lang_of_texts": "" if is_own else format_html(' lang="{}"', settings.LANGUAGE_CODE),
        "readings": lambda: readings(request),
        "as_at": elsewhen(request) if hasattr(request, "as_at") else None,
    }


@dataclass(frozen=True)
class Elsewhen:
    """The moment at which staff look at the page, on their pages' clock; the page's own address, and other moments."""

    moment: datetime
    path: str
    choose: str
    stops: list[Stop]


def elsewhen(request: HttpRequest) -> Elsewhen:
    query = request.META.get("QUERY_STRING", "")
    path = own_path(escape_uri_path(request.path_info)) + (f"?{query}" if query else "")
    edition = Edition.objects.current(request.as_at)
    return Elsewhen(timezone.localtime(request.as_at), path, ROOT, stops(edition, path, request.as_at))


def readings(request: HttpRequest) -> list[Reading]:
    """The page in every language, this one included; empty where the address leads nowhere."""
    if request.resolver_match is None:
        return []
    return [
        Reading(
            language,
            capfirst(get_language_info(language)["name_local"]),
            translate_url(request.path_info, language),
            language == get_language(),
        )
        for language, _name in settings.LANGUAGES
    ]
