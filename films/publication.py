"""What may follow what in a film's publication, what it takes, and what the world sees meanwhile: in words."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.models import Film

State = Film.State
# As the form offers them: what each does, not only what it is called.
CHOICES = {
    State.DRAFT: gettext_lazy("Draft: only staff see it"),
    State.SCHEDULED: gettext_lazy("Scheduled: the world sees it from the moment below, by itself"),
    State.PUBLISHED: gettext_lazy("Published: the world sees it"),
    State.WITHDRAWN: gettext_lazy("Withdrawn: it is out of the programme; its page stays and says so"),
}


def has_a_page(film: Film, at: datetime) -> bool:
    """Whether the world can open the film's page at `at`, as the film is stored."""
    return film.pk is not None and Film.objects.announced(at).filter(pk=film.pk).exists()


def may_become(film: Film, at: datetime) -> list[State]:
    """The states that the form offers: what nobody could see cannot be withdrawn."""
    return _may_become(film, has_a_page(film, at))


def _may_become(film: Film, is_seen: bool) -> list[State]:
    states = list(State)
    if not is_seen and film.state != State.WITHDRAWN:
        states.remove(State.WITHDRAWN)
    return states


def hides_a_page(film: Film, state: str, embargo_until: datetime | None, at: datetime) -> bool:
    """Whether `state` would take away a page that the world sees at `at`."""
    return _is_hidden(state, embargo_until, at) and has_a_page(film, at)


def _is_hidden(state: str, embargo_until: datetime | None, at: datetime) -> bool:
    return state == State.DRAFT or (state == State.SCHEDULED and (embargo_until is None or embargo_until > at))


def why_not(film: Film, state: str, embargo_until: datetime | None, at: datetime, is_seen: bool | None = None) -> str:
    """Why the film cannot become `state` as it is stored, in a sentence; empty when it can.

    `is_seen` is what `has_a_page` says, for whoever has asked for many at once.
    """
    is_seen = has_a_page(film, at) if is_seen is None else is_seen
    if state not in _may_become(film, is_seen):
        return _("Nobody has seen it yet, so there is nothing to withdraw.")
    if is_seen and _is_hidden(state, embargo_until, at):
        return _("The world sees its page already. Withdraw it, and the page says so.")
    if state in (State.PUBLISHED, State.SCHEDULED) and film.still_key and not film.still_alt:
        return _("Its picture has no alternative text.")
    return why_not_then(state, embargo_until, at)


def why_not_then(state: str, embargo_until: datetime | None, at: datetime) -> str:
    """Why a film cannot wait for that moment, in a sentence; empty when it can, or need not."""
    if state != State.SCHEDULED:
        return ""
    if embargo_until is None:
        return _("A scheduled film needs the instant at which it becomes public.")
    if embargo_until <= at:
        return _("That moment has passed. Publish the film, or choose a moment to come.")
    return ""


def in_words(film: Film) -> str:
    """The state with its instant: “Scheduled for 28 Nov 2026, 19:00”."""
    if film.state != State.SCHEDULED:
        return film.get_state_display()
    return _("Scheduled for %(time)s") % {"time": moment(film.embargo_until)}


def opens_at(film: Film) -> datetime | None:
    """The instant from which a film that is no draft has a page; None when it had one from the first."""
    waits = [film.edition.announced_at, film.embargo_until if film.state == State.SCHEDULED else None]
    return max((instant for instant in waits if instant), default=None)


def seen_by_the_world(film: Film, at: datetime) -> str:
    """What somebody without a login sees of the stored film at `at`, in a sentence."""
    if film.state == State.DRAFT:
        return _("Nothing: it is a draft.")
    if (opens := opens_at(film)) and opens > at:
        if opens == film.edition.announced_at:
            words = _("Nothing until %(time)s, when the programme of %(edition)s is announced.")
        else:
            words = _("Nothing until %(time)s.")
        return words % {"time": moment(opens), "edition": film.edition}
    if film.state == State.WITHDRAWN:
        return _("A page that says it is withdrawn; no list shows it.")
    return _("Its page, and the film in every list.")


def moment(instant: datetime) -> str:
    """An instant on the clock that staff pages keep."""
    return date_format(timezone.localtime(instant), "j M Y, H:i")
