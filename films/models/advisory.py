"""What the audience should know before it comes: content warnings, and who may see a film by law."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from films.models.vocabulary import Word


class WarningKind(Word):
    class Meta(Word.Meta):
        verbose_name = _("kind of content warning")
        verbose_name_plural = _("kinds of content warning")


class ContentWarning(models.Model):
    film = models.ForeignKey("films.Film", models.CASCADE, related_name="warnings", verbose_name=_("film"))
    kind = models.ForeignKey(WarningKind, models.PROTECT, verbose_name=_("kind"))
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    spoiler = models.CharField(
        _("detail that gives the story away"),
        max_length=500,
        blank=True,
        help_text=_("Shown only to those who open it."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["film", "position", "pk"]
        verbose_name = _("content warning")
        verbose_name_plural = _("content warnings")
        constraints = [
            models.UniqueConstraint(
                fields=["film", "kind"],
                name="warning_kind_once_per_film",
                violation_error_message=_("This film already carries this warning."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind)


class ClassificationScheme(models.Model):
    """One jurisdiction's film classification."""

    jurisdiction = models.CharField(
        _("jurisdiction"),
        max_length=60,
        unique=True,
        help_text=_("Like “CA-BC”; venues name the same."),
    )
    name = models.CharField(_("name"), max_length=200)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        ordering = ["jurisdiction"]
        verbose_name = _("classification scheme")
        verbose_name_plural = _("classification schemes")

    def __str__(self) -> str:
        return self.name


class Classification(models.Model):
    """One class of a scheme, like 14A; ages in years."""

    scheme = models.ForeignKey(
        ClassificationScheme,
        models.CASCADE,
        related_name="classes",
        verbose_name=_("scheme"),
    )
    code = models.CharField(_("code"), max_length=20)
    label = models.CharField(_("meaning"), max_length=200, blank=True)
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"),
        default=0,
        help_text=_("Nobody younger may come in; 0 for no such rule."),
    )
    accompanied_under = models.PositiveSmallIntegerField(
        _("with an adult under"),
        default=0,
        help_text=_("Younger people need an adult; 0 for no such rule."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["scheme", "position", "pk"]
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code"],
                name="classification_code_once_per_scheme",
                violation_error_message=_("This scheme already has a class of that code."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.scheme.jurisdiction})"


class UnclassifiedRule(models.Model):
    """Who may see a film that the jurisdiction's scheme has not classified."""

    scheme = models.ForeignKey(
        ClassificationScheme,
        models.CASCADE,
        related_name="unclassified_rules",
        verbose_name=_("scheme"),
    )
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"))
    note = models.CharField(_("reason shown to the audience"), max_length=300, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day it holds."))

    class Meta:
        ordering = ["scheme", "valid_from", "pk"]
        verbose_name = _("rule for unclassified films")
        verbose_name_plural = _("rules for unclassified films")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="unclassified_rule_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.minimum_age}+"


class FilmClassification(models.Model):
    """A film's class in one scheme; the scheme is repeated here so that the database allows only one."""

    film = models.ForeignKey(
        "films.Film",
        models.CASCADE,
        related_name="classifications",
        verbose_name=_("film"),
    )
    scheme = models.ForeignKey(ClassificationScheme, models.CASCADE, editable=False)
    classification = models.ForeignKey(Classification, models.PROTECT, verbose_name=_("classification"))

    class Meta:
        ordering = ["film", "scheme"]
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        constraints = [
            models.UniqueConstraint(fields=["film", "scheme"], name="film_classified_once_per_scheme"),
        ]

    def __str__(self) -> str:
        return str(self.classification)

    def save(self, *args, **kwargs) -> None:
        self.scheme_id = self.classification.scheme_id
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if not self.classification_id or not self.film_id:
            return
        same = FilmClassification.objects.filter(film=self.film_id, scheme=self.classification.scheme_id)
        if same.exclude(pk=self.pk).exists():
            raise ValidationError(
                _("This film already has a class in %(scheme)s.") % {"scheme": self.classification.scheme}
            )
