"""Accounts of those who work here."""

from django.contrib.auth.models import Group, User
from django.test import Client


def member_of(group: str | None, name: str = "member", **fields) -> User:
    """A member of the staff in `group` (a name from films.roles), or in none."""
    user = User.objects.create_user(name, is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name=group))
    return user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
