from datetime import UTC, date, datetime, timedelta

import pytest

from films.conflicts import room_overlaps, unconfirmed_overlaps, warnings_about
from films.models import Edition, Film, Screening, ScreeningFilm, ScreeningGuest
from people.models import Person
from venues.models import Licence, Room, Venue

pytestmark = pytest.mark.django_db

SEVEN = datetime(2026, 10, 3, 2, 0, tzinfo=UTC)  # Fri 2 October, 19:00 in Vancouver


@pytest.fixture
def edition():
    return Edition.objects.create(name="Northlight 2026", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 11))


@pytest.fixture
def rio():
    venue = Venue.objects.create(name="The Rio", time_zone="America/Vancouver")
    return Room.objects.create(venue=venue, name="The Rio", turnaround=20)


@pytest.fixture
def village():
    venue = Venue.objects.create(name="International Village", time_zone="America/Vancouver")
    return Room.objects.create(venue=venue, name="Cinema 9", turnaround=20)


def screen(edition, room, starts_at, minutes=100, title="Salt Hours", **fields):
    film, _ = Film.objects.get_or_create(edition=edition, title=title, defaults={"runtime": minutes})
    screening = Screening.objects.create(edition=edition, room=room, starts_at=starts_at, **fields)
    ScreeningFilm.objects.create(screening=screening, film=film)
    screening.refresh_from_db()
    return screening


def planned(edition, room, starts_at, minutes=100, **fields):
    """A screening that nobody has saved yet."""
    ends_at = starts_at + timedelta(minutes=minutes)
    return Screening(edition=edition, room=room, starts_at=starts_at, ends_at=ends_at, **fields)


def test_a_room_is_held_until_the_end_and_not_a_second_longer(edition, rio):
    first = screen(edition, rio, SEVEN)

    assert list(room_overlaps(planned(edition, rio, SEVEN + timedelta(minutes=99)))) == [first]
    assert list(room_overlaps(planned(edition, rio, SEVEN + timedelta(minutes=100)))) == []
    assert list(room_overlaps(planned(edition, rio, SEVEN - timedelta(minutes=100)))) == []
    assert list(room_overlaps(planned(edition, rio, SEVEN - timedelta(minutes=99)))) == [first]


def test_overlaps_are_found_across_midnight(edition, rio):
    late = screen(edition, rio, datetime(2026, 10, 3, 6, 30, tzinfo=UTC))  # 23:30 to 01:10

    assert list(room_overlaps(planned(edition, rio, datetime(2026, 10, 3, 7, 15, tzinfo=UTC)))) == [late]


def test_another_room_and_the_screening_itself_do_not_overlap(edition, rio, village):
    first = screen(edition, rio, SEVEN)

    assert list(room_overlaps(planned(edition, village, SEVEN))) == []
    assert list(room_overlaps(first)) == []


@pytest.mark.parametrize("occurrence", [Screening.Occurrence.CANCELLED, Screening.Occurrence.POSTPONED])
def test_what_does_not_take_place_holds_no_room(edition, rio, occurrence):
    screen(edition, rio, SEVEN, occurrence=occurrence)

    assert list(room_overlaps(planned(edition, rio, SEVEN))) == []
    held = screen(edition, rio, SEVEN)
    assert list(room_overlaps(planned(edition, rio, SEVEN))) == [held]
    assert list(room_overlaps(planned(edition, rio, SEVEN, occurrence=occurrence))) == []


def test_a_reason_confirms_an_overlap_for_both_and_no_other_overlap(edition, rio):
    first = screen(edition, rio, SEVEN)
    second = screen(edition, rio, SEVEN, title="Oy", overlap_reason="One ticket for both")
    third = screen(edition, rio, SEVEN + timedelta(hours=4), title="Borrowed Light")

    assert unconfirmed_overlaps(first, first) == []
    assert unconfirmed_overlaps(second, second) == []
    moved = planned(edition, rio, third.starts_at, overlap_reason="One ticket for both")
    moved.pk = second.pk
    assert unconfirmed_overlaps(moved, second) == [third]


