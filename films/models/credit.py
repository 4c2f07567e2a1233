from typing import Self

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from people.models import Person

# What the roles are called that come with the site.
KNOWN_NAMES = frozenset(
    {
        gettext_noop("Director"),
        gettext_noop("Directors"),
        gettext_noop("Cast"),
        gettext_noop("Speaker"),
        gettext_noop("Speakers"),
        gettext_noop("Executive Producer"),
        gettext_noop("Executive Producers"),
        gettext_noop("Producer"),
        gettext_noop("Producers"),
        gettext_noop("Screenwriter"),
        gettext_noop("Screenwriters"),
        gettext_noop("Screenplay"),
        gettext_noop("Cinematography"),
        gettext_noop("Editor"),
        gettext_noop("Editors"),
        gettext_noop("Production Design"),
        gettext_noop("Original Music"),
        gettext_noop("Sound"),
    }
)


class CreditRole(models.Model):
    """What people do on a film; the order of roles is the order of the credits."""

    class Department(models.TextChoices):
        DIRECTION = "direction", _("Direction")
        CAST = "cast", _("Cast")
        CREW = "crew", _("Crew")

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    plural = models.CharField(_("name for several people"), max_length=100)
    department = models.CharField(_("department"), max_length=20, choices=Department, default=Department.CREW)
    position = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        ordering = ["position", "name", "pk"]
        verbose_name = _("credit role")
        verbose_name_plural = _("credit roles")

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the language of the page; one that the festival entered itself stands as it is."""
        return _in_language(self.name)

    @property
    def plural_label(self) -> str:
        return _in_language(self.plural)


def _in_language(name: str) -> str:
    return gettext(name) if name in KNOWN_NAMES else name


class CreditQuerySet(models.QuerySet):
    def in_order(self) -> Self:
        """As a film's credits stand: by role, then as the film itself orders them."""
        return self.select_related("person", "role").order_by("role__position", "role__name", "position", "pk")


class Credit(models.Model):
    film = models.ForeignKey("films.Film", models.CASCADE, related_name="credits", verbose_name=_("film"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="credits", verbose_name=_("person"))
    role = models.ForeignKey(CreditRole, models.PROTECT, related_name="credits", verbose_name=_("role"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    credited_as = models.CharField(
        _("credited as"),
        max_length=300,
        blank=True,
        help_text=_("When the film prints another name."),
    )
    character = models.CharField(_("character"), max_length=300, blank=True)

    objects = CreditQuerySet.as_manager()

    class Meta:
        ordering = ["film", "role__position", "position", "pk"]
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        constraints = [
            models.UniqueConstraint(
                fields=["film", "role", "person"],
                name="credit_once_per_film_role_and_person",
                violation_error_message=_("This person already stands under this role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.printed_name}"

    @property
    def is_directing(self) -> bool:
        return self.role.department == CreditRole.Department.DIRECTION

    @property
    def printed_name(self) -> str:
        return self.credited_as or self.person.name
