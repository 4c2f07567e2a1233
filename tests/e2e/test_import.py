"""A programmer imports a programme in the browser: looks at the difference, applies it, undoes it; nothing is lost."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from films.models import Film, ImportRun, Screening
from tests.factories import FilmFactory
from tests.films.programmes import as_workbook, as_zip, credit, film, run, screening, write

WIDTHS = [1440, 768]


@pytest.fixture
def programme(tmp_path):
    """As large as a day at a festival, with what real ones hold: shorts before a film, ratings, a double booking."""
    films = [film(f"f{number}", title=f"Film {number:02}", countries="UK|France", rating="15") for number in range(30)]
    films.append(film("short", title="A Short", kind="short", runtime_min="9"))
    shows = [
        screening(f"s{number}", f"f{number}", f"2026-10-{number % 9 + 1:02}T1{number % 9}:00Z") for number in range(29)
    ]
    shows.append(screening("double", "short|f29", "2026-10-01T10:00Z"))
    credits = [credit(f"Person {number}", f"f{number}") for number in range(30)]
    return write(tmp_path, films=films, credits=credits, screenings=shows)


@pytest.fixture
def glasgow(programme):
    """The real programme of Glasgow where PROGRAMMES_FOLDER holds it, else ours; and how many films and screenings."""
    for folder in sorted(Path(os.environ.get("PROGRAMMES_FOLDER", "nowhere")).glob("glasgow*")):
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        return folder, expected["films"], expected["screenings"]
    return programme, 31, 30


def upload(page, content: bytes, name: str = "glasgow.zip") -> None:
    page.goto("/admin/films/importrun/")
    page.get_by_role("link", name="Import a programme").click()
    page.get_by_label("Files").set_input_files({"name": name, "mimeType": "application/zip", "buffer": content})
    page.get_by_label("Source").fill("glasgow")
    page.get_by_label("Edition").fill("Glasgow 2026")
    page.get_by_role("button", name="Show the difference").click()


@pytest.mark.parametrize("width", WIDTHS)
def test_programmer_imports_looks_applies_and_undoes(page_at, axe, screenshot, programmer, glasgow, width):
    folder, films, screenings = glasgow
    FilmFactory(title="Here before")
    page = page_at(width, user=programmer)
    upload(page, as_zip(folder))
    expect(page.get_by_text("Nothing is written before you apply it.")).to_be_visible()
    expect(page.get_by_role("row", name=f"Films {films} 0 0 0")).to_be_visible()
    expect(page.get_by_text("Looked at, not applied")).to_be_visible()
    axe(page)
    screenshot(page, f"import-difference-{width}")
    assert Film.objects.count() == 1

    page.get_by_role("link", name="Doubtful").click()
    expect(page.get_by_role("cell", name="films.csv", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Apply this import").click()
    expect(page.get_by_text("The import was applied as it was shown.")).to_be_visible()
    assert (Film.objects.count(), Screening.objects.count()) == (films + 1, screenings)

    page.get_by_role("link", name="Undo this import").click()
    expect(page.get_by_role("heading", name="Undo this import?")).to_be_visible()
    axe(page)
    screenshot(page, f"import-undo-{width}")
    page.get_by_role("button", name="Yes, undo it").click()
    expect(page.get_by_text("The import was undone.")).to_be_visible()
    assert list(Film.objects.values_list("title", flat=True)) == ["Here before"]


def test_second_import_shows_what_changed_from_what_to_what(page_at, axe, screenshot, programmer, programme):
    run(programme, source="glasgow", edition="Glasgow 2026")
    films = [film(f"f{number}", title=f"Film {number:02}", rating="15") for number in range(29)]
    films[3]["title"], films[4]["runtime_min"] = "Renamed", "ninety"
    write(programme, films=films, screenings=[screening("s0", "f0", "2026-10-01T19:00Z", cancelled="1")])
    page = page_at(1440, user=programmer)
    upload(page, as_zip(programme))
    expect(page.get_by_text("“ninety” is not a number of minutes.")).to_be_visible()
    axe(page)
    screenshot(page, "import-refused")
    films[4]["runtime_min"] = "95"
    write(programme, films=films, screenings=[screening("s0", "f0", "2026-10-01T19:00Z", cancelled="1")])
    upload(page, as_workbook(programme), "glasgow.xlsx")
    expect(page.get_by_text("title was “Film 03”, is now “Renamed”")).to_be_visible()
    expect(page.get_by_text("cancelled was “scheduled”, is now “cancelled”")).to_be_visible()
    expect(page.get_by_text("“Film 29” (f29) vanished from the source; flagged, and kept")).to_be_visible()
    screenshot(page, "import-second")


@pytest.mark.parametrize("width", WIDTHS)
def test_upload_and_export_pages_and_sheets_can_be_used(page_at, axe, screenshot, programmer, programme, width):
    run(programme, source="glasgow", edition="Glasgow 2026")
    ImportRun.objects.create(
        source="glasgow", edition="Glasgow 2026", file_name="p.zip", uploaded_by=programmer, content=b""
    )
    page = page_at(width, user=programmer)
    for name in ("importrun/", "importrun/add/", "importrun/export/", "film/", "film/import/", "film/export/"):
        page.goto(f"/admin/films/{name}")
        axe(page)
        screenshot(page, f"exchange-{name.strip('/').replace('/', '-')}-{width}")
    page.goto("/admin/films/importrun/export/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename.startswith("everything-")
