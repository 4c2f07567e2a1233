"""Finding films, people, venues and series by words, however they are typed."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate

from django.db.models import Count, Exists, OuterRef
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from films.cards import Card, cards, for_cards
from films.highlight import excerpt, highlight
from films.models import Credit, Edition, Film, ProgrammePart, SearchNames, SearchText, Series
from films.models.film import FilmQuerySet
from films.models.search_text import LONGEST_TITLE, having, is_short, standing_in
from people.models import Person
from people.text import fold, words_in
from venues.models import Venue

LONGEST_SEARCH = 200
MOST_WORDS = 12
MOST_OF_A_KIND = 8
# Nobody reads on after so many films, and to rank more takes longer than a reader waits. Words that no more films have
# are found in all of them; of others, see `films_found`, and that there are more is said in words.
MOST = 1_000
ENOUGH = 100
# Where a film has the words, the most telling first.
WHOLE_TITLE, TITLE_START, TITLE_WORD, TITLE, PERSON, SERIES, TEXT = range(7)


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
    series: list[SafeString] = field(default_factory=list)
    excerpt: SafeString = SafeString("")
    programmes: list[Film] = field(default_factory=list)


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
    words = " ".join(text[:LONGEST_SEARCH].split()[:MOST_WORDS])
    return words if fold(words) else ""


def films_found(words: str, at: datetime) -> Found:
    """The public films that have every one of `words`: by where they have them, the newest edition first.

    Of words that more than MOST films have, these are found: the films with the words in their names, or where those
    are too many, first the newest editions' and then as many others; and beside them, while they are not ENOUGH, the
    newest editions' films with the words anywhere.
    """
    each = words_in(words)
    if not each:
        return Found()
    public, is_in_texts = Film.objects.public(at), not all(map(is_short, each))
    anywhere = with_text(each) if is_in_texts else with_names(each)
    if len(anywhere) <= MOST:
        return Found(_ranked(public.filter(pk__in=anywhere), each))
    newest, named = public.filter(edition__in=_newest_editions()), with_names(each)
    found = _ranked(newest.filter(standing_in("search_names__names", each)), each) if len(named) > MOST else []
    if len(found) < ENOUGH:
        found += _ranked(public.filter(pk__in=named).exclude(pk__in=found), each)
    if is_in_texts and len(found) < ENOUGH:
        beside = newest.filter(standing_in("search__text", each)).exclude(pk__in=found)
        found += beside.order_by("-edition__starts_on", "sort_key", "pk").values_list("pk", flat=True)[:MOST]
    return Found(found[:MOST], has_more=True)


def with_names(each: list[str]) -> list[int]:
    """Ids of films, public or not, with every word of `each` in their names; no more than MOST and one."""
    return list(SearchNames.objects.filter(having("names", each)).values_list("pk", flat=True)[: MOST + 1])


def with_text(each: list[str]) -> list[int]:
    """The same of films with the words in their names or prose."""
    return list(SearchText.objects.filter(having("text", each)).values_list("pk", flat=True)[: MOST + 1])


def _newest_editions() -> list[int]:
    """The newest editions that have MOST films together."""
    # Rows are counted, not keys, and nothing is joined: the index of films by edition then answers alone.
    films = dict(Film.objects.order_by().values_list("edition").annotate(number=Count("*")))
    newest = [pk for pk in Edition.objects.order_by("-starts_on", "pk").values_list("pk", flat=True) if pk in films]
    together = accumulate(films[pk] for pk in newest)
    return [pk for pk, number in zip(newest, together, strict=True) if number - films[pk] < MOST]


def _ranked(films: FilmQuerySet, each: list[str]) -> list[int]:
    """Ids of `films`, those whose names have the words in the most telling place first, then the newest edition."""
    rows = films.order_by().values_list("pk", "search_names__names", "sort_key", "edition__starts_on")
    placed = [(_place(names, key, each), -begins.toordinal(), key, pk) for pk, names, key, begins in rows]
    return [pk for *_order, pk in sorted(placed)]


def _place(names: str, sort_key: str, each: list[str]) -> int:
    titles, people, series, _others = names.split("\n\n")
    phrase = " ".join(each)
    if sort_key == phrase or f"\n {phrase}\n" in f"\n{titles}\n":
        return WHOLE_TITLE
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


def has_all(name: str, each: list[str]) -> bool:
    folded = fold(name)
    return all(word in folded for word in each)


def results(ids: list[int], words: str, at: datetime) -> list[Result]:
    """The films of `ids`, in their order, in a fixed number of queries."""
    each = words_in(words)
    people, programmes = _people_of(ids, each), _programmes_with(ids, at)
    made = {
        card.film.pk: _result(card, each, people.get(card.film.pk, []), programmes[card.film.pk])
        for card in cards(for_cards(Film.objects.filter(pk__in=ids), at), at)
    }
    return [made[pk] for pk in ids]


def _programmes_with(ids: list[int], at: datetime) -> dict[int, list[Film]]:
    """By film, the public programmes that it is a part of."""
    programmes = defaultdict(list)
    parts = ProgrammePart.objects.filter(film__in=ids, programme__in=Film.objects.public(at).order_by())
    shown = parts.select_related("programme").only(
        "film", "programme__title", "programme__slug", "programme__title_language"
    )
    for part in shown.order_by("programme__sort_key", "pk"):
        programmes[part.film_id].append(part.programme)
    return programmes


def _people_of(ids: list[int], each: list[str]) -> dict[int, list[str]]:
    """Names in each film's credits that have any of the words, in their order, each once however it is printed."""
    found: dict[int, dict[str, str]] = {}
    credits = Credit.objects.filter(film__in=ids).order_by("film", "role__position", "position", "pk")
    for film, name, credited_as in credits.values_list("film", "person__name", "credited_as"):
        printed = credited_as or name
        if any(word in fold(f"{name} {printed}") for word in each):
            found.setdefault(film, {}).setdefault(fold(printed), printed)
    return {film: list(names.values()) for film, names in found.items()}


