"""What a programme may be handed in as, and what is said when it cannot be opened."""

import io
import struct
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from films.interchange import BadPackage, Refused, import_programme, package_at, uploaded_package
from films.interchange.packages import MOST_ROWS
from films.models import Film, Screening
from tests.films.programmes import as_workbook, as_zip, everything, film, run, venue, write

pytestmark = pytest.mark.django_db


def take_in(content: bytes):
    return import_programme(uploaded_package(content), source="fest", edition="Fest 2026")


def refusal(content: bytes) -> list[str]:
    with pytest.raises(Refused) as refused:
        take_in(content)
    assert not Film.objects.exists()
    return list(refused.value.report.refused)


def bad(content: bytes) -> str:
    with pytest.raises(BadPackage) as reason:
        uploaded_package(content)
    return str(reason.value)


@pytest.mark.parametrize("inside", ["", "glasgow/", "a/b/"])
def test_zip_is_the_same_as_its_folder(tmp_path, inside):
    run(write(tmp_path))
    before = everything()
    assert take_in(as_zip(tmp_path, inside)).changed_nothing
    assert everything() == before


def test_workbook_is_the_same_as_its_folder(tmp_path):
    run(write(tmp_path, films=[film(title="36", synopsis="Two\nlines", year="1999")]))
    before = everything()
    assert take_in(as_workbook(tmp_path)).changed_nothing
    assert everything() == before


def test_command_takes_a_zip_and_a_workbook(tmp_path):
    write(tmp_path)
    for name, content in (("p.zip", as_zip(tmp_path)), ("p.xlsx", as_workbook(tmp_path))):
        (tmp_path / name).write_bytes(content)
        assert package_at(tmp_path / name).files() >= {"films.csv", "screenings.csv"}


def test_cells_of_a_workbook_are_read_as_what_they_show(tmp_path):
    write(tmp_path)
    content = as_workbook(
        tmp_path,
        {
            ("films", "B2"): 36,
            ("films", "E2"): 1999.0,
            ("screenings", "F2"): datetime(2026, 10, 1, 19, 0),
            ("screenings", "J2"): True,
            ("screenings", "K2"): False,
        },
    )
    report = take_in(content)
    assert list(Film.objects.values_list("title", "year")) == [("36", 1999)]
    assert Screening.objects.get().audience == "public"
    assert list(report.doubtful) == []


def test_formula_is_refused_and_never_worked_out(tmp_path):
    write(tmp_path)
    content = as_workbook(tmp_path, {("films", "B2"): '=HYPERLINK("http://example.org","x")', ("films", "F2"): "=1+1"})
    assert refusal(content) == [
        "sheet “films” line 2: B2 holds a formula, and formulas are not worked out here. "
        "Put its value there: copy, paste as values.",
        "sheet “films” line 2: F2 holds a formula, and formulas are not worked out here. "
        "Put its value there: copy, paste as values.",
        "sheet “films” line 2, title: The cell is empty, and has to be filled.",
    ]


def test_wrong_types_in_a_workbook_are_told_by_line_and_column(tmp_path):
    write(tmp_path)
    content = as_workbook(
        tmp_path,
        {
            ("films", "F2"): 90.5,
            ("films", "E2"): datetime(2024, 1, 1),
            ("screenings", "I2"): 45000,
            ("venues", "B2"): "#N/A",
            ("films", "Z2"): "beside",
        },
    )
    assert refusal(content) == [
        "sheet “venues” line 2: B2 holds the error #N/A.",
        "sheet “venues” line 2, name: The cell is empty, and has to be filled.",
        "sheet “films” line 2: Something stands right of the last column that has a name.",
        "sheet “films” line 2, year: “2024-01-01T00:00:00” is not a year. Leave it empty when unknown.",
        "sheet “films” line 2, runtime_min: “90.5” is not a number of minutes. Leave it empty when unknown.",
        "sheet “screenings” line 2, start_utc: “45000” is not a date and time in UTC. Write it like 2024-03-08T18:30Z.",
    ]


