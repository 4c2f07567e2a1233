"""Import and export in the admin: uploaded, looked at, applied as shown, undone; and what goes wrong, in words."""

import io
import zipfile

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from films.interchange import import_programme, uploaded_package
from films.models import Film, ImportRun, Screening
from films.roles import BOX_OFFICE, PROGRAMMERS, TRAINEES
from tests.factories import EditionFactory, FilmFactory
from tests.films.exports import content, empty_database
from tests.films.programmes import as_workbook, as_zip, credit, film, run, screening, write
from tests.films.test_undo import programme

pytestmark = pytest.mark.django_db

ADD, LIST = reverse("admin:films_importrun_add"), reverse("admin:films_importrun_changelist")
EXPORT = reverse("admin:export_programme")


def in_group(django_user_model, name: str):
    user = django_user_model.objects.create_user(f"user-{name}", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return user


@pytest.fixture
def desk(client, django_user_model):
    client.force_login(in_group(django_user_model, PROGRAMMERS))
    return client


def upload(desk, *files: tuple[str, bytes], **typed):
    data = {"files": [SimpleUploadedFile(name, body) for name, body in files], "source": "fest", "edition": "Fest 2026"}
    return desk.post(ADD, data | typed, follow=True)


def decide(desk, what: str, run: ImportRun | None = None):
    return desk.post(reverse(f"admin:{what}_import", args=[(run or ImportRun.objects.latest("pk")).pk]), follow=True)


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def rows(response) -> list[tuple]:
    return [tuple(row[1:]) for row in response.context["rows"]]


@pytest.mark.parametrize("as_file", ["zip", "xlsx", "csv"])
def test_programme_is_uploaded_looked_at_applied_and_undone(desk, tmp_path, as_file):
    FilmFactory(title="Here before")
    before = programme()
    write(tmp_path, films=[film(title="=Eider")], credits=[credit("Ken Loach")])
    files = {
        "zip": [("p.zip", as_zip(tmp_path))],
        "xlsx": [("p.xlsx", as_workbook(tmp_path, {("films", "B2"): "'=Eider"}))],
        "csv": [(path.name, path.read_bytes()) for path in sorted(tmp_path.glob("*.csv"))],
    }[as_file]
    page = upload(desk, *files)
    place = "sheet “films” line 2" if as_file == "xlsx" else "films.csv line 2"
    assert ("new", place, "=Eider", "") in rows(page)
    assert programme() == before
    assert told(decide(desk, "apply")) == ["The import was applied as it was shown."]
    assert sorted(Film.objects.values_list("title", flat=True)) == ["=Eider", "Here before"]
    it = ImportRun.objects.get()
    assert (it.state, it.applied_by.username) == ("applied", "user-Programmers")
    asked = desk.get(reverse("admin:undo_import", args=[it.pk]))
    assert asked.context["removed"]["films"] == 1
    assert told(decide(desk, "undo")) == ["The import was undone."]
    assert programme() == before
    upload(desk, *files)
    assert told(decide(desk, "apply")) == ["The import was applied as it was shown."]


def test_difference_tells_each_kind_in_words_and_by_page(desk, tmp_path):
    run(write(tmp_path, films=[film("f1"), film("f2"), film("f3")]))
    Film.objects.filter(title="Film f1").update(locked_fields=["title"])
    write(
        tmp_path, films=[film("f1", title="Locked"), film("f2", title="Renamed"), *(film(f"n{n}") for n in range(150))]
    )
    page = upload(desk, ("p.zip", as_zip(tmp_path)))
    assert [(value, count) for value, _label, count in page.context["kinds"]] == [
        ("vanished", 1), ("changed", 1), ("kept", 1), ("doubtful", 1), ("new", 150),
    ]  # fmt: skip
    assert rows(page)[:4] == [
        ("vanished", "", "", "films: “Film f3” (f3) vanished from the source; flagged, and kept"),
        ("changed", "films.csv line 3", "Film f2", "title was “Film f2”, is now “Renamed”"),
        ("kept", "films.csv line 2, title", "", "title is locked here; kept “Film f1” instead of “Locked”."),
        ("doubtful", "films.csv", "", "151 films stand in no screening (see lines 3–153)."),
    ]
    assert len(rows(page)) == 100
    address = page.request["PATH_INFO"]
    assert len(rows(desk.get(address, {"page": 2}))) == 54
    assert [row[0] for row in rows(desk.get(address, {"kind": "kept", "page": "99"}))] == ["kept"]
    assert len(rows(desk.get(address, {"kind": "<script>", "page": "x"}))) == 100


def test_page_of_the_difference_asks_as_little_for_much_as_for_nothing(desk, tmp_path, django_assert_num_queries):
    addresses = []
    for number in (1, 200):
        write(tmp_path, films=[film(f"f{n}") for n in range(number)])
        addresses.append(upload(desk, ("p.zip", as_zip(tmp_path))).request["PATH_INFO"])
    for address in addresses:
        with django_assert_num_queries(5):
            desk.get(address)


def test_refused_upload_says_where_and_cannot_be_applied(desk, tmp_path):
    write(tmp_path, films=[film(runtime_min="ninety")])
    page = upload(desk, ("p.zip", as_zip(tmp_path)))
    sentence = "“ninety” is not a number of minutes. Leave it empty when unknown."
    assert rows(page) == [("refused", "films.csv line 2, runtime_min", "", sentence)]
    assert ImportRun.objects.get().state == "refused"
    assert told(decide(desk, "apply")) == ["This import is no longer waiting to be applied."]
    assert not Film.objects.exists()


def test_changed_meanwhile_shows_the_difference_again_instead_of_applying(desk, tmp_path):
    run(write(tmp_path))
    upload(desk, ("p.zip", as_zip(write(tmp_path, films=[film(title="Renamed")]))))
    it = Film.objects.get()
    it.blurb = "Of no matter to it"
    it.save()
    assert told(decide(desk, "apply")) == ["The import was applied as it was shown."]
    upload(desk, ("p.zip", as_zip(write(tmp_path, films=[film(title="Again")]))))
    Film.objects.update(title="By hand")
    page = decide(desk, "apply")
    assert told(page) == [
        "Nothing was applied: the programme was changed since the difference was shown. "
        "Here is the difference as it is now."
    ]
    assert ("changed", "films.csv line 2", "By hand", "title was “By hand”, is now “Again”") in rows(page)
    assert Film.objects.get().title == "By hand"
    assert told(decide(desk, "apply")) == ["The import was applied as it was shown."]
    assert Film.objects.get().title == "Again"


def test_became_impossible_meanwhile_is_refused_and_applied_by_nobody(desk, tmp_path):
    upload(desk, ("p.zip", as_zip(write(tmp_path))))
    run(tmp_path, edition="Another")
    page = decide(desk, "apply")
    assert ImportRun.objects.get().state == "refused"
    assert [row[0] for row in rows(page)] == ["refused", "refused"]


def test_twice_applied_is_applied_once(desk, tmp_path):
    upload(desk, ("p.zip", as_zip(write(tmp_path))))
    decide(desk, "apply")
    assert told(decide(desk, "apply")) == ["This import is no longer waiting to be applied."]
    assert Film.objects.count() == 1


def test_only_the_last_import_can_be_undone(desk, tmp_path):
    for title in ("One", "Two"):
        upload(desk, ("p.zip", as_zip(write(tmp_path, films=[film(title=title)]))))
        decide(desk, "apply")
    first, second = ImportRun.objects.order_by("pk")
    assert told(decide(desk, "undo", first)) == ["Only the last import that was applied can be undone."]
    assert Film.objects.get().title == "Two"
    decide(desk, "undo", second)
    assert Film.objects.get().title == "One"
    decide(desk, "undo", first)
    assert not Film.objects.exists()
    assert told(decide(desk, "undo", first)) == ["Only the last import that was applied can be undone."]


def test_undo_tells_what_it_would_leave_before_and_what_it_left_after(desk, tmp_path):
    upload(desk, ("p.zip", as_zip(write(tmp_path))))
    decide(desk, "apply")
    it = Screening.objects.get()
    it.sales = "sold_out"
    it.save()
    asked = desk.get(reverse("admin:undo_import", args=[ImportRun.objects.get().pk]))
    page = decide(desk, "undo")
    assert told(page) == ["The import was undone, but for what is told below."]
    for sentence in asked.context["plan"].stays:
        assert sentence in page.context["run"].left
    assert page.context["run"].left[0].startswith("screening “2026-10-01 19:00, Rio, Hall 1”: changed since (sales")
    assert Screening.objects.get() == it


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([("p.pdf", b"x")], "Choose one ZIP, one XLSX workbook, or the CSV files of one programme."),
        ([("p.xls", b"x")], "A workbook has to be saved as XLSX first (without macros)."),
        ([("p.zip", b"x"), ("q.zip", b"x")], "Choose one ZIP, one XLSX workbook, or the CSV files of one programme."),
        ([("p.zip", b"")], "The submitted file is empty."),
        ([("p.zip", b"PK\x03\x04cut")], "The file cannot be opened: it is damaged or was cut off on its way, or it is "
         "neither a ZIP nor an XLSX workbook."),
        ([("p.zip", b"x" * (10 * 1024 * 1024 + 1))], "More than 10 MB. Let somebody with access to the server import "
         "it: manage.py import_programme."),
        ([], "This field is required."),
    ],
)  # fmt: skip
def test_upload_that_is_no_programme_gets_a_sentence_and_keeps_what_was_typed(desk, files, sentence):
    page = upload(desk, *files, edition="Typed")
    assert page.context["form"].errors == {"files": [sentence]}
    assert 'value="Typed"' in page.content.decode()
    assert not ImportRun.objects.exists()


