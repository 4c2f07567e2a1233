"""The words that films are filed under; a word that no standard knows is kept as it was written."""

from babel import Locale
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.text import fold


class Word(models.Model):
    """A name found again however its case and accents are typed."""

    name = models.CharField(_("name"), max_length=150)
    folded = models.CharField(max_length=200, unique=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["folded", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.folded = fold(self.name)[:200]
        super().save(*args, **kwargs)


class Country(Word):
    code = models.CharField(
        _("code"),
        max_length=2,
        blank=True,
        help_text=_("ISO 3166-1, like “CA”; empty for a land that has none."),
    )

    class Meta(Word.Meta):
        verbose_name = _("country")
        verbose_name_plural = _("countries")

    @property
    def names(self) -> list[str]:
        """What it is called here, and by the standards in every language of the site."""
        standards = (Locale.parse(language, sep="-").territories for language, _name in settings.LANGUAGES)
        return [self.name, *(names[self.code] for names in standards if self.code in names)]


class Language(Word):
    code = models.CharField(
        _("code"),
        max_length=35,
        blank=True,
        help_text=_("A language tag, like “fr” or “zh-Hant”."),
    )

    class Meta(Word.Meta):
        verbose_name = _("language")
        verbose_name_plural = _("languages")


class Genre(Word):
    class Meta(Word.Meta):
        verbose_name = _("genre")
        verbose_name_plural = _("genres")
