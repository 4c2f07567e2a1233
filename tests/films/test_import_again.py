"""What a second import changes, what it leaves alone, and what it says of either."""

from datetime import UTC, date, datetime

import pytest

from films.interchange import Refused
from films.models import Edition, Film, Screening, ScreeningFilm, SourceRow, StatusChange
from people.models import Person
from tests.films.programmes import credit, everything, film, run, screening, venue, write
from venues.models import Room, Venue

pytestmark = pytest.mark.django_db


def full(folder):
    return write(
        folder,
        films=[film("f1", countries="France|Chile", warnings="blood", rating="15", sections="Shorts"), film("f2")],
        credits=[credit("Ana Ruiz"), credit("BO LI", "f2"), credit("Bo Li", "f2", role="cast")],
        screenings=[screening("s1", "f1|f2"), screening("s2", "f2", sold_out="1"), screening("s3", cancelled="1")],
    )


def test_import_twice_changes_nothing_and_says_so(tmp_path):
    run(full(tmp_path))
    before = everything()
    report = run(tmp_path)
    assert everything() == before
    assert {sheet: dict(count) for sheet, count in report.counts.items()} == {
        "venues": {"unchanged": 1},
        "rooms": {"unchanged": 2},
        "films": {"created": 0, "updated": 0, "unchanged": 2},
        "people": {"unchanged": 2, "created": 0},
        "credits": {"created": 0, "updated": 0, "unchanged": 3, "vanished": 0},
        "screenings": {"created": 0, "updated": 0, "unchanged": 3},
    }
    assert str(report).endswith("Nothing changed: everything stands here as the source has it.")


def test_changed_film_is_the_same_film_and_all_that_follows_is_derived_anew(tmp_path):
    run(write(tmp_path))
    film_before = Film.objects.get()
    write(tmp_path, films=[film(title="Another Name", runtime_min="60", synopsis="A **boat**.")])
    report = run(tmp_path)
    it = Film.objects.get()
    assert (it.pk, it.title, it.slug, it.sort_key) == (film_before.pk, "Another Name", "film-f1", "another name")
    assert it.synopsis_html == "<p>A <strong>boat</strong>.</p>\n"
    assert Film.objects.matching("another boat").get() == it
    assert it.updated_at > film_before.updated_at
    assert Screening.objects.get().ends_at == datetime(2026, 10, 2, 3, 0, tzinfo=UTC)
    assert report.changes == [
        "films.csv line 2, “Film f1”: title was “Film f1”, is now “Another Name”",
        "films.csv line 2, “Film f1”: runtime was “90”, is now “60”",
        "films.csv line 2, “Film f1”: synopsis was empty, is now “A **boat**.”",
    ]


def test_locked_field_is_kept_and_reported(tmp_path):
    run(write(tmp_path))
    Film.objects.update(title="By Hand", locked_fields=["title"])
    report = run(tmp_path)
    assert Film.objects.get().title == "By Hand"
    assert list(report.kept) == ["films.csv line 2, title: title is locked here; kept “By Hand” instead of “Film f1”."]
    assert report.changed_nothing


def test_locked_room_of_a_screening_is_kept(tmp_path):
    run(write(tmp_path))
    other = Room.objects.get(name="Hall 2")
    Screening.objects.update(room=other, locked_fields=["room"])
    run(tmp_path)
    assert Screening.objects.get().room == other


def test_empty_cell_empties_nothing(tmp_path):
    run(write(tmp_path, films=[film(runtime_min="", synopsis="")]))
    it = Film.objects.get()
    it.runtime, it.synopsis = 95, "By hand."
    it.save()
    report = run(tmp_path)
    it.refresh_from_db()
    assert (it.runtime, it.synopsis, report.changed_nothing) == (95, "By hand.", True)
    assert sorted(report.kept) == [
        "films.csv line 2, runtime_min: Empty in the source; kept what stands here.",
        "films.csv line 2, synopsis: Empty in the source; kept what stands here.",
    ]


