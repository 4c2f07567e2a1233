"""What must follow when a row changes: a screening's end, a film's search text, a list's history, the revision."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.dispatch import receiver

from films.models import (
    AccessFeature,
    Classification,
    ClassificationScheme,
    Country,
    Credit,
    EditingPresence,
    Edition,
    Film,
    FilmClassification,
    FilmCountry,
    Genre,
    Language,
    ProgrammePart,
    Revision,
    Screening,
    ScreeningFilm,
    ScreeningGuest,
    Series,
    SourceRow,
    StatusChange,
    UnclassifiedRule,
    WaitingSheet,
)
from films.models.history import FILINGS
from films.models.search_text import refresh_search_text
from films.recording import OnAnOccasion, record
from people.models import Person
from venues.models import Licence, Room, Venue

OF_A_SCREENING = (ScreeningFilm, ScreeningGuest, AccessFeature)
OF_MANY_SCREENINGS = (
    *(Edition, Film, ProgrammePart, Person, Venue, Room, Licence),
    *(Classification, ClassificationScheme, FilmClassification, UnclassifiedRule),
)
# Saving a screening counts for itself, and for its log; the others are shown to nobody.
COUNTED_ELSEWHERE = (Screening, StatusChange, Revision, SourceRow, EditingPresence, WaitingSheet)
SHOWN = ("films", "people", "venues")


@receiver([post_save, post_delete], sender=ScreeningFilm)
def end_follows_the_films_shown(instance: ScreeningFilm, raw: bool = False, **kwargs) -> None:
    if not raw:
        Screening.objects.filter(pk=instance.screening_id).refresh_ends()


@receiver(post_save, sender=Film)
@receiver([post_save, post_delete], sender=ProgrammePart)
def end_follows_the_runtime(instance: Film | ProgrammePart, raw: bool = False, created: bool = False, **kwargs) -> None:
    film = instance.pk if isinstance(instance, Film) else instance.programme_id
    is_shown_nowhere_yet = created and isinstance(instance, Film)
    if not raw and not is_shown_nowhere_yet:
        Screening.objects.showing_any_of([film]).refresh_ends()


@receiver(post_save, sender=Edition)
def end_follows_the_default_slot(instance: Edition, raw: bool = False, created: bool = False, **kwargs) -> None:
    if not raw and not created:
        instance.screenings.filter(end_is_approximate=True).refresh_ends()


@receiver(post_save, sender=Film)
@receiver([post_save, post_delete], sender=Credit)
@receiver([post_save, post_delete], sender=FilmCountry)
def search_text_follows_its_words(instance: Film | Credit | FilmCountry, raw: bool = False, **kwargs) -> None:
    film = instance.pk if isinstance(instance, Film) else instance.film_id
    if not raw:
        refresh_search_text(Film.objects.filter(pk=film))


@receiver(m2m_changed, sender=Film.series.through)
@receiver(m2m_changed, sender=Film.genres.through)
def search_text_follows_series_and_genres(instance, action: str, pk_set: set[int] | None, **kwargs) -> None:
    if action.startswith("post_") and isinstance(instance, Film):
        refresh_search_text([instance])
    elif action.startswith("post_") and pk_set:
        refresh_search_text(Film.objects.filter(pk__in=pk_set))


@receiver(post_save, sender=Series)
@receiver(post_save, sender=Genre)
@receiver(post_save, sender=Country)
@receiver(post_save, sender=Person)
def search_text_follows_a_new_name(instance, raw: bool = False, created: bool = False, **kwargs) -> None:
    credited = isinstance(instance, Person)
    films = Film.objects.filter(credits__person=instance).distinct() if credited else instance.films.all()
    if not raw and not created:
        refresh_search_text(films)


def history_follows_a_list(sender, instance, action: str, pk_set: set[int] | None, **kwargs) -> None:
    """Django tells of the rows that it keeps between two models neither when it saves nor when it deletes them."""
    kinds = {"post_add": "+", "pre_remove": "-", "pre_clear": "-"}
    if action in kinds:
        record(_filed(sender, instance, pk_set), kinds[action])


def history_follows_what_was_filed(instance, **kwargs) -> None:
    """Rows between two models go with either of them."""
    for through in FILINGS:
        if any(field.related_model is type(instance) for field in through._meta.fields):
            record(_filed(through, instance, None), "-")


def _filed(through, instance, others: set[int] | None) -> QuerySet:
    """The rows of `through` that lead from `instance` to `others`, or to anything."""
    mine, theirs = (field for field in through._meta.fields if field.related_model)
    if mine.related_model is not type(instance):
        mine, theirs = theirs, mine
    rows = through.objects.filter(**{mine.name: instance.pk})
    return rows if others is None else rows.filter(**{f"{theirs.name}__in": others})


for _through in FILINGS:
    m2m_changed.connect(history_follows_a_list, sender=_through)
for _model in (Film, Series, Genre, Language):
    pre_delete.connect(history_follows_what_was_filed, sender=_model)


def is_of_now(model) -> bool:
    """Whether it is a model of this code, and not one that a migration knows of an earlier state."""
    return model._meta.apps is apps


@receiver([post_save, post_delete])
@receiver(m2m_changed)
def revision_follows_what_is_shown(sender, instance, raw: bool = False, action: str = "post_", **kwargs) -> None:
    """Bulk writes send no signal: whoever makes them bumps the revision, last in their transaction."""
    is_shown = is_of_now(sender) and sender._meta.app_label in SHOWN and sender not in COUNTED_ELSEWHERE
    if raw or not is_shown or issubclass(sender, OnAnOccasion) or not action.startswith("post_"):
        return
    if sender in OF_A_SCREENING:
        Screening.objects.filter(pk=instance.screening_id).mark_changed()
    else:
        Revision.bump(whole=sender in OF_MANY_SCREENINGS)


@receiver(post_delete, sender=Screening)
def revision_follows_a_deleted_screening(**kwargs) -> None:
    Revision.bump(whole=True)


@receiver(m2m_changed)
def revision_follows_who_may_do_what(sender, action: str, **kwargs) -> None:
    """So that an open board asks anew, and learns that its user may not see it any more."""
    if is_of_now(sender) and sender._meta.app_label == "auth" and action.startswith("post_"):
        Revision.bump()


@receiver([post_save, post_delete], sender=settings.AUTH_USER_MODEL)
@receiver(post_delete, sender=Group)
def revision_follows_an_account(raw: bool = False, created: bool = False, update_fields=None, **kwargs) -> None:
    """What an account may do goes with it and with its groups, of which no list tells; a login changes nothing."""
    if not raw and not created and update_fields != {"last_login"}:
        Revision.bump()
