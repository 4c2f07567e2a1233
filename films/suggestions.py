"""“Did you mean …?”: the nearest words that the public programme has, when what was typed finds nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models.functions import Length
from django.utils import timezone
from rapidfuzz import process
from rapidfuzz.distance import OSA

from films.models import Country, Film, Genre, Series
from films.search import MOST_OF_A_KIND, venues, with_words
from people.models import Person
from people.text import fold
from venues.models import Venue

# Seconds for which each process keeps a vocabulary. A suggestion is searched for before it is made, so one that is out
# of date shows nothing that has stopped being public.
KEPT_FOR = 300


def did_you_mean(words: str, at: datetime) -> str:
    """Words near to `words` that do find something public at `at`; empty when there are none."""
    vocabulary = _vocabulary(at)
    phrase = fold(words)
    for near in (_nearest_name, _corrected):
        candidate = near(phrase, vocabulary)
        if candidate and candidate != phrase and (printed := _as_printed(candidate, at)):
            return printed
    return ""


def _as_printed(words: str, at: datetime) -> str:
    """Folded `words` as the name is printed that consists of them, else as they are; empty when they find nothing."""
    films = Film.objects.public(at).filter(pk__in=with_words("names", words.split()))
    # A name that has no more than the words is the shortest that has them.
    titles = films.order_by(Length("title"), "pk").values_list("title", "original_title")[:MOST_OF_A_KIND]
    if not titles and not venues(words):
        return ""
    printed = [name for both in titles for name in both] + [*_names_like(words)]
    return next((name for name in printed if fold(name) == words), words)


def _names_like(words: str) -> Iterator[str]:
    yield from (
        Person.objects.matching(words).order_by(Length("name"), "pk").values_list("name", flat=True)[:MOST_OF_A_KIND]
    )
    for model in (Series, Venue, Country, Genre):
        yield from model.objects.values_list("name", flat=True)


def _slips(text: str) -> int:
    """How many letters may be wrong, missing, added or swapped for `text` still to be meant."""
    return 0 if len(text) < 3 else 1 if len(text) < 6 else 2 if len(text) < 12 else 3


def _nearest_name(phrase: str, vocabulary: str) -> str:
    near = process.extract(phrase, vocabulary.split("\n"), scorer=OSA.distance, score_cutoff=_slips(phrase), limit=None)
    return min(near, key=lambda match: (match[1], match[0]), default=("",))[0]


def _corrected(phrase: str, vocabulary: str) -> str:
    """Each word that nothing has, put right; empty when one of them is like no word at all."""
    known = {word for word in vocabulary.split() if len(word) > 2}
    corrected = []
    for word in phrase.split():
        if word in known:
            corrected.append(word)
            continue
        near = process.extract(word, known, scorer=OSA.distance, score_cutoff=_slips(word), limit=10)
        if not near:
            return ""
        corrected.append(min(near, key=lambda match: (match[1], -vocabulary.count(match[0]), match[0]))[0])
    return " ".join(corrected)


def _vocabulary(at: datetime) -> str:
    """The names of all that is public at `at`, or was within KEPT_FOR: folded, each once, on a line of its own.

    Those of another time than ours are not kept.
    """
    if not timedelta() <= timezone.now() - at < timedelta(seconds=KEPT_FOR):
        return _read_vocabulary(at)
    return cache.get_or_set("vocabulary", lambda: _read_vocabulary(at), KEPT_FOR)


def _read_vocabulary(at: datetime) -> str:
    of_films = Film.objects.public(at).order_by().values_list("search__names", flat=True)
    of_venues = (f" {fold(name)}" for name in Venue.objects.values_list("name", flat=True))
    lines = {line[1:] for line in "\n".join([*of_films, *of_venues]).split("\n")}
    return "\n".join(lines)
