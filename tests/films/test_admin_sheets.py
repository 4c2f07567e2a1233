"""Plain CSV and XLSX of the lists: written as shown and filtered, and taken back row by row in words."""

import csv
import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from films.interchange.exporting import Written, workbook_of
from films.models import Film
from films.roles import BOX_OFFICE, PROGRAMMERS, TRAINEES
from people.models import Person
from tests.factories import EditionFactory, FilmFactory, PersonFactory, ScreeningFactory, VenueFactory
from tests.staff import logged_in, member_of

pytestmark = pytest.mark.django_db

KINDS = ("films_film", "films_screening", "people_person", "venues_venue")


def log_in(group: str) -> Client:
    return logged_in(member_of(group, group))


@pytest.fixture
def desk(db):
    return log_in(PROGRAMMERS)


def export(desk, kind: str, as_format: int = 0, query: str = "") -> bytes:
    response = desk.post(reverse(f"admin:{kind}_export") + query, {"format": as_format, "resource": ""})
    assert "attachment" in response.get("Content-Disposition", ""), response.context and response.context["form"].errors
    return response.content


def rows_of(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def upload(desk, kind: str, content: bytes, name: str = "sheet.csv"):
    data = {"import_file": SimpleUploadedFile(name, content), "format": int(name.endswith("xlsx")), "resource": ""}
    return desk.post(reverse(f"admin:{kind}_import"), data)


def confirm(desk, kind: str, page):
    form = page.context["confirm_form"]
    typed = {name: form.initial.get(name, "") for name in form.fields}
    return desk.post(reverse(f"admin:{kind}_process_import"), typed)


def faults(page) -> list[str]:
    result = page.context["result"]
    found = [str(error.error) for error in result.base_errors]
    found += [str(error.error) for _line, errors in result.row_errors() for error in errors]
    for row in result.invalid_rows:
        found += [f"{name}: {' '.join(sentences)}" for name, sentences in row.field_specific_errors.items()]
    return found


def test_list_is_exported_as_it_is_filtered_and_without_formulas(desk):
    edition = EditionFactory(name="Fest")
    FilmFactory(edition=edition, title="=1+1", directors=[PersonFactory(name="Ida")], state="draft")
    FilmFactory(edition=edition, title="Other", state="published")
    (row,) = rows_of(export(desk, "films_film", query="?state__exact=draft"))
    assert (row["title"], row["directors"], row["edition"], row["state"]) == ("'=1+1", "Ida", "Fest", "draft")


@pytest.mark.parametrize("kind", KINDS)
def test_export_asks_as_little_for_many_rows_as_for_one(desk, kind, django_assert_max_num_queries):
    for number in range(8):
        FilmFactory(directors=[PersonFactory()])
        ScreeningFactory(room__venue=VenueFactory(name=f"V{number}"))
    with django_assert_max_num_queries(16):
        export(desk, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("as_format", [0, 1])
def test_export_taken_back_changes_nothing(desk, kind, as_format):
    FilmFactory(directors=[PersonFactory(name="-Ida", biography="=x\r\ny")], synopsis=" spaced ")
    ScreeningFactory(note="@home", price="12.50")
    name = ("sheet.csv", "sheet.xlsx")[as_format]
    page = upload(desk, kind, export(desk, kind, as_format), name)
    assert faults(page) == []
    assert page.context["result"].valid_rows() == []


def test_edited_sheet_shows_each_field_then_changes_it(desk):
    film = FilmFactory(title="Eider", runtime=90)
    content = export(desk, "films_film").decode("utf-8-sig").replace("Eider", "=The Eider").replace(",90,", ",95,")
    page = upload(desk, "films_film", content.encode())
    (row,) = page.context["result"].valid_rows()
    assert [str(change) for change in row.diff] == [
        "title: <del>“Eider”</del> → <ins>“=The Eider”</ins>",
        "runtime: <del>“90”</del> → <ins>“95”</ins>",
    ]
    film.refresh_from_db()
    assert film.title == "Eider"
    waiting = f"django-import-export/{page.context['confirm_form'].initial['import_file_name']}"
    assert default_storage.exists(waiting)
    assert desk.get(f"/media/{waiting}").status_code == 404
    confirm(desk, "films_film", page)
    film.refresh_from_db()
    assert (film.title, film.runtime) == ("=The Eider", 95)
    assert film.history.latest().history_user.username == PROGRAMMERS
    assert not default_storage.exists(waiting)


def test_row_without_id_is_new_and_a_new_film_is_a_draft(desk):
    EditionFactory(name="Fest")
    content = "id,edition,kind,title,state\r\n,Fest,short,New,published\r\n"
    confirm(desk, "films_film", upload(desk, "films_film", content.encode()))
    assert list(Film.objects.values_list("title", "kind", "state", "slug")) == [("New", "short", "draft", "new")]


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        ("id,edition,title,runtime\r\n,Fest,X,ninety", ["runtime: “ninety” value must be an integer."]),
        ("id,edition,title,kind\r\n,Fest,X,opera", ["kind: Value 'opera' is not a valid choice."]),
        ("id,edition,title\r\n,Nowhere,X", ["edition: There is no edition “Nowhere”."]),
        ("id,title\r\n7777,X", ["There is nothing here with the id 7777; leave it empty for a new row."]),
        ("id,title\r\nabc,X", ["There is nothing here with the id abc; leave it empty for a new row."]),
    ],
)
def test_what_is_wrong_is_said_in_words_and_nothing_is_saved(desk, content, sentences):
    EditionFactory(name="Fest")
    page = upload(desk, "films_film", content.encode())
    assert faults(page) == sentences
    assert "confirm_form" not in page.context
    assert "Traceback" not in page.content.decode()
    assert not Film.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("s.csv", b"\xff\xfei\x00d\x00", "The file is UTF-16. Save it as “CSV UTF-8”."),
        ("s.csv", b"", "The submitted file is empty."),
        ("s.csv", b"id,title\r\n1", "Line 2 has 1 cells where the first has 2."),
        ("s.csv", b"id\r\n" + b"1\r\n" * 2001, "Has more than 2000 rows; a plain sheet takes no more at once."),
        ("s.xlsx", b"no workbook", "The file cannot be opened: it is damaged or was cut off"),
    ],
)
def test_file_that_is_no_sheet_gets_a_sentence(desk, name, content, sentence):
    page = upload(desk, "films_film", content, name)
    assert sentence in str(page.context["form"].errors["import_file"])


