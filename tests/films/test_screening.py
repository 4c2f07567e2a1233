from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from films.models import Film, Screening, ScreeningFilm
from films.status import statuses
from tests.factories import NOW, EditionFactory, FilmFactory, RoomFactory, ScreeningFactory

Occurrence, Sales = Screening.Occurrence, Screening.Sales
MINUTES, HOUR = st.integers(-300, 300), timedelta(hours=1)


def screening_at(start: int, length: int, occurrence: str = Occurrence.SCHEDULED) -> Screening:
    starts_at = NOW + timedelta(minutes=start)
    return Screening(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=length), occurrence=occurrence)


@given(MINUTES, st.integers(1, 300), MINUTES)
def test_a_screening_is_to_come_on_now_or_past_and_never_two_of_them(start, length, now):
    at = NOW + timedelta(minutes=now)
    screening = screening_at(start, length)
    states = [at < screening.starts_at, screening.is_on_now(at), screening.is_past(at)]
    assert states.count(True) == 1


@given(MINUTES, st.integers(1, 300), MINUTES, MINUTES)
def test_what_is_past_stays_past(start, length, earlier, later):
    screening = screening_at(start, length)
    first, second = sorted([earlier, later])
    if screening.is_past(NOW + timedelta(minutes=first)):
        assert screening.is_past(NOW + timedelta(minutes=second))


@given(MINUTES, st.integers(1, 300), st.sampled_from(Occurrence), st.sampled_from(Sales))
def test_nothing_cancelled_postponed_begun_or_past_can_be_booked(start, length, occurrence, sales):
    screening = screening_at(start, length, occurrence)
    screening.sales, screening.ticket_url = sales, "https://t.example/1"
    expected = start > 0 and occurrence in ("scheduled", "moved") and sales in Screening.SOLD_BY_ADDRESS
    assert screening.is_bookable(NOW) == expected


@pytest.mark.parametrize(
    ("start", "occurrence", "sales", "words"),
    [
        (60, Occurrence.SCHEDULED, Sales.ON_SALE, ["On sale"]),
        (60, Occurrence.SCHEDULED, Sales.UNKNOWN, ["Ask the venue"]),
        (60, Occurrence.MOVED, Sales.SOLD_OUT, ["Moved", "Sold out"]),
        (60, Occurrence.POSTPONED, Sales.ON_SALE, ["Postponed"]),
        (-200, Occurrence.POSTPONED, Sales.ON_SALE, ["Postponed"]),
        (-200, Occurrence.CANCELLED, Sales.ON_SALE, ["Cancelled"]),
        (0, Occurrence.SCHEDULED, Sales.ON_SALE, ["On screen now"]),
        (-99, Occurrence.MOVED, Sales.ON_SALE, ["On screen now"]),
        (-100, Occurrence.SCHEDULED, Sales.ON_SALE, ["Passed"]),
    ],
)
def test_status_says_what_matters_most(start, occurrence, sales, words):
    screening = screening_at(start, 100, occurrence)
    screening.sales = sales
    assert [str(status.word) for status in statuses(screening, NOW)] == words


@pytest.mark.django_db
def test_public_screenings_are_those_with_a_public_film():
    shown = ScreeningFactory()
    ScreeningFactory(films=[FilmFactory(state=Film.State.DRAFT)])
    ScreeningFactory(films=[FilmFactory(state=Film.State.WITHDRAWN)])
    ScreeningFactory(audience=Screening.Audience.PRESS)
    mixed = ScreeningFactory(films=[FilmFactory(state=Film.State.DRAFT), FilmFactory()])
    assert set(Screening.objects.public(NOW)) == {shown, mixed}


@pytest.mark.django_db
@given(
    st.lists(st.tuples(st.integers(-5, 5), st.sampled_from([Occurrence.SCHEDULED, Occurrence.CANCELLED])), max_size=4)
)
def test_standing_agrees_with_the_rule_for_any_set_of_screenings(drawn):
    film, room = FilmFactory(), RoomFactory()
    screenings = Screening.objects.bulk_create(
        Screening(edition=film.edition, room=room, occurrence=occurrence, starts_at=start, ends_at=start + HOUR)
        for start, occurrence in ((NOW + hours * HOUR, occurrence) for hours, occurrence in drawn)
    )
    ScreeningFilm.objects.bulk_create(ScreeningFilm(film=film, screening=screening) for screening in screenings)
    held = [hours for hours, occurrence in drawn if occurrence == Occurrence.SCHEDULED]
    if not drawn:
        expected = Film.Standing.NO_DATES
    elif not held:
        expected = Film.Standing.CANCELLED
    else:
        expected = Film.Standing.PAST if all(hours + 1 <= 0 for hours in held) else Film.Standing.TO_COME
    assert Film.objects.with_standing(NOW).get(pk=film.pk).standing == expected