def test_sales_and_occurrence_set_by_a_person_stay_until_the_source_changes_its_own(tmp_path):
    run(write(tmp_path))
    it = Screening.objects.get()
    it.sales, it.occurrence = "on_sale", "cancelled"
    it.save()
    report = run(tmp_path)
    it.refresh_from_db()
    assert (it.sales, it.occurrence, report.changed_nothing) == ("on_sale", "cancelled", True)
    assert list(report.kept) == [
        "screenings.csv line 2, cancelled: Kept “cancelled”, as set here; the source still says “scheduled”."
    ]
    run(write(tmp_path, screenings=[screening(sold_out="1")]))
    it.refresh_from_db()
    assert (it.sales, it.occurrence) == ("sold_out", "cancelled")


def test_sold_out_by_the_source_is_taken_back_by_the_source(tmp_path):
    for sold_out in "0", "1", "0":
        run(write(tmp_path, screenings=[screening(sold_out=sold_out)]))
    assert Screening.objects.get().sales == "unknown"
    changes = StatusChange.objects.order_by("pk").values_list("axis", "before", "after", "changed_by", "reason")
    assert list(changes) == [
        ("sales", "unknown", "sold_out", None, "Import from fest"),
        ("sales", "sold_out", "unknown", None, "Import from fest"),
    ]


def test_sold_out_by_a_person_is_not_taken_back_by_the_source(tmp_path):
    run(write(tmp_path))
    it = Screening.objects.get()
    it.sales = "sold_out"
    it.save()
    run(tmp_path)
    it.refresh_from_db()
    assert it.sales == "sold_out"


def test_screening_moved_by_a_person_stays_until_the_source_moves_it(tmp_path):
    run(write(tmp_path))
    it = Screening.objects.get()
    by_hand = datetime(2026, 10, 2, 5, 0, tzinfo=UTC)
    it.starts_at, it.occurrence = by_hand, "moved"
    it.save()
    report = run(tmp_path)
    it.refresh_from_db()
    assert (it.starts_at, it.occurrence) == (by_hand, "moved")
    assert list(report.kept) == [
        "screenings.csv line 2, start_utc: Kept “2026-10-02 05:00 UTC”, as set here; the source still says "
        "“2026-10-02 02:00 UTC”."
    ]
    run(write(tmp_path, screenings=[screening(start_utc="2026-10-02T06:00Z", room="Hall 2")]))
    it.refresh_from_db()
    assert (it.starts_at, it.room.name) == (datetime(2026, 10, 2, 6, 0, tzinfo=UTC), "Hall 2")
    assert it.ends_at == datetime(2026, 10, 2, 7, 30, tzinfo=UTC)


def test_end_of_the_old_start_goes_when_the_source_moves_the_start(tmp_path):
    run(write(tmp_path, screenings=[screening(end_local="2026-10-01T23:00")]))
    run(write(tmp_path, screenings=[screening(start_utc="2026-10-03T02:00Z")]))
    it = Screening.objects.get()
    assert (it.entered_end, it.ends_at) == (None, datetime(2026, 10, 3, 3, 30, tzinfo=UTC))


def test_rows_that_vanish_are_flagged_and_kept_and_unflagged_when_they_return(tmp_path):
    run(full(tmp_path))
    report = run(write(tmp_path, films=[film("f1")]))
    flagged = SourceRow.objects.filter(vanished_at__isnull=False)
    assert sorted(flagged.values_list("sheet", "key")) == [
        ("film", "f2"), ("screening", "s2"), ("screening", "s3"),
    ]  # fmt: skip
    assert (Film.objects.count(), Screening.objects.count()) == (2, 3)
    assert [line for line in report.changes if "vanished" in line][0] == (
        "films: “Film f2” (f2) vanished from the source; flagged, and kept"
    )
    assert run(tmp_path).changed_nothing
    report = run(full(tmp_path))
    assert flagged.count() == 0
    assert "films: f2 is back in the source; no longer flagged" in report.changes


