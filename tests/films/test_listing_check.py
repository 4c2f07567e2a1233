"""What the listing check finds: each rule by the least change that calls it up in a listing without fault."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from films.listing_check import FILM_RULES, SCREENING_RULES, Level, check, check_editions, facts_of, rules_for
from films.listing_check.wording import shouts
from films.models import Classification, Country, CreditRole, Film, Screening, ScreeningFilm, ScreeningGuest
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    LicenceFactory,
    PersonFactory,
    RoomFactory,
    SchemeFactory,
    ScreeningFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def film(edition):
    return whole_film(edition)


@pytest.fixture
def screening(film):
    return film.showings.get().screening


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


def of_film(film, at=NOW) -> dict[str, str]:
    return {
        finding.code: finding.level
        for _film, findings in check(Film.objects.filter(pk=film.pk), at)
        for finding in findings
    }


def of_screening(screening, at=NOW) -> dict[str, str]:
    return {
        finding.code: finding.level
        for _screening, findings in check(Screening.objects.filter(pk=screening.pk), at)
        for finding in findings
    }


def change(thing, **fields) -> None:
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save()


def test_a_listing_without_fault_has_no_findings(film, screening):
    assert of_film(film) == {}
    assert of_screening(screening) == {}


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

    assert of_film(film) == {code: level}


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

    assert of_film(film) == {}


@pytest.mark.parametrize("title", ["36", "4004", "X-Y", "JFK", "AKIRA", "RRR 2", "無人站", "Salt HOURS", "M*A*S*H"])
def test_a_name_that_is_written_so_does_not_shout(title):
    assert not shouts(title)


@pytest.mark.parametrize("name", ["AGNÈS VARDA", "JEAN-LUC GODARD", "DJ SHADOW", "ЛАРИСА ШЕПИТЬКО"])
def test_a_persons_name_in_capitals_is_found(film, name):
    CreditFactory(film=film, person=PersonFactory(name=name), role=CreditRole.objects.get(slug="cast"))

    assert of_film(film) == {"name-in-capitals": "warning"}


def test_what_is_missing_from_a_draft_is_only_a_hint(film):
    change(film, state="draft", synopsis="", still_alt="", runtime=361)

    assert of_film(film) == {"no-alt-text": "hint", "no-synopsis": "hint", "runtime-implausible": "warning"}


def test_nobody_who_directs_and_no_country_are_found(film):
    film.credits.all().delete()
    film.origins.all().delete()

    assert of_film(film) == {"no-director": "warning", "no-country": "hint"}


def test_one_name_for_two_people_is_found(film):
    CreditFactory(film=film, person=PersonFactory(name="Astrid Saether"), role=CreditRole.objects.get(slug="cast"))

    assert of_film(film) == {"person-twice": "warning"}


def test_two_people_in_one_row_are_found(film):
    CreditFactory(film=film, person=PersonFactory(name="Ana Sol and Eva Mar"))
    CreditFactory(film=film, person=PersonFactory(name="Kate and Anna McGarrigle"))

    assert of_film(film) == {"several-in-one-name": "hint"}


def test_a_quote_without_the_address_of_its_source_is_found(film):
    film.quotes.create(text="Slow, wet, lovely.", source="Harbour Ledger")

    assert of_film(film) == {"quote-without-address": "hint"}


def test_a_film_published_without_a_screening_is_found_while_its_edition_runs(edition, film, screening):
    change(film, premiere="world")
    screening.delete()

    assert of_film(film) == {"no-screening": "warning", "premiere-without-screening": "warning"}
    assert of_film(film, edition.ends_at - timedelta(seconds=1)) == of_film(film)
    assert of_film(film, edition.ends_at) == {}


def test_a_film_shown_inside_a_programme_has_its_screening(edition, film, screening):
    programme = FilmFactory(edition=edition, kind=Film.Kind.PROGRAMME)
    programme.parts.create(film=film)
    screening.items.update(film=programme)

    assert of_film(film) == {}


@pytest.mark.parametrize("fields", [{"audience": "press"}, {"occurrence": "cancelled"}])
def test_a_screening_that_nobody_can_go_to_is_none(film, screening, fields):
    change(screening, **fields)

    assert of_film(film) == {"no-screening": "warning"}


def test_a_premiere_has_exactly_one_badge(edition, film, screening):
    change(film, premiere="world")
    change(screening, is_premiere=True)
    assert of_film(film) == {}
    assert of_screening(screening) == {}

    ScreeningFactory(edition=edition, films=[film], is_premiere=True, starts_at=NOW + timedelta(days=1))
    assert of_film(film) == {"premiere-twice": "error"}

    change(film, premiere="")
    assert of_film(film) == {}
    assert of_screening(screening) == {"premiere-of-nothing": "warning"}


def test_an_edition_announced_after_the_first_screening_is_found(edition, film):
    change(edition, announced_at=NOW + timedelta(hours=2, seconds=1))

    assert of_film(film) == {"public-too-late": "error"}


def test_a_programme_without_films_or_shorter_than_they_is_found(edition, film):
    change(film, kind="programme")
    assert of_film(film) == {"programme-without-films": "warning"}

    film.parts.create(film=FilmFactory(edition=edition, kind="short", runtime=50))
    film.parts.create(film=FilmFactory(edition=edition, kind="short", runtime=50))
    assert of_film(film) == {}
    change(film, runtime=99)
    assert of_film(film) == {"runtime-under-its-films": "warning"}


def test_the_same_title_and_year_twice_in_an_edition_is_found(edition, film):
    other = whole_film(edition, year=None)
    assert of_film(film) == {"entered-twice": "hint"}

    change(other, year=1994)
    assert of_film(film) == {}
    change(other, year=2026, edition=EditionFactory())
    assert of_film(film) == {}


def test_a_placeholder_that_tells_its_secret_is_found(edition, film):
    secret = whole_film(edition, title="Secret Screening 1", kind="secret", stands_for=film, synopsis="Come.")
    assert of_film(secret) == {}

    change(secret, still_alt="A still of SALT HOURS")
    assert of_film(secret) == {"secret-told": "error"}


def test_a_film_without_a_class_is_found_where_no_rule_says_who_may_see_it(film):
    scheme = SchemeFactory()
    assert of_film(film) == {}

    scheme.unclassified_rules.all().delete()
    assert of_film(film) == {"unclassified": "warning"}
    film.classifications.create(classification=Classification.objects.get(code="PG"))
    assert of_film(film) == {}


def test_a_programme_of_which_only_some_films_have_a_class_is_found(edition, film):
    SchemeFactory()
    shorts = [FilmFactory(edition=edition, kind="short", runtime=50) for _ in range(2)]
    change(film, kind="programme")
    for short in shorts:
        film.parts.create(film=short)
    assert of_film(film) == {}

    shorts[0].classifications.create(classification=Classification.objects.get(code="PG"))
    assert of_film(film) == {"partly-classified": "hint"}
    shorts[1].classifications.create(classification=Classification.objects.get(code="G"))
    assert of_film(film) == {}


# Screenings


@pytest.mark.parametrize(
    ("code", "level", "fields"),
    [
        ("outside-edition", "warning", {"starts_at": datetime(2026, 10, 9, 19, tzinfo=UTC)}),
        ("small-hours", "warning", {"starts_at": datetime(2026, 10, 3, 10, 0, tzinfo=UTC)}),
        ("small-hours", "warning", {"starts_at": datetime(2026, 10, 3, 14, 59, tzinfo=UTC)}),
        ("ends-too-early", "warning", {"entered_end": NOW + timedelta(hours=2, minutes=94)}),
        ("lasts-long", "warning", {"entered_end": NOW + timedelta(hours=10, seconds=1)}),
        ("premiere-of-nothing", "warning", {"is_premiere": True}),
        ("subtitles-untagged", "hint", {"language_line": "In French with English subtitles"}),
        ("no-ticket-address", "error", {"sales": "on_sale"}),
        ("no-ticket-address", "error", {"sales": "not_yet", "on_sale_at": NOW}),
        ("on-sale-too-late", "error", {"on_sale_at": NOW + timedelta(hours=2)}),
        ("sold-out-unchecked", "hint", {"sales": "sold_out"}),
        ("free-with-a-price", "warning", {"sales": "free", "price": 12}),
    ],
)
def test_one_change_to_a_screening_without_fault_is_one_finding(screening, code, level, fields):
    change(screening, **fields)

    assert of_screening(screening) == {code: level}


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_at": datetime(2026, 10, 3, 9, 59, tzinfo=UTC)},
        {"starts_at": datetime(2026, 10, 3, 15, 0, tzinfo=UTC)},
        {"entered_end": NOW + timedelta(hours=2, minutes=95)},
        {"entered_end": NOW + timedelta(hours=10)},
        {"sales": "on_sale", "ticket_url": "https://tickets.example/1"},
        {"sales": "on_sale", "audience": "press"},
        {"on_sale_at": NOW + timedelta(hours=2) - timedelta(seconds=1)},
        {"sales": "sold_out", "sales_checked_at": NOW},
        {"sales": "free", "price": 0},
        {"occurrence": "cancelled", "sales": "on_sale"},
    ],
)
def test_what_may_well_be_meant_at_a_screening_is_no_finding(screening, fields):
    change(screening, **fields)

    assert of_screening(screening) == {}


def test_a_past_screening_is_left_in_peace(screening):
    change(screening, sales="on_sale")

    assert of_screening(screening, screening.ends_at - timedelta(seconds=1)) == {"no-ticket-address": "error"}
    assert of_screening(screening, screening.ends_at) == {}


def test_a_screening_postponed_beyond_its_date_is_found(screening):
    change(screening, occurrence="postponed")

    assert of_screening(screening) == {}
    assert of_screening(screening, screening.ends_at) == {"postponed-too-long": "warning"}


def test_a_screening_that_moved_nowhere_is_found(screening):
    Screening.objects.filter(pk=screening.pk).update(occurrence="moved", previous_starts_at=screening.starts_at)
    assert of_screening(screening) == {"moved-from-here": "warning"}

    Screening.objects.filter(pk=screening.pk).update(previous_room=RoomFactory())
    assert of_screening(screening) == {}


def test_an_unknown_end_and_an_empty_screening_are_found(film, screening):
    change(film, runtime=None)
    assert of_screening(screening) == {"no-end": "hint"}

    screening.items.all().delete()
    assert of_screening(screening) == {"no-film": "warning"}


def test_what_is_not_public_is_found_where_tickets_are_sold_or_it_is_withdrawn(film, screening):
    change(film, state="draft")
    change(screening, ticket_url="https://tickets.example/1")
    assert of_screening(screening) == {}

    change(screening, sales="on_sale")
    assert of_screening(screening) == {"film-not-public": "error"}
    change(film, state="withdrawn")
    assert of_screening(screening) == {"film-withdrawn": "error"}


def beside(screening, minutes: int, **fields) -> Screening:
    """Another screening in the same room, beginning so long after this one's start."""
    fields = {"room": screening.room, "starts_at": screening.starts_at + timedelta(minutes=minutes)} | fields
    film = whole_film(screening.edition, title=f"Another at {minutes}")
    other = film.showings.get().screening
    change(other, **fields)
    return other


