from datetime import datetime
from functools import lru_cache
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from films.models.edition import Edition
from films.models.series import Series
from films.models.vocabulary import Country, Genre, Language
from films.titles import sort_key, width_class
from people.images import STILL, Focus, Picture
from people.models import replace_picture, unique_slug
from people.text import fold, render_markdown, slug_base, words_in


@lru_cache(maxsize=4096)
def _address(slug: str, language: str | None, prefix: str) -> str:
    """Kept, because a full day's schedule asks for hundreds of addresses and a search of a name for a thousand."""
    return reverse("film", args=[slug])


class FilmQuerySet(models.QuerySet):
    def public(self, at: datetime | None = None) -> Self:
        """Films the world may see in the programme at `at`: pages, cards, counts, search, feeds, pictures."""
        return self.announced(at).exclude(state=Film.State.WITHDRAWN)

    def announced(self, at: datetime | None = None) -> Self:
        """Films that have a page at `at`: the public ones, and those withdrawn since, whose page says so."""
        at = at or timezone.now()
        return self.filter(
            Q(state__in=[Film.State.PUBLISHED, Film.State.WITHDRAWN])
            | Q(state=Film.State.SCHEDULED, embargo_until__lte=at),
            Q(edition__announced_at__isnull=True) | Q(edition__announced_at__lte=at),
        )

    def with_standing(self, at: datetime) -> Self:
        """Films with `standing`, one of Film.Standing: where each is in its life at `at`.

        Past is a film with at least one screening that was not cancelled, all of which have ended. What
        shows it inside a programme counts as a screening of it.
        """
        from films.models.screening import Screening  # It is built upon this module.

        def most_telling(screenings: models.QuerySet) -> Coalesce:
            return Coalesce(Subquery(screenings.values("tells")[:1]), Value(Film.Standing.NO_DATES))

        film, screenings = OuterRef("pk"), Screening.objects.open_to_all().most_telling_first(at)
        by_itself, in_programme = screenings.showing(film), screenings.showing_programme_with(film)
        return self.annotate(
            standing=Case(
                When(state=Film.State.WITHDRAWN, then=Value(Film.Standing.WITHDRAWN)),
                default=Greatest(most_telling(by_itself), most_telling(in_programme)),
            )
        )

    def to_come(self, at: datetime) -> Self:
        """Films that will be shown, by themselves or in a programme; the same as standing TO_COME, and quicker."""
        return self.exclude(state=Film.State.WITHDRAWN).filter(self._shown_in("not_ended", at))

    def not_past(self, at: datetime) -> Self:
        """Films whose standing is not PAST, without asking it of each film there is."""
        is_past = self._shown_in("not_cancelled") & ~self._shown_in("not_ended", at)
        return self.filter(Q(state=Film.State.WITHDRAWN) | ~is_past)

    def _shown_in(self, which: str, *args) -> Q:
        """Films that a public screening shows which this method of screenings finds."""
        from films.models.lineup import ProgrammePart, ScreeningFilm  # All are built upon this module.
        from films.models.screening import Screening

        screenings = getattr(Screening.objects.open_to_all().order_by(), which)(*args)
        shown = ScreeningFilm.objects.order_by().filter(screening__in=screenings.values("pk")).values("film")
        parts = ProgrammePart.objects.order_by().filter(programme__in=shown).values("film")
        return Q(pk__in=shown) | Q(pk__in=parts)

    def matching(self, words: str) -> Self:
        """Films in whose folded text (title, people, series, country, synopsis) every one of `words` stands."""
        from films.models.search_text import having  # It is built upon this module.

        return self.filter(having("search__text", words_in(words)))

    def in_title_order(self) -> Self:
        return self.order_by("sort_key", "pk")


