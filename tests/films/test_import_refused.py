"""What an import refuses: all of it told in sentences with line and column, and nothing written."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.films.programmes import credit, everything, film, screening, venue, write

pytestmark = pytest.mark.django_db


def refusal(folder, **options) -> list[str]:
    """The sentences of a refused import, after which the database is as it was."""
    before = everything()
    with pytest.raises(CommandError) as refused:
        call_command("import_programme", folder, **({"source": "fest", "edition": "Fest 2026"} | options))
    assert everything() == before
    assert refused.value.returncode == 1
    return [line.strip() for line in str(refused.value).splitlines()[1:]] or [str(refused.value)]


def test_every_refused_row_is_told_and_nothing_written(tmp_path):
    write(
        tmp_path,
        films=[film("f1", runtime_min="abc"), film("f1", runtime_min="0"), film("f3", title="", year="2023/24")],
        credits=[credit("Ana", "f9"), credit("Bo", position="first")],
        screenings=[
            screening("s1", "f1|f7", tz="Mars/Olympus"),
            screening("s2", venue="nowhere", start_utc="2026-02-30T10:00Z"),
            screening("s3", room="Hall 9", start_utc="tomorrow", public="perhaps"),
            screening("s4", start_local="2026-10-01T19:00", end_local="2026-10-01T18:00"),
        ],
    )
    assert refusal(tmp_path) == refusal(tmp_path, dry_run=True) == [
        "films.csv line 2, runtime_min: “abc” is not a number of minutes. Leave it empty when unknown.",
        "films.csv line 3, runtime_min: “0” is not a number of minutes between 1 and 32,767. "
        "Leave it empty when unknown.",
        "films.csv line 3, key: “f1” is the key of line 2 already.",
        "films.csv line 4, title: The cell is empty, and has to be filled.",
        "films.csv line 4, year: “2023/24” is not a year. Leave it empty when unknown.",
        "credits.csv line 2, film: “f9” is no key in films.csv.",
        "credits.csv line 3, position: “first” is not a position. Number the names of a role 1, 2, 3 ….",
        "screenings.csv line 2, tz: “Mars/Olympus” is not a time zone. Write it like Europe/London.",
        "screenings.csv line 2, films: “f7” is no key in films.csv.",
        "screenings.csv line 3, start_utc: “2026-02-30T10:00Z” is no moment that the calendar knows. "
        "Write it like 2024-03-08T18:30Z.",
        "screenings.csv line 3, venue: “nowhere” is no key in venues.csv.",
        "screenings.csv line 4, start_utc: “tomorrow” is not a date and time in UTC. "
        "Write it like 2024-03-08T18:30Z.",
        "screenings.csv line 4, public: “perhaps” is neither 1 (yes) nor 0 (no).",
        "screenings.csv line 4, room: “Hall 9” is no room of “rio”, whose rooms in venues.csv are: Hall 1, Hall 2.",
        "screenings.csv line 5, end_local: 2026-10-01 18:00 is not after the start, 2026-10-01 19:00.",
    ]  # fmt: skip


def test_line_is_the_one_on_which_a_row_starts(tmp_path):
    write(tmp_path, films=[film("f1", synopsis="One\ntwo\n\nthree"), film("f2", year="soon")])
    assert refusal(tmp_path) == ["films.csv line 6, year: “soon” is not a year. Leave it empty when unknown."]


def test_missing_file_is_named(tmp_path):
    write(tmp_path)
    (tmp_path / "credits.csv").unlink()
    assert refusal(tmp_path) == ["credits.csv: The file is missing from the folder."]


def test_missing_folder_is_named(tmp_path):
    assert refusal(tmp_path / "nowhere") == [f"There is no folder or file “{tmp_path / 'nowhere'}”."]


def replaced(path, old: str, new: str, encoding: str = "utf-8") -> None:
    path.write_bytes(path.read_text(encoding="utf-8").replace(old, new).encode(encoding))


def test_missing_column_is_named_with_the_one_that_may_be_meant(tmp_path):
    write(tmp_path)
    replaced(tmp_path / "films.csv", "runtime_min", "runtime")
    assert refusal(tmp_path) == ["films.csv line 1: The header has no column “runtime_min”. Is “runtime” meant for it?"]


def test_column_that_stands_twice_is_refused(tmp_path):
    write(tmp_path)
    replaced(tmp_path / "venues.csv", "address", "name")
    assert refusal(tmp_path)[1] == "venues.csv line 1: The header has the column “name” more than once."


def test_unknown_column_is_named_and_ignored(tmp_path, capsys):
    write(tmp_path, films=[film(mood="blue")])
    call_command("import_programme", tmp_path, source="fest", edition="Fest 2026")
    assert capsys.readouterr().out.splitlines()[7:] == [
        "Doubtful (1):",
        "  films.csv line 1: The column “mood” is not known and was ignored.",
    ]


def test_file_in_another_encoding_is_refused_with_line_and_byte(tmp_path):
    write(tmp_path, films=[film(), film("f2", title="Amélie")])
    replaced(tmp_path / "films.csv", "", "", encoding="latin-1")
    assert refusal(tmp_path) == [
        "films.csv line 3: Byte 6 of the line (0xE9) is not UTF-8. Save the file as “CSV UTF-8”."
    ]
    replaced(tmp_path / "venues.csv", "", "", encoding="utf-16")
    assert refusal(tmp_path)[0] == "venues.csv: The file is UTF-16. Save it as “CSV UTF-8”."


def test_text_that_no_database_takes_is_refused(tmp_path):
    write(tmp_path, films=[film(title="Nu\0l")])
    assert refusal(tmp_path) == ["films.csv line 2: Holds a NUL character, which is no text."]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('rio,"Rio, the house,\nv2,Vic,,\n', "venues.csv line 2: From here on the file is not CSV"),
        ("rio,Rio,1 Main St, Vancouver,\n", "venues.csv line 2: Has 5 cells where the header has 4."),
        ("rio,Rio\n", "venues.csv line 2: Has 2 cells where the header has 4."),
    ],
)
def test_row_that_is_no_row_is_refused(tmp_path, rows, expected):
    write(tmp_path)
    (tmp_path / "venues.csv").write_text(f"key,name,address,rooms\n{rows}", encoding="utf-8")
    told = refusal(tmp_path)
    assert told[0].startswith(expected)


def test_cells_parted_by_semicolons_are_recognised(tmp_path):
    write(tmp_path)
    replaced(tmp_path / "venues.csv", ",", ";")
    assert refusal(tmp_path)[0] == (
        "venues.csv line 1: The header has no column “key”. Its cells are not separated by commas: "
        "save it as “CSV UTF-8”, with commas."
    )


def test_text_that_does_not_fit_is_refused(tmp_path):
    write(tmp_path, venues=[venue(name="V" * 201)], films=[film(title="T" * 301, sections="S" * 201)])
    assert refusal(tmp_path) == [
        f"venues.csv line 2, name: “{'V' * 40}…” has 201 characters; at most 200 fit.",
        f"films.csv line 2, title: “{'T' * 40}…” has 301 characters; at most 300 fit.",
        f"films.csv line 2, sections: “{'S' * 40}…” has 201 characters; at most 200 fit.",
    ]


def test_further_columns_are_checked_too(tmp_path):
    write(
        tmp_path,
        films=[film(premiere="lunar", title_language="French!")],
        screenings=[screening(ticket_url="example", price="-1", sales="gone", access="ramps", talk_min="-5")],
    )
    assert [sentence.split(". ")[0] for sentence in refusal(tmp_path)] == [
        "films.csv line 2, premiere: “lunar” is not known here",
        "films.csv line 2, title_language: “French!” is not a language tag",
        "screenings.csv line 2, ticket_url: “example” is not a web address",
        "screenings.csv line 2, price: “-1” is not a price",
        "screenings.csv line 2, sales: “gone” is not known here",
        "screenings.csv line 2, access: “ramps” is not known here",
        "screenings.csv line 2, talk_min: “-5” is not a number of minutes",
    ]


def test_new_edition_without_a_screening_is_refused(tmp_path):
    write(tmp_path)
    header = (tmp_path / "screenings.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "screenings.csv").write_text(header + "\n", encoding="utf-8")
    assert refusal(tmp_path) == [
        "screenings.csv: Holds no screening, so the dates of the new edition “Fest 2026” are unknown. "
        "Make the edition first."
    ]


@pytest.mark.parametrize("day", ["01/10/2026", "2026-02-30", "9999-12-31", ""])
def test_shift_to_what_is_no_date_is_refused(tmp_path, day):
    assert refusal(write(tmp_path), shift_to=day) == [f"“{day}” is not a date. Write it like 2026-10-01."]


def test_source_without_a_name_is_refused(tmp_path):
    assert refusal(write(tmp_path), source=" ") == ["The source needs a name of 1 to 100 characters."]


def test_progress_is_told_on_stderr_when_asked(tmp_path, capsys):
    call_command("import_programme", write(tmp_path), source="fest", edition="Fest 2026", verbosity=2)
    assert capsys.readouterr().err.splitlines() == [
        "venues.csv read: 1",
        "films.csv read: 1",
        "credits.csv read: 0",
        "screenings.csv read: 1",
        "venues stored: 1",
        "films stored: 1",
        "credits stored: 0",
        "screenings stored: 1",
        "ends, search and overlaps worked out: 1",
    ]
