"""Films of a programme, found again or made, with what they are filed under."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from films.interchange.addresses import create_with_addresses
from films.interchange.changes import may_replace, report_if_made_anew, take_over
from films.interchange.editions import Editions
from films.interchange.ledger import Ledger, Sheet
from films.interchange.pieces import pieces
from films.interchange.programme import Programme
from films.interchange.report import Report, shown, was_and_is
from films.interchange.sheets import Row
from films.interchange.words import Words
from films.models import Country, Film, FilmCountry, Genre, Language, OldSlug, Quote, Series
from films.recording import create_recorded, delete_recorded, update_recorded
from people.text import slug_base

# Field of Film by column; the further ones are left alone where a cell is empty.
COLUMNS = {
    "title": "title", "alt_title": "original_title", "kind": "kind", "year": "year", "runtime_min": "runtime",
    "synopsis": "synopsis",
}  # fmt: skip
FURTHER_COLUMNS = {
    name: name
    for name in (
        "title_language", "original_language", "sort_title", "premiere", "blurb", "guest_note", "language_line",
    )
}  # fmt: skip
_COLUMN_OF = {field: column for column, field in (COLUMNS | FURTHER_COLUMNS).items()}


@dataclass(frozen=True)
class Filing:
    """A list of words that a film is filed under: its column, the rows between the two, their own columns."""

    column: str
    word: type[models.Model]
    through: type[models.Model]
    word_id: str
    is_ordered: bool = False


FILINGS = (
    Filing("countries", Country, FilmCountry, "country_id", is_ordered=True),
    Filing("languages", Language, Film.languages.through, "language_id"),
    Filing("sections", Series, Film.series.through, "series_id"),
    Filing("genres", Genre, Film.genres.through, "genre_id"),
)


@dataclass
class StoredFilms:
    """Films by the source's key; primary keys of those that are new, that changed or are new, whose runtime changed."""

    by_key: dict[str, Film]
    new: set[int]
    touched: set[int]
    with_new_runtime: set[int]

    def note_change(self, film: Film, row: Row, what: str, report: Report) -> None:
        """Something beside the film's own fields changed: a change to report, unless the film is new."""
        if film.pk not in self.new:
            report.change(row.file, row.line, film.title, what)
            self.touched.add(film.pk)


def store_films(programme: Programme, editions: Editions, words: Words, ledger: Ledger, report: Report) -> StoredFilms:
    known = ledger.known(Sheet.FILM)
    here: dict[int, Film] = {}
    for some in pieces([known[row["key"]] for row in programme.films if row["key"] in known]):
        here |= Film.objects.in_bulk(some)
    new, changed, with_new_runtime = {}, [], set()
    by_key: dict[str, Film] = {}
    for row in programme.films:
        film = here.get(known.get(row["key"]))
        if film is None:
            report_if_made_anew(row, known, report)
            film = by_key[row["key"]] = new[row["key"]] = _new(row, editions)
            report.creation(row.file, row.line, film.title)
            continue
        by_key[row["key"]] = film
        _keep_publication(film, row, report)
        if fields := take_over(film, str(film), _wanted(row), _COLUMN_OF, row, report):
            changed.append(film)
            with_new_runtime |= {film.pk} if "runtime" in fields else set()
    _create(list(new.values()))
    ledger.add(Sheet.FILM, {key: film.pk for key, film in new.items()})
    _save(changed)
    of_new = {film.pk for film in new.values()}
    stored = StoredFilms(by_key, of_new, of_new | {film.pk for film in changed}, with_new_runtime)
    _file(programme.films, stored, words, report)
    _quote(programme.films, stored, report)
    return stored


def _wanted(row: Row) -> dict[str, object]:
    wanted = {field: row[column] for column, field in COLUMNS.items()}
    return wanted | {field: row[column] for column, field in FURTHER_COLUMNS.items() if row.get(column)}


def _new(row: Row, editions: Editions) -> Film:
    state, embargo = row.get("state") or Film.State.PUBLISHED, row.get("embargo_until")
    fields = {"title_language": ""} | _wanted(row)
    return Film(edition=editions.of(row), state=state, embargo_until=embargo, **fields)


