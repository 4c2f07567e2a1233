"""What films are found by, folded: one narrow row for each, so that a search never reads the films themselves."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from films.models.credit import Credit
from films.models.film import Film
from people.text import fold

# Some festivals put a whole description where the original title belongs: no more of it is taken for one.
LONGEST_TITLE = 120
# A word shorter than this stands inside too many others: it has to begin one. In scripts without letters it is whole.
LONG_ENOUGH = 3


class SearchText(models.Model):
    film = models.OneToOneField(Film, models.CASCADE, primary_key=True, related_name="search", verbose_name=_("film"))
    # Four groups, apart by empty lines: titles, people, series, then countries and genres. Each name has a line, which
    # begins with a space, as every word of it then does.
    names = models.TextField()
    # The names and the prose, all on one line.
    text = models.TextField()

    class Meta:
        verbose_name = _("search text")
        verbose_name_plural = _("search texts")

    def __str__(self) -> str:
        return str(self.film)


def is_short(word: str) -> bool:
    return word.isascii() and len(word) < LONG_ENOUGH


def having(column: str, each: list[str]) -> Q:
    """Rows in whose `column` every word of `each`, folded, stands: a short one where a word begins, others anywhere."""
    return Q(*(Q(**{f"{column}__contains": _piece(word)}) for word in each))


def standing_in(column: str, each: list[str]) -> Q:
    """The same as `having`, asked in a way that no index answers.

    Right for words that most rows have: PostgreSQL takes every word for a rare one, and would go to all rows that its
    index has for it before it looked at any other condition.
    """
    return Q(*(GreaterThan(StrIndex(F(column), Value(_piece(word))), 0) for word in each))


def _piece(word: str) -> str:
    return f" {word}" if is_short(word) else word


def refresh_search_text(films: Iterable[Film]) -> None:
    """Fold anew what each film is found by: titles, people, series, countries, genres and synopsis."""
    films = list(films)
    # Joined: looking up more than 1,000 people by their keys is more than SQLite takes.
    credits = models.Prefetch("credits", Credit.objects.select_related("person"))
    models.prefetch_related_objects(films, credits, "series", "countries", "genres")
    SearchText.objects.bulk_create(
        [search_text_of(film) for film in films],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["film"],
        update_fields=["names", "text"],
    )


def search_text_of(film: Film) -> SearchText:
    groups = (
        [film.title, film.original_title[:LONGEST_TITLE], film.sort_title],
        [name for credit in film.credits.all() for name in (credit.person.name, credit.credited_as)],
        [series.name for series in film.series.all()],
        [
            *(name for country in film.countries.all() for name in country.names),
            *(genre.name for genre in film.genres.all()),
        ],
    )
    folded = [list(dict.fromkeys(name for name in map(fold, names) if name)) for names in groups]
    every_name = " ".join(name for names in folded for name in names)
    return SearchText(
        film=film,
        names="\n\n".join("\n".join(f" {name}" for name in names) for names in folded),
        text=f" {every_name} {fold(' '.join([film.original_title[LONGEST_TITLE:], film.blurb, film.synopsis]))}",
    )
