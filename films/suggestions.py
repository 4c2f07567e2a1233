"""“Did you mean …?”: the nearest words that the public programme has, when what was typed finds nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Exists, OuterRef
from rapidfuzz import process
from rapidfuzz.distance import OSA

from films.models import Credit, Film, Series
from films.search import films_with, people, series, venues
from people.models import Person
from people.text import fold
from venues.models import Venue


@dataclass(frozen=True)
class Vocabulary:
    """What can be meant: whole names as they are printed, and their words, each by its folded form."""

    names: dict[str, str]
    words: Counter


# Seconds for which each process keeps a vocabulary. A suggestion is searched for before it is made, so one that is out
# of date shows nothing that has stopped being public.
KEPT_FOR = 300


def did_you_mean(words: str, at: datetime) -> str:
    """Words near to `words` that do find something public at `at`; empty when there are none."""
    vocabulary = _vocabulary(at)
    phrase = fold(words)
    for candidate in (_nearest_name(phrase, vocabulary), _corrected(phrase, vocabulary)):
        if candidate and fold(candidate) != phrase and _finds_something(candidate, at):
            return candidate
    return ""


def _finds_something(words: str, at: datetime) -> bool:
    return bool(films_with(words, at).exists() or people(words, at) or series(words, at) or venues(words))


def _slips(text: str) -> int:
    """How many letters may be wrong, missing, added or swapped for `text` still to be meant."""
    return 0 if len(text) < 3 else 1 if len(text) < 6 else 2 if len(text) < 12 else 3


def _nearest_name(phrase: str, vocabulary: Vocabulary) -> str:
    best = process.extractOne(phrase, vocabulary.names.keys(), scorer=OSA.distance, score_cutoff=_slips(phrase))
    return vocabulary.names[best[0]] if best else ""


def _corrected(phrase: str, vocabulary: Vocabulary) -> str:
    """Each word that nothing has, put right; empty when one of them is like no word at all."""
    corrected = []
    for word in phrase.split():
        if word in vocabulary.words:
            corrected.append(word)
            continue
        near = process.extract(word, vocabulary.words.keys(), scorer=OSA.distance, score_cutoff=_slips(word), limit=10)
        if not near:
            return ""
        corrected.append(min(near, key=lambda match: (match[1], -vocabulary.words[match[0]], match[0]))[0])
    return " ".join(corrected)


def _vocabulary(at: datetime) -> Vocabulary:
    """The words of all that is public at `at`, or was within KEPT_FOR."""
    return cache.get_or_set("vocabulary", lambda: _read_vocabulary(at), KEPT_FOR)


def _read_vocabulary(at: datetime) -> Vocabulary:
    films = Film.objects.public(at)
    shown = Credit.objects.filter(person=OuterRef("pk"), film__in=films)
    names: dict[str, str] = {}
    for title, original_title in films.values_list("title", "original_title"):
        names.setdefault(fold(title), title)
        names.setdefault(fold(original_title), original_title)
    for name in Person.objects.filter(Exists(shown)).values_list("name", flat=True):
        names.setdefault(fold(name), name)
    for name in [*Series.objects.filter(films__in=films).distinct(), *Venue.objects.only("name")]:
        names.setdefault(fold(str(name)), str(name))
    for country, genre in films.values_list("countries__name", "genres__name").distinct():
        names.setdefault(fold(country or ""), country or "")
        names.setdefault(fold(genre or ""), genre or "")
    names.pop("", None)
    return Vocabulary(names, Counter(word for name in names for word in name.split() if len(word) > 2))