def _keep_publication(film: Film, row: Row, report: Report) -> None:
    """What the world sees of a film that is here is decided here."""
    if row.get("state") and row["state"] != film.state:
        sentence = _("Publication is decided here; kept %(here)s instead of %(there)s.")
        words = {"here": shown(film.state), "there": shown(row["state"])}
        report.kept.add(row.file, row.line, "state", sentence % words)


def _create(films: list[Film]) -> None:
    """As `Film.save` would one by one: derived columns, and an address of its own for each."""
    taken = set(Film.objects.values_list("slug", flat=True)) | set(OldSlug.objects.values_list("slug", flat=True))

    def base_of(film: Film) -> str:
        base = slug_base(film.title)
        return f"{base}-{film.year}" if base in taken and film.year else base

    for film in films:
        film.derive()
    create_with_addresses(films, base_of, "film", taken)


def _save(films: list[Film]) -> None:
    for film in films:
        film.derive()
    fields = [*_COLUMN_OF, "sort_key", "synopsis_html"]
    update_recorded(films, fields)


def _file(rows: list[Row], films: StoredFilms, words: Words, report: Report) -> None:
    for filing in FILINGS:
        if rows and filing.column not in rows[0]:
            continue
        here = _filed(filing, films.by_key)
        add, clear = [], []
        for row in rows:
            film = films.by_key[row["key"]]
            wanted = words.all_of(filing.word, row, filing.column)
            present = here.get(film.pk, [])
            if _is_refiled(filing, film, present, wanted, row, words, report):
                names = [", ".join(map(str, some)) for some in (words.with_keys(filing.word, present), wanted)]
                films.note_change(film, row, was_and_is(filing.column, *names), report)
                clear += [film.pk] if present else []
                add += _rows(filing, film, wanted)
        for some in pieces(clear):
            # The rows themselves hold nothing more, so that writing them anew loses nothing.
            delete_recorded(filing.through.objects.filter(film_id__in=some))
        create_recorded(add)


def _filed(filing: Filing, films: dict[str, Film]) -> dict[int, list[int]]:
    """Primary keys of the words of each film, in order."""
    here: dict[int, list[int]] = {}
    order = ("film_id", "position", "pk") if filing.is_ordered else ("film_id", "pk")
    for some in pieces([film.pk for film in films.values()]):
        rows = filing.through.objects.filter(film_id__in=some).order_by(*order)
        for film, word in rows.values_list("film_id", filing.word_id):
            here.setdefault(film, []).append(word)
    return here


def _is_refiled(
    filing: Filing, film: Film, present: list[int], wanted: list, row: Row, words: Words, report: Report
) -> bool:
    ids = [word.pk for word in wanted]
    if present == ids or (not filing.is_ordered and set(present) == set(ids)):
        return False
    before = words.with_keys(filing.word, present)
    return may_replace(film, _lock(filing), before, wanted, row, filing.column, report)


def _lock(filing: Filing) -> str:
    return "series" if filing.column == "sections" else filing.column


def _rows(filing: Filing, film: Film, words: list[models.Model]) -> list[models.Model]:
    rows = [filing.through(film_id=film.pk, **{filing.word_id: word.pk}) for word in words]
    if filing.is_ordered:
        for position, row in enumerate(rows):
            row.position = position
    return rows


def _quote(rows: list[Row], films: StoredFilms, report: Report) -> None:
    """Add each film's quote unless it has that very one."""
    quoted = [row for row in rows if row.get("quote")]
    here = set()
    for some in pieces([films.by_key[row["key"]].pk for row in quoted]):
        here |= set(Quote.objects.filter(film__in=some).values_list("film_id", "text"))
    new = []
    for row in quoted:
        film = films.by_key[row["key"]]
        if (film.pk, row["quote"]) not in here:
            new.append(Quote(film=film, text=row["quote"], source=row.get("quote_source", "")))
            films.note_change(film, row, _("quote added: %(quote)s") % {"quote": shown(row["quote"])}, report)
    create_recorded(new)
