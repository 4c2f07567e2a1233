"""Pictures, to the world only while what they show is public."""

import re

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from films.models import Credit, Film

NAME = re.compile(r"(?P<folder>stills|headshots)/(?P<key>[0-9a-f]{24})-\d+\.(?P<extension>avif|webp|jpg)")
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# The name changes with the picture, but an embargo or a withdrawal may take it away again.
PUBLIC_CACHE = "public, max-age=86400"


def picture(request: HttpRequest, path: str) -> HttpResponse:
    """One file of a still or a headshot. Staff see those of hidden films too; nobody's cache keeps them."""
    name = NAME.fullmatch(path)
    if name is None:
        raise Http404
    is_public = is_shown(name["folder"], name["key"])
    if not (is_public or request.user.is_staff):
        raise Http404
    try:
        with default_storage.open(path) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": PUBLIC_CACHE if is_public else "private, no-store"}
    return HttpResponse(content, content_type=TYPES[name["extension"]], headers=headers)


def is_shown(folder: str, key: str) -> bool:
    """Whether a public page shows this picture now."""
    films = Film.objects.public(timezone.now())
    if folder == "stills":
        return films.filter(still_key=key).exists()
    return Credit.objects.filter(person__headshot_key=key, film__in=films).exists()
