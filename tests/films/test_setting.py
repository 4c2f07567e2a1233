"""Setting how a screening stands: what is kept, who is told of whom, what is asked twice, and what is put back."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from films.box_office.precedence import Heard, hand_back, hear
from films.box_office.setting import UNDO_FOR, Clash, NeedsConfirmation, Wish, change, undo
from films.models import Screening, ScreeningGuest, StatusChange
from tests.factories import (
    NOW,
    EditionFactory,
    FilmFactory,
    LicenceFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
Sales, Occurrence, Axis, Source = Screening.Sales, Screening.Occurrence, StatusChange.Axis, StatusChange.Source
MINUTE = timedelta(minutes=1)


@pytest.fixture
def priya():
    return get_user_model().objects.create_user("priya", first_name="Priya")


@pytest.fixture
def marek():
    return get_user_model().objects.create_user("marek", first_name="Marek")


@pytest.fixture
def screening():
    return ScreeningFactory(sales=Sales.ON_SALE)


def newest(screening: Screening) -> int:
    return screening.changes.values_list("pk", flat=True).order_by("-pk").first() or 0


def set_to(screening, by, at=NOW, seen=None, read=None, why="", **values) -> Screening:
    return change(screening.pk, Wish(values, by, why=why, seen=seen, read=read), at)


def log(screening: Screening) -> list[tuple]:
    return list(screening.changes.order_by("pk").values_list("axis", "before", "after", "who", "source", "reason"))


# One press


def test_press_is_stored_checked_and_logged(screening, priya):
    set_to(screening, priya, sales=Sales.SOLD_OUT, why="Last seat gone")
    screening.refresh_from_db()
    assert (screening.sales, screening.sales_checked_at, screening.sales_held_at) == (Sales.SOLD_OUT, NOW, NOW)
    assert log(screening) == [("sales", "on_sale", "sold_out", "Priya", "board", "Last seat gone")]


def test_press_of_what_is_so_already_changes_nothing(screening, priya):
    revision = screening.revision
    set_to(screening, priya, sales=Sales.ON_SALE)
    screening.refresh_from_db()
    assert (screening.revision, log(screening)) == (revision, [])


def test_second_of_two_sees_what_the_first_set_and_overwrites_nothing(screening, priya, marek):
    seen = newest(screening)
    set_to(screening, priya, seen=seen, sales=Sales.SELLING_FAST)
    with pytest.raises(Clash) as clash:
        set_to(screening, marek, seen=seen, sales=Sales.SOLD_OUT)
    assert [(row.who, row.after) for row in clash.value.changes] == [("Priya", "selling_fast")]
    screening.refresh_from_db()
    assert screening.sales == Sales.SELLING_FAST
    set_to(screening, marek, seen=newest(screening), sales=Sales.SOLD_OUT)
    screening.refresh_from_db()
    assert screening.sales == Sales.SOLD_OUT


def test_two_who_want_the_same_do_not_clash(screening, priya, marek):
    for who in priya, marek:
        set_to(screening, who, seen=0, sales=Sales.SOLD_OUT)
    assert [row[3] for row in log(screening)] == ["Priya"]


def test_count_of_the_line_is_no_clash_with_a_state_but_a_cancellation_is(screening, priya, marek):
    set_to(screening, priya, seen=0, standby_line=12)
    set_to(screening, marek, seen=0, sales=Sales.STANDBY)
    set_to(screening, priya, seen=newest(screening), read=[], occurrence=Occurrence.CANCELLED)
    with pytest.raises(Clash):
        set_to(screening, marek, seen=newest(screening) - 1, standby_line=14)


def test_counts_are_stored_with_their_time(screening, priya):
    set_to(screening, priya, seats_left=7, standby_line=12, standby_opens=45)
    screening.refresh_from_db()
    assert (screening.seats_left, screening.seats_checked_at) == (7, NOW)
    assert (screening.standby_line, screening.standby_counted_at, screening.standby_minutes) == (12, NOW, 45)
    assert [row[:3] for row in log(screening)] == [("standby_opens", "", "45"), ("standby_line", "", "12")]


def test_screening_that_is_gone_is_said_to_be_gone(priya):
    with pytest.raises(Screening.DoesNotExist):
        change(404, Wish({"sales": Sales.SOLD_OUT}, priya), NOW)


# Where it hurts


@pytest.mark.parametrize("occurrence", [Occurrence.CANCELLED, Occurrence.POSTPONED])
def test_calling_off_is_asked_twice(screening, priya, occurrence):
    with pytest.raises(NeedsConfirmation):
        set_to(screening, priya, occurrence=occurrence)
    assert log(screening) == []
    set_to(screening, priya, read=[], occurrence=occurrence)
    assert log(screening) == [("occurrence", "scheduled", occurrence, "Priya", "board", "")]


def test_move_is_asked_twice_and_remembers_where_it_was(screening, priya):
    room, start = RoomFactory(), screening.starts_at + timedelta(hours=1)
    before = screening.room_id, screening.starts_at
    with pytest.raises(NeedsConfirmation):
        set_to(screening, priya, room=room, starts_at=start)
    set_to(screening, priya, read=[], room=room, starts_at=start)
    screening.refresh_from_db()
    assert (screening.room, screening.starts_at, screening.occurrence) == (room, start, Occurrence.MOVED)
    assert (screening.previous_room_id, screening.previous_starts_at) == before
    assert {row[0] for row in log(screening)} == {Axis.ROOM, Axis.START, Axis.OCCURRENCE}


def test_entered_end_moves_along(priya):
    screening = ScreeningFactory(entered_end=NOW + timedelta(hours=5))
    set_to(screening, priya, read=[], starts_at=screening.starts_at + timedelta(hours=1))
    screening.refresh_from_db()
    assert screening.ends_at == NOW + timedelta(hours=6)


def test_room_that_is_taken_refuses_the_move_until_somebody_says_why(screening, priya):
    other = ScreeningFactory(starts_at=screening.starts_at, room__turnaround=0)
    with pytest.raises(ValidationError) as refusal:
        set_to(screening, priya, read=[], room=other.room)
    assert "holds this room at that time" in refusal.value.message_dict["overlap_reason"][0]
    set_to(screening, priya, read=[], room=other.room, overlap_reason="The room is split by a curtain")
    screening.refresh_from_db()
    assert screening.room == other.room


def test_cancelled_screening_that_takes_place_after_all_needs_its_room_again(screening, priya):
    set_to(screening, priya, read=[], occurrence=Occurrence.CANCELLED)
    ScreeningFactory(room=screening.room, starts_at=screening.starts_at)
    with pytest.raises(ValidationError):
        set_to(screening, priya, read=[], occurrence=Occurrence.SCHEDULED)


def test_moved_and_then_cancelled_screening_comes_back_as_moved(screening, priya):
    set_to(screening, priya, read=[], room=RoomFactory())
    set_to(screening, priya, read=[], occurrence=Occurrence.CANCELLED)
    set_to(screening, priya, read=[], occurrence=Occurrence.SCHEDULED)
    screening.refresh_from_db()
    assert screening.occurrence == Occurrence.MOVED


def warned(screening, priya, **values) -> list[str]:
    with pytest.raises(NeedsConfirmation) as question:
        set_to(screening, priya, **values)
    # A warning that was not read stops it, whatever else was read.
    if question.value.warnings:
        with pytest.raises(NeedsConfirmation):
            set_to(screening, priya, read=["Something else"], **values)
    set_to(screening, priya, read=question.value.warnings, **values)
    return question.value.warnings


def test_move_warns_when_ticket_holders_would_be_refused(screening, priya):
    bar = VenueFactory(name="Bar")
    LicenceFactory(venue=bar, minimum_age=19)
    (sentence,) = warned(screening, priya, room=RoomFactory(venue=bar, name="Stage"))
    assert sentence.startswith("Tickets were sold for All ages; in Bar, Stage it would be 19+.")


def test_move_warns_of_a_guest_in_two_places(screening, priya):
    guest, start = PersonFactory(name="Ingrid Solheim"), screening.starts_at + timedelta(hours=4)
    other = ScreeningFactory(starts_at=start, edition=screening.edition, films=[FilmFactory(title="Kiln")])
    for shown in screening, other:
        ScreeningGuest.objects.create(screening=shown, person=guest)
    (sentence,) = warned(screening, priya, starts_at=start)
    assert sentence.startswith("Ingrid Solheim is a guest at “Kiln” at that time")


def test_move_warns_of_too_short_a_turnaround_and_of_a_day_outside_the_edition(priya):
    screening = ScreeningFactory(edition=EditionFactory(ends_on="2026-10-02"))
    start = screening.starts_at + timedelta(days=2)
    other = ScreeningFactory(starts_at=start + timedelta(minutes=105), edition=screening.edition)
    sentences = warned(screening, priya, starts_at=start, room=other.room)
    assert [sentence.split()[0] for sentence in sentences] == ["Only", "Sunday"]


# Undo


def test_press_can_be_undone_and_the_log_keeps_both(screening, priya):
    set_to(screening, priya, sales=Sales.SOLD_OUT)
    undo(newest(screening), by=priya, at=NOW + UNDO_FOR - timedelta(seconds=1))
    screening.refresh_from_db()
    assert (screening.sales, screening.sales_held_at) == (Sales.ON_SALE, None)
    assert [row[1:] for row in log(screening)] == [
        ("on_sale", "sold_out", "Priya", "board", ""),
        ("sold_out", "on_sale", "Priya", "board", "Undone"),
    ]


def test_move_is_undone_whole(screening, priya):
    first, second = RoomFactory(), RoomFactory()
    set_to(screening, priya, read=[], room=first)
    names = ("occurrence", "room_id", "starts_at", "ends_at", "previous_room_id", "previous_starts_at")
    between = Screening.objects.values(*names).get(pk=screening.pk)
    later = NOW + MINUTE
    set_to(screening, priya, at=later, read=[], room=second, starts_at=screening.starts_at + timedelta(hours=1))
    undo(newest(screening), by=priya, at=later)
    assert Screening.objects.values(*names).get(pk=screening.pk) == between


def test_undo_is_refused_after_a_minute_and_to_anybody_else(screening, priya, marek):
    set_to(screening, priya, sales=Sales.SOLD_OUT)
    for by, at in ((priya, NOW + UNDO_FOR), (marek, NOW)):
        with pytest.raises(ValidationError):
            undo(newest(screening), by=by, at=at)
    screening.refresh_from_db()
    assert screening.sales == Sales.SOLD_OUT


def test_undo_does_not_overwrite_what_somebody_set_since(screening, priya, marek):
    set_to(screening, priya, sales=Sales.SELLING_FAST)
    mine = newest(screening)
    set_to(screening, marek, sales=Sales.SOLD_OUT)
    with pytest.raises(Clash):
        undo(mine, by=priya, at=NOW)


def test_undo_of_a_cancellation_is_refused_when_the_room_has_gone(screening, priya):
    set_to(screening, priya, read=[], occurrence=Occurrence.CANCELLED)
    mine = newest(screening)
    ScreeningFactory(room=screening.room, starts_at=screening.starts_at)
    with pytest.raises(ValidationError):
        undo(mine, by=priya, at=NOW)


# A person and the feed


def feed_says(screening, sales="", seats=None, at=NOW) -> Heard:
    return hear(screening.pk, feed="Tixly", said_at=at, at=at, sales=sales, seats_left=seats)


def test_feed_leads_until_a_person_sets_something(screening):
    assert feed_says(screening, Sales.SELLING_FAST, 40) == Heard.TAKEN
    screening.refresh_from_db()
    assert (screening.sales, screening.sales_checked_at, screening.seats_left) == (Sales.SELLING_FAST, NOW, 40)
    assert StatusChange.objects.values_list("source", "source_name", "who").get() == ("feed", "Tixly", "")


def test_what_a_person_set_holds_and_the_feeds_word_is_kept_beside_it(screening, priya):
    set_to(screening, priya, sales=Sales.STANDBY)
    assert feed_says(screening, Sales.SOLD_OUT, 0, at=NOW + MINUTE) == Heard.HELD
    screening.refresh_from_db()
    assert (screening.sales, screening.feed_sales, screening.seats_left) == (Sales.STANDBY, Sales.SOLD_OUT, 0)


@pytest.mark.parametrize(("said_at", "heard"), [(NOW + MINUTE, Heard.TAKEN), (NOW, Heard.HELD)])
def test_nobody_sells_what_the_feed_says_is_gone(priya, said_at, heard):
    screening = ScreeningFactory(sales=Sales.SOLD_OUT)
    set_to(screening, priya, sales=Sales.ON_SALE)
    assert feed_says(screening, Sales.SOLD_OUT, at=said_at) == heard
    screening.refresh_from_db()
    assert screening.sales == (Sales.SOLD_OUT if heard == Heard.TAKEN else Sales.ON_SALE)
    if heard == Heard.TAKEN:
        assert feed_says(screening, Sales.ON_SALE, at=said_at + MINUTE) == Heard.TAKEN


def test_screening_handed_back_takes_the_feeds_last_word(screening, priya):
    set_to(screening, priya, sales=Sales.STANDBY)
    feed_says(screening, Sales.SELLING_FAST, at=NOW + MINUTE)
    hand_back(screening.pk, by=priya, at=NOW + 2 * MINUTE)
    screening.refresh_from_db()
    assert (screening.sales, screening.sales_held_at) == (Sales.SELLING_FAST, None)
    assert [row[:3] for row in log(screening)][1:] == [
        ("sales", "standby", "selling_fast"),
        ("lead", "person", "feed"),
    ]
    hand_back(screening.pk, by=priya, at=NOW + 3 * MINUTE)
    assert len(log(screening)) == 3


@pytest.mark.parametrize("late", [timedelta(), MINUTE])
def test_message_that_comes_late_or_twice_changes_nothing(screening, late):
    feed_says(screening, Sales.SELLING_FAST, 40)
    before = Screening.objects.values().get(pk=screening.pk)
    assert feed_says(screening, Sales.SOLD_OUT, 0, at=NOW - late) == Heard.OLD
    assert Screening.objects.values().get(pk=screening.pk) == before


def test_seats_are_counted_without_a_row_of_the_log_or_of_history(screening):
    revision, rows = screening.revision, screening.history.count()
    assert feed_says(screening, seats=12) == Heard.TAKEN
    screening.refresh_from_db()
    assert (screening.seats_left, log(screening), screening.history.count()) == (12, [], rows)
    assert screening.revision > revision
    assert feed_says(screening, seats=12, at=NOW + MINUTE) == Heard.UNCHANGED


def test_programmer_who_sets_sales_up_before_the_feed_speaks_does_not_hold_it(screening, priya):
    screening.sales = Sales.NOT_YET
    screening.save(by=priya)
    assert screening.sales_held_at is None
    feed_says(screening, Sales.ON_SALE)
    screening.refresh_from_db()
    screening.sales = Sales.OFF_SALE
    screening.save(by=priya, at=NOW + MINUTE)
    assert screening.sales_held_at == NOW + MINUTE
