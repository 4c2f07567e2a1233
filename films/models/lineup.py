"""What a screening consists of: its films in showing order, its guests, and what makes it accessible; and what a
programme of several films does."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from films.models.film import Film
from people.models import Person


class ScreeningFilm(models.Model):
    """A film in a screening, in showing order."""

    class Part(models.TextChoices):
        MAIN = "main", _("Main film")
        SHORT_BEFORE = "short_before", _("Short before the film")
        SHORT_AFTER = "short_after", _("Short after the film")
        DOUBLE_BILL = "double_bill", _("Part of a double bill")

    screening = models.ForeignKey("films.Screening", models.CASCADE, related_name="items", verbose_name=_("screening"))
    film = models.ForeignKey(Film, models.PROTECT, related_name="showings", verbose_name=_("film"))
    part = models.CharField(_("part"), max_length=20, choices=Part, default=Part.MAIN)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["screening", "position", "pk"]
        verbose_name = _("film in the screening")
        verbose_name_plural = _("films in the screening")
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "film"],
                name="film_once_per_screening",
                violation_error_message=_("This film already stands in the screening."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.film)


class ScreeningGuest(models.Model):
    """A person who comes to a screening, so that nobody is sent to two places at once."""

    screening = models.ForeignKey("films.Screening", models.CASCADE, related_name="guest_rows")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("guest"))

    class Meta:
        ordering = ["screening", "pk"]
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        constraints = [models.UniqueConstraint(fields=["screening", "person"], name="guest_once_per_screening")]

    def __str__(self) -> str:
        return str(self.person)


class AccessFeature(models.Model):
    class Feature(models.TextChoices):
        OPEN_CAPTIONS = "open_captions", _("Open captions")
        CAPTION_DEVICES = "caption_devices", _("Caption devices")
        SDH = "sdh", _("Subtitles for the deaf and hard of hearing")
        AUDIO_DESCRIPTION = "audio_description", _("Audio description")
        SIGNED_TALK = "signed_talk", _("Signed talk")
        RELAXED = "relaxed", _("Relaxed screening")

    screening = models.ForeignKey("films.Screening", models.CASCADE, related_name="access_features")
    feature = models.CharField(_("feature"), max_length=30, choices=Feature)
    is_confirmed = models.BooleanField(_("confirmed"), default=False)

    class Meta:
        ordering = ["screening", "feature"]
        verbose_name = _("access feature")
        verbose_name_plural = _("access features")
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "feature"],
                name="access_feature_once_per_screening",
                violation_error_message=_("This feature already stands in the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_feature_display()


class ProgrammePartQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """Parts that play in their programme: one that was withdrawn does not."""
        return self.exclude(film__state=Film.State.WITHDRAWN)


class ProgrammePart(models.Model):
    """A film inside a programme of several, in showing order."""

    programme = models.ForeignKey(Film, models.CASCADE, related_name="parts", verbose_name=_("programme"))
    film = models.ForeignKey(Film, models.PROTECT, related_name="part_of", verbose_name=_("film"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ProgrammePartQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "position", "pk"]
        verbose_name = _("film in the programme")
        verbose_name_plural = _("films in the programme")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "film"],
                name="film_once_per_programme",
                violation_error_message=_("This film already stands in the programme."),
            ),
            models.CheckConstraint(
                condition=~models.Q(programme=models.F("film")),
                name="programme_does_not_contain_itself",
                violation_error_message=_("A programme cannot contain itself."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.film)


def runtime_of(film: Film) -> tuple[int, bool]:
    """A film's runtime in minutes and whether all of it is known; a programme's is the sum of its parts'."""
    if film.runtime:
        return film.runtime, True
    parts = [part.film for part in film.parts.all() if part.film.state != Film.State.WITHDRAWN]
    known = [part.runtime for part in parts if part.runtime]
    return sum(known), bool(parts) and len(known) == len(parts)
