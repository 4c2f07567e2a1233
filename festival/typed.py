"""What somebody sent from a form of the staff's pages when the login had run out: carried through it, offered again.

It travels with the person who typed it, as one field of the login page and then as fields of a form that leads back;
nothing of it is stored. It is taken only from a request that has passed the check for forged ones, and saved only when
its sender presses once more. Passwords and files are left behind.
"""

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers

from films.admin.together import Together
from films.box_office.second_factor import AdminLoginForm, LoginForm

# What the login's own fields, and the lines between all of them, need beside it.
ROOM_FOR_THE_LOGIN = 16 * 1024
LOGINS = {"admin:login": AdminLoginForm, "box_office_login": LoginForm}
PRESSES = ("_save", "_continue", "_addanother")


def typed_kept_through_login(get_response: Callable[[HttpRequest], HttpResponse]):
    """Answer a form whose sender is logged out with the login page itself, and the login with what was typed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method != "POST" or response.status_code != 302:
            return response
        logins = {reverse(name): name for name in LOGINS}
        if request.path in logins and "typed" in request.POST:
            # Where the login leads has been held to this site by the login.
            return offer(request, response.headers["Location"], request.POST["typed"]) or response
        # A script that asks for something small hears that it has to log in, as ever.
        is_page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        led_to = urlsplit(response.headers["Location"])
        # A press at the board is led back to the board instead, which offers it by itself.
        if is_page and led_to.path in logins and parse_qs(led_to.query).get("next") == [request.get_full_path()]:
            return log_in_first(request, logins[led_to.path])
        return response

    return middleware


def log_in_first(request: HttpRequest, login: str) -> HttpResponse:
    typed = bundle(request)
    context = {
        "form": LOGINS[login](request),
        "login": reverse(login),
        "next": request.get_full_path(),
        "typed": typed,
        "too_long": not typed,
    }
    response = render(request, "box_office/login.html", context, status=401)
    add_never_cache_headers(response)
    return response


def offer(request: HttpRequest, action: str, typed: str) -> HttpResponse | None:
    """The page that leads back to the form, with all that was typed; None when there is nothing of it."""
    context = form_again(action, typed)
    if not context:
        return None
    response = render(request, "box_office/typed.html", context)
    add_never_cache_headers(response)
    return response


def bundle(request: HttpRequest) -> str:
    """What was sent, as one text; empty where it is more than one request may bring back."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    files = [file.name for _name, files in request.FILES.lists() for file in files]
    text = json.dumps({"fields": fields, "files": files}, ensure_ascii=False)
    return text if len(text.encode()) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE - ROOM_FOR_THE_LOGIN else ""


def form_again(action: str, typed: str) -> dict:
    """The fields of a form that sends what `bundle` made of it to `action` once more; empty when it is none of that.

    It has no more fields than the form that was sent: the press takes the place of the one before.
    """
    try:
        sent = json.loads(typed)
        fields = [(str(name), str(value)) for name, value in sent["fields"]]
        files = [str(name) for name in sent["files"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}
    if comes_back := _comes_back(action):
        fields = [(name, value) for name, value in fields if name not in PRESSES]
    return {"action": action, "fields": fields, "files": ", ".join(files), "comes_back": comes_back}


def _comes_back(action: str) -> bool:
    """Whether the form can be shown as it was sent without being saved, for its sender to look at."""
    try:
        match = resolve(urlsplit(action).path)
    except Resolver404:
        return False
    is_form = bool(match.url_name) and match.url_name.endswith(("_add", "_change"))
    return is_form and isinstance(getattr(match.func, "model_admin", None), Together)
