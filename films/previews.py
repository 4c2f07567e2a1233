"""Preview links: a film's page for somebody without a login, before the world may see it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser

from films.models import Credit, Film, PreviewLink
from people.models import Person


def make_link(
    film: Film, made_for: str, lasts: timedelta, by: AbstractBaseUser, at: datetime
) -> tuple[PreviewLink, str]:
    """The new link and its token, which is stored nowhere and so cannot be told again."""
    token = secrets.token_urlsafe(32)
    link = PreviewLink.objects.create(
        film=film,
        token_hash=hash_of(token),
        made_for=made_for,
        made_by=by,
        made_at=at,
        expires_at=at + lasts,
    )
    return link, token


def link_behind(token: str, at: datetime) -> PreviewLink | None:
    """The link with this token, if it is open at `at`."""
    return PreviewLink.objects.open(at).filter(token_hash=hash_of(token)).first()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def without_page(film: Film, at: datetime) -> set[Person]:
    """Who is credited in the film and in nothing that is public at `at`, and so has no page to link to."""
    public = Credit.objects.filter(film__in=Film.objects.public(at))
    people = Person.objects.filter(credits__film=film).exclude(pk__in=public.values("person"))
    return set(people.distinct())


def shows_picture(film: Film, folder: str, key: str) -> bool:
    """Whether the film's own page shows this picture."""
    if folder == "stills":
        return film.still_key == key
    return film.credits.filter(person__headshot_key=key).exists()
