from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import has_vary_header

TEXTS = ("text/", "application/json", "application/xml")


def compressed(get_response: Callable[[HttpRequest], HttpResponse]):
    """Pack text for whoever can unpack it: on a bad connection a page is a fifth as long.

    What depends on who asks is packed with a few bytes of chance, so that its length betrays none of its secrets (the
    attack called BREACH). A public page has none, and is the same bytes for everybody.
    """
    private, public = GZipMiddleware(get_response), GZipMiddleware(get_response)
    public.max_random_bytes = 0

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.streaming or not response.headers.get("Content-Type", "").startswith(TEXTS):
            return response
        gzip = private if has_vary_header(response, "Cookie") else public
        return gzip.process_response(request, response)

    return middleware


def language_of_the_address(get_response: Callable[[HttpRequest], HttpResponse]):
    """Speak the language that the address names: French under /fr/, English without a prefix.

    Django's LocaleMiddleware would ask the visitor's browser and cookies as well, and one address would then
    have several pages.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]):
    """Put the mark of an unreadable character where a query string holds NUL, which no database takes.

    Nonsense stays nonsense: left out, NUL would turn a filter into none, and a page into a list of everything.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "%EF%BF%BD")
        return get_response(request)

    return middleware


def numbers_that_fit(get_response: Callable[[HttpRequest], HttpResponse]):
    """Answer with 400 where somebody asks for a number that is too large for SQLite, as a filter made by hand can."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def refuse(request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, OverflowError) and "SQLite" in str(exception):
            raise BadRequest(str(exception)) from exception

    middleware.process_exception = refuse
    return middleware
