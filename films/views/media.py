"""Pictures, to the world only while what they show is public."""

import re

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from films.models import Credit, Film
from people.images import HEADSHOT, STILL, Shape, originals, store_picture
from people.models import Person, ReplacedPicture

NAME = re.compile(
    r"(?P<folder>stills|headshots)/(?P<key>[0-9a-f]{24})-(?P<width>\d{1,5})\.(?P<extension>avif|webp|jpg)"
)
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# The name changes with the picture, but an embargo or a withdrawal may take it away again.
PUBLIC_CACHE = "public, max-age=86400"
HIDDEN_CACHE = "private, no-store"
REDIRECT_CACHE = "public, max-age=3600"


def picture(request: HttpRequest, path: str) -> HttpResponse:
    """One file of a still or a headshot. Staff see those of hidden films too; nobody's cache keeps them.

    A picture that was replaced leads to the one in its place, once the world may see that one.
    """
    name = name_in(path)
    folder, key = name["folder"], name["key"]
    is_public = is_shown(folder, key)
    may_see = is_public or request.user.is_staff
    if may_see and (response := file_response(name, PUBLIC_CACHE if is_public else HIDDEN_CACHE)):
        return response
    successor = ReplacedPicture.objects.successor_of(folder, key)
    if successor and is_shown(folder, successor):
        there = reverse("media", args=[path.replace(key, successor)])
        return HttpResponseRedirect(there, headers={"Cache-Control": REDIRECT_CACHE})
    raise Http404


def name_in(path: str) -> re.Match:
    """The parts of a picture's file name. Raises Http404 when this is none."""
    name = NAME.fullmatch(path)
    if name is None:
        raise Http404
    return name


def file_response(name: re.Match, cache: str) -> HttpResponse | None:
    """The file so named, to be cached as `cache` says; None where there is none."""
    content = _content(name[0], name["folder"], name["key"], int(name["width"]))
    if content is None:
        return None
    return HttpResponse(content, content_type=TYPES[name["extension"]], headers={"Cache-Control": cache})


def _content(path: str, folder: str, key: str, width: int) -> bytes | None:
    """The file; cut anew from the original when it was tidied away and its picture is in use again."""
    try:
        with default_storage.open(path) as file:
            return file.read()
    except FileNotFoundError:
        model, field, shape = (Film, "still", STILL) if folder == "stills" else (Person, "headshot", HEADSHOT)
        owner = model.objects.filter(**{f"{field}_key": key}).first()
        if owner is None or width not in shape.widths or not _cut_anew(owner, field, shape):
            return None
    with default_storage.open(path) as file:
        return file.read()


def _cut_anew(owner: Film | Person, field: str, shape: Shape) -> bool:
    """Whether that made the picture which `owner` names."""
    try:
        with originals().open(getattr(owner, f"{field}_original")) as original:
            made = store_picture(original, shape, getattr(owner, f"{field}_focus"))
    except (FileNotFoundError, IsADirectoryError, ValidationError):
        return False
    return made[1] == getattr(owner, f"{field}_key")


def is_shown(folder: str, key: str) -> bool:
    """Whether a public page shows this picture now."""
    films = Film.objects.public(timezone.now())
    if folder == "stills":
        return films.filter(still_key=key).exists()
    return Credit.objects.filter(person__headshot_key=key, film__in=films).exists()
