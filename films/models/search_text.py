"""What films are found by, folded and apart from them, so that a search never reads the films themselves."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from films.models.credit import Credit
from films.models.film import Film
from people.text import fold, words_in

# Some festivals put a whole description where the original title belongs: no more of it is taken for one.
LONGEST_TITLE = 120
# A word shorter than this stands inside too many others: it has to begin one. In scripts without letters it is whole.
LONG_ENOUGH = 3


# No shorter word is ever taken for another, and nobody types a longer one.
WORTH_SPELLING = range(3, 41)
AT_ONCE = 500


class SearchNames(models.Model):
    """The names alone, in a narrow table: where no index answers, all of it is read."""

    film = models.OneToOneField(
        Film, models.CASCADE, primary_key=True, related_name="search_names", verbose_name=_("film")
    )
    # Four groups, apart by empty lines: titles, people, series, then countries and genres. Each name has a line, which
    # begins with a space, as every word of it then does.
    names = models.TextField()

    class Meta:
        verbose_name = _("search names")
        verbose_name_plural = _("search names")

    def __str__(self) -> str:
        return str(self.film)


class SearchText(models.Model):
    """The names and the prose, all on one line."""

    film = models.OneToOneField(Film, models.CASCADE, primary_key=True, related_name="search", verbose_name=_("film"))
    text = models.TextField()

    class Meta:
        verbose_name = _("search text")
        verbose_name_plural = _("search texts")

    def __str__(self) -> str:
        return str(self.film)


class SearchWord(models.Model):
    """A word of any film's names, public or not, for those who mistype it; a film that goes leaves its words behind.

    Not unique: two who save at once need not wait for each other, and a word that stands here twice does no harm.
    """

    word = models.CharField(_("word"), max_length=WORTH_SPELLING.stop - 1, db_index=True)

    class Meta:
        verbose_name = _("word of names")
        verbose_name_plural = _("words of names")

    def __str__(self) -> str:
        return self.word


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
    names = {film.pk: names_of(film) for film in films}
    _store(SearchNames, "names", names)
    _store(SearchText, "text", {film.pk: text_of(film, names[film.pk]) for film in films})
    remember_words(names.values())


def _store(model: type[models.Model], column: str, texts: dict[int, str]) -> None:
    model.objects.bulk_create(
        (model(film_id=film, **{column: text}) for film, text in texts.items()),
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["film"],
        update_fields=[column],
    )


def remember_words(many_names: Iterable[str]) -> None:
    """Note the words of these `SearchNames.names` that no film has had before."""
    words = sorted(worth_spelling(many_names))
    for start in range(0, len(words), AT_ONCE):
        some = words[start : start + AT_ONCE]
        known = set(SearchWord.objects.filter(word__in=some).values_list("word", flat=True))
        SearchWord.objects.bulk_create(SearchWord(word=word) for word in some if word not in known)


def worth_spelling(many_names: Iterable[str]) -> set[str]:
    return {word for names in many_names for word in words_in(names) if len(word) in WORTH_SPELLING}


def names_of(film: Film) -> str:
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
    return "\n\n".join("\n".join(f" {name}" for name in names) for names in folded)


def text_of(film: Film, names: str) -> str:
    prose = fold(" ".join([film.original_title[LONGEST_TITLE:], film.blurb, film.synopsis]))
    return f" {' '.join(names.split())} {prose}"
