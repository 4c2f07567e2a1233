"""The page of a film that is not public yet, for whoever was sent a link to it."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from films.models import Film, PreviewLink
from films.previews import link_behind, shows_picture, without_page
from films.views.detail import film_for_page, page_of
from films.views.media import HIDDEN_CACHE, file_response, name_in

# Kept by nobody, found by nobody, and its address told to nobody.
HEADERS = {
    "Cache-Control": HIDDEN_CACHE,
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


def for_guests(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Calls `view` with the open link behind the token; a token with none gets one page, whatever is wrong with it."""

    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        at = timezone.now()
        link = link_behind(token, at)
        if link is None:
            response = render(request, "films/preview_gone.html", status=404)
        else:
            response = view(request, token, link, at, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return wrapped


@for_guests
def film_preview(request: HttpRequest, token: str, link: PreviewLink, at) -> HttpResponse:
    """The film's page as it would be if the film were public now, and nothing else that is not."""
    PreviewLink.objects.filter(pk=link.pk).update(last_opened_at=at)
    film = film_for_page(Film.objects.filter(pk=link.film_id), at).get()
    page = page_of(film, at)
    own_address = reverse("preview", args=[token])
    for shown in (film, *page["directors"]):
        shown.pictures_under = own_address
    context = page | {
        "preview": link,
        "is_public": Film.objects.announced(at).filter(pk=film.pk).exists(),
        "ends": timezone.localtime(link.expires_at),
        "unlinked": without_page(film, at),
    }
    return render(request, "films/film_preview.html", context)


@for_guests
def preview_picture(request: HttpRequest, token: str, link: PreviewLink, at, path: str) -> HttpResponse:
    """A picture on the page above, whether or not the world may see it."""
    name = name_in(path)
    response = file_response(name, HIDDEN_CACHE) if shows_picture(link.film, name["folder"], name["key"]) else None
    if response is None:
        raise Http404
    return response
