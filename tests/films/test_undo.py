"""Taking an import back: what it made goes, what it changed is as before, and what somebody did since stays."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from films.interchange.undoing import undo
from films.models import Country, Credit, CreditRole, Edition, Film, Quote, Screening, SourceRow, StatusChange
from people.models import Person
from tests.factories import CreditFactory, FilmFactory, PersonFactory, ScreeningFactory
from tests.films.programmes import credit, everything, film, run, screening, venue, write
from venues.models import Room, Venue

pytestmark = pytest.mark.django_db

# What tells of a change rather than of the programme, and goes on.
ONWARD = {"updated_at", "revision"}
STAYS = ("films.StatusChange", "films.Revision", "films.ImportRun", "films.SearchWord")


def programme() -> dict:
    """Every row with its primary key, without the logs and the moments of changes."""
    return {
        label: [{name: value for name, value in row.items() if name not in ONWARD} for row in rows]
        for label, rows in everything().items()
        if "Historical" not in label and label not in STAYS
    }


def imported(folder, **sheets) -> UUID:
    return run(write(folder, **sheets)).occasion


def take_back(occasion: UUID):
    return undo(occasion, "fest", None)


def test_first_import_undone_leaves_nothing_of_it(tmp_path):
    FilmFactory(title="Here before", directors=[PersonFactory()])
    ScreeningFactory()
    before = programme()
    occasion = imported(
        tmp_path,
        films=[film(countries="France|Spain", languages="French", sections="Panorama", rating="15", warnings="blood",
                    genres="Drama", quote="Fine", quote_source="Them"), film("f2", kind="short")],
        credits=[credit("Mary Smith"), credit("Ken Loach", "f2")],
        screenings=[screening(films="f2|f1", access="sdh", guests="Mary Smith"), screening("s2")],
    )  # fmt: skip
    assert programme() != before
    plan = take_back(occasion)
    assert plan.stays == []
    assert programme() == before


def test_second_import_undone_restores_what_it_changed(tmp_path):
    run(write(
        tmp_path,
        films=[film(countries="France", rating="15", synopsis="Old", year="1999"), film("f2"), film("f3")],
        credits=[credit("Mary Smith"), credit("Ken Loach", position=2), credit("Ken Loach", "f2")],
        screenings=[screening(films="f1|f2"), screening("s2", "f2", "2026-10-03T02:00Z"), screening("s3", "f3")],
    ))  # fmt: skip
    Film.objects.filter(title="Film f3").update(locked_fields=["title"])
    before = programme()
    second = {
        "venues": [venue(name="Rialto", rooms="Hall 1|Hall 2|Hall 3")],
        "films": [film(countries="Spain|France", rating="18", synopsis="New", title="Renamed", runtime_min="95"),
                  film("f2"), film("f4")],
        "credits": [credit("Ken Loach"), credit("New Person"), credit("New Person", "f4")],
        "screenings": [screening(films="f2|f1", cancelled="1", room="Hall 2"),
                       screening("s2", "f2", "2026-10-04T02:00Z", sold_out="1"), screening("s4", "f4")],
    }  # fmt: skip
    occasion = imported(tmp_path, **second)
    after = programme()
    plan = take_back(occasion)
    assert plan.stays == []
    assert programme() == before
    film_found_again = Film.objects.matching("Film f1 Mary Smith France Old")
    assert [film.title for film in film_found_again] == ["Film f1"]

    log = list(StatusChange.objects.order_by("pk").values_list("axis", "reason"))
    assert [axis for axis, why in log if why == "Undone: Import from fest"] == [
        axis for axis, why in log if why == "Import from fest"
    ]
    run(write(tmp_path, **second))
    assert {label: len(rows) for label, rows in programme().items()} == {
        label: len(rows) for label, rows in after.items()
    }
    assert Screening.objects.get(pk=before["films.Screening"][0]["id"]).occurrence == "cancelled"
    assert Film.objects.get(pk=before["films.Film"][0]["id"]).title == "Renamed"


def test_film_that_somebody_edited_since_stays_with_all_that_belongs_to_it(tmp_path):
    occasion = imported(
        tmp_path,
        films=[film(countries="France"), film("f2", countries="Spain")],
        credits=[credit("Mary Smith"), credit("Ken Loach", "f2")],
        screenings=[screening(), screening("s2", "f2")],
    )
    it = Film.objects.get(title="Film f1")
    it.blurb = "Ours"
    it.save()
    plan = take_back(occasion)
    assert (
        plan.stays
        == [
            "film “Film f1”: changed since (blurb); it stays as it is.",
            "2 more rows stay, because something that stays needs them.",
        ]
        or plan.stays[0] == "film “Film f1”: changed since (blurb); it stays as it is."
    )
    assert list(Film.objects.values_list("title", flat=True)) == ["Film f1"]
    assert list(it.countries.values_list("name", flat=True)) == ["France"]
    assert [str(one) for one in it.credits.all()] == ["Director: Mary Smith"]
    assert not Screening.objects.exists()
    assert not Person.objects.filter(name="Ken Loach").exists()
    assert not Country.objects.filter(name="Spain").exists()
    assert sorted(SourceRow.objects.values_list("sheet", "key")) == [("film", "f1"), ("person", "mary smith")]
    assert Edition.objects.get() == it.edition


def test_film_that_was_added_to_since_stays(tmp_path):
    occasion = imported(tmp_path)
    it = Film.objects.get()
    CreditFactory(film=it, person=PersonFactory(), role=CreditRole.objects.get(slug="director"))
    assert take_back(occasion).stays[0] == "film “Film f1”: something was added to it since; it stays as it is."
    assert Film.objects.get() == it
    assert Credit.objects.count() == 1


def test_screening_whose_state_was_set_since_stays_with_its_film_and_room(tmp_path):
    occasion = imported(tmp_path, screenings=[screening(), screening("s2", "")])
    it = Screening.objects.order_by("pk").first()
    it.sales = "sold_out"
    it.save(why="Queue")
    stays = take_back(occasion).stays
    assert "changed since (sales" in stays[0]
    assert Screening.objects.get() == it
    assert [item.film.title for item in it.items.all()] == ["Film f1"]
    assert Room.objects.filter(name="Hall 1").exists()
    assert Venue.objects.get().rooms.count() == 2


def test_person_who_is_credited_elsewhere_since_stays(tmp_path):
    occasion = imported(tmp_path, credits=[credit("Mary Smith"), credit("Ken Loach")])
    other = FilmFactory(title="Ours")
    CreditFactory(
        film=other, person=Person.objects.get(name="Mary Smith"), role=CreditRole.objects.get(slug="director")
    )
    assert take_back(occasion).stays == ["2 more rows stay, because something that stays needs them."]
    assert list(Person.objects.values_list("name", flat=True)) == ["Mary Smith"]


def test_field_that_was_set_since_stays_and_the_others_go_back(tmp_path):
    run(write(tmp_path, films=[film(year="1999")]))
    occasion = imported(tmp_path, films=[film(title="Renamed", year="2001")])
    it = Film.objects.get()
    it.title = "By hand"
    it.save()
    assert take_back(occasion).stays == ["film “By hand (2001)”: title was set to “By hand” since; that stays."]
    it.refresh_from_db()
    assert (it.title, it.year) == ("By hand", 1999)


def test_what_was_removed_and_put_back_by_hand_is_left(tmp_path):
    run(write(tmp_path, credits=[credit("Mary Smith"), credit("Ken Loach", position=2)]))
    occasion = imported(tmp_path, credits=[credit("Ken Loach", position=1)])
    it = Film.objects.get()
    mary = Person.objects.get(name="Mary Smith")
    by_hand = Credit.objects.create(film=it, person=mary, role=CreditRole.objects.get(slug="director"), position=7)
    stays = take_back(occasion).stays
    assert len(stays) == 1
    assert stays[0].endswith("could not be put back: something stands in its place.")
    assert it.credits.get(person=mary) == by_hand
    assert it.credits.get(person__name="Ken Loach").position == 2


def test_row_deleted_since_is_said_and_the_rest_undone(tmp_path):
    run(write(tmp_path, films=[film("f1"), film("f2")]))
    occasion = imported(tmp_path, films=[film("f1", title="One"), film("f2", title="Two")])
    Film.objects.get(title="Two").delete()
    assert [line for line in take_back(occasion).stays if line.startswith("film")]
    assert [film.title for film in Film.objects.all()] == ["Film f1"]


def test_quote_added_to_a_film_here_does_not_keep_its_change(tmp_path):
    run(write(tmp_path))
    occasion = imported(tmp_path, films=[film(title="Renamed")])
    Quote.objects.create(film=Film.objects.get(), text="Fine", source="Us")
    assert take_back(occasion).stays == []
    assert [(film.title, film.quotes.count()) for film in Film.objects.all()] == [("Film f1", 1)]


def test_credit_whose_person_was_deleted_since_is_said_and_the_others_are_put_back(tmp_path):
    run(
        write(tmp_path, credits=[credit("Mary Smith"), credit("Ken Loach", position=2), credit("Ana Ruiz", position=3)])
    )
    occasion = imported(tmp_path, credits=[credit("Ana Ruiz")])
    Person.objects.get(name="Mary Smith").delete()
    plan = take_back(occasion)
    assert len(plan.stays) == 1
    assert plan.stays[0].endswith("could not be put back: something stands in its place.")
    assert [one.person.name for one in Film.objects.get().credits.all()] == ["Ken Loach", "Ana Ruiz"]


def test_change_of_many_rows_is_imported_and_undone_with_as_few_queries_as_one_of_few(tmp_path):
    counts = []
    for number in (2, 40):
        keys = [f"{number}-{n}" for n in range(number)]
        shows = [screening(key, key, f"2026-{n // 28 + 1:02}-{n % 28 + 1:02}T02:00Z") for n, key in enumerate(keys)]
        old = {
            "films": [film(key, countries="France", rating="15", warnings="blood") for key in keys],
            "credits": [credit(f"{role} {key}", key, role) for key in keys for role in ("director", "cast")],
            "screenings": shows,
        }
        new = {
            "films": [
                film(key, title=f"New{number}", countries="Spain", rating="18", warnings="strobe") for key in keys
            ],
            "credits": [credit(f"director {key}", key, position=2) for key in keys],
            "screenings": [
                show | {"films": keys[n - 1], "room": "Hall 2", "start_utc": show["start_utc"].replace("T02", "T04")}
                for n, show in enumerate(shows)
            ],
        }
        run(write(tmp_path, **old), edition=f"Of {number}", source=f"{number}")
        with CaptureQueriesContext(connection) as importing:
            occasion = run(write(tmp_path, **new), edition=f"Of {number}", source=f"{number}").occasion
        with CaptureQueriesContext(connection) as undoing:
            assert undo(occasion, f"{number}", None).stays == []
        counts.append((len(importing), len(undoing)))
    assert counts[0] == counts[1]
