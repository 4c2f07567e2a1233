"""Logging in: from where somebody comes, and what they read when they failed too often."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks; behind a proxy (HTTPS=1) the one that the proxy saw, which is the last it names."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def locked_out(request: HttpRequest, *args) -> HttpResponse:
    """Too many failures with this name from this address."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "box_office/locked_out.html", {"minutes": minutes}, status=429)
