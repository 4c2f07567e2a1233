"""What must follow when a row changes that others are derived from: a screening's end, a film's search text."""

from django.db.models import Q
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from films.models import (
    Country,
    Credit,
    Edition,
    Film,
    FilmCountry,
    Genre,
    ProgrammePart,
    Screening,
    ScreeningFilm,
    Series,
)
from films.models.film import refresh_search_text
from people.models import Person


@receiver([post_save, post_delete], sender=ScreeningFilm)
def end_follows_the_films_shown(instance: ScreeningFilm, raw: bool = False, **kwargs) -> None:
    if not raw:
        Screening.objects.filter(pk=instance.screening_id).refresh_ends()


@receiver(post_save, sender=Film)
@receiver([post_save, post_delete], sender=ProgrammePart)
def end_follows_the_runtime(instance: Film | ProgrammePart, raw: bool = False, **kwargs) -> None:
    film = instance.pk if isinstance(instance, Film) else instance.programme_id
    shown = ScreeningFilm.objects.filter(Q(film=film) | Q(film__parts__film=film))
    if not raw:
        Screening.objects.filter(pk__in=shown.values("screening")).refresh_ends()


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