def test_formula_in_a_workbook_is_refused(desk):
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook_of([Written("s.csv", ["id", "name"], [["", "x"]])])))
    book.active["B2"] = "=1+1"
    content = io.BytesIO()
    book.save(content)
    page = upload(desk, "people_person", content.getvalue(), "s.xlsx")
    assert "B2 holds a formula" in str(page.context["form"].errors["import_file"])
    assert not Person.objects.exists()


def test_screenings_change_their_texts_and_never_how_they_stand(desk):
    screening = ScreeningFactory(note="Old")
    content = (
        export(desk, "films_screening").decode("utf-8-sig").replace("Old", "New").replace("scheduled", "cancelled")
    )
    confirm(desk, "films_screening", upload(desk, "films_screening", content.encode()))
    screening.refresh_from_db()
    assert (screening.note, screening.occurrence) == ("New", "scheduled")
    assert faults(upload(desk, "films_screening", b"id,note\r\n,New one")) == [
        "A new screening is entered in its form, in the week's grid or by an import of the programme."
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("group", [BOX_OFFICE, TRAINEES])
def test_who_only_sees_a_list_exports_it_and_imports_nothing(kind, group):
    client = log_in(group)
    assert client.get(reverse(f"admin:{kind}_export")).status_code == 200
    assert client.get(reverse(f"admin:{kind}_import")).status_code == 403
    assert client.post(reverse(f"admin:{kind}_process_import")).status_code == 403
    assert "Import a sheet" not in client.get(reverse(f"admin:{kind}_changelist")).content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_pages_of_sheets_hold_nothing_inline(desk, kind):
    for name in ("import", "export", "changelist"):
        page = desk.get(reverse(f"admin:{kind}_{name}")).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert "onchange=" not in page
