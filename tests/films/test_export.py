"""An export of everything, taken into an empty database, gives the same programme; of one edition, it merges."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from films.interchange import Refused, import_programme, uploaded_package
from films.interchange.exporting import TooLong, Written, export_edition, export_everything, workbook_of, zip_of
from films.interchange.report import Report
from films.interchange.spreadsheet_text import for_workbook, from_workbook, guarded, unguarded
from films.interchange.tables import TABLES
from films.models import (
    AccessFeature,
    ContentWarning,
    Country,
    Credit,
    CreditRole,
    Edition,
    Film,
    FilmCountry,
    OldSlug,
    ProgrammePart,
    Quote,
    Screening,
    ScreeningFilm,
    ScreeningGuest,
    SourceRow,
    WarningKind,
)
from people.models import FilmographyEntry, Person
from tests.factories import EditionFactory, FilmFactory, RoomFactory, ScreeningFactory, VenueFactory
from tests.films.exports import assert_round_trip, compared_models, content, empty_database, take_in
from tests.films.programmes import credit, film, run, screening, write
from venues.models import Licence, TravelTime, Venue

# Anything that both databases and both kinds of file can hold.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
NAME = TEXT.filter(str.strip)


@pytest.mark.django_db
def test_imported_programme_comes_back_with_its_keys(tmp_path):
    run(
        write(
            tmp_path,
            films=[film("f1", countries="UK|France", rating="15", warnings="blood"), film("f2", title="Film f1")],
            credits=[credit("Mary Smith"), credit("K. Loach", "f2")],
            screenings=[screening(films="f1|f2"), screening("s2", "f2", cancelled="1")],
        )
    )
    run(write(tmp_path, films=[film("f2")], screenings=[screening(films="f2")]))
    FilmFactory(title="Made here", edition=Edition.objects.get())
    assert_round_trip(source="fest")
    assert SourceRow.objects.get(source="fest", key="s2").vanished_at
    assert run(tmp_path).changed_nothing


@pytest.mark.django_db
def test_second_export_is_the_same_to_the_byte(tmp_path):
    run(write(tmp_path))
    FilmFactory()
    files = [{written.file: list(written.rows) for written in export_everything("fest")} for _ in range(2)]
    assert files[0] == files[1]


def test_every_model_is_carried():
    assert {model._meta.label for model in compared_models()} == {table.model._meta.label for table in TABLES}


class TestAnyProgramme(PropertyTestCase):
    @given(name=NAME, other=NAME, text=TEXT, more=TEXT, when=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
           number=st.integers(0, 30000), perhaps=st.none() | st.integers(1, 30000), yes=st.booleans() | st.none(),
           as_file=st.sampled_from([zip_of, workbook_of]))  # fmt: skip
    @settings(max_examples=15)
    def test_it_comes_back_the_same(self, name, other, text, more, when, number, perhaps, yes, as_file):
        at = when.replace(tzinfo=UTC)
        empty_database()
        role = CreditRole.objects.create(slug="director", name=name[:20], plural=other[:20])
        edition = EditionFactory(name=name, announced_at=at, also_playing_heading=text, default_slot=number + 1)
        place = VenueFactory(name=name, directions=text, access=more, latitude="-1.5", longitude="-123.10001")
        room = RoomFactory(venue=place, name=other, capacity=perhaps, step_free=yes)
        second = RoomFactory(venue=place, name=name + "2")
        Licence.objects.create(venue=place, room=room, minimum_age=19, note=text)
        TravelTime.objects.create(origin=place, destination=VenueFactory(name=other), minutes=number, means=more)
        person = Person.objects.create(name=name, biography=text, family_name_first=bool(yes))
        namesake = Person.objects.create(name=name, sort_name=more)
        FilmographyEntry.objects.create(person=namesake, title=other, year=perhaps, note=text)
        shown = FilmFactory(edition=edition, title=name, original_title=more, synopsis=text, year=perhaps,
                            state="draft", title_language="", locked_fields=[text, more], grade=15)  # fmt: skip
        twin = FilmFactory(edition=edition, title=name, kind="secret", stands_for=shown, state="scheduled",
                           embargo_until=at, runtime=perhaps, sort_title=more)  # fmt: skip
        OldSlug.objects.create(slug="gone", film=twin)
        FilmCountry.objects.create(film=shown, country=Country.objects.create(name=name), position=number)
        ContentWarning.objects.create(film=shown, kind=WarningKind.objects.create(name=other), spoiler=text)
        Quote.objects.create(film=shown, text=text, source=more, position=number)
        ProgrammePart.objects.create(programme=twin, film=shown, position=number)
        Credit.objects.create(film=shown, person=person, role=role, credited_as=text, character=more, position=number)
        Credit.objects.create(film=shown, person=namesake, role=role)
        show = ScreeningFactory(edition=edition, room=room, starts_at=at, films=[shown, twin], title=text, note=more,
                                entered_end=at + timedelta(minutes=number + 1), price=Decimal("12.50"),
                                on_sale_at=at, audience="press", sales="standby", is_premiere=bool(yes),
                                age_override=perhaps, age_override_reason=name)  # fmt: skip
        show.room, show.occurrence = second, "moved"
        show.save(why=text)
        ScreeningFactory(edition=edition, room=room, starts_at=at, films=[], talk=number)
        ScreeningFilm.objects.filter(film=twin).update(part="short_after", position=number)
        ScreeningGuest.objects.create(screening=show, person=namesake)
        AccessFeature.objects.create(screening=show, feature="sdh", is_confirmed=bool(yes))
        SourceRow.objects.create(source=name, sheet="film", key=other, object_id=shown.pk, vanished_at=at)
        assert_round_trip(as_file, source=name)

    @given(TEXT)
    @settings(max_examples=500)
    def test_guarded_text_is_no_formula_and_leads_back(self, text):
        assert unguarded(guarded(text)) == text
        assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
        assert from_workbook(for_workbook(text)) == text

    @given(st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1, max_size=5))
    @settings(max_examples=100)
    def test_cells_come_back_from_a_file_as_they_were_written(self, rows):
        rows = [["x", *row] for row in rows]
        for as_file in (zip_of, workbook_of):
            package = uploaded_package(as_file([Written("quotes.csv", ["a", "b", "c"], rows)]))
            lines = package.lines("quotes.csv", Report())
            assert [list(map(unguarded, cells)) for _number, cells in lines[1:]] == rows


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''@", "'tis", "#N/A", "_x000D_", "a\rb"]
)
def test_text_that_a_spreadsheet_would_take_for_something_else_survives(text):
    for as_file in (zip_of, workbook_of):
        package = uploaded_package(as_file([Written("quotes.csv", ["a", "b"], [["x", text]])]))
        ((_number, cells),) = package.lines("quotes.csv", Report())[1:]
        assert unguarded(cells[1]) == text


def test_formula_starts_are_neutralised_in_the_file_itself():
    exported = zip_of([Written("quotes.csv", ["text"], [['=HYPERLINK("http://example.org")']])])
    text = zipfile.ZipFile(io.BytesIO(exported)).read("quotes.csv").decode("utf-8-sig")
    assert text == 'text\r\n"\'=HYPERLINK(""http://example.org"")"\r\n'


def test_text_too_long_for_a_cell_is_said():
    with pytest.raises(TooLong) as reason:
        workbook_of([Written("films.csv", ["synopsis"], [["x" * 32_768]])])
    assert str(reason.value) == (
        "Row 2 of films.csv holds a text of 32768 characters, and a spreadsheet's cell holds 32767. "
        "Export CSV files instead."
    )


def changed(exported: bytes, file: str, before: str, after: str) -> bytes:
    files = {}
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        files = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert before in files[file]
    files[file] = files[file].replace(before, after)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.fixture
def exported(tmp_path, db):
    run(write(tmp_path, films=[film(countries="France", title="Eider")], credits=[credit("Ken Loach")]))
    whole = zip_of(export_everything("fest"))
    empty_database()
    return whole


@pytest.mark.parametrize(
    ("file", "before", "after", "sentences"),
    [
        ("films.csv", ",France,", ",Spain,",
         ["films.csv line 2, countries: Says “Spain”, but another column or file of this export says “France”."]),
        ("films.csv", ",90,", ",ninety,", ["films.csv line 2, runtime_min: “ninety” value must be an integer."]),
        ("screenings.csv", ",scheduled,", ",someday,",
         ["screenings.csv line 2, occurrence: Value 'someday' is not a valid choice."]),
        ("film_countries.csv", "France", "Spain",
         ["film_countries.csv line 2, country: “Spain” is no key of the table that it refers to."]),
        ("venues.csv", "slug", "slugg", ["venues.csv line 1: The header needs the column “slug” once."]),
        ("people.csv", "ken loach,Ken Loach", "ken loach,",
         ["people.csv: A person needs a name."]),
    ],
)  # fmt: skip
def test_export_that_was_changed_here_and_not_there_is_refused_whole(exported, file, before, after, sentences):
    with pytest.raises(Refused) as refused:
        take_in(changed(exported, file, before, after))
    assert list(refused.value.report.refused) == sentences
    assert not Film.objects.exists()
    assert not Venue.objects.exists()


def test_whole_export_is_merged_where_there_is_a_programme(exported):
    FilmFactory(title="Already here")
    report = take_in(exported)
    assert "This is an export of everything" in next(iter(report.doubtful))
    assert sorted(Film.objects.values_list("title", flat=True)) == ["Already here", "Eider"]


@pytest.mark.django_db
def test_command_writes_folder_zip_and_workbook(tmp_path, capsys):
    run(write(tmp_path))
    for name in ("out", "out.zip", "out.xlsx"):
        call_command("export_programme", tmp_path / name)
    assert len(list((tmp_path / "out").iterdir())) == len(TABLES)
    call_command("export_programme", tmp_path / "one", edition="Fest 2026", source="fest")
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [
        "credits.csv", "films.csv", "screenings.csv", "venues.csv",
    ]  # fmt: skip
    for options, sentence in (
        ({"edition": "Fest 1900"}, "There is no edition “Fest 1900”. There are: Fest 2026."),
        ({"source": "Planner"}, "Nothing was imported from “Planner”. Known: fest."),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("export_programme", tmp_path / "x", **options)


@pytest.mark.django_db
def test_export_of_an_edition_imported_again_changes_nothing(tmp_path):
    run(write(tmp_path, films=[film(rating="15", countries="UK")], credits=[credit("Ken Loach")]))
    exported = zip_of(export_edition(Edition.objects.get(), "fest"))
    before = content()
    report = take_in(exported)
    assert (report.changed_nothing, report.changes) == (True, [])
    assert content() == before


@pytest.mark.django_db
def test_edited_export_changes_what_was_edited_and_decides_no_publication():
    edition = EditionFactory(name="Fest")
    made_here = FilmFactory(edition=edition, title="Eider", state="draft")
    ScreeningFactory(edition=edition, films=[made_here], room=RoomFactory(name="One"), occurrence="postponed")
    exported = zip_of(export_edition(edition))
    edited = changed(exported, "films.csv", "Eider", "The Eider")
    edited = changed(edited, "films.csv", ",draft,", ",published,")
    report = import_programme(uploaded_package(edited), source="desk", edition="Fest")
    assert report.changes == ["films.csv line 2, “Eider”: title was “Eider”, is now “The Eider”"]
    assert list(report.kept) == [
        "films.csv line 2, state: Publication is decided here; kept “draft” instead of “published”."
    ]
    assert [(film.title, film.state) for film in Film.objects.all()] == [("The Eider", "draft")]
    assert Screening.objects.get().occurrence == "postponed"


@pytest.mark.django_db
def test_draft_stays_a_draft_where_it_is_new(tmp_path):
    run(
        write(
            tmp_path,
            films=[film("f1", state="draft"), film("f2", state="scheduled", embargo_until="2026-09-01T08:00Z")],
        )
    )
    assert list(Film.objects.order_by("pk").values_list("state", "embargo_until")) == [
        ("draft", None), ("scheduled", datetime(2026, 9, 1, 8, tzinfo=UTC)),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        run(write(tmp_path, films=[film("f3", state="scheduled")]))
    assert list(refused.value.report.refused) == [
        "films.csv line 2, state: A scheduled film needs the instant at which it becomes public, in “embargo_until”."
    ] + ["screenings.csv line 2, films: “f1” is no key in films.csv."]
