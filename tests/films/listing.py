"""A listing that wants for nothing, and what the check finds once something of it is changed."""

from films.listing_check import check
from films.models import Country, Film, Screening
from tests.factories import NOW, FilmFactory, PersonFactory, RoomFactory, ScreeningFactory


def whole_film(edition, **fields) -> Film:
    """A film that wants for nothing, with one screening."""
    film = FilmFactory(
        **{
            "edition": edition,
            "title": "Salt Hours",
            "synopsis": "A ferry is late.",
            "blurb": "A ferry is late, and so is spring.",
            "still_key": "a" * 16,
            "still_alt": "A ferry in the fog",
            "language_line": "In Icelandic with English subtitles",
            "year": 2026,
            "directors": [PersonFactory(name="Astrid Sæther")],
        }
        | fields
    )
    film.origins.create(country=Country.objects.get_or_create(name="Iceland")[0])
    ScreeningFactory(edition=edition, films=[film], room=RoomFactory(turnaround=20), sales="not_yet")
    return film


def codes_of(row: Film | Screening, at=NOW) -> dict[str, str]:
    """The codes of what is found at `row`, each with its level."""
    return {
        finding.code: finding.level
        for _row, findings in check(type(row).objects.filter(pk=row.pk), at)
        for finding in findings
    }


def change(row: Film | Screening, **fields) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
