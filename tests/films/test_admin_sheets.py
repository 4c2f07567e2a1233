"""Plain CSV and XLSX of the lists: written as shown and filtered, and taken back row by row in words."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from films.interchange.exporting import Written, workbook_of
from films.models import Film, WaitingSheet
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
    return desk.post(reverse(f"admin:{kind}_process_import"), typed, follow=True)


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


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
    assert told(confirm(desk, "films_film", page)) == [
        "Import finished: 0 new, 1 updated, 0 deleted and 0 skipped films."
    ]
    film.refresh_from_db()
    assert (film.title, film.runtime) == ("=The Eider", 95)
    assert film.history.latest().history_user.username == PROGRAMMERS
    assert not WaitingSheet.objects.exists()


def test_sheet_confirmed_twice_is_taken_in_once_and_the_second_told(desk):
    film = FilmFactory(title="Eider")
    page = upload(desk, "films_film", f"id,title\r\n{film.pk},Tern\r\n".encode())
    confirm(desk, "films_film", page)
    Film.objects.update(title="Since")
    again = confirm(desk, "films_film", page)
    assert told(again) == [
        "The sheet was confirmed already, or its difference is more than a day old. Upload it again."
    ]
    assert again.redirect_chain == [("/admin/films/film/import/", 302)]
    assert Film.objects.get().title == "Since"


def test_row_that_somebody_changed_since_the_difference_is_shown_anew_instead_of_overwritten(desk):
    film, other = FilmFactory(title="Eider", synopsis=f"{'long ' * 40}end"), FilmFactory(title="Skua")
    rows = f"id,title,synopsis\r\n{film.pk},Tern,{'long ' * 40}last\r\n{other.pk},Gull,\r\n"
    page = upload(desk, "films_film", rows.encode())
    assert [str(change) for change in page.context["result"].valid_rows()[0].diff][1:] == [
        "synopsis: <del>“… long long long end”</del> → <ins>“… long long long last”</ins>"
    ]
    Film.objects.filter(pk=film.pk).update(synopsis=f"{'long ' * 40}begin")
    again = confirm(desk, "films_film", page)
    assert told(again) == [
        "Nothing was changed: somebody changed these rows since the difference was shown. "
        "Here is the difference as it is now."
    ]
    assert "“… long long long begin”" in str(again.context["result"].valid_rows()[0].diff)
    assert list(Film.objects.order_by("pk").values_list("title", flat=True)) == ["Eider", "Skua"]
    confirm(desk, "films_film", again)
    assert list(Film.objects.order_by("pk").values_list("title", flat=True)) == ["Tern", "Gull"]


def test_row_that_was_deleted_since_the_difference_leaves_all_as_it_is(desk):
    film, other = FilmFactory(title="Eider"), FilmFactory(title="Skua")
    page = upload(desk, "films_film", f"id,title\r\n{other.pk},Gull\r\n{film.pk},Tern\r\n".encode())
    film.delete()
    again = confirm(desk, "films_film", page)
    assert faults(again) == [f"There is nothing here with the id {other.pk - 1}; leave it empty for a new row."]
    assert Film.objects.get().title == "Skua"


def test_sheet_that_nobody_confirmed_for_a_day_is_gone_with_the_next(desk):
    film = FilmFactory(title="Eider")
    page = upload(desk, "films_film", f"id,title\r\n{film.pk},Tern\r\n".encode())
    waiting = WaitingSheet.objects.get()
    WaitingSheet.objects.update(uploaded_at=waiting.uploaded_at - timedelta(days=1))
    assert told(confirm(desk, "films_film", page)) == [
        "The sheet was confirmed already, or its difference is more than a day old. Upload it again."
    ]
    upload(desk, "films_film", b"id,title\r\n")
    assert WaitingSheet.objects.exclude(pk=waiting.pk).get()
    assert not WaitingSheet.objects.filter(pk=waiting.pk).exists()


@pytest.mark.parametrize("typed", [{"format": "7"}, {"import_file_name": "../x"}, {"import_file_name": "0" * 32}, {}])
def test_confirmation_that_was_made_up_leads_back_to_the_upload(desk, typed):
    response = desk.post(reverse("admin:films_film_process_import"), typed, follow=True)
    assert response.redirect_chain == [("/admin/films/film/import/", 302)]
    assert told(response)[0].endswith("Upload it again.")


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
        ("s.csv", b"x" * (10 * 1024 * 1024 + 1), "More than 10 MB, which is no list."),
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
