"""Somebody at the till, one screening on the board, and what they send and read."""

from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.test import Client

from films.models import Edition, Screening
from tests.factories import FilmFactory, RoomFactory, ScreeningFactory

BOARD, LIVE, PRESS = "/box-office/", "/box-office/live/", "/box-office/press/"
JSON = {"Accept": "application/json"}
MINUTE = timedelta(minutes=1)


def member(name: str, *groups: str) -> tuple[Client, User]:
    user = User.objects.create_user(name, first_name=name.title(), password="open sesame")
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client, user


def on_sale(edition: Edition) -> Screening:
    """Two hours from now."""
    room = RoomFactory(venue__name="International Village", name="Cinema 9")
    film = FilmFactory(title="Kiln", edition=edition)
    return ScreeningFactory(films=[film], edition=edition, room=room, sales=Screening.Sales.ON_SALE)


def value(screening: Screening, sales: str) -> str:
    """What the button of a row sends."""
    newest = screening.changes.order_by("-pk").first()
    return f"{screening.pk}.{newest.pk if newest else 0}.{sales}"


def titles(response) -> dict[str, list[str]]:
    groups = response.context["board"].groups
    return {str(group): [row.title for row in rows] for group, rows in groups.items() if rows}


def hear(client: Client, since: int | str, tag: str | None = None, query: str = "day=2026-10-02"):
    headers = JSON | ({"If-None-Match": tag} if tag else {})
    return client.get(f"{LIVE}?{query}&since={since}", headers=headers)
