from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse

from festival.context import festival
from festival.typed import bundle, form_again, log_in_first


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what no page can answer. The host itself may be false, so no address is made from the request."""
    return HttpResponse(loader.render_to_string("400.html", festival(request)), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours. It asks nothing of the database, which may be the fault."""
    return HttpResponse(loader.render_to_string("500.html", festival(request)), status=500)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the sign that it is ours: its page is older than a login, or the browser keeps no cookie.

    What was typed is offered again where the browser itself says that the form stood on one of our own pages.
    """
    board = reverse("box_office")
    at_the_board = request.path.startswith(board)
    context = {"at_the_board": at_the_board, "back": board if at_the_board else request.get_full_path()}
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin" and request.path.startswith(reverse("admin:index"))
    if is_ours and not request.user.is_staff:
        return log_in_first(request, "admin:login")
    if is_ours:
        context |= form_again(request.get_full_path(), bundle(request))
    return render(request, "403_csrf.html", context, status=403)
