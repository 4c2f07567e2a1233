"""“Did you mean …?”: the nearest words that the public programme has, when what was typed finds nothing."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, pairwise

from django.db.models import Q
from django.db.models.functions import Length
from rapidfuzz import process
from rapidfuzz.distance import OSA

from films.models import Country, Film, Genre, SearchWord, Series
from films.models.search_text import WORTH_SPELLING, worth_spelling
from films.search import MOST_OF_A_KIND, films_found, has_all, with_names
from people.models import Person
from people.text import fold, words_in
from venues.models import Venue

# So many words are tried in place of one, and so many searches made before it is given up: each costs a reader time.
NEAREST, TRIES = 4, 8
# How many slips away, and what may have been meant.
Guess = tuple[float, str]


def did_you_mean(words: str, at: datetime) -> str:
    """Words near to `words` that do find something public at `at`; empty when there are none.

    Of those that are equally near, the words that most films have in their names.
    """
    each, venues = words_in(words), list(Venue.objects.values_list("name", flat=True))
    guesses = [guess for guess in _guesses(each, venues) if guess[1] != " ".join(each)][:TRIES]
    for _slips, as_near in groupby(guesses, key=lambda guess: guess[0]):
        found = {guess: names for _slips, guess in as_near if (names := _names_with(guess.split(), venues, at))}
        if found:
            meant = max(found, key=lambda guess: len(found[guess]))
            return _as_printed(meant, found[meant])
    if guesses and films_found(guesses[0][1], at).ids:
        return guesses[0][1]
    return ""


def _names_with(each: list[str], venues: list[str], at: datetime) -> list[str]:
    """Titles of public films with these words in their names, the shortest first, and venues with them."""
    # A name that has no more than the words is the shortest that has them.
    films = Film.objects.public(at).filter(pk__in=with_names(each)).order_by(Length("title"), "pk")
    titles = [name for both in films.values_list("title", "original_title") for name in both]
    return titles + [name for name in venues if has_all(name, each)]


def _as_printed(words: str, names: list[str]) -> str:
    """Folded `words` as the name is printed that consists of them, else as they are."""
    return next((name for names in (names, _names_like(words)) for name in names if fold(name) == words), words)


def _names_like(words: str) -> Iterator[str]:
    yield from (
        Person.objects.matching(words).order_by(Length("name"), "pk").values_list("name", flat=True)[:MOST_OF_A_KIND]
    )
    for model in (Series, Country, Genre):
        yield from model.objects.values_list("name", flat=True)


def _slips(text: str) -> int:
    """How many letters may be wrong, missing, added or swapped for `text` still to be meant."""
    return 0 if len(text) < 3 else 1 if len(text) < 6 else 2 if len(text) < 12 else 3


def _guesses(each: list[str], venues: list[str]) -> list[Guess]:
    """What may have been meant, the nearest first: each word put right, and two words that are one.

    The words are those of hidden films too. Nothing comes of them: a guess has to find something public.
    """
    known = _words_like(each).union(worth_spelling(venues))
    guesses = [(0.0, "")]
    for word in each:
        near = _nearest(word, known)
        longer = ((slips + more, f"{guess} {other}".strip()) for slips, guess in guesses for more, other in near)
        guesses = sorted(longer)[: NEAREST * TRIES]
    together = [
        (1.0, " ".join([*each[:place], first + second, *each[place + 2 :]]))
        for place, (first, second) in enumerate(pairwise(each))
        if first + second in known
    ]
    return sorted(guesses + together)


def _nearest(word: str, known: set[str]) -> list[Guess]:
    """What `word` may stand for: itself if it is known or like nothing, words like it, two words run together."""
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=_slips(word), limit=NEAREST)
    # The first letter is the one that is seldom wrong.
    guesses = [(slips + 0.5 * (other[0] != word[0]), other) for other, slips, _key in near]
    guesses += [(1.0, f"{first} {second}") for first, second in _halves(word) if {first, second} <= known]
    return guesses or [(0.0, word)]


def _halves(word: str) -> list[tuple[str, str]]:
    least = WORTH_SPELLING.start
    return [(word[:place], word[place:]) for place in range(least, len(word) - least + 1)]


def _words_like(each: list[str]) -> set[str]:
    """Known words that may be near one of `each`, or be what two of them or a part of one are.

    Two slips seldom fall on both ends of a word: what is near it begins as it does, ends so, or does a little of both.
    """
    like = Q(word__in={first + second for first, second in pairwise(each)})
    for word in each:
        if most := _slips(word):
            begins, ends = Q(word__startswith=word[:2]), Q(word__endswith=word[-2:])
            both = Q(word__startswith=word[0], word__endswith=word[-1])
            like |= Q(letters__range=(len(word) - most, len(word) + most)) & (begins | ends | both)
            like |= Q(word__in={half for halves in _halves(word) for half in halves})
    return set(SearchWord.objects.annotate(letters=Length("word")).filter(like).values_list("word", flat=True))
