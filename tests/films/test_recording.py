"""Whoever writes, and however: the history of each model says what stands in its table, by whom, why and with what."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from films.demo.loading import load
from films.models import (
    TRACKED,
    Credit,
    Film,
    Genre,
    ProgrammePart,
    Screening,
    ScreeningFilm,
    Series,
    SourceRow,
)
from films.models.history import begin, written_on
from films.recording import recorded, unrecorded
from films.secret import reveal
from people.models import Person
from tests.admin_pages import fill_in
from tests.factories import NOW, FilmFactory, GenreFactory, PersonFactory, ScreeningFactory, SeriesFactory
from tests.films.programmes import credit, film, run, screening, venue, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(django_user_model):
    return django_user_model.objects.create_superuser("ann")


def told_by_history(model) -> list[dict]:
    """The rows of the model's table as the latest row of history of each says they are."""
    columns = [field.attname for field in model.history.model.tracked_fields]
    latest = {row.id: row for row in model.history.order_by("history_id")}
    alive = [row for row in latest.values() if row.history_type != "-"]
    return sorted(({name: getattr(row, name) for name in columns} for row in alive), key=lambda row: row["id"])


def assert_history_tells_everything() -> None:
    for model in TRACKED:
        columns = [field.attname for field in model.history.model.tracked_fields]
        assert told_by_history(model) == list(model._base_manager.order_by("id").values(*columns)), model.__name__


def kinds(model, occasion: UUID) -> list[str]:
    return list(model.history.filter(occasion=occasion).order_by("history_id").values_list("history_type", flat=True))


def test_migrations_rows_have_a_history_from_the_start():
    assert_history_tells_everything()


def test_saved_form_is_one_occasion_of_its_user(client, ann):
    client.force_login(ann)
    it, genre = FilmFactory(), GenreFactory()
    Film.history.all().delete()
    url = reverse("admin:films_film_change", args=[it.pk])
    person, role = PersonFactory(), Credit.role.field.related_model.objects.first()
    typed = {"credits-0-role": role.pk, "credits-0-person": person.pk, "genres": [genre.pk], "title": "Another"}
    assert fill_in(client, url, typed).status_code == 302
    written = [row for rows in written_on(Film.history.latest().occasion) for row in rows]
    assert [(type(row).instance_type, row.history_type, row.history_user) for row in written] == [
        (Film, "~", ann),
        (Film.genres.through, "+", ann),
        (Credit, "+", ann),
    ]


def test_two_requests_are_two_occasions(client, ann):
    client.force_login(ann)
    it = SeriesFactory()
    for name in ("One", "Two"):
        fill_in(client, reverse("admin:films_series_change", args=[it.pk]), {"name": name})
    assert len(set(it.history.values_list("occasion", flat=True))) == 3


def test_lists_of_a_film_are_recorded_however_they_change():
    it, other = FilmFactory(), FilmFactory()
    first, second = SeriesFactory(), SeriesFactory()
    with recorded() as occasion:
        it.series.set([first, second])
        it.series.set([second])
        second.films.add(other)
        it.series.clear()
    assert kinds(Film.series.through, occasion) == ["+", "+", "-", "+", "-"]
    assert_history_tells_everything()


@pytest.mark.parametrize("gone", ["genre", "series", "film"])
def test_rows_between_go_into_history_with_either_side(gone):
    it, genre, series = FilmFactory(), GenreFactory(), SeriesFactory()
    it.genres.add(genre)
    it.series.add(series)
    {"genre": genre, "series": series, "film": it}[gone].delete()
    assert_history_tells_everything()


def test_screening_says_who_and_why(ann):
    it = ScreeningFactory()
    it.sales = Screening.Sales.SOLD_OUT
    it.save(by=ann, why="The house is full")
    latest = it.history.latest()
    assert (latest.history_user, latest.history_change_reason) == (ann, "The house is full")
    it.note = "Later"
    it.save()
    assert (it.history.latest().history_user, it.history.latest().history_change_reason) == (None, "")


