"""What the listing check finds at a screening: each rule by the least change that calls it up."""

from datetime import UTC, datetime, timedelta

import pytest

from films.models import Screening, ScreeningGuest
from tests.factories import (
    NOW,
    LicenceFactory,
    PersonFactory,
    RoomFactory,
)
from tests.films.listing import change, codes_of, whole_film

pytestmark = pytest.mark.django_db


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

    assert codes_of(screening) == {code: level}


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

    assert codes_of(screening) == {}


def test_a_past_screening_is_left_in_peace(screening):
    change(screening, sales="on_sale")

    assert codes_of(screening, screening.ends_at - timedelta(seconds=1)) == {"no-ticket-address": "error"}
    assert codes_of(screening, screening.ends_at) == {}


def test_a_screening_postponed_beyond_its_date_is_found(screening):
    change(screening, occurrence="postponed")

    assert codes_of(screening) == {}
    assert codes_of(screening, screening.ends_at) == {"postponed-too-long": "warning"}


def test_a_screening_that_moved_nowhere_is_found(screening):
    Screening.objects.filter(pk=screening.pk).update(occurrence="moved", previous_starts_at=screening.starts_at)
    assert codes_of(screening) == {"moved-from-here": "warning"}

    Screening.objects.filter(pk=screening.pk).update(previous_room=RoomFactory())
    assert codes_of(screening) == {}


def test_an_unknown_end_and_an_empty_screening_are_found(film, screening):
    change(film, runtime=None)
    assert codes_of(screening) == {"no-end": "hint"}

    screening.items.all().delete()
    assert codes_of(screening) == {"no-film": "warning"}


def test_what_is_not_public_is_found_where_tickets_are_sold_or_it_is_withdrawn(film, screening):
    change(film, state="draft")
    change(screening, ticket_url="https://tickets.example/1")
    assert codes_of(screening) == {}

    change(screening, sales="on_sale")
    assert codes_of(screening) == {"film-not-public": "error"}
    change(film, state="withdrawn")
    assert codes_of(screening) == {"film-withdrawn": "error"}


def beside(screening, minutes: int, **fields) -> Screening:
    """Another screening in the same room, beginning so long after this one's start."""
    fields = {"room": screening.room, "starts_at": screening.starts_at + timedelta(minutes=minutes)} | fields
    film = whole_film(screening.edition, title=f"Another at {minutes}")
    other = film.showings.get().screening
    change(other, **fields)
    return other


def test_an_overlap_is_an_error_for_both_until_one_says_why(screening):
    other = beside(screening, 99)
    assert (codes_of(screening), codes_of(other)) == ({"overlap": "error"}, {"overlap": "error"})

    change(other, overlap_reason="As the source has it")
    imported = {"overlap-imported": "warning"}
    assert (codes_of(screening), codes_of(other)) == (imported, imported)
    change(other, overlap_reason="One ticket for both")
    assert (codes_of(screening), codes_of(other)) == ({}, {})


def test_a_gap_under_the_turnaround_is_told_of_the_later_one(film, screening):
    later = beside(screening, 119)
    assert (codes_of(screening), codes_of(later)) == ({}, {"turnaround": "warning"})

    change(later, starts_at=screening.starts_at + timedelta(minutes=120))
    assert codes_of(later) == {}
    change(later, starts_at=screening.starts_at + timedelta(minutes=100))
    assert codes_of(later) == {"turnaround": "warning"}


def test_a_gap_after_a_guessed_end_is_no_finding(film, screening):
    change(film, runtime=None)

    assert codes_of(beside(screening, 125)) == {}


def test_a_guest_in_two_places_is_found_at_both(screening):
    guest = PersonFactory()
    other = beside(screening, 50, room=RoomFactory())
    for one in (screening, other):
        ScreeningGuest.objects.create(screening=one, person=guest)
    assert codes_of(screening) == codes_of(other) == {"guest-elsewhere": "warning"}

    change(other, starts_at=screening.ends_at)
    assert codes_of(screening) == codes_of(other) == {}


def test_an_age_by_hand_that_the_rules_ask_for_anyway_is_found(screening):
    change(screening, age_override=19, age_override_reason="Licensed for the night")
    assert codes_of(screening) == {}

    LicenceFactory(venue=screening.room.venue, minimum_age=19)
    assert codes_of(screening) == {"age-needless": "hint"}