def _result(card: Card, each: list[str], people: list[str], programmes: list[Film]) -> Result:
    film = card.film
    told = fold(" ".join([film.title, film.original_title, *people]))
    untold = [word for word in each if word not in told]
    series = [row["name"] for row in card.series if any(word in fold(row["name"]) for word in untold)]
    untold = [word for word in untold if word not in fold(" ".join(series))]
    # Most results say in their title why they were found: only the others' prose is gone through.
    text = " ".join(filter(None, [film.blurb, strip_tags(film.synopsis_html)])) if untold else ""
    return Result(
        card=card,
        title=highlight(film.title, each),
        original_title=highlight(Truncator(film.shown_original_title).chars(LONGEST_TITLE), each),
        people=[highlight(name, each) for name in people[:MOST_OF_A_KIND]],
        series=[highlight(name, each) for name in series],
        excerpt=excerpt(text, untold),
        programmes=programmes,
    )


def people(words: str, at: datetime) -> list[Name]:
    """People in the credits of public films whose names have every one of `words`; at most MOST_OF_A_KIND."""
    each = words_in(words)
    shown = Credit.objects.filter(is_public("film", at), person=OuterRef("pk"))
    found = Person.objects.matching(words).filter(Exists(shown)).order_by("sort_key", "pk")
    found = found.only("name", "slug", "language")
    return [
        Name(highlight(person.name, each), person.get_absolute_url(), person.language)
        for person in found[:MOST_OF_A_KIND]
    ]


def venues(words: str) -> list[Name]:
    each = words_in(words)
    found = [venue for venue in Venue.objects.only("name", "slug") if has_all(venue.name, each)]
    return [Name(highlight(venue.name, each), venue.get_absolute_url()) for venue in found[:MOST_OF_A_KIND]]


def series(words: str, at: datetime) -> list[Name]:
    """Series with public films whose names have every one of `words`."""
    each = words_in(words)
    matching = [pk for pk, name in Series.objects.values_list("pk", "name") if has_all(name, each)]
    if not matching:
        return []
    public = Film.series.through.objects.filter(is_public("film", at), series=OuterRef("pk"))
    found = Series.objects.filter(Exists(public), pk__in=matching)[:MOST_OF_A_KIND]
    return [Name(highlight(one.name, each), one.get_absolute_url()) for one in found]