def test_missing_sheet_is_named(tmp_path):
    write(tmp_path)
    (tmp_path / "credits.csv").unlink()
    assert refusal(as_workbook(tmp_path)) == ["sheet “credits”: The sheet is missing from the workbook."]
    assert refusal(as_zip(tmp_path)) == ["credits.csv: The file is missing from the folder."]


def test_sheet_of_more_rows_than_a_page_takes_in_is_refused_in_a_sentence(tmp_path):
    write(tmp_path, venues=[venue()], films=[film(f"f{number}") for number in range(MOST_ROWS + 1)])
    sentence = (
        "Has more than 20,000 rows, which is more than a page can take in. "
        "Let somebody with access to the server import it: manage.py import_programme."
    )
    assert f"films.csv: {sentence}" in refusal(as_zip(tmp_path))
    assert f"sheet “films”: {sentence}" in refusal(as_workbook(tmp_path))


def test_upload_that_was_cut_off_or_is_something_else_is_said(tmp_path):
    write(tmp_path, films=[film(f"f{number}", synopsis="x" * 500) for number in range(50)])
    sentence = (
        "The file cannot be opened: it is damaged or was cut off on its way, or it is neither a ZIP "
        "nor an XLSX workbook."
    )
    for whole in (as_zip(tmp_path), as_workbook(tmp_path)):
        assert bad(whole[: len(whole) // 2]) == sentence
    assert bad(b"") == sentence
    assert bad(b"\x89PNG\r\n\x1a\n" + b"x" * 100) == sentence


def test_zip_with_a_damaged_file_is_refused(tmp_path):
    write(tmp_path)
    content = bytearray(as_zip(tmp_path))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo("films.csv")
        start = member.header_offset + 30 + len("films.csv")
    content[start + 5 : start + 25] = b"\xff" * 20
    assert "films.csv: The file cannot be read: it is damaged in the ZIP." in refusal(bytes(content))


def packed(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.writestr(name, file)
    return content.getvalue()


def test_zip_bomb_is_not_unpacked():
    sentence = "Unpacked, the file would be larger than 60 MB, or it holds too many parts."
    assert bad(packed(**{"films.csv": b"a" * 70_000_000})) == sentence
    assert bad(packed(**{f"{number}.csv": b"" for number in range(501)})) == sentence


def test_zip_that_lies_about_its_size_is_read_no_further_than_it_says():
    content = packed(**{"films.csv": b"a" * 5_000_000})
    lying = content.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 100))
    assert "films.csv: The file cannot be read: it is damaged in the ZIP." in refusal(lying)


def test_zip_without_a_programme_and_one_with_two_are_said():
    assert bad(packed(**{"readme.txt": b"x"})) == "The ZIP holds no CSV file."
    assert bad(packed(**{"a/films.csv": b"x", "b/films.csv": b"x"})) == "The ZIP holds “films.csv” more than once."


def test_workbook_with_entities_of_its_own_is_refused():
    book = io.BytesIO()
    Workbook().save(book)
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    parts["xl/workbook.xml"] = entities + parts["xl/workbook.xml"].split(b"?>")[-1]
    assert bad(packed(**parts)) == "The workbook holds a document type, which no spreadsheet writes."


def test_files_are_found_whatever_the_case_of_their_names(tmp_path):
    for path in list(write(tmp_path).glob("*.csv")):
        path.rename(tmp_path / path.name.upper().replace(".CSV", ".csv"))
    assert take_in(as_zip(tmp_path)).counts["films"]["created"] == 1


def test_missing_file_is_told_with_those_that_may_be_meant(tmp_path):
    write(tmp_path)
    (tmp_path / "films.csv").rename(tmp_path / "films (1).csv")
    assert refusal(as_zip(tmp_path)) == [
        "films.csv: The file is missing from the folder. Is it one of these: films (1).csv?"
    ]
