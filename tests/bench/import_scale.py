"""How long an import of a large programme takes, and how much memory: a measurement, not a test.

    .venv/bin/python -m tests.bench.import_scale [--films 5000] [--screenings 20000] [--credits 25000]

It imports made-up files twice (the second time changes nothing) into a database of its own: a new SQLite file, or
with TEST_DATABASE_URL a database of that server that is made for it and dropped again.
"""

import argparse
import csv
import os
import resource
import tempfile
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

WORDS = "salt ferry lantern winter orchard signal harbour ninth glass river archive copper meadow static".split()
COUNTRIES = ("Canada", "France", "日本", "Chile", "Poland|Germany", "Nobody's Land")
ROLES = ("director", "producer", "screenwriter", "cinematography", "cast")
VENUES, ROOMS = 20, 10


def write_programme(folder: Path, films: int, screenings: int, credits: int) -> None:
    names = [f"Hall {number}" for number in range(1, ROOMS + 1)]
    write(
        folder / "venues.csv",
        ("key", "name", "address", "rooms"),
        ((f"v{number}", f"House {number}", f"{number} Main St", "|".join(names)) for number in range(VENUES)),
    )
    write(
        folder / "films.csv",
        "key,title,alt_title,kind,year,runtime_min,countries,languages,rating,warnings,sections,synopsis".split(","),
        (film(number) for number in range(films)),
    )
    write(
        folder / "credits.csv",
        ("film", "role", "position", "name"),
        (
            (f"f{number % films}", ROLES[number // films % 5], number // films + 1, f"Name {number % 15_000} Ōta")
            for number in range(credits)
        ),
    )
    write(
        folder / "screenings.csv",
        "key,films,title,venue,room,start_local,end_local,tz,start_utc,public,cancelled,sold_out,flags".split(","),
        (screening(number, films) for number in range(screenings)),
    )


def write(path: Path, header: Iterable[str], rows: Iterable[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def film(number: int) -> tuple:
    title = f"{WORDS[number % 14]} {WORDS[number // 14 % 14]} {number % 400}".title()
    synopsis = " ".join(WORDS[(number * step) % 14] for step in range(1, 150)) + ".\n\n*Again*, " + title
    warnings = "flashing lights|violence" if number % 3 == 0 else ""
    runtime, country = "" if number % 50 == 0 else 60 + number % 90, COUNTRIES[number % 6]
    section = f"Section {number % 25}"
    return (
        f"f{number}", title, f"題名{number}", "film", 1950 + number % 75, runtime, country, "English|French",
        ("PG", "14A", "N/C 15+", "")[number % 4], warnings, section, synopsis,
    )  # fmt: skip


def screening(number: int, films: int) -> tuple:
    hall, slot = number % (VENUES * ROOMS), number // (VENUES * ROOMS)
    local = datetime(2026, 9, 24, 10) + timedelta(days=slot // 5, hours=slot % 5 * 3)
    shown = f"f{number % films}" if number % 40 else f"f{number % films}|f{(number + 1) % films}"
    return (
        f"s{number}", shown, "", f"v{hall // ROOMS}", f"Hall {hall % ROOMS + 1}", f"{local:%Y-%m-%dT%H:%M}", "",
        "America/Vancouver", f"{local + timedelta(hours=7):%Y-%m-%dT%H:%MZ}", "1", int(number % 97 == 0),
        int(number % 31 == 0), "",
    )  # fmt: skip


class Counter:
    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute, sql, params, many, context):
        self.queries += 1
        return execute(sql, params, many, context)


def measure(name: str, folder: Path) -> None:
    from django.db import connection

    from films.interchange import import_programme, package_at

    counter, start = Counter(), time.perf_counter()
    with connection.execute_wrapper(counter):
        report = import_programme(package_at(folder), source="bench", edition="Bench")
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = {sheet: count.total() for sheet, count in report.counts.items()}
    print(
        f"{connection.vendor}, {name}: {seconds:.1f} s, peak {peak:.0f} MB RSS, {counter.queries:,} queries; {counts}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, number in (("films", 5_000), ("screenings", 20_000), ("credits", 25_000)):
        parser.add_argument(f"--{name}", type=int, default=number)
    size = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    with tempfile.TemporaryDirectory(prefix="import-scale-") as folder:
        import django
        from django.db import connection

        django.setup()
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        write_programme(Path(folder), size.films, size.screenings, size.credits)
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            measure("first import", Path(folder))
            measure("same again", Path(folder))
        finally:
            connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main()
