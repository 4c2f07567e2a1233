"""People who set one screening at the same time, each in a thread with a connection of its own."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from films.box_office.precedence import hear
from films.box_office.setting import Clash, Wish, change
from films.models import Revision, Screening, StatusChange
from tests.factories import NOW, FilmFactory, RoomFactory, ScreeningFactory

pytestmark = pytest.mark.django_db(transaction=True)
Sales = Screening.Sales


def at_once(*acts) -> list:
    """What each act returned, or the exception it raised; all begin at the same moment."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except (Clash, ValidationError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def pressing(screening: Screening, name: str, sales: str, seen: int | None = 0):
    user = get_user_model().objects.create_user(name)
    return lambda: change(screening.pk, Wish({"sales": sales}, user, seen=seen), NOW)


def test_of_many_who_press_at_once_one_is_saved_and_the_others_are_told():
    screening = ScreeningFactory(sales=Sales.ON_SALE)
    wanted = [Sales.SELLING_FAST, Sales.STANDBY, Sales.SOLD_OUT, Sales.OFF_SALE]
    results = at_once(*(pressing(screening, f"till-{sales}", sales) for sales in wanted))
    clashes = [result for result in results if isinstance(result, Clash)]
    (logged,) = StatusChange.objects.all()
    screening.refresh_from_db()
    assert len(clashes) == 3
    assert screening.sales == logged.after
    assert {clash.changes[0].pk for clash in clashes} == {logged.pk}


def test_nothing_is_lost_or_doubled_when_nobody_looks_first():
    screening = ScreeningFactory(sales=Sales.ON_SALE)
    before = Revision.current().number
    wanted = [Sales.SELLING_FAST, Sales.STANDBY, Sales.SOLD_OUT, Sales.OFF_SALE, Sales.FREE, Sales.PASS_ONLY]
    at_once(*(pressing(screening, f"till-{sales}", sales, seen=None) for sales in wanted))
    rows = list(StatusChange.objects.order_by("pk"))
    assert len(rows) == len(wanted)
    assert [row.before for row in rows] == ["on_sale", *(row.after for row in rows[:-1])]
    assert Revision.current().number == before + len(wanted)
    screening.refresh_from_db()
    assert screening.sales == rows[-1].after


def test_two_screenings_moved_into_one_room_at_once_do_not_share_it():
    start, room = NOW + timedelta(hours=4), RoomFactory()
    screenings = [ScreeningFactory(starts_at=start) for _number in range(2)]
    user = get_user_model().objects.create_user("till")

    def moving(screening):
        return lambda: change(screening.pk, Wish({"room": room}, user, read=[]), NOW)

    results = at_once(*map(moving, screenings))
    assert sorted(type(result).__name__ for result in results) == ["Screening", "ValidationError"]
    assert Screening.objects.filter(room=room).count() == 1


def test_person_and_feed_at_once_leave_what_the_person_set():
    screening = ScreeningFactory(sales=Sales.SELLING_FAST)
    user = get_user_model().objects.create_user("till")
    at_once(
        lambda: change(screening.pk, Wish({"sales": Sales.STANDBY}, user), NOW),
        lambda: hear(screening.pk, feed="Tixly", said_at=NOW, at=NOW, sales=Sales.ON_SALE),
    )
    screening.refresh_from_db()
    rows = list(StatusChange.objects.order_by("pk").values_list("before", "after"))
    assert (screening.sales, screening.feed_sales) == (Sales.STANDBY, Sales.ON_SALE)
    assert rows in (
        [("selling_fast", "standby")],
        [("selling_fast", "on_sale"), ("on_sale", "standby")],
    )


def test_press_gets_through_beside_somebody_who_saves_a_film_and_then_what_plays_it():
    """The one holds the revision and waits for the screening, the other the screening and waits for the revision."""
    film = FilmFactory(runtime=90)
    screening = ScreeningFactory(films=[film], sales=Sales.ON_SALE)
    press = pressing(screening, "till", Sales.SOLD_OUT)
    counted = Event()

    def save_both():
        with transaction.atomic():
            Revision.bump()
            counted.set()
            time.sleep(0.3)  # As long as it takes the other to hold the screening; whoever waits longest is ended.
            film.runtime = 100
            film.save()

    at_once(save_both, lambda: counted.wait() and press())
    screening.refresh_from_db()
    assert (screening.sales, screening.ends_at - screening.starts_at) == (Sales.SOLD_OUT, timedelta(minutes=100))
    assert StatusChange.objects.values_list("after", flat=True).get() == Sales.SOLD_OUT


def test_screening_that_is_moved_while_its_runtime_changes_ends_after_its_new_start():
    film = FilmFactory(runtime=90)
    screening = ScreeningFactory(films=[film])
    start = screening.starts_at + timedelta(hours=2)
    user = get_user_model().objects.create_user("till")
    film.runtime = 100
    at_once(film.save, lambda: change(screening.pk, Wish({"starts_at": start}, user, read=[]), NOW))
    screening.refresh_from_db()
    assert (screening.starts_at, screening.ends_at) == (start, start + timedelta(minutes=100))