def test_a_gap_under_the_turnaround_is_a_warning(edition, rio):
    screen(edition, rio, SEVEN)

    after = planned(edition, rio, SEVEN + timedelta(minutes=119))
    assert warnings_about(after, []) == [
        "Only 19 minutes lie between this and “Salt Hours” (Fri 2 Oct 2026, 19:00–20:40); The Rio needs 20."
    ]
    before = planned(edition, rio, SEVEN - timedelta(minutes=105))
    assert warnings_about(before, []) == [
        "Only 5 minutes lie between this and “Salt Hours” (Fri 2 Oct 2026, 19:00–20:40); The Rio needs 20."
    ]
    assert warnings_about(planned(edition, rio, SEVEN + timedelta(minutes=120)), []) == []


def test_a_guest_in_two_places_at_once_is_a_warning(edition, rio, village):
    guest = Person.objects.create(name="Astrid Sæther")
    ScreeningGuest.objects.create(screening=screen(edition, rio, SEVEN), person=guest)

    sentence = "Astrid Sæther is a guest at “Salt Hours” at that time (Fri 2 Oct 2026, 19:00–20:40, The Rio)."
    assert warnings_about(planned(edition, village, SEVEN), [guest]) == [sentence]
    assert warnings_about(planned(edition, village, SEVEN), []) == []
    assert warnings_about(planned(edition, village, SEVEN + timedelta(minutes=100)), [guest]) == []


def test_a_late_show_of_the_last_night_lies_inside_the_edition(edition, rio):
    after_midnight = datetime(2026, 10, 12, 7, 30, tzinfo=UTC)  # Mon 12 October, 00:30
    next_morning = datetime(2026, 10, 12, 13, 0, tzinfo=UTC)  # 06:00

    assert warnings_about(planned(edition, rio, after_midnight), []) == []
    assert warnings_about(planned(edition, rio, next_morning), []) == [
        "Monday 12 October 2026 lies outside Northlight 2026."
    ]


def test_a_year_round_programme_has_no_last_day(rio):
    house = Edition.objects.create(
        name="The house", kind=Edition.Kind.YEAR_ROUND, starts_on=date(2026, 1, 1), ends_on=None
    )

    assert warnings_about(planned(house, rio, datetime(2031, 5, 1, tzinfo=UTC)), []) == []


@pytest.mark.parametrize("sales", ["on_sale", "selling_fast", "standby", "sold_out"])
def test_a_stricter_room_after_tickets_were_sold_is_a_warning(edition, rio, village, sales):
    Licence.objects.create(venue=rio.venue, minimum_age=19, note="Licensed room.")
    screening = screen(edition, village, SEVEN, sales=sales)

    screening.room = rio

    (sentence,) = warnings_about(screening, [])
    assert sentence.startswith("Tickets were sold for All ages; in The Rio it would be 19+. Licensed room.")
    assert Screening.objects.get(pk=screening.pk).room == village


def test_a_stricter_room_before_any_sale_is_no_warning(edition, rio, village):
    Licence.objects.create(venue=rio.venue, minimum_age=19)
    on_sale_at = SEVEN - timedelta(days=1)
    screening = screen(edition, village, SEVEN, sales="not_yet", on_sale_at=on_sale_at)

    screening.room = rio

    assert warnings_about(screening, [], on_sale_at - timedelta(microseconds=1)) == []
    assert len(warnings_about(screening, [], on_sale_at)) == 1


def test_a_cancelled_screening_gets_no_warnings(edition, rio):
    screen(edition, rio, SEVEN)
    cancelled = planned(edition, rio, SEVEN + timedelta(minutes=101), occurrence="cancelled")

    assert warnings_about(cancelled, []) == []


def test_the_end_that_is_planned_is_the_end_that_is_stored(edition, rio):
    known = Film.objects.create(edition=edition, title="Oy", runtime=80)
    unknown = Film.objects.create(edition=edition, title="Untitled", year=2026)
    withdrawn = Film.objects.create(edition=edition, title="Gone", runtime=60, state="withdrawn")
    for films in ([], [known], [known, unknown], [known, withdrawn], [withdrawn]):
        screening = Screening.objects.create(edition=edition, room=rio, starts_at=SEVEN, preshow=10, talk=20)
        for film in films:
            ScreeningFilm.objects.create(screening=screening, film=film)
        screening.refresh_from_db()
        stored = (screening.ends_at, screening.end_is_approximate)
        screening.work_out_end(films)
        assert (screening.ends_at, screening.end_is_approximate) == stored
