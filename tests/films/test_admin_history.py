from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from films.admin.history import WithHistory
from films.history import History
from films.models import TRACKED, Credit, CreditRole, Film, Screening
from films.recording import recorded
from tests.factories import (
    NOW,
    CreditFactory,
    FilmFactory,
    GenreFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(django_user_model):
    return django_user_model.objects.create_superuser("ann", first_name="Ann", last_name="Lee")


def page(it) -> str:
    return reverse(f"admin:{it._meta.app_label}_{it._meta.model_name}_history", args=[it.pk])


def told(it, number: int = 0) -> list[tuple]:
    """What the history says of the latest occasion, or an earlier one."""
    history = History(type(it), it.pk)
    entry = history.entries(history.newest_first()[number : number + 1])[0]
    return [
        (change.kind, change.what, change.name, [(line.label, line.before, line.after) for line in change.lines])
        for change in entry.changes
    ]


def test_fields_are_told_in_words():
    film = FilmFactory(title="Tide", state=Film.State.DRAFT, runtime=None)
    with recorded():
        film.state, film.runtime, film.tba = Film.State.PUBLISHED, 90, True
        film.save()
    assert told(film) == [
        (
            "changed",
            "",
            "",
            [("Publication", "Draft", "Published"), ("Details to be announced", "no", "yes"),
             ("Runtime (minutes)", "", "90")],
        )
    ]  # fmt: skip


def test_rows_are_told_by_the_names_of_what_they_name():
    film, ana, bo = FilmFactory(), PersonFactory(name="Ana Ruiz"), PersonFactory(name="Bo Li")
    credit = CreditFactory(film=film, person=ana)
    film.genres.add(GenreFactory(name="Noir"))
    with recorded():
        credit.credited_as = "A. R."
        credit.save()
        CreditFactory(film=film, person=bo, character="Himself", role=CreditRole.objects.get(slug="cast"))
        film.genres.clear()
        film.title = "Tide"
        film.save()
    assert [row[:3] for row in told(film)] == [
        ("changed", "", ""),
        ("removed", "Genre", "Noir"),
        ("changed", "Credit", "Director: Ana Ruiz"),
        ("added", "Credit", "Cast: Bo Li"),
    ]
    assert told(film)[2][3] == [("Credited as", "", "A. R.")]
    assert told(film)[3][3] == [("Character", "", "Himself")]


def test_new_order_of_credits_is_told_once_and_role_by_role():
    film, people = FilmFactory(), [PersonFactory(name=name) for name in ("Ana", "Bo", "Cy")]
    cast = CreditRole.objects.get(slug="cast")
    credits = [CreditFactory(film=film, person=some, position=number) for number, some in enumerate(people)]
    credits += [CreditFactory(film=film, person=some, position=number, role=cast) for number, some in enumerate(people)]
    with recorded():
        for position, credit in enumerate([credits[2], credits[0], credits[1]]):
            credit.position = position
            credit.save()
    assert told(film) == [
        ("ordered", "Credit: Director", "", [("Order", "Director: Ana, Director: Bo, Director: Cy",
                                              "Director: Cy, Director: Ana, Director: Bo")])
    ]  # fmt: skip


def test_row_taken_away_and_put_back_alike_is_no_change():
    film, ana = FilmFactory(), PersonFactory()
    credit = CreditFactory(film=film, person=ana)
    with recorded():
        credit.delete()
        CreditFactory(film=film, person=ana)
    assert told(film) == []


def test_row_that_came_and_went_on_one_occasion_is_not_told():
    film = FilmFactory()
    with recorded():
        CreditFactory(film=film).delete()
    assert told(film) == []


def test_times_are_told_on_the_venues_clock():
    halifax = RoomFactory(venue=VenueFactory(time_zone="America/Halifax"))
    screening = ScreeningFactory(room=halifax, starts_at=datetime(2026, 10, 3, 23, 0, tzinfo=UTC), films=[])
    screening.starts_at += timedelta(minutes=30)
    screening.save()
    assert told(screening) == [
        ("changed", "", "", [("Start", "Sat 3 Oct 2026, 20:00", "Sat 3 Oct 2026, 20:30")]),
    ]


def test_name_of_what_was_deleted_since_is_still_known():
    film, gone = FilmFactory(), PersonFactory(name="Ana Ruiz")
    credit = CreditFactory(film=film, person=gone)
    credit.delete()
    gone.delete()
    assert told(film)[0][:3] == ("removed", "Credit", "Director: Ana Ruiz (deleted)")


def test_long_text_shows_what_was_struck_out_and_put_in():
    film = FilmFactory(synopsis="A boat goes out at night, and nobody on the quay asks where it is going or why.")
    film.synopsis = film.synopsis.replace("at night", "at noon")
    film.save()
    history = History(Film, film.pk)
    line = history.entries(history.newest_first()[:1])[0].changes[0].lines[0]
    assert [(piece.tag, piece.text) for piece in line.pieces if piece.tag] == [("del", "night,"), ("ins", "noon,")]


def test_page_says_who_when_and_why(client, ann):
    with time_machine.travel(NOW, tick=False):
        screening = ScreeningFactory()
    screening.sales = Screening.Sales.SOLD_OUT
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        screening.save(by=ann, why="The house is full")
    client.force_login(ann)
    entries = client.get(page(screening)).context["entries"]
    assert [(entry.by, entry.at, entry.why) for entry in entries[:1]] == [
        ("Ann Lee", NOW + timedelta(minutes=5), "The house is full")
    ]


def test_page_asks_as_much_of_many_changes_as_of_one(client, ann):
    client.force_login(ann)
    film = FilmFactory(directors=PersonFactory.create_batch(2))

    def edit(number: int) -> None:
        with recorded(by=ann):
            film.title = f"Title {number}"
            film.save()
            CreditFactory(film=film, position=number)
            Credit.objects.filter(film=film).first().delete()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(film)).status_code == 200
        return len(captured)

    edit(0)
    few = queries()
    for number in range(1, 15):
        edit(number)
    assert queries() == few


def test_page_is_cut_into_pages(client, ann):
    client.force_login(ann)
    film = FilmFactory()
    for number in range(25):
        film.title = f"Title {number}"
        film.save()
    assert [len(client.get(page(film), {"p": number}).context["entries"]) for number in (1, 2, "x")] == [20, 6, 20]


def test_deleted_object_keeps_its_page(client, ann):
    client.force_login(ann)
    film = FilmFactory(title="Tide")
    address = page(film)
    film.delete()
    response = client.get(address)
    assert response.context["name"] == "Tide"
    assert "Deleted" in response.text


@pytest.mark.parametrize("key", ["999", "x", "1_0"])
def test_object_that_never_was_has_no_page(client, ann, key):
    client.force_login(ann)
    assert client.get(reverse("admin:films_film_history", args=[key])).status_code == 302


def test_stranger_sees_no_history(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("x", is_staff=True))
    assert client.get(page(FilmFactory())).status_code == 403


def test_whatever_has_a_history_and_a_form_shows_and_guards_it():
    without = [model for model, its_admin in admin.site._registry.items() if not isinstance(its_admin, WithHistory)]
    assert [model.__name__ for model in without if model in TRACKED] == []
