"""The site as it will be: under /as-at/2026-11-28T19:00/ staff read every public page as it stands at that moment.

What is stored now is shown on another clock; nothing is shown that will not be public then. The prefix stays in
front of every link of a page, so that one can walk about.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from films.forms import WallTimeField
from films.models import Edition

ROOT = "/as-at/"
# A wall time on the clock of the staff's pages, then the page's own address. Other centuries have no programme.
ADDRESS = re.compile(r"/as-at/(?P<moment>(?:19|20|21)\d\d-\d\d-\d\dT\d\d:\d\d)(?P<path>/.*)", re.DOTALL)
# These are about now, whatever the moment.
ABOUT_NOW = re.compile(r"/([a-z]{2}/)?(admin|box-office|media|preview)/")
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}


class Prefix:
    """Middleware that takes the prefix off the path, and shows what is left as at its moment, to staff alone.

    It stands before whatever reads the path. Who asks is known only once a view is chosen.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = ADDRESS.fullmatch(request.path_info)
        moment = named and instant_of(named["moment"])
        if not moment:
            return self.get_response(request)
        if ABOUT_NOW.match(named["path"]):
            return HttpResponseRedirect(named["path"])
        request.as_at, request.path_info = moment, named["path"]
        with links_under(f"{ROOT}{named['moment']}/"):
            response = self.get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not hasattr(request, "as_at"):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), "/admin/login/")
        require_staff(request)
        return None if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])


@contextmanager
def links_under(prefix: str) -> Iterator[None]:
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        yield
    finally:
        set_script_prefix(before)


def require_staff(request: HttpRequest) -> None:
    if not (request.user.is_staff and request.user.has_perm("films.view_film")):
        raise PermissionDenied


def instant_of(wall_time: str) -> datetime | None:
    """The instant of a wall time like 2026-11-28T19:00; None when there is no such day or hour."""
    try:
        return timezone.make_aware(datetime.fromisoformat(wall_time))
    except ValueError:
        return None


def address_at(moment: datetime, path: str = "/") -> str:
    """Where the page with this address stands as at `moment`."""
    return f"{ROOT}{timezone.localtime(moment).isoformat()[:16]}{path}"


def own_path(path: str) -> str:
    """The path as one of this site, whatever was sent: two slashes would begin another's."""
    return "/" + path.lstrip("/\\")


@dataclass(frozen=True)
class Stop:
    """A moment worth a look, and the page as at that moment."""

    name: str
    url: str
    is_this: bool


def stops(edition: Edition | None, path: str, at: datetime | None = None) -> list[Stop]:
    """Before an edition is announced, when it is, during it, and after it."""
    if edition is None or edition.ends_at is None:
        return []
    middle = edition.begins_at + (edition.ends_at - edition.begins_at) / 2
    moments = [
        (gettext("Before the announcement"), edition.announced_at and edition.announced_at - timedelta(minutes=1)),
        (gettext("Announced"), edition.announced_at),
        (gettext("First day"), edition.begins_at + timedelta(hours=12)),
        (gettext("In the middle"), middle),
        (gettext("After"), edition.ends_at),
    ]
    return [Stop(name, address_at(moment, path), moment == at) for name, moment in moments if moment]


class MomentForm(forms.Form):
    moment = WallTimeField(label=_("Moment"))
    path = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_moment(self) -> datetime:
        moment = timezone.make_aware(self.cleaned_data["moment"])
        if not ADDRESS.fullmatch(address_at(moment)):
            raise ValidationError(_("Choose a year between 1900 and 2199."))
        return moment

    def clean_path(self) -> str:
        return own_path(self.cleaned_data["path"])

    def address(self) -> str:
        return address_at(self.cleaned_data["moment"], self.cleaned_data["path"])


def choose(request: HttpRequest) -> HttpResponse:
    """Leads to the page and moment asked for; asks for them where they are missing or make no sense."""
    require_staff(request)
    form = MomentForm(request.GET if "moment" in request.GET else None)
    if form.is_valid():
        return HttpResponseRedirect(form.address())
    at = timezone.now()
    editions = Edition.objects.filter(kind=Edition.Kind.FESTIVAL).order_by("-starts_on", "pk")[:6]
    context = admin.site.each_context(request) | {
        "title": gettext("The site at another time"),
        "form": form if form.is_bound else MomentForm(initial={"moment": timezone.localtime(at).replace(tzinfo=None)}),
        "editions": [(edition, stops(edition, "/")) for edition in editions],
    }
    status = 400 if form.is_bound else 200
    return TemplateResponse(request, "as_at.html", context, status=status)