def test_an_overlap_is_an_error_for_both_until_one_says_why(screening):
    other = beside(screening, 99)
    assert (of_screening(screening), of_screening(other)) == ({"overlap": "error"}, {"overlap": "error"})

    change(other, overlap_reason="As the source has it")
    imported = {"overlap-imported": "warning"}
    assert (of_screening(screening), of_screening(other)) == (imported, imported)
    change(other, overlap_reason="One ticket for both")
    assert (of_screening(screening), of_screening(other)) == ({}, {})


def test_a_gap_under_the_turnaround_is_told_of_the_later_one(film, screening):
    later = beside(screening, 119)
    assert (of_screening(screening), of_screening(later)) == ({}, {"turnaround": "warning"})

    change(later, starts_at=screening.starts_at + timedelta(minutes=120))
    assert of_screening(later) == {}
    change(later, starts_at=screening.starts_at + timedelta(minutes=100))
    assert of_screening(later) == {"turnaround": "warning"}


def test_a_gap_after_a_guessed_end_is_no_finding(film, screening):
    change(film, runtime=None)

    assert of_screening(beside(screening, 125)) == {}


def test_a_guest_in_two_places_is_found_at_both(screening):
    guest = PersonFactory()
    other = beside(screening, 50, room=RoomFactory())
    for one in (screening, other):
        ScreeningGuest.objects.create(screening=one, person=guest)
    assert of_screening(screening) == of_screening(other) == {"guest-elsewhere": "warning"}

    change(other, starts_at=screening.ends_at)
    assert of_screening(screening) == of_screening(other) == {}


