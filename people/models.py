from typing import Self

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.images import HEADSHOT, Focus, Picture, Shape, remove_files
from people.text import first_free, fold, render_markdown, slug_base, words_in


def unique_slug(model: type[models.Model], base: str, *, taken: set[str] = frozenset()) -> str:
    """The first free address for `base` that no row of `model` has and that is not in `taken`."""
    stored = model._default_manager
    return first_free(base, lambda slug: slug in taken or stored.filter(slug=slug).exists())


class PersonQuerySet(models.QuerySet):
    def matching(self, words: str) -> Self:
        """People in whose folded name every one of `words` occurs."""
        people = self
        for word in words_in(words):
            people = people.filter(search_name__contains=word)
        return people

    def namesakes(self, name: str) -> list["Person"]:
        """People whose name has the very words of `name`, whatever their case, accents and order."""
        words = sorted(fold(name).split())
        return [person for person in self.matching(name) if sorted(fold(person.name).split()) == words]


class Person(models.Model):
    name = models.CharField(_("name"), max_length=300, help_text=_("As it is printed and displayed."))
    sort_name = models.CharField(
        _("sort form"),
        max_length=300,
        blank=True,
        help_text=_("Leave empty to sort by the last word of the name, or by the first if family name first."),
    )
    family_name_first = models.BooleanField(_("family name first"), default=False)
    language = models.CharField(
        _("language of the name"),
        max_length=35,
        blank=True,
        help_text=_("A language tag such as “fr” or “zh-Hant”, when a screen reader should know it."),
    )
    slug = models.SlugField(_("address"), max_length=100, unique=True, editable=False)
    biography = models.TextField(
        _("biography"),
        blank=True,
        help_text=_("Paragraphs, *emphasis*, **strong**, [links](https://…)."),
    )
    biography_html = models.TextField(editable=False, blank=True)
    headshot_original = models.CharField(max_length=200, blank=True, editable=False)
    headshot_key = models.CharField(max_length=40, blank=True, editable=False, db_index=True)
    headshot_alt = models.CharField(_("alternative text"), max_length=300, blank=True)
    headshot_credit = models.CharField(_("picture credit"), max_length=200, blank=True)
    headshot_focus = models.CharField(_("focal point"), max_length=20, blank=True, choices=Focus)
    sort_key = models.CharField(max_length=300, editable=False, db_index=True)
    search_name = models.CharField(max_length=400, editable=False)

    objects = PersonQuerySet.as_manager()
    # Where a page serves the headshot from, if not from the media's own address.
    pictures_under = ""

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="person_has_a_name",
                violation_error_message=_("A person needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.derive()
        with transaction.atomic():
            replace_picture(self, "headshot", HEADSHOT)
            base = slug_base(self.name)
            if not self.slug and base:
                self.slug = unique_slug(Person, base)
            elif not self.slug:
                # Nothing of the name can stand in an address: the id does, once there is one.
                self.slug = f"person-new-{id(self)}"
                super().save(*args, **kwargs)
                self.slug, kwargs = f"person-{self.pk}", {"update_fields": ["slug"]}
                args = ()
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.slug])

    def derive(self) -> None:
        """Fill the columns that follow from others: sort key, search name, rendered biography."""
        self.sort_key = fold(self.sort_name or self.default_sort_name)[:300]
        self.search_name = fold(f"{self.name} {self.sort_name}")[:400]
        self.biography_html = render_markdown(self.biography)

    @property
    def default_sort_name(self) -> str:
        words = self.name.split()
        if self.family_name_first or len(words) < 2:
            return self.name
        return f"{words[-1]} {' '.join(words[:-1])}"

    @property
    def headshot(self) -> Picture | None:
        if not self.headshot_key:
            return None
        return Picture(
            HEADSHOT,
            self.headshot_key,
            self.headshot_alt,
            self.headshot_focus,
            self.headshot_credit,
            self.pictures_under,
        )


class FilmographyEntry(models.Model):
    """An earlier work, as a line under the biography; works shown here are found through their credits."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="filmography", verbose_name=_("person"))
    title = models.CharField(_("title"), max_length=300)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["person", "position", "-year", "pk"]
        verbose_name = _("filmography row")
        verbose_name_plural = _("filmography")

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title


class ReplacedPictureQuerySet(models.QuerySet):
    def note(self, folder: str, key: str, successor: str) -> None:
        """`successor` stands where `key` stood; without one, nothing does. A picture that returns is its own again."""
        pictures = self.filter(folder=folder)
        pictures.filter(key=successor).delete()
        pictures.filter(successor=key).update(successor=successor)
        if successor:
            self.update_or_create(folder=folder, key=key, defaults={"successor": successor})
        pictures.filter(successor="").delete()

    def successor_of(self, folder: str, key: str) -> str:
        """The key of the picture that stands where this one stood; empty when there is none."""
        return self.filter(folder=folder, key=key).values_list("successor", flat=True).first() or ""


class ReplacedPicture(models.Model):
    """A picture that was shown once: its addresses lead to the one that took its place."""

    folder = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    successor = models.CharField(max_length=40, db_index=True)

    objects = ReplacedPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("replaced picture")
        verbose_name_plural = _("replaced pictures")
        constraints = [models.UniqueConstraint(fields=["folder", "key"], name="picture_replaced_once")]

    def __str__(self) -> str:
        return f"{self.folder}/{self.key}"


def replace_picture(owner: models.Model, field: str, shape: Shape) -> None:
    """Before `owner` is saved: note that its picture in `field` is about to become another.

    Addresses of the old one were given to caches, feeds and search engines, so they go on answering. Its files are
    removed once that is committed, unless another row shows the same picture.
    """
    key = f"{field}_key"
    stored = type(owner).objects.filter(pk=owner.pk).values_list(key, flat=True).first() if owner.pk else ""
    now = getattr(owner, key)
    if not stored or stored == now:
        return
    ReplacedPicture.objects.note(shape.folder, stored, now)

    def tidy() -> None:
        if not type(owner).objects.filter(**{key: stored}).exists():
            remove_files(shape, stored)

    transaction.on_commit(tidy)