def test_vanished_rows_of_another_edition_are_not_looked_for(tmp_path):
    run(write(tmp_path))
    films, shows = [film("g1")], [screening("t1", "g1", start_utc="2027-10-02T02:00Z")]
    run(write(tmp_path, films=films, screenings=shows), edition="Fest 2027")
    assert SourceRow.objects.filter(vanished_at__isnull=False).count() == 0
    assert Venue.objects.count() == 1


def test_credit_that_is_gone_is_removed_and_one_added_by_hand_is_kept(tmp_path):
    run(write(tmp_path, credits=[credit("Ana Ruiz"), credit("Bo Li", position=2)]))
    it, role = Film.objects.get(), Film.objects.get().credits.all()[0].role
    it.credits.create(person=Person.objects.create(name="Cy Ode"), role=role, position=9)
    report = run(write(tmp_path, credits=[credit("Ana Ruiz", position=3)]))
    assert [(one.person.name, one.position) for one in it.credits.in_order()] == [("Ana Ruiz", 3), ("Cy Ode", 9)]
    assert report.changes == [
        "credits.csv line 2, “Ana Ruiz”: position was “1”, is now “3”",
        "credits.csv: “Film f1” no longer credits Director: Bo Li; removed",
    ]
    assert Film.objects.matching("bo li").count() == 0


def test_name_that_a_person_corrected_stays(tmp_path):
    run(write(tmp_path, credits=[credit("ANA RUIZ")]))
    person = Person.objects.get()
    person.name = "Ana Ruíz"
    person.save()
    assert run(tmp_path).changed_nothing
    assert [one.printed_name for one in Film.objects.get().credits.all()] == ["Ana Ruíz"]


def test_films_of_a_screening_change_and_its_end_with_them(tmp_path):
    films = [film("f1"), film("f2", runtime_min="30")]
    run(write(tmp_path, films=films))
    run(write(tmp_path, films=films, screenings=[screening(films="f2|f1")]))
    it = Screening.objects.get()
    assert [item.film.title for item in it.items.all()] == ["Film f2", "Film f1"]
    assert it.ends_at == datetime(2026, 10, 2, 4, 0, tzinfo=UTC)


def test_revealed_secret_goes_on_showing_what_it_turned_out_to_be(tmp_path):
    write(tmp_path, films=[film(title="Secret", kind="secret")])
    run(tmp_path)
    secret, edition = Film.objects.get(), Edition.objects.get()
    revealed = Film.objects.create(edition=edition, title="Vertigo", state="published")
    ScreeningFilm.objects.update(film=revealed)
    Film.objects.filter(pk=secret.pk).update(state="draft")
    report = run(tmp_path)
    assert [item.film for item in Screening.objects.get().items.all()] == [revealed]
    assert list(report.kept) == [
        "screenings.csv line 2, films: The secret film was revealed here; what the screening shows was kept."
    ]


def test_warning_added_by_hand_is_kept_and_named(tmp_path):
    run(write(tmp_path, films=[film("f1", warnings="blood"), film("f2", warnings="strobe")]))
    first, second = Film.objects.order_by("pk")
    first.warnings.create(kind=second.warnings.get().kind)
    report = run(tmp_path)
    assert [str(one) for one in first.warnings.all()] == ["blood", "strobe"]
    assert "films.csv line 2, warnings: Not in the source, but kept: strobe." in list(report.kept)


def test_what_is_added_beside_a_film_or_screening_is_reported_and_dates_it(tmp_path):
    run(write(tmp_path))
    film_before, screening_before = Film.objects.get(), Screening.objects.get()
    films = [film(warnings="strobe", rating="18", countries="Chile", quote="A marvel.", quote_source="The Paper")]
    shows = [screening(access="relaxed?", guests="Ana Ruiz")]
    report = run(write(tmp_path, films=films, screenings=shows))
    assert report.changes == [
        "films.csv line 2, “Film f1”: countries was empty, is now “Chile”",
        "films.csv line 2, “Film f1”: quote added: “A marvel.”",
        "films.csv line 2, “Film f1”: warnings added: strobe",
        "films.csv line 2, “Film f1”: rating was empty, is now “18”",
        "screenings.csv line 2, “s1”: Relaxed screening is not confirmed yet",
        "screenings.csv line 2, “s1”: guest added: Ana Ruiz",
    ]
    assert (report.counts["films"]["updated"], report.counts["screenings"]["updated"]) == (1, 1)
    assert Film.objects.get().updated_at > film_before.updated_at
    assert Screening.objects.get().updated_at > screening_before.updated_at
    assert run(tmp_path).changed_nothing