@pytest.mark.django_db
def test_cancelled_and_postponed_screenings_free_their_room():
    screening = ScreeningFactory()
    interval = (screening.room_id, screening.starts_at, screening.ends_at)
    assert Screening.objects.in_room_between(*interval).get() == screening
    for occurrence in (Occurrence.CANCELLED, Occurrence.POSTPONED):
        Screening.objects.update(occurrence=occurrence)
        assert not Screening.objects.in_room_between(*interval).exists()


@pytest.mark.django_db
def test_room_is_free_again_at_the_very_end():
    screening = ScreeningFactory()
    after = screening.ends_at + timedelta(hours=1)
    assert not Screening.objects.in_room_between(screening.room_id, screening.ends_at, after).exists()
    just_before = screening.ends_at - timedelta(microseconds=1)
    assert Screening.objects.in_room_between(screening.room_id, just_before, after).exists()


@pytest.mark.django_db
def test_unchanged_screening_leaves_no_trace_in_the_log():
    screening = Screening.objects.get(pk=ScreeningFactory().pk)
    screening.note = "Bring a coat."
    screening.save()
    assert not screening.changes.exists()


@pytest.mark.django_db
def test_change_of_sales_is_logged_with_who_and_why(admin_user):
    screening = Screening.objects.get(pk=ScreeningFactory(sales=Sales.ON_SALE).pk)
    screening.sales = Sales.SOLD_OUT
    screening.save(by=admin_user, why="Last seat gone")
    (change,) = screening.changes.all()
    assert (change.axis, change.before, change.after) == ("sales", "on_sale", "sold_out")
    assert (change.changed_by, change.reason) == (admin_user, "Last seat gone")


@pytest.mark.django_db
def test_bookable_screenings_are_those_that_each_say_so():
    moments = (None, NOW - timedelta(seconds=1), NOW, NOW + timedelta(seconds=1))
    shown = {"edition": EditionFactory(), "room": RoomFactory(), "ticket_url": "https://x.example/"}
    Screening.objects.bulk_create(
        Screening(sales=sales, starts_at=starts_at, ends_at=starts_at + HOUR, on_sale_at=on_sale_at, **shown)
        for sales in Screening.Sales.values
        for starts_at in moments[1:]
        for on_sale_at in moments
    )
    for occurrence in (Screening.Occurrence.CANCELLED, Screening.Occurrence.POSTPONED):
        ScreeningFactory(sales="on_sale", ticket_url="https://x.example/", occurrence=occurrence)
    ScreeningFactory(sales="on_sale")
    each = {screening.pk for screening in Screening.objects.all() if screening.is_bookable(NOW)}
    assert set(Screening.objects.bookable(NOW).values_list("pk", flat=True)) == each
    assert each


@pytest.mark.django_db
def test_booking_closes_when_the_screening_begins():
    screening = ScreeningFactory(sales=Screening.Sales.ON_SALE, ticket_url="https://t.example/1", starts_at=NOW)
    assert screening.is_bookable(NOW - timedelta(seconds=1))
    assert not screening.is_bookable(NOW)


@pytest.mark.django_db
def test_tickets_go_on_sale_at_their_instant():
    screening = ScreeningFactory(sales=Screening.Sales.NOT_YET, on_sale_at=NOW, ticket_url="https://t.example/1")
    assert screening.sales_state(NOW - timedelta(seconds=1)) == Screening.Sales.NOT_YET
    assert screening.is_bookable(NOW)


@pytest.mark.django_db
def test_end_is_start_preshow_runtimes_and_talk():
    short, feature = FilmFactory(runtime=12), FilmFactory(runtime=100)
    screening = ScreeningFactory(films=[short, feature], preshow=10, talk=25)
    assert screening.ends_at == screening.starts_at + timedelta(minutes=147)
    feature.runtime = 90
    feature.save()
    screening.refresh_from_db()
    assert screening.ends_at == screening.starts_at + timedelta(minutes=137)


@pytest.mark.django_db
def test_withdrawing_a_film_shortens_the_screenings_it_was_in():
    short, feature = FilmFactory(runtime=12), FilmFactory(runtime=100)
    screening = ScreeningFactory(films=[short, feature])
    short.state = Film.State.WITHDRAWN
    short.save()
    screening.refresh_from_db()
    assert screening.ends_at == screening.starts_at + timedelta(minutes=100)


@pytest.mark.django_db
def test_entered_end_wins_over_the_runtimes():
    end = NOW + timedelta(hours=9)
    assert ScreeningFactory(entered_end=end).ends_at == end