def test_single_sheet_is_refused_by_name(desk, tmp_path):
    write(tmp_path)
    page = upload(desk, ("films.csv", (tmp_path / "films.csv").read_bytes()))
    assert [(row[0], row[1]) for row in rows(page)] == [
        ("refused", "venues.csv"), ("refused", "credits.csv"), ("refused", "screenings.csv"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["zip", "xlsx"])
def test_everything_is_exported_and_uploaded_into_an_empty_database(desk, tmp_path, kind):
    run(write(tmp_path, credits=[credit("Ken Loach")]))
    response = desk.post(EXPORT, {"what": "everything", "kind": kind, "source": "fest"})
    assert response["Content-Disposition"].startswith('attachment; filename="everything-2')
    before = content()
    empty_database()
    upload(desk, (f"all.{kind}", response.content))
    assert not Film.objects.exists()
    decide(desk, "apply")
    assert content() == before
    decide(desk, "undo")
    assert not Film.objects.exists()


def test_one_edition_is_exported_with_its_four_sheets(desk, tmp_path):
    run(write(tmp_path))
    other = EditionFactory(name="Other")
    FilmFactory(edition=other)
    response = desk.post(EXPORT, {"what": str(other.pk), "kind": "zip", "source": ""})
    assert sorted(zipfile.ZipFile(io.BytesIO(response.content)).namelist()) == [
        "credits.csv", "films.csv", "screenings.csv", "venues.csv",
    ]  # fmt: skip
    report = import_programme(uploaded_package(response.content), source="us", edition="Other")
    assert report.changed_nothing
    assert desk.post(EXPORT, {"what": "7777", "kind": "zip", "source": ""}).context["form"].errors


@pytest.mark.parametrize("group", [BOX_OFFICE, TRAINEES, ""])
def test_nobody_but_programmers_imports_undoes_or_exports(client, django_user_model, tmp_path, group):
    upload_made = ImportRun.objects.create(
        source="fest", edition="F", file_name="p.zip", content=as_zip(write(tmp_path))
    )
    user = in_group(django_user_model, group) if group else django_user_model.objects.create_user("x", is_staff=True)
    client.force_login(user)
    addresses = [ADD, LIST, EXPORT, reverse("admin:films_importrun_change", args=[upload_made.pk])]
    addresses += [reverse(f"admin:{what}_import", args=[upload_made.pk]) for what in ("apply", "undo")]
    for address in addresses:
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
    assert not Film.objects.exists()


def test_nobody_deletes_an_import(desk, tmp_path):
    upload(desk, ("p.zip", as_zip(write(tmp_path))))
    it = ImportRun.objects.get()
    assert desk.post(reverse("admin:films_importrun_delete", args=[it.pk]), {"post": "yes"}).status_code == 403
    assert "p.zip" in desk.get(LIST).content.decode()
    for key in ("x", "0", "9" * 30):
        assert desk.get(f"/admin/films/importrun/{key}/change/").status_code == 404


def test_apply_and_undo_want_a_post(desk, tmp_path):
    upload(desk, ("p.zip", as_zip(write(tmp_path, screenings=[screening()]))))
    desk.get(reverse("admin:apply_import", args=[ImportRun.objects.get().pk]))
    assert not Film.objects.exists()
    decide(desk, "apply")
    desk.get(reverse("admin:undo_import", args=[ImportRun.objects.get().pk]))
    assert Film.objects.exists()
