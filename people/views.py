"""What staff's forms ask for beside themselves."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST

from people.images import original_of, originals, whole_picture
from people.text import render_markdown


def for_staff(view: Callable) -> Callable:
    """Refuse everybody else. What asks is a script or a picture, which a page to log in is of no use to."""

    @wraps(view)
    def checked(request: HttpRequest, **kwargs) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, **kwargs)

    return checked


@never_cache
@require_POST
@for_staff
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """What a page will make of the Markdown that is being typed."""
    return HttpResponse(render_markdown(request.POST.get("text", "")))


@cache_control(private=True, max_age=86400)
@require_GET
@for_staff
def whole(request: HttpRequest, signed: str) -> HttpResponse:
    """An upload uncut, small enough for a form; `signed` as `sign_original` made it."""
    try:
        return HttpResponse(whole_picture(original_of(signed)), content_type="image/jpeg")
    except (FileNotFoundError, IsADirectoryError, ValidationError) as error:
        raise Http404 from error


@never_cache
@require_GET
@for_staff
def original(request: HttpRequest, signed: str) -> FileResponse:
    """An upload as it came, to keep. It may carry a place, a name, a camera's number: for staff only."""
    name = original_of(signed)
    try:
        return FileResponse(originals().open(name), as_attachment=True)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
