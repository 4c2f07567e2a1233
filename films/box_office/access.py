"""Who may come to the box office, and what everybody else is told: a press is never lost in silence."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from films.box_office.board import Filters

PERMISSION = "films.set_status"


def for_box_office(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for those who may set how a screening stands; nothing of it is kept by a browser or on the way."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            response = log_in_first(request)
        elif not request.user.has_perm(PERMISSION):
            response = refuse(request)
        else:
            response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return guarded


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def as_json(content: dict, **options) -> JsonResponse:
    response = JsonResponse(content, **options)
    patch_cache_control(response, private=True, no_store=True)
    return response


def log_in_first(request: HttpRequest) -> HttpResponse:
    """Leads to the login, and back to what was asked or to its form; a press comes back as one still to be made."""
    if request.method in ("GET", "HEAD") or request.resolver_match.url_name == "box_office_screening":
        back = request.get_full_path()
    else:
        pressed = request.POST.get("set", "")
        filters = Filters.read_query(request.POST.get("back", ""))
        back = f"{reverse('box_office')}?{filters.query(again=pressed)}"
    if wants_json(request):
        sentence = _("Your session has ended. Nothing was saved. Log in and press again.")
        return as_json({"sentence": sentence, "login": reverse("box_office_login")}, status=401)
    ended = {"ended": 1} if request.method == "POST" else {}
    return redirect(f"{reverse('box_office_login')}?{urlencode({'next': back} | ended)}")


def refuse(request: HttpRequest) -> HttpResponse:
    sentence = _("Your account may not set how a screening stands. Ask whoever looks after the accounts.")
    if wants_json(request):
        return as_json({"sentence": sentence}, status=403)
    return render(request, "box_office/refused.html", {"sentence": sentence}, status=403)
