from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import unique_slug
from people.text import render_markdown, slug_base


class Series(models.Model):
    """A section of the programme, kept from edition to edition."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("address"), max_length=100, unique=True, editable=False)
    blurb = models.CharField(_("one sentence about it"), max_length=300, blank=True)
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("Paragraphs, *emphasis*, **strong**, [links](https://…)."),
    )
    description_html = models.TextField(editable=False, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "name", "pk"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = unique_slug(Series, slug_base(self.name) or "series")
        self.description_html = render_markdown(self.description)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.slug])