@pytest.mark.parametrize("lock", ["countries", "series", "warnings", "classifications", "credits"])
def test_locked_list_is_kept(tmp_path, lock):
    row = film(countries="Chile", sections="Shorts", warnings="blood", rating="12")
    run(write(tmp_path, films=[row], credits=[credit("Ana Ruiz")]))
    Film.objects.update(locked_fields=[lock])
    row |= {"countries": "Peru", "sections": "Long", "warnings": "strobe", "rating": "18"}
    run(write(tmp_path, films=[row], credits=[credit("Bo Li")]))
    it = Film.objects.get()
    assert {
        "countries": [str(one) for one in it.countries.all()],
        "series": [str(one) for one in it.series.all()],
        "warnings": [str(one) for one in it.warnings.all()],
        "classifications": [one.classification.code for one in it.classifications.all()],
        "credits": [one.person.name for one in it.credits.all()],
    } == {
        "countries": ["Peru"], "series": ["Long"], "warnings": ["blood", "strobe"], "classifications": ["18"],
        "credits": ["Bo Li"],
    } | {lock: {
        "countries": ["Chile"], "series": ["Shorts"], "warnings": ["blood"], "classifications": ["12"],
        "credits": ["Ana Ruiz"],
    }[lock]}  # fmt: skip


def test_overlap_that_is_over_loses_its_mark_and_a_persons_reason_stays(tmp_path):
    shows = [screening("s1"), screening("s2"), screening("s3")]
    run(write(tmp_path, screenings=shows))
    Screening.objects.filter(pk=Screening.objects.earliest("pk").pk).update(overlap_reason="Two halves of the hall")
    run(write(tmp_path, screenings=[shows[0], shows[1] | {"room": "Hall 2"}, shows[2]]))
    reasons = Screening.objects.order_by("pk").values_list("overlap_reason", flat=True)
    assert list(reasons) == ["Two halves of the hall", "", "As the source has it"]


def test_film_deleted_here_is_made_anew_and_reported(tmp_path):
    run(write(tmp_path, films=[film("f1"), film("f2")]))
    Film.objects.get(title="Film f2").delete()
    report = run(tmp_path)
    assert Film.objects.count() == 2
    assert "films.csv line 3, key: It was deleted here since it was imported; made anew." in list(report.doubtful)
    assert run(tmp_path).changed_nothing


def test_renamed_venue_keeps_its_room_and_place(tmp_path):
    show = [screening(room="")]
    run(write(tmp_path, venues=[venue(rooms="")], screenings=show))
    before = Venue.objects.get()
    run(write(tmp_path, venues=[venue(rooms="", name="Rio Grande")], screenings=show))
    assert [(room.venue_id, room.full_name) for room in Room.objects.all()] == [(before.pk, "Rio Grande")]


def test_shift_twice_changes_nothing(tmp_path):
    run(full(tmp_path), shift_to=date(2027, 1, 1))
    assert run(tmp_path, shift_to=date(2027, 1, 1)).changed_nothing


def test_key_of_another_edition_is_refused(tmp_path):
    run(write(tmp_path))
    with pytest.raises(Refused) as refusal:
        run(tmp_path, edition="Fest 2027")
    assert list(refusal.value.report.refused) == [
        "films.csv line 2, key: The film with this key stands in the edition “Fest 2026” already. "
        "Import into that edition, or name another source.",
        "screenings.csv line 2, key: The screening with this key stands in the edition “Fest 2026” already. "
        "Import into that edition, or name another source.",
    ]
    assert Edition.objects.count() == 1
