"""Changing many films or screenings at once: first what would change, row by row, then just that or nothing."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from films import publication
from films.box_office.setting import NeedsConfirmation, Wish, change
from films.conflicts import hold_room, overlap_sentence, title_of, unconfirmed_overlaps, warnings_about
from films.models import Film, Screening, Series, StatusChange
from films.recording import recorded


class Changed(Exception):
    """What was to be changed is not as it was when it was looked at."""


@dataclass(frozen=True)
class Line:
    """One row of the summary: how it is, how it will be, and why not."""

    row: Film | Screening
    name: str
    before: str
    after: str
    refusal: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        return not self.refusal and self.before != self.after


@dataclass(frozen=True)
class Bulk:
    """One kind of change: `plan` says what it would do to rows, `write` does it to one."""

    model: type[models.Model]
    plan: Callable[[Iterable, datetime], list[Line]]
    write: Callable[[Line, AbstractBaseUser, str, datetime], None]

    def look(self, keys: Iterable[int], at: datetime) -> list[Line]:
        """What would change, as things stand."""
        return self.plan(rows_of(self.model, keys), at)

    def apply(self, keys: Iterable[int], seen: str, by: AbstractBaseUser, why: str, at: datetime) -> list[Line]:
        """Change all that the summary with the mark `seen` said, in one transaction; returns the rows changed.

        Raises, with nothing changed: Changed when the summary would read differently now, ValidationError when two
        of the rows get in each other's way.
        """
        with transaction.atomic(), recorded(by=by, why=why):
            lines = self.plan(held(self.model, keys), at)
            if mark_of(lines) != seen:
                raise Changed
            done = [line for line in lines if line.changes]
            for line in done:
                try:
                    self.write(line, by, why, at)
                except NeedsConfirmation as unforeseen:
                    raise ValidationError(unforeseen.warnings) from unforeseen
        return done


def mark_of(lines: list[Line]) -> str:
    """What tells this summary from any other."""
    read = [(line.row.pk, line.name, line.before, line.after, line.refusal, line.warnings) for line in lines]
    return hashlib.sha256(repr(read).encode()).hexdigest()


def rows_of(model: type[models.Model], keys: Iterable[int]) -> models.QuerySet:
    rows = model.objects.filter(pk__in=list(keys))
    if model is Film:
        return rows.select_related("edition").prefetch_related("series").in_title_order()
    return rows.select_related("room__venue", "edition").prefetch_related("items__film").in_order()


def held(model: type[models.Model], keys: Iterable[int]) -> models.QuerySet:
    """The rows, which nobody else changes until the transaction ends; their rooms before them, as everywhere."""
    keys = list(keys)
    if model is Screening:
        for room in sorted(set(Screening.objects.filter(pk__in=keys).values_list("room", flat=True))):
            hold_room(room)
    list(model.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values("pk"))
    return rows_of(model, keys)


def publication_of_films(state: str, embargo_until: datetime | None = None) -> Bulk:
    """Publish, schedule for `embargo_until`, or withdraw."""

    def as_wished(film: Film) -> Film:
        return Film(state=state, embargo_until=embargo_until or film.embargo_until)

    def plan(films: models.QuerySet, at: datetime) -> list[Line]:
        seen = set(Film.objects.announced(at).filter(pk__in=[film.pk for film in films]).values_list("pk", flat=True))
        lines = []
        for film in films:
            before, after = publication.in_words(film), publication.in_words(as_wished(film))
            refusal = "" if before == after else publication.why_not(film, state, embargo_until, at, film.pk in seen)
            lines.append(Line(film, str(film), before, after, refusal))
        return lines

    def write(line: Line, by: AbstractBaseUser, why: str, at: datetime) -> None:
        wished = as_wished(line.row)
        line.row.state, line.row.embargo_until = wished.state, wished.embargo_until
        line.row.save(update_fields=["state", "embargo_until", "updated_at"])

    return Bulk(Film, plan, write)


def series_of_films(series: list[Series], *, add: bool) -> Bulk:
    """Put films into `series`, beside those they are in (`add`) or instead of them."""
    chosen = {one.pk: one.name for one in series}

    def plan(films: models.QuerySet, at: datetime) -> list[Line]:
        lines = []
        for film in films:
            now = {one.pk: one.name for one in film.series.all()}
            lines.append(Line(film, str(film), _names(now), _names(now | chosen if add else chosen)))
        return lines

    def write(line: Line, by: AbstractBaseUser, why: str, at: datetime) -> None:
        line.row.series.set({*(line.row.series.all() if add else ()), *series})

    return Bulk(Film, plan, write)


def _names(series: dict[int, str]) -> str:
    return ", ".join(sorted(series.values())) or _("In no series")


def standing_of_screenings(field: str, value: str) -> Bulk:
    """Set `sales` or `occurrence`; what takes place again is looked at for who has its room by now."""

    def in_words(state: str) -> str:
        return str(dict(Screening._meta.get_field(field).choices)[state])

    def plan(screenings: models.QuerySet, at: datetime) -> list[Line]:
        lines = []
        for screening in screenings:
            before, refusal, warnings = getattr(screening, field), "", ()
            if field == "occurrence" and before != value and value in Screening.TAKING_PLACE:
                refusal, warnings = _in_the_way(screening, value, at)
            name = f"{title_of(screening)}, {screening}"
            lines.append(Line(screening, name, in_words(before), in_words(value), refusal, warnings))
        return lines

    def write(line: Line, by: AbstractBaseUser, why: str, at: datetime) -> None:
        source = StatusChange.Source.ADMIN
        change(line.row.pk, Wish({field: value}, by=by, why=why, source=source, read=line.warnings), at)

    return Bulk(Screening, plan, write)


def _in_the_way(screening: Screening, occurrence: str, at: datetime) -> tuple[str, tuple[str, ...]]:
    """Why the screening cannot take place again, and what to know if it can."""
    before, screening.occurrence = screening.occurrence, occurrence
    screening.work_out_end()
    as_stored = Screening.objects.select_related("room__venue", "edition").get(pk=screening.pk)
    overlaps = [overlap_sentence(other) for other in unconfirmed_overlaps(screening, as_stored)]
    warnings = tuple(warnings_about(screening, screening.guests.all(), at))
    screening.occurrence = before
    return " ".join(overlaps), warnings
