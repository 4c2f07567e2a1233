"""Finding films, people, venues and series by words, however they are typed."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from films.cards import Card, cards, for_cards
from films.highlight import excerpt, highlight
from films.models import Credit, Edition, Film, ProgrammePart, SearchText, Series
from films.models.film import FilmQuerySet
from films.models.search_text import LONGEST_TITLE, having, is_short, standing_in
from films.rows import Rows
from people.models import Person
from people.text import fold
from venues.models import Venue

LONGEST_SEARCH = 200
MOST_WORDS = 12
MOST_OF_A_KIND = 8
# Nobody reads on after so many films; that there are more is said in words.
MOST = 1_000
# Words that no more films than these have are found in all of them; of others, see `films_found`.
FEW = 2_000
ENOUGH = 200
# Where a film has the words, the most telling first.
TITLE_START, TITLE_WORD, TITLE, PERSON, SERIES, TEXT = range(6)


@dataclass(frozen=True)
class Found:
    """Ids of films in the order of a list of results, and whether there are more than those."""

    ids: list[int] = field(default_factory=list)
    has_more: bool = False


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


def films_found(words: str, at: datetime) -> Found:
    """The public films that have every one of `words`: by where they have them, the newest edition first.

    To rank more than FEW films takes longer than a reader waits, and nobody reads that far. Of words that so many have,
    these are found: the films with the words in their names (where those are too many, of the newest editions), and
    only while that is not ENOUGH, the newest editions' films with the words anywhere.
    """
    each = fold(words).split()
    if not each:
        return Found()
    public, is_in_texts = Film.objects.public(at), not all(map(is_short, each))
    anywhere = with_words("text" if is_in_texts else "names", each)
    if len(anywhere) <= FEW:
        return _first(_ranked(public.filter(pk__in=anywhere), each))
    newest = public.filter(edition__in=_newest_editions())
    named = with_words("names", each)
    if len(named) <= FEW:
        found = _ranked(public.filter(pk__in=named), each)
    else:
        found = _ranked(newest.filter(standing_in("search__names", each)), each)
    if is_in_texts and len(found) < ENOUGH:
        beside = newest.filter(standing_in("search__text", each)).exclude(pk__in=found)
        found += beside.order_by("-edition__starts_on", "sort_key", "pk").values_list("pk", flat=True)[:MOST]
    return Found(found[:MOST], has_more=True)


def with_words(column: str, each: list[str]) -> list[int]:
    """Ids of films, public or not, with every word of `each` in a column of SearchText; no more than FEW and one."""
    return list(SearchText.objects.filter(having(column, each)).values_list("pk", flat=True)[: FEW + 1])


def _first(ids: list[int]) -> Found:
    return Found(ids[:MOST], has_more=len(ids) > MOST)


def _newest_editions() -> list[int]:
    """The newest editions that have FEW films together."""
    # Rows are counted, not keys, and nothing is joined: the index of films by edition then answers alone.
    films = dict(Film.objects.order_by().values_list("edition").annotate(number=Count("*")))
    newest = [pk for pk in Edition.objects.order_by("-starts_on", "pk").values_list("pk", flat=True) if pk in films]
    together = accumulate(films[pk] for pk in newest)
    return [pk for pk, number in zip(newest, together, strict=True) if number - films[pk] < FEW]


def _ranked(films: FilmQuerySet, each: list[str]) -> list[int]:
    """Ids of `films`, those whose names have the words in the most telling place first, then the newest edition."""
    rows = films.order_by().values_list("pk", "search__names", "sort_key", "edition__starts_on")
    placed = [(_place(names, key, each), -begins.toordinal(), key, pk) for pk, names, key, begins in rows]
    return [pk for *_order, pk in sorted(placed)]


def _place(names: str, sort_key: str, each: list[str]) -> int:
    titles, people, series, _others = names.split("\n\n")
    phrase = " ".join(each)
    if sort_key.startswith(phrase) or f"\n {phrase}" in f"\n{titles}":
        return TITLE_START
    if all(f" {word}" in titles for word in each):
        return TITLE_WORD
    for place, group in ((TITLE, titles), (PERSON, people), (SERIES, series)):
        if all(word in group for word in each):
            return place
    return TEXT


def is_public(film: str, at: datetime) -> Exists:
    """Whether the film that a row names is public. Asked row by row: `film__in` would gather all of them."""
    return Exists(Film.objects.public(at).filter(pk=OuterRef(film)))


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
