"""What the listing check finds at a film: each rule by the least change that calls it up."""

from datetime import timedelta

import pytest

from films.listing_check.wording import shouts
from films.models import Classification, CreditRole, Film
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    PersonFactory,
    SchemeFactory,
    ScreeningFactory,
)
from tests.films.listing import change, codes_of, whole_film

pytestmark = pytest.mark.django_db


def test_a_listing_without_fault_has_no_findings(film, screening):
    assert codes_of(film) == {}
    assert codes_of(screening) == {}


@pytest.mark.parametrize(
    ("code", "level", "fields"),
    [
        ("no-alt-text", "error", {"still_alt": " "}),
        ("no-still", "hint", {"still_key": ""}),
        ("no-synopsis", "warning", {"synopsis": ""}),
        ("no-blurb", "hint", {"blurb": ""}),
        ("no-runtime", "warning", {"runtime": None}),
        ("no-language", "hint", {"language_line": ""}),
        ("no-year", "hint", {"year": None}),
        ("title-in-capitals", "hint", {"title": "SALT HOURS", "slug": "salt-hours"}),
        ("original-title-repeats", "hint", {"original_title": "Sált Hours"}),
        ("runtime-implausible", "warning", {"runtime": 361}),
        ("runtime-implausible", "warning", {"runtime": 61, "kind": "short"}),
        ("feature-is-short", "hint", {"runtime": 39}),
        ("year-odd", "warning", {"year": 2028}),
        ("year-odd", "warning", {"year": 1887}),
        ("address-odd", "hint", {"slug": "film-7"}),
        ("markup-in-text", "warning", {"synopsis": "A ferry.<br>Late."}),
        ("markup-in-text", "warning", {"blurb": "Salt &amp; hours."}),
        ("placeholder-text", "warning", {"synopsis": "Lorem ipsum dolor."}),
        ("details-are-there", "hint", {"tba": True}),
        ("premiere-without-badge", "warning", {"premiere": "world"}),
        ("public-too-late", "error", {"state": "scheduled", "embargo_until": NOW + timedelta(hours=2, seconds=1)}),
    ],
)
def test_one_change_to_a_film_without_fault_is_one_finding(film, code, level, fields):
    change(film, **fields)

    assert codes_of(film) == {code: level}


@pytest.mark.parametrize(
    "fields",
    [
        {"runtime": 360},
        {"runtime": 40},
        {"runtime": 60, "kind": "short"},
        {"year": 2027},
        {"year": 1888},
        {"title": "X-Y", "slug": "x-y"},
        {"slug": "film-noir-nights"},
        {"original_title": "Salt Hour"},
        {"synopsis": "1 < 2, and R&B; todos los días."},
        {"state": "scheduled", "embargo_until": NOW + timedelta(hours=2)},
        {"kind": "short", "runtime": 20, "still_key": "", "blurb": ""},
        {"tba": True, "synopsis": "", "runtime": None, "still_key": "", "blurb": "", "year": None},
        {"state": "withdrawn", "synopsis": "", "runtime": None},
    ],
)
def test_what_may_well_be_meant_is_no_finding(film, fields):
    change(film, **fields)

    assert codes_of(film) == {}


@pytest.mark.parametrize("title", ["36", "4004", "X-Y", "JFK", "AKIRA", "RRR 2", "無人站", "Salt HOURS", "M*A*S*H"])
def test_a_name_that_is_written_so_does_not_shout(title):
    assert not shouts(title)


@pytest.mark.parametrize("name", ["AGNÈS VARDA", "JEAN-LUC GODARD", "DJ SHADOW", "ЛАРИСА ШЕПИТЬКО"])
def test_a_persons_name_in_capitals_is_found(film, name):
    CreditFactory(film=film, person=PersonFactory(name=name), role=CreditRole.objects.get(slug="cast"))

    assert codes_of(film) == {"name-in-capitals": "warning"}


def test_what_is_missing_from_a_draft_is_only_a_hint(film):
    change(film, state="draft", synopsis="", still_alt="", runtime=361)

    assert codes_of(film) == {"no-alt-text": "hint", "no-synopsis": "hint", "runtime-implausible": "warning"}


def test_nobody_who_directs_and_no_country_are_found(film):
    film.credits.all().delete()
    film.origins.all().delete()

    assert codes_of(film) == {"no-director": "warning", "no-country": "hint"}


def test_one_name_for_two_people_is_found(film):
    CreditFactory(film=film, person=PersonFactory(name="Astrid Saether"), role=CreditRole.objects.get(slug="cast"))

    assert codes_of(film) == {"person-twice": "warning"}


