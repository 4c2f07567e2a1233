"""Who may come in to a screening, and why: the strictest of what its films, the law and the house ask for."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from films.models import Film, FilmClassification, ProgrammePart, Screening, ScreeningFilm, UnclassifiedRule
from films.models.screening import ScreeningQuerySet
from films.rows import Rows
from venues.models import Licence


@dataclass(frozen=True, order=True)
class Restriction:
    """One rule's word: nobody under `minimum_age`, and an adult with everyone under `accompanied_under` (years)."""

    minimum_age: int
    accompanied_under: int
    reason: str


@dataclass(frozen=True)
class Admission:
    """The age rule of one screening. `restrictions` are the rules that ask for anything, strictest first."""

    minimum_age: int = 0
    accompanied_under: int = 0
    restrictions: tuple[Restriction, ...] = ()

    @property
    def label(self) -> str:
        if self.minimum_age:
            return _("%(age)s+") % {"age": self.minimum_age}
        if self.accompanied_under:
            return _("Under %(age)s with an adult") % {"age": self.accompanied_under}
        return _("All ages")

    @property
    def reasons(self) -> list[str]:
        """Why, in sentences for the audience, each once."""
        return list(dict.fromkeys(rule.reason for rule in self.restrictions if rule.reason))


def with_admission_rules(screenings: ScreeningQuerySet) -> ScreeningQuerySet:
    """`screenings` with all that `admission_of` reads, in two queries however many there are."""
    house = Q(room__isnull=True) | Q(room=OuterRef("room"))
    return (
        screenings.select_related("room__venue", "edition")
        .annotate(
            licence_rows=Rows(
                Licence.objects.filter(house, venue=OuterRef("room__venue")).order_by("pk"),
                minimum_age=F("minimum_age"),
                infants_allowed=F("infants_allowed"),
                note=F("note"),
                valid_from=F("valid_from"),
                valid_until=F("valid_until"),
            ),
            unclassified_rows=Rows(
                UnclassifiedRule.objects.filter(scheme__jurisdiction=OuterRef("room__venue__jurisdiction")).order_by(
                    "pk"
                ),
                minimum_age=F("minimum_age"),
                note=F("note"),
                valid_from=F("valid_from"),
                valid_until=F("valid_until"),
            ),
        )
        .prefetch_related(Prefetch("items", items_with_classes(ScreeningFilm.objects.all())))
    )


def items_with_classes(items):
    """Films of screenings, each with its classes, its parts and its parts' classes."""
    parts = ProgrammePart.objects.shown().filter(programme=OuterRef("film"))
    return (
        items.select_related("film")
        .annotate(
            class_rows=_class_rows(film=OuterRef("film")),
            part_class_rows=_class_rows(film__part_of__programme=OuterRef("film")),
            part_rows=Rows(parts.order_by("position", "pk"), film=F("film"), title=F("film__title")),
        )
        .order_by("position", "pk")
    )


def _class_rows(**lookup) -> Rows:
    return Rows(
        FilmClassification.objects.filter(**lookup).order_by("pk"),
        film=F("film"),
        jurisdiction=F("scheme__jurisdiction"),
        code=F("classification__code"),
        minimum_age=F("classification__minimum_age"),
        accompanied_under=F("classification__accompanied_under"),
    )


def admission_of(screening: Screening) -> Admission:
    """The age rule of a screening that came `with_admission_rules`; one set by hand replaces all others."""
    if screening.age_override is not None:
        return strictest([Restriction(screening.age_override, 0, screening.age_override_reason)])
    return admission_by_rule(screening)


def admission_by_rule(screening: Screening) -> Admission:
    """What the rules say, whether or not somebody has set an age by hand."""
    day = screening.local_start.date()
    jurisdiction = screening.room.venue.jurisdiction
    without_class = [unclassified(row) for row in screening.unclassified_rows if holds_on(day, row)]
    restrictions = [licence(row, screening.room.full_name) for row in screening.licence_rows if holds_on(day, row)]
    for item in screening.items.all():
        if is_rated(item.film.state, item.film.kind):
            restrictions += for_film(item, jurisdiction, without_class)
    return strictest(restrictions)


def strictest(restrictions: Iterable[Restriction]) -> Admission:
    asking = sorted((r for r in restrictions if r.minimum_age or r.accompanied_under), reverse=True)
    minimum = max((rule.minimum_age for rule in asking), default=0)
    accompanied = max((rule.accompanied_under for rule in asking), default=0)
    # With an adult, one may be under 18 but never under the minimum: a lower escort age says nothing more.
    return Admission(minimum, accompanied if accompanied > minimum else 0, tuple(asking))


def is_rated(state: str, kind: str) -> bool:
    """Whether a film in this state and of this kind has a say in who may come in."""
    return state != Film.State.WITHDRAWN and kind != Film.Kind.EVENT


def for_film(item: ScreeningFilm, jurisdiction: str, without_class: list[Restriction]) -> list[Restriction]:
    """A film's own class here; a programme's own class, else its parts' classes; what has none is unclassified."""
    rows = item.class_rows + item.part_class_rows
    # A part that was withdrawn is not shown, and has no say.
    shown = {row["film"] for row in item.part_rows} or {item.film_id}
    classes = {
        row["film"]: row
        for row in rows
        if row["jurisdiction"] == jurisdiction and row["film"] in shown | {item.film_id}
    }
    restrictions = [
        Restriction(
            row["minimum_age"],
            row["accompanied_under"],
            _("Classified %(code)s.") % {"code": row["code"]},
        )
        for row in classes.values()
    ]
    if not is_classified(item.film_id, shown, classes.keys()):
        restrictions += without_class
    return restrictions


def is_classified(film: int, shown: Set[int], classed: Set[int]) -> bool:
    """Whether a film has its class where those in `classed` have one: itself, else all that is `shown` as it."""
    return film in classed or shown <= classed


def licence(row: dict, room: str) -> Restriction:
    reason = row["note"] or _("%(room)s is licensed.") % {"room": room}
    if row["minimum_age"] and not row["infants_allowed"]:
        reason = _("%(reason)s No babies in arms.") % {"reason": reason}
    return Restriction(row["minimum_age"], 0, reason)


def unclassified(row: dict) -> Restriction:
    return Restriction(row["minimum_age"], 0, row["note"] or _("This film has not been classified."))


def holds_on(day: date, row: dict) -> bool:
    """Whether `day` lies in a rule's range of whole days, of which either end may be open."""
    first, last = row["valid_from"], row["valid_until"]
    return (not first or date.fromisoformat(first) <= day) and (not last or day <= date.fromisoformat(last))