def test_inner_block_is_part_of_the_outer_occasion(ann):
    with recorded(by=ann, why="Outer") as outer, recorded(why="Inner") as inner:
        person = PersonFactory()
    latest = person.history.get()
    assert (inner, latest.occasion) == (outer, outer)
    assert (latest.history_user, latest.history_change_reason) == (ann, "Inner")


def test_import_is_one_occasion_and_history_tells_all_of_it(tmp_path, ann):
    full = {
        "films": [film("f1", countries="France|Chile", warnings="blood", rating="15", sections="Shorts"), film("f2")],
        "credits": [credit("Ana Ruiz"), credit("Bo Li", "f2"), credit("題", "f2", role="cast")],
        "screenings": [screening("s1", "f1|f2", guests="Ana Ruiz", access="sdh?"), screening("s2", "f2")],
    }
    report = run(write(tmp_path, **full), by=ann)
    written = {rows.model.instance_type: rows for rows in written_on(report.occasion)}
    assert {Film, Credit, Person, Screening, ScreeningFilm, SourceRow, Film.series.through} < written.keys()
    for rows in written.values():
        assert set(rows.values_list("history_user", "history_change_reason")) == {(ann.pk, "Import from fest")}
    assert_history_tells_everything()


def test_second_import_records_what_it_changes_and_nothing_else(tmp_path):
    first = run(write(tmp_path, films=[film(countries="France", sections="Shorts", rating="15"), film("f2")],
                      credits=[credit("Ana Ruiz"), credit("Bo Li")]))  # fmt: skip
    again = run(tmp_path)
    assert list(written_on(again.occasion)) == []
    changed = {
        "venues": [venue(name="The Rio", address="1 Broadway")],
        "films": [film(title="Other", countries="Chile|France", sections="Gala", rating="18", warnings="strobe")],
        "credits": [credit("Bo Li", position=2)],
        "screenings": [screening(sold_out="1", start_utc="2026-10-03T02:00Z", access="sdh"), screening("s2")],
    }
    second = run(write(tmp_path, **changed))
    assert second.occasion != first.occasion
    assert kinds(Film, second.occasion) == ["~"]
    assert kinds(Credit, second.occasion) == ["-", "~"]
    assert_history_tells_everything()


def test_dry_run_leaves_no_history(tmp_path):
    report = run(write(tmp_path), dry_run=True)
    assert list(written_on(report.occasion)) == []


@pytest.mark.parametrize("is_part", [False, True])
def test_reveal_is_recorded(ann, is_part):
    film = FilmFactory(state=Film.State.DRAFT)
    placeholder = FilmFactory(kind=Film.Kind.SECRET, title="Secret", stands_for=film)
    screening = ScreeningFactory(films=[placeholder], title="Secret")
    if is_part:
        ProgrammePart.objects.create(programme=FilmFactory(), film=placeholder)
    reveal(placeholder, ann, NOW)
    assert screening.history.latest().title == ""
    assert_history_tells_everything()


def test_demo_is_recorded_as_it_stands_and_its_changes_after_that():
    load(NOW, pictures=False)
    assert_history_tells_everything()
    assert set(Film.history.values_list("history_type", "history_change_reason")) == {("+", "Demo programme")}
    changed = Screening.history.filter(history_type="~")
    assert changed.count() > 5
    assert not changed.filter(history_user=None).exists()
    first = Screening.history.filter(history_type="+").latest()
    assert first.history_date == NOW - timedelta(days=60) < changed.earliest().history_date


def test_what_was_written_unrecorded_begins_its_history_as_it_stands():
    with unrecorded():
        person = Person.objects.create(name="A")
        with recorded():
            Person.objects.filter(pk=person.pk).update(name="B")
            Genre.objects.create(name="Noir")
    assert not person.history.exists()
    begin(NOW)
    assert [(row.name, row.history_date) for row in person.history.all()] == [("B", NOW)]
    begin(NOW)
    assert_history_tells_everything()
    assert person.history.count() == 1


def test_who_is_forgotten_with_the_user_and_the_history_stays():
    user = get_user_model().objects.create_user("gone")
    with recorded(by=user):
        series = Series.objects.create(name="Gala")
    user.delete()
    assert [(row.name, row.history_user) for row in series.history.all()] == [("Gala", None)]