class Film(models.Model):
    class Kind(models.TextChoices):
        FILM = "film", _("Film")
        SHORT = "short", _("Short")
        PROGRAMME = "programme", _("Programme of several films")
        EVENT = "event", _("Talk or event")
        SECRET = "secret", _("Secret screening")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Standing(models.IntegerChoices):
        """Where a film is in its life, computed from its screenings and never stored: the greatest that any tells."""

        NO_DATES = 0, _("Dates to be announced")
        CANCELLED = 1, _("Cancelled")
        PAST = 2, _("This event has passed")
        TO_COME = 3, _("To come")
        WITHDRAWN = 4, _("Withdrawn")

    class Premiere(models.TextChoices):
        NONE = "", _("No premiere")
        WORLD = "world", _("World Premiere")
        INTERNATIONAL = "international", _("International Premiere")
        NORTH_AMERICAN = "north_american", _("North American Premiere")
        EUROPEAN = "european", _("European Premiere")
        CANADIAN = "canadian", _("Canadian Premiere")
        NATIONAL = "national", _("National Premiere")
        REGIONAL = "regional", _("Regional Premiere")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="films", verbose_name=_("edition"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.FILM)
    state = models.CharField(_("publication"), max_length=20, choices=State, default=State.DRAFT)
    embargo_until = models.DateTimeField(
        _("public from"),
        null=True,
        blank=True,
        help_text=_("For a scheduled film: nothing shows before then."),
    )
    tba = models.BooleanField(
        _("details to be announced"),
        default=False,
        help_text=_("The page says that more is to come."),
    )
    stands_for = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stand_ins",
        verbose_name=_("stands for"),
        help_text=_("The film that a secret screening will turn out to be. No page shows it before it is revealed."),
    )

    title = models.CharField(_("title"), max_length=300)
    title_language = models.CharField(_("language of the title"), max_length=35, blank=True, default="en")
    original_title = models.CharField(_("original title"), max_length=2000, blank=True)
    original_language = models.CharField(_("language of the original title"), max_length=35, blank=True)
    sort_title = models.CharField(
        _("sort title"),
        max_length=300,
        blank=True,
        help_text=_("Leave empty to sort by the title without the leading article of its own language."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=100,
        unique=True,
        blank=True,
        help_text=_("Leave empty to make it from the title. A changed address redirects from the old one for ever."),
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    runtime = models.PositiveSmallIntegerField(
        _("runtime (minutes)"),
        null=True,
        blank=True,
        help_text=_("Leave empty when it is not known."),
    )
    countries = models.ManyToManyField(Country, through="FilmCountry", related_name="films", blank=True)
    languages = models.ManyToManyField(Language, related_name="films", blank=True, verbose_name=_("spoken languages"))
    language_line = models.CharField(
        _("language line"),
        max_length=200,
        blank=True,
        help_text=_("As in “In French with English subtitles”."),
    )
    genres = models.ManyToManyField(Genre, related_name="films", blank=True, verbose_name=_("genres"))
    series = models.ManyToManyField(Series, related_name="films", blank=True, verbose_name=_("series"))
    premiere = models.CharField(_("premiere"), max_length=20, blank=True, choices=Premiere)
    blurb = models.CharField(_("blurb"), max_length=400, blank=True, help_text=_("One sentence, for cards."))
    synopsis = models.TextField(
        _("synopsis"),
        blank=True,
        help_text=_("Paragraphs, *emphasis*, **strong**, [links](https://…)."),
    )
    synopsis_html = models.TextField(editable=False, blank=True)
    guest_note = models.CharField(_("guest note"), max_length=300, blank=True)

    still_original = models.CharField(max_length=200, blank=True, editable=False)
    still_key = models.CharField(max_length=40, blank=True, editable=False, db_index=True)
    still_alt = models.CharField(_("alternative text"), max_length=300, blank=True)
    still_credit = models.CharField(_("picture credit"), max_length=200, blank=True)
    still_focus = models.CharField(_("focal point"), max_length=20, blank=True, choices=Focus)
    grade = models.PositiveSmallIntegerField(
        _("hue"),
        null=True,
        blank=True,
        help_text=_("0 to 345 in steps of 15, from the still; empty for the house's."),
    )

    locked_fields = models.JSONField(
        _("locked fields"),
        default=list,
        blank=True,
        help_text=_("Names of fields that an import leaves alone."),
    )
    sort_key = models.CharField(max_length=300, editable=False, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FilmQuerySet.as_manager()
    # Where a page serves the still from, if not from the media's own address.
    pictures_under = ""

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("film")
        verbose_name_plural = _("films")
        permissions = [("publish_film", "Can schedule, publish and withdraw films")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="film_has_a_title",
                violation_error_message=_("A film needs a title."),
            ),
            models.CheckConstraint(
                condition=Q(runtime__isnull=True) | Q(runtime__gt=0),
                name="film_runtime_is_positive_or_unknown",
                violation_error_message=_("A runtime is at least one minute; leave it empty when it is not known."),
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(embargo_until__isnull=False),
                name="film_scheduled_has_an_instant",
                violation_error_message=_("A scheduled film needs the instant at which it becomes public."),
            ),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__in=range(0, 360, 15)),
                name="film_grade_is_a_step_of_15",
                violation_error_message=_("The hue is one of 0, 15, 30 … 345."),
            ),
            models.CheckConstraint(
                condition=Q(stands_for__isnull=True) | Q(kind="secret"),
                name="film_only_a_secret_one_stands_for_another",
                violation_error_message=_("Only a secret screening stands for another film."),
            ),
        ]
        # All that `public` asks and lists are ordered by: an index that answers without the film, whose texts are long.
        indexes = [models.Index(fields=["edition", "state", "sort_key", "id", "embargo_until"], name="film_listing")]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title

    def save(self, *args, **kwargs) -> None:
        self.derive()
        with transaction.atomic():
            replace_picture(self, "still", STILL)
            if not self.slug:
                self.slug = self._new_slug() or f"film-new-{id(self)}"
            super().save(*args, **kwargs)
            if self.slug == f"film-new-{id(self)}":
                self.slug = f"film-{self.pk}"
                super().save(update_fields=["slug"])
            self._remember_old_slug()

    def get_absolute_url(self) -> str:
        return _address(self.slug, get_language(), get_script_prefix())

    def clean(self) -> None:
        if self.slug and OldSlug.objects.filter(slug=self.slug).exclude(film=self.pk).exists():
            raise ValidationError({"slug": _("This address leads to another film, which had it before.")})

    @classmethod
    def from_db(cls, db, field_names, values) -> Self:
        film = super().from_db(db, field_names, values)
        film._stored_slug = film.slug if "slug" in field_names else None
        return film

    def derive(self) -> None:
        """Fill the columns that follow from the film's own: sort key and rendered synopsis."""
        self.sort_key = sort_key(self.title, self.title_language, self.sort_title)[:300]
        self.synopsis_html = render_markdown(self.synopsis)

    def _new_slug(self) -> str:
        base = slug_base(self.title)
        if not base:
            return ""
        taken = set(OldSlug.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        if base in taken or Film.objects.filter(slug=base).exists():
            return unique_slug(Film, f"{base}-{self.year}" if self.year else base, taken=taken)
        return base

    def _remember_old_slug(self) -> None:
        old = getattr(self, "_stored_slug", None)
        if old and old != self.slug:
            OldSlug.objects.filter(slug=self.slug, film=self).delete()
            OldSlug.objects.update_or_create(slug=old, defaults={"film": self})
        self._stored_slug = self.slug

    @property
    def width_class(self) -> str:
        return width_class(self.title)

    @property
    def shown_original_title(self) -> str:
        """The original title, unless it says the same as the title."""
        return "" if fold(self.original_title) == fold(self.title) else self.original_title

    @property
    def still(self) -> Picture | None:
        if not self.still_key:
            return None
        return Picture(STILL, self.still_key, self.still_alt, self.still_focus, self.still_credit, self.pictures_under)


class OldSlug(models.Model):
    """An address that a film had once; it redirects for ever."""

    slug = models.SlugField(max_length=100, unique=True)
    film = models.ForeignKey(Film, models.CASCADE, related_name="old_slugs")

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.slug


class FilmCountry(models.Model):
    """A country of a film, in the film's own order."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="origins")
    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["film", "position", "pk"]
        verbose_name = _("country of origin")
        verbose_name_plural = _("countries of origin")
        constraints = [
            models.UniqueConstraint(
                fields=["film", "country"],
                name="country_once_per_film",
                violation_error_message=_("This country already stands in the list."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.country)


class Quote(models.Model):
    """A line from a review, with its source."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="quotes", verbose_name=_("film"))
    text = models.CharField(_("quote"), max_length=500)
    source = models.CharField(_("source"), max_length=200)
    url = models.URLField(_("address of the source"), blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["film", "position", "pk"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")

    def __str__(self) -> str:
        return f"“{self.text}” {self.source}"
