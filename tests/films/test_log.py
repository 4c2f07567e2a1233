"""The log of changes: what it holds, and that nothing in the application can alter it."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from films.models import Film, Revision, Screening, StatusChange
from tests.factories import NOW, FilmFactory, RoomFactory, ScreeningFactory
from venues.models import Venue

pytestmark = pytest.mark.django_db
Axis, Source = StatusChange.Axis, StatusChange.Source


@pytest.fixture
def marek():
    return get_user_model().objects.create_user("marek", first_name="Marek", last_name="Novák")


def changed(screening: Screening, at=NOW, **fields) -> Screening:
    screening = Screening.objects.get(pk=screening.pk)
    origin = {name: fields.pop(name) for name in ("by", "why", "source", "source_name") if name in fields}
    for name, value in fields.items():
        setattr(screening, name, value)
    screening.save(at=at, **origin)
    return screening


def test_log_says_what_from_to_who_when_why_and_from_where(marek):
    screening = changed(
        ScreeningFactory(), sales=Screening.Sales.SOLD_OUT, by=marek, why="Last seat gone", source=Source.BOARD
    )
    assert StatusChange.objects.values(
        *("screening", "axis", "before", "after", "changed_by", "who", "changed_at", "reason", "source", "source_name")
    ).get() == {
        "screening": screening.pk,
        "axis": "sales",
        "before": "unknown",
        "after": "sold_out",
        "changed_by": marek.pk,
        "who": "Marek Novák",
        "changed_at": NOW,
        "reason": "Last seat gone",
        "source": "board",
        "source_name": "",
    }


@pytest.mark.parametrize(("has_user", "source"), [(True, Source.ADMIN), (False, Source.SYSTEM)])
def test_change_that_says_not_from_where_is_the_admins_or_the_systems(marek, has_user, source):
    changed(ScreeningFactory(), sales=Screening.Sales.SOLD_OUT, by=marek if has_user else None)
    assert StatusChange.objects.get().source == source


def test_rows_of_one_save_bear_one_instant_and_what_else_it_brought(marek):
    screening, room = ScreeningFactory(), RoomFactory()
    moved = {"occurrence": Screening.Occurrence.MOVED, "room": room, "starts_at": NOW + timedelta(hours=3)}
    changed(screening, by=marek, **moved)
    rows = StatusChange.objects.all()
    assert {row.axis for row in rows} == {Axis.OCCURRENCE, Axis.ROOM, Axis.START}
    assert {row.changed_at for row in rows} == {NOW}
    assert all(row.beside == {"previous_starts_at": "", "previous_room_id": ""} for row in rows)


@pytest.mark.parametrize(
    "alter",
    [
        lambda rows: rows.update(reason="Another"),
        lambda rows: rows.update(changed_by=None),
        lambda rows: rows.delete(),
        lambda rows: rows.get().delete(),
        lambda rows: rows.get().save(),
    ],
    ids=["update", "forget who", "delete many", "delete one", "save again"],
)
def test_database_refuses_to_alter_the_log(alter):
    changed(ScreeningFactory(), sales=Screening.Sales.SOLD_OUT)
    before = list(StatusChange.objects.values())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        alter(StatusChange.objects.all())
    assert list(StatusChange.objects.values()) == before


def test_database_refuses_to_alter_the_log_in_plain_sql():
    changed(ScreeningFactory(), sales=Screening.Sales.SOLD_OUT)
    for statement in ("UPDATE films_statuschange SET who = 'Somebody'", "DELETE FROM films_statuschange"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert StatusChange.objects.count() == 1


def test_screening_and_user_that_the_log_names_stay(marek):
    screening = changed(ScreeningFactory(), sales=Screening.Sales.SOLD_OUT, by=marek)
    for row in screening, marek:
        with pytest.raises(ProtectedError):
            row.delete()


def test_screening_that_the_log_does_not_name_can_be_deleted():
    ScreeningFactory().delete()
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    ("count", "counted_at"), [("seats_left", "seats_checked_at"), ("standby_line", "standby_counted_at")]
)
def test_count_bears_its_time(count, counted_at):
    screening = changed(ScreeningFactory(), **{count: 12})
    assert getattr(screening, counted_at) == NOW
    later = NOW + timedelta(minutes=5)
    assert getattr(changed(screening, at=later, sales=Screening.Sales.ON_SALE), counted_at) == NOW
    assert getattr(changed(screening, at=later, **{count: 13}), counted_at) == later
    assert getattr(changed(screening, at=later, **{count: 14, counted_at: NOW}), counted_at) == NOW
    assert getattr(changed(screening, **{count: None}), counted_at) is None


@pytest.mark.parametrize(
    ("screening", "venue", "edition", "minutes"),
    [(None, None, 30, 30), (None, 45, 30, 45), (60, 45, 30, 60), (0, 45, 30, 0), (None, None, None, None)],
)
def test_standby_line_opens_as_the_screening_says_else_the_venue_else_the_edition(screening, venue, edition, minutes):
    it = ScreeningFactory(standby_opens=screening, room__venue__standby_opens=venue, edition__standby_opens=edition)
    assert it.standby_minutes == minutes


# The revision


def test_revision_goes_up_with_a_screening_and_names_it():
    screening, other = ScreeningFactory(), ScreeningFactory()
    before = Revision.current()
    changed(screening, sales=Screening.Sales.SOLD_OUT)
    after = Revision.current()
    assert after.number == before.number + 1
    assert after.whole == before.whole
    assert Screening.objects.get(pk=screening.pk).revision == after.number
    assert Screening.objects.get(pk=other.pk).revision < after.number


@pytest.mark.parametrize("model", [Venue, Film])
def test_revision_of_everything_goes_up_with_what_many_screenings_show(model):
    ScreeningFactory()
    before = Revision.current()
    model.objects.get().save()
    after = Revision.current()
    assert before.number < after.number == after.whole


def test_row_of_a_screening_counts_as_its_own_change():
    screening = ScreeningFactory()
    before = Revision.current()
    screening.items.create(film=FilmFactory())
    screening.refresh_from_db()
    assert screening.revision > before.number


def test_runtime_that_moves_an_end_counts_as_the_screenings_change():
    film = FilmFactory()
    screening = ScreeningFactory(films=[film])
    before = Revision.current()
    film.runtime = 120
    film.save()
    screening.refresh_from_db()
    assert screening.revision > before.number


def test_what_is_not_committed_is_not_counted():
    screening = ScreeningFactory()
    before = Revision.current().number
    with transaction.atomic():
        changed(screening, sales=Screening.Sales.SOLD_OUT)
        transaction.set_rollback(True)
    assert Revision.current().number == before


def test_revision_that_is_missing_begins_anew():
    Revision.objects.all().delete()
    assert Revision.current().number == 0
    assert Revision.bump() == 1


def test_revision_is_read_in_one_query():
    with CaptureQueriesContext(
        connection,
    ) as queries:
        Revision.current()
    assert len(queries) == 1
