"""What a rule of the listing check is, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """How bad it is; in this order."""

    ERROR = "error", _("Error")  # The audience reads something wrong, or cannot do what the page promises.
    WARNING = "warning", _("Warning")  # Most likely a mistake or a gap that somebody should close.
    HINT = "hint", _("Hint")  # May be right as it is.

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or odd: a stable `code`, a sentence for staff, and the form's field that mends it."""

    code: str
    level: Level
    sentence: object  # It prints as one.
    field: str


@dataclass(frozen=True)
class Rule:
    """`sentences(facts)` says what it finds, if anything. What is merely `missing` is a hint in a draft."""

    code: str
    level: Level
    label: str
    field: str
    missing: bool
    sentences: Callable

    def level_for(self, facts) -> Level:
        return Level.HINT if self.missing and facts.is_unfinished else self.level


class Rules(list[Rule]):
    """The rules for one kind of object, each added by decorating the function that knows it."""

    def add(self, code: str, level: Level, label: str, field: str, missing: bool = False) -> Callable:
        def register(sentences: Callable) -> Callable:
            self.append(Rule(code, level, label, field, missing, sentences))
            return sentences

        return register

    def findings(self, facts) -> list[Finding]:
        """Everything found, worst first."""
        found = [
            Finding(rule.code, rule.level_for(facts), sentence, rule.field)
            for rule in self
            for sentence in rule.sentences(facts)
        ]
        return sorted(found, key=lambda one: one.level.rank)

    def finds(self, facts, wanted: str) -> bool:
        """Whether anything is found of the level, or by the rule, that is `wanted`; asks no further rule then."""
        return any(
            True for rule in self if wanted in (rule.code, rule.level_for(facts)) for _sentence in rule.sentences(facts)
        )