def test_an_age_by_hand_that_the_rules_ask_for_anyway_is_found(screening):
    change(screening, age_override=19, age_override_reason="Licensed for the night")
    assert of_screening(screening) == {}

    LicenceFactory(venue=screening.room.venue, minimum_age=19)
    assert of_screening(screening) == {"age-needless": "hint"}


# All of it


def test_codes_are_unique_and_findings_come_worst_first(film):
    codes = [rule.code for rule in [*FILM_RULES, *SCREENING_RULES]]
    assert len(codes) == len(set(codes))

    change(film, still_alt="", blurb="", synopsis="")
    ((_film, findings),) = check(Film.objects.filter(pk=film.pk), NOW)
    assert [finding.level for finding in findings] == [Level.ERROR, Level.WARNING, Level.HINT]
    assert [finding.field for finding in findings] == ["still_alt", "synopsis", "blurb"]


def test_a_whole_festival_is_checked_in_a_constant_number_of_queries(edition, django_assert_num_queries):
    def add(count: int) -> None:
        for _number in range(count):
            film = whole_film(edition, title=f"Film number {Film.objects.count()}", premiere="world", runtime=None)
            first = film.showings.get().screening
            change(first, age_override=19, age_override_reason="The bar is open")
            other = ScreeningFactory(edition=edition, films=[film], room=first.room)
            ScreeningFilm.objects.create(
                screening=other, film=whole_film(edition, title=f"Short number {Film.objects.count()}")
            )
            for screening in (first, other):
                ScreeningGuest.objects.create(screening=screening, person=film.credits.get().person)

    add(1)
    with CaptureQueriesContext(connection) as with_one:
        list(check_editions([edition], NOW))
    add(14)
    with django_assert_num_queries(len(with_one)):
        found = list(check_editions([edition], NOW))
    assert {finding.code for _row, findings in found for finding in findings} == {
        "no-runtime",
        "premiere-without-badge",
        "overlap",
        "no-end",
        "guest-elsewhere",
    }
    assert len(with_one) <= 25


