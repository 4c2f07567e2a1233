"""What a secret screening turns out to be."""

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from films.models import Film, OldSlug, ProgrammePart, Screening, SourceRow
from films.recording import set_recorded
from people.models import unique_slug


@transaction.atomic
def reveal(placeholder: Film, by: AbstractBaseUser, at: datetime) -> Film:
    """Publish the film that `placeholder` stands for and show it in the placeholder's stead; returns it.

    The placeholder's address leads to the film from then on. The placeholder itself goes, unless a programme
    or an import still knows it: then it stays behind as a draft. A second call changes nothing.
    Raises ValidationError, in a sentence, when it stands for no film or for a withdrawn one.
    """
    stored = Film.objects.select_for_update(of=("self",)).filter(pk=placeholder.pk).first()
    film = stored and stored.stands_for
    if film is None:
        if done := OldSlug.objects.filter(slug=placeholder.slug).select_related("film").first():
            return done.film
        raise ValidationError(
            _("“%(title)s” does not say which film it stands for. Choose it, save, and reveal it then.")
            % {"title": placeholder.title}
        )
    if film.state == Film.State.WITHDRAWN:
        raise ValidationError(
            _("“%(title)s” is withdrawn. Publish it again before it is revealed.") % {"title": film.title}
        )
    if film.state != Film.State.PUBLISHED:
        film.state = Film.State.PUBLISHED
        film.save()
    _show_in_its_stead(film, stored, at)
    _hand_over_address(film, stored)
    LogEntry.objects.create(
        user_id=by.pk,
        action_time=at,
        content_type=ContentType.objects.get_for_model(Film),
        object_id=str(film.pk),
        object_repr=str(film)[:200],
        action_flag=CHANGE,
        change_message=_("Revealed as the film of “%(title)s”.") % {"title": stored.title},
    )
    return film


def _show_in_its_stead(film: Film, placeholder: Film, at: datetime) -> None:
    screenings = list(Screening.objects.filter(items__film=placeholder))
    already = set(film.showings.values_list("screening", flat=True))
    for row in placeholder.showings.all():
        if row.screening_id in already:
            row.delete()
        else:
            row.film = film
            row.save()
    # A title that only repeated the placeholder's would go on hiding the film; feeds look at `updated_at`.
    shown = Screening.objects.filter(pk__in=[screening.pk for screening in screenings])
    set_recorded(shown.filter(title=placeholder.title), title="")
    shown.update(updated_at=at)


def _hand_over_address(film: Film, placeholder: Film) -> None:
    slug, pk = placeholder.slug, placeholder.pk
    placeholder.old_slugs.update(film=film)
    is_part = ProgrammePart.objects.filter(film=pk).exists()
    if is_part or SourceRow.objects.filter(sheet=SourceRow.Sheet.FILM, object_id=pk).exists():
        left = unique_slug(Film, f"{slug[:80]}-placeholder")
        set_recorded(Film.objects.filter(pk=pk), slug=left, state=Film.State.DRAFT, stands_for=None)
    else:
        placeholder.delete()
    OldSlug.objects.update_or_create(slug=slug, defaults={"film": film})
