"""The listing check as a whole: its order, its cost, its command, and the filter of a list by what it finds."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from films.listing_check import FILM_RULES, SCREENING_RULES, Level, check, check_editions, facts_of, rules_for
from films.models import Film, Screening, ScreeningFilm, ScreeningGuest
from tests.factories import (
    NOW,
    EditionFactory,
    FilmFactory,
    ScreeningFactory,
)
from tests.films.listing import change, whole_film

pytestmark = pytest.mark.django_db


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


def check_listings(*args) -> tuple[int, list[str]]:
    out = StringIO()
    try:
        call_command("check_listings", *args, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.mark.usefixtures("now")
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


@pytest.mark.usefixtures("now")
def test_the_command_looks_at_one_edition_or_at_those_not_over(film):
    past = EditionFactory(name="Northlight 1999", starts_on=date(1999, 10, 1), ends_on=date(1999, 10, 9))
    whole_film(past, year=1999, synopsis="")

    assert check_listings()[0] == 0
    assert check_listings("--edition", "Northlight 1999")[0] == 1
    with pytest.raises(CommandError, match="There is no edition “Northlight 1998”") as refusal:
        call_command("check_listings", "--edition", "Northlight 1998")
    assert refusal.value.returncode == 2
