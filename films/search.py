"""Finding films, people, venues and series by words, however they are typed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Least, Length, Substr
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from films.cards import Card, cards, for_cards
from films.highlight import excerpt, highlight
from films.models import Credit, Film, ProgrammePart, Series
from films.models.film import FilmQuerySet
from films.rows import Rows
from people.models import Person
from people.text import fold
from venues.models import Venue

LONGEST_SEARCH = 200
MOST_WORDS = 12
MOST_OF_A_KIND = 8
# Some festivals put a whole description where the original title belongs: no more of it is taken for one.
LONGEST_TITLE = 120
# Where a film has the words, the most telling first.
TITLE_START, TITLE_WORD, TITLE, PERSON, SERIES, TEXT = range(6)


@dataclass(frozen=True)
class Result:
    """A film that was found, with the words marked where they stand."""

    card: Card
    title: SafeString
    original_title: SafeString
    people: list[SafeString] = field(default_factory=list)
    excerpt: SafeString = SafeString("")
    programmes: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Name:
    """A person, venue or series that was found."""

    name: SafeString
    address: str
    language: str = ""


def words_of(text: str) -> str:
    """What somebody typed, as far as it can be searched for: one line of at most MOST_WORDS and LONGEST_SEARCH.

    Empty when nothing would be left of it to look for, as of an accent without a letter.
    """
    words = " ".join(text.replace("\x00", "")[:LONGEST_SEARCH].split()[:MOST_WORDS])
    return words if fold(words) else ""


def film_ids(words: str, at: datetime) -> list[int]:
    """Ids of the public films that have every one of `words`: by where they have them, the newest edition first."""
    phrase = fold(words)
    each = phrase.split()
    if not each:
        return []
    # What a film is found by begins with its titles; a space before it makes every word begin with one.
    length = Length("title") + Least(Length("original_title"), Value(LONGEST_TITLE)) + 1
    titles = Concat(Value(" "), Substr("search_text", 1, length))
    begins = Q(titles__startswith=f" {phrase}") | Q(sort_key__startswith=phrase)
    of_people = Credit.objects.filter(person__in=Person.objects.matching(words)).values("film")
    of_series = Film.series.through.objects.filter(series__in=series_matching(each)).values("film")
    return list(
        films_with(words, at)
        .annotate(
            titles=titles,
            rank=Case(
                When(begins, then=TITLE_START),
                When(all_of(Q(titles__contains=f" {word}") for word in each), then=TITLE_WORD),
                When(all_of(Q(titles__contains=word) for word in each), then=TITLE),
                When(pk__in=of_people, then=PERSON),
                When(pk__in=of_series, then=SERIES),
                default=TEXT,
                output_field=IntegerField(),
            ),
        )
        .order_by("rank", "-edition__starts_on", "sort_key", "pk")
        .values_list("pk", flat=True)
    )


def films_with(words: str, at: datetime) -> FilmQuerySet:
    """Public films that have every one of `words`: what matches is found first, in one pass over the texts."""
    return Film.objects.public(at).filter(pk__in=Film.objects.matching(words).values("pk"))


def is_public(film: str, at: datetime) -> Exists:
    """Whether the film that a row names is public. Asked row by row: `film__in` would gather all of them."""
    return Exists(Film.objects.public(at).filter(pk=OuterRef(film)))


def all_of(conditions: Iterable[Q]) -> Q:
    together = Q()
    for condition in conditions:
        together &= condition
    return together


def series_matching(each: list[str]) -> list[int]:
    names = Series.objects.values_list("pk", "name")
    return [pk for pk, name in names if has_all(name, each)]


def has_all(name: str, each: list[str]) -> bool:
    folded = fold(name)
    return all(word in folded for word in each)


def results(ids: list[int], words: str, at: datetime) -> list[Result]:
    """The films of `ids`, in their order, in a fixed number of queries."""
    each = fold(words).split()
    within = ProgrammePart.objects.filter(is_public("programme", at), film=OuterRef("pk"))
    films = for_cards(Film.objects.filter(pk__in=ids), at).annotate(
        programme_rows=Rows(
            within.order_by("programme__sort_key", "pk"),
            title=F("programme__title"),
            slug=F("programme__slug"),
            language=F("programme__title_language"),
        )
    )
    people = _people_of(ids, each)
    made = {card.film.pk: _result(card, each, people.get(card.film.pk, [])) for card in cards(films, at)}
    return [made[pk] for pk in ids]


def _people_of(ids: list[int], each: list[str]) -> dict[int, list[str]]:
    """Names in each film's credits that have any of the words, in their order, each once however it is printed."""
    found: dict[int, dict[str, str]] = {}
    credits = Credit.objects.filter(film__in=ids).order_by("film", "role__position", "position", "pk")
    for film, name, credited_as in credits.values_list("film", "person__name", "credited_as"):
        printed = credited_as or name
        if any(word in fold(f"{name} {printed}") for word in each):
            found.setdefault(film, {}).setdefault(fold(printed), printed)
    return {film: list(names.values()) for film, names in found.items()}


def _result(card: Card, each: list[str], people: list[str]) -> Result:
    film = card.film
    text = " ".join(filter(None, [film.blurb, strip_tags(film.synopsis_html)]))
    told = " ".join([film.title, film.original_title, *people])
    untold = [word for word in each if word not in fold(told)]
    return Result(
        card=card,
        title=highlight(film.title, each),
        original_title=highlight(Truncator(film.shown_original_title).chars(LONGEST_TITLE), each),
        people=[highlight(name, each) for name in people[:MOST_OF_A_KIND]],
        excerpt=excerpt(text, untold),
        programmes=film.programme_rows,
    )


def people(words: str, at: datetime) -> list[Name]:
    """People in the credits of public films whose names have every one of `words`; at most MOST_OF_A_KIND."""
    each = fold(words).split()
    shown = Credit.objects.filter(is_public("film", at), person=OuterRef("pk"))
    found = Person.objects.matching(words).filter(Exists(shown)).order_by("sort_key", "pk")
    return [
        Name(highlight(person.name, each), person.get_absolute_url(), person.language)
        for person in found[:MOST_OF_A_KIND]
    ]


def venues(words: str) -> list[Name]:
    each = fold(words).split()
    found = [venue for venue in Venue.objects.only("name", "slug") if has_all(venue.name, each)]
    return [Name(highlight(venue.name, each), venue.get_absolute_url()) for venue in found[:MOST_OF_A_KIND]]


def series(words: str, at: datetime) -> list[Name]:
    """Series with public films whose names have every one of `words`."""
    each = fold(words).split()
    found: QuerySet = Series.objects.filter(pk__in=series_matching(each))
    public = Film.series.through.objects.filter(is_public("film", at), series=OuterRef("pk"))
    return [
        Name(highlight(one.name, each), one.get_absolute_url()) for one in found.filter(Exists(public))[:MOST_OF_A_KIND]
    ]
