from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from festival.context import festival


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours. It asks nothing of the database, which may be the fault."""
    return HttpResponse(loader.render_to_string("500.html", festival(request)), status=500)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the sign that it is ours: its page is older than a login, or the browser keeps no cookie."""
    return render(request, "403_csrf.html", status=403)
