"""Who else works on an object: has its form open now, or saved it a few minutes ago; told in sentences."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from films.history import History
from films.models import EditingPresence
from films.recording import name_of

LATELY = timedelta(minutes=10)


def who_else(user: AbstractBaseUser, instance: models.Model, at: datetime, opened: datetime | None = None) -> list[str]:
    """Note that `user` has the form of `instance` open at `at`, and say who else is at it.

    `opened` is when the form was: whatever others saved after that, its user has not seen.
    """
    EditingPresence.objects.note(user, instance, at)
    here = [name_of(row.user) for row in EditingPresence.objects.of(instance).beside(user, at)]
    sentences = []
    if here:
        words = ngettext(
            "%(who)s has this open as well. Whoever saves second sees what the first changed.",
            "%(who)s have this open as well. Whoever saves second sees what the first changed.",
            len(here),
        )
        sentences.append(words % {"who": ", ".join(here)})
    return sentences + _saved(user, instance, at, opened)


def _saved(user: AbstractBaseUser, instance: models.Model, at: datetime, opened: datetime | None) -> list[str]:
    """Who saved it last, if that was another, and lately or since it was opened."""
    since = at - LATELY if opened is None else opened
    marks = History(type(instance), instance.pk).marks
    saved = [mark for mark in marks if mark.at > since and mark.by not in (None, user.pk)]
    who = get_user_model().objects.filter(pk=saved[-1].by).first() if saved else None
    if who is None:
        return []
    words = {"who": name_of(who), "time": date_format(timezone.localtime(saved[-1].at), "H:i")}
    if opened is None:
        return [_("%(who)s saved this at %(time)s.") % words]
    return [_("%(who)s saved this at %(time)s, after you opened it. When you save, you will see both.") % words]