def test_a_list_is_filtered_by_just_what_the_findings_say(edition, film, screening):
    change(film, still_alt="", blurb="", synopsis="")
    change(screening, sales="on_sale", ticket_url="")
    ScreeningFactory(edition=edition, films=[FilmFactory(edition=edition, state="draft")], room=screening.room)
    for model in (Film, Screening):
        found = check(model.objects.all(), NOW)
        assert found
        for wanted in [*Level, *(rule.code for rule in rules_for(model))]:
            said = {row.pk for row, findings in found for one in findings if wanted in (one.code, one.level)}
            facts = facts_of(model.objects.all(), NOW)
            assert {one.row.pk for one in facts if rules_for(model).finds(one, wanted)} == said, wanted


def test_a_rule_reads_no_more_than_it_asks_for(film, django_assert_num_queries):
    with django_assert_num_queries(2):  # The films, and their editions.
        assert not any(FILM_RULES.finds(facts, "no-still") for facts in facts_of(Film.objects.all(), NOW))


# The command


@pytest.fixture
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


def check_listings(*args) -> tuple[int, list[str]]:
    out = StringIO()
    try:
        call_command("check_listings", *args, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.mark.usefixtures("_now")
def test_the_command_ends_with_1_when_something_is_found(film):
    assert check_listings() == (0, ["Nothing found."])

    change(film, synopsis="", blurb="")
    line = (
        f"warning  film {film.pk} “Salt Hours (2026)”: It has no synopsis, so its page does not say what it is about. "
        "[no-synopsis]"
    )
    assert check_listings() == (1, [line])
    assert check_listings("--level", "error") == (0, ["Nothing found."])
    assert len(check_listings("--level", "hint")[1]) == 2


@pytest.mark.usefixtures("_now")
def test_the_command_looks_at_one_edition_or_at_those_not_over(film):
    past = EditionFactory(name="Northlight 1999", starts_on=date(1999, 10, 1), ends_on=date(1999, 10, 9))
    whole_film(past, year=1999, synopsis="")

    assert check_listings()[0] == 0
    assert check_listings("--edition", "Northlight 1999")[0] == 1
    with pytest.raises(CommandError, match="There is no edition “Northlight 1998”") as refusal:
        call_command("check_listings", "--edition", "Northlight 1998")
    assert refusal.value.returncode == 2