def test_two_people_in_one_row_are_found(film):
    CreditFactory(film=film, person=PersonFactory(name="Ana Sol and Eva Mar"))
    CreditFactory(film=film, person=PersonFactory(name="Kate and Anna McGarrigle"))

    assert codes_of(film) == {"several-in-one-name": "hint"}


def test_a_quote_without_the_address_of_its_source_is_found(film):
    film.quotes.create(text="Slow, wet, lovely.", source="Harbour Ledger")

    assert codes_of(film) == {"quote-without-address": "hint"}


def test_a_film_published_without_a_screening_is_found_while_its_edition_runs(edition, film, screening):
    change(film, premiere="world")
    screening.delete()

    assert codes_of(film) == {"no-screening": "warning", "premiere-without-screening": "warning"}
    assert codes_of(film, edition.ends_at - timedelta(seconds=1)) == codes_of(film)
    assert codes_of(film, edition.ends_at) == {}


def test_a_film_shown_inside_a_programme_has_its_screening(edition, film, screening):
    programme = FilmFactory(edition=edition, kind=Film.Kind.PROGRAMME)
    programme.parts.create(film=film)
    screening.items.update(film=programme)

    assert codes_of(film) == {}


@pytest.mark.parametrize("fields", [{"audience": "press"}, {"occurrence": "cancelled"}])
def test_a_screening_that_nobody_can_go_to_is_none(film, screening, fields):
    change(screening, **fields)

    assert codes_of(film) == {"no-screening": "warning"}


def test_a_premiere_has_exactly_one_badge(edition, film, screening):
    change(film, premiere="world")
    change(screening, is_premiere=True)
    assert codes_of(film) == {}
    assert codes_of(screening) == {}

    ScreeningFactory(edition=edition, films=[film], is_premiere=True, starts_at=NOW + timedelta(days=1))
    assert codes_of(film) == {"premiere-twice": "error"}

    change(film, premiere="")
    assert codes_of(film) == {}
    assert codes_of(screening) == {"premiere-of-nothing": "warning"}


def test_an_edition_announced_after_the_first_screening_is_found(edition, film):
    change(edition, announced_at=NOW + timedelta(hours=2, seconds=1))

    assert codes_of(film) == {"public-too-late": "error"}


def test_a_programme_without_films_or_shorter_than_they_is_found(edition, film):
    change(film, kind="programme")
    assert codes_of(film) == {"programme-without-films": "warning"}

    film.parts.create(film=FilmFactory(edition=edition, kind="short", runtime=50))
    film.parts.create(film=FilmFactory(edition=edition, kind="short", runtime=50))
    assert codes_of(film) == {}
    change(film, runtime=99)
    assert codes_of(film) == {"runtime-under-its-films": "warning"}


def test_the_same_title_and_year_twice_in_an_edition_is_found(edition, film):
    other = whole_film(edition, year=None)
    assert codes_of(film) == {"entered-twice": "hint"}

    change(other, year=1994)
    assert codes_of(film) == {}
    change(other, year=2026, edition=EditionFactory())
    assert codes_of(film) == {}


def test_a_placeholder_that_tells_its_secret_is_found(edition, film):
    secret = whole_film(edition, title="Secret Screening 1", kind="secret", stands_for=film, synopsis="Come.")
    assert codes_of(secret) == {}

    change(secret, still_alt="A still of SALT HOURS")
    assert codes_of(secret) == {"secret-told": "error"}


def test_a_film_without_a_class_is_found_where_no_rule_says_who_may_see_it(film):
    scheme = SchemeFactory()
    assert codes_of(film) == {}

    scheme.unclassified_rules.all().delete()
    assert codes_of(film) == {"unclassified": "warning"}
    film.classifications.create(classification=Classification.objects.get(code="PG"))
    assert codes_of(film) == {}


def test_a_programme_of_which_only_some_films_have_a_class_is_found(edition, film):
    SchemeFactory()
    shorts = [FilmFactory(edition=edition, kind="short", runtime=50) for _ in range(2)]
    change(film, kind="programme")
    for short in shorts:
        film.parts.create(film=short)
    assert codes_of(film) == {}

    shorts[0].classifications.create(classification=Classification.objects.get(code="PG"))
    assert codes_of(film) == {"partly-classified": "hint"}
    shorts[1].classifications.create(classification=Classification.objects.get(code="G"))
    assert codes_of(film) == {}
