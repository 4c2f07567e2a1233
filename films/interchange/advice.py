"""What the audience is to know before it comes, as the source prints it: age ratings and content warnings."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from films.interchange.changes import may_replace
from films.interchange.films import StoredFilms
from films.interchange.pieces import pieces
from films.interchange.programme import Programme
from films.interchange.report import Report, was_and_is
from films.interchange.sheets import Row
from films.interchange.words import Words
from films.models import (
    Classification,
    ClassificationScheme,
    ContentWarning,
    FilmClassification,
    WarningKind,
)
from films.recording import create_recorded, set_recorded, update_recorded
from venues.models import Venue

_CODE = Classification._meta.get_field("code").max_length
_JURISDICTION = ClassificationScheme._meta.get_field("jurisdiction").max_length


def store_warnings(programme: Programme, films: StoredFilms, words: Words, report: Report) -> None:
    """Add the warnings that a film lacks. One that the source does not list is kept, for somebody may rely on it."""
    here: dict[int, dict[int, int]] = {}
    for some in pieces([film.pk for film in films.by_key.values()]):
        rows = ContentWarning.objects.filter(film__in=some).order_by("position", "pk")
        for film, kind, position in rows.values_list("film_id", "kind_id", "position"):
            here.setdefault(film, {})[kind] = position
    new = []
    for row in programme.films:
        film = films.by_key[row["key"]]
        wanted = {kind.pk: kind for kind in words.all_of(WarningKind, row, "warnings")}
        present = here.get(film.pk, {})
        missing = [kind for pk, kind in wanted.items() if pk not in present]
        if missing and may_replace(film, "warnings", "", ", ".join(map(str, missing)), row, "warnings", report):
            start = max(present.values(), default=-1) + 1
            new += [
                ContentWarning(film=film, kind=kind, position=position)
                for position, kind in enumerate(missing, start=start)
            ]
            what = _("warnings added: %(names)s") % {"names": ", ".join(map(str, missing))}
            films.note_change(film, row, what, report)
        if wanted and set(present) - set(wanted):
            kept = words.with_keys(WarningKind, (pk for pk in present if pk not in wanted))
            sentence = _("Not in the source, but kept: %(names)s.") % {"names": ", ".join(map(str, kept))}
            report.kept.add(row.file, row.line, "warnings", sentence)
    create_recorded(new)


def store_ratings(
    programme: Programme, films: StoredFilms, venues: Iterable[Venue], source: str, report: Report
) -> None:
    """Classify the films in the scheme of their venues' jurisdiction, or else one named for the source."""
    rated = [row for row in programme.films if row["rating"]]
    if not rated:
        return
    scheme = _scheme(venues, source)
    classes = {name.casefold(): row for row in scheme.classes.all() for name in (row.label, row.code) if name}
    here: dict[int, FilmClassification] = {}
    for some in pieces([films.by_key[row["key"]].pk for row in rated]):
        rows = FilmClassification.objects.filter(scheme=scheme, film__in=some).select_related("classification")
        here |= {row.film_id: row for row in rows}
    new, changed = [], []
    for row in rated:
        film, printed = films.by_key[row["key"]], row["rating"].casefold()
        if printed not in classes:
            classes[printed] = _new_class(scheme, row, report)
        wanted = classes[printed]
        present = here.get(film.pk)
        if present and present.classification_id == wanted.pk:
            continue
        before = present.classification.code if present else ""
        if not may_replace(film, "classifications", before, wanted.code, row, "rating", report):
            continue
        films.note_change(film, row, was_and_is("rating", before, wanted.code), report)
        if present:
            present.classification = wanted
            changed.append(present)
        else:
            new.append(FilmClassification(film=film, scheme=scheme, classification=wanted))
    create_recorded(new)
    update_recorded(changed, ["classification"])


def _scheme(venues: Iterable[Venue], source: str) -> ClassificationScheme:
    venues = list(venues)
    jurisdictions = {venue.jurisdiction for venue in venues} - {""}
    jurisdiction = jurisdictions.pop() if len(jurisdictions) == 1 else source[:_JURISDICTION]
    scheme, _is_new = ClassificationScheme.objects.get_or_create(
        jurisdiction=jurisdiction, defaults={"name": f"As printed by {source}"}
    )
    blank = [venue.pk for venue in venues if not venue.jurisdiction]
    set_recorded(Venue.objects.filter(pk__in=blank), jurisdiction=jurisdiction)
    return scheme


def _new_class(scheme: ClassificationScheme, row: Row, report: Report) -> Classification:
    printed = row["rating"]
    minimum_age, accompanied_under = ages(printed)
    code = printed[:_CODE]
    for number in range(2, 1000):
        if not scheme.classes.filter(code=code).exists():
            break
        code = f"{printed[: _CODE - 4]}~{number}"
    label = printed if code != printed else ""
    position = scheme.classes.count()
    if accompanied_under:
        meaning = _("with an adult under %(age)d") % {"age": accompanied_under}
    else:
        meaning = _("minimum age %(age)d") % {"age": minimum_age} if minimum_age else _("all ages")
    sentence = _(
        "“%(printed)s” was read as “%(meaning)s”, a new class of the scheme “%(scheme)s”. "
        "Correct it among the classification schemes if it means something else."
    ) % {"printed": printed, "meaning": meaning, "scheme": scheme.jurisdiction}
    report.doubtful.add(row.file, row.line, "rating", sentence)
    return Classification.objects.create(
        scheme=scheme,
        code=code,
        label=label,
        minimum_age=minimum_age,
        accompanied_under=accompanied_under,
        position=position,
    )


def ages(printed: str) -> tuple[int, int]:
    """The minimum age that a printed rating means, and the age under which one needs an adult; 0 for none.

    "N/C 15+" is 15; "12A" admits younger ones with an adult; "U" and "PG-13" keep nobody out.
    """
    word = printed.casefold()
    if with_adult := re.fullmatch(r"(\d{1,2})\s*a", word):
        return 0, int(with_adult[1])
    number = re.search(r"\d+", word)
    if word.startswith("pg") or number is None or int(number[0]) > 21:
        return 0, 0
    return int(number[0]), 0
