"""How long the server takes over the list of films that can be narrowed: a measurement, not a test.

    .venv/bin/python -m tests.bench.programme_list [--large]

It makes a festival of 500 films and 1,540 screenings, or with --large of 5,000 and 19,800, all of them still to come,
with series, genres, countries, classes, licences and access features, in a database of its own: a new SQLite file, or
with TEST_DATABASE_URL one of that server, dropped again. The aim is 150 ms, and with --large one second.
"""

import argparse
import os
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests.bench.schedule_day import make_festival

TIMES = 6
COUNTRIES = "Canada France Japan Chile Senegal Norway India Mexico".split()
ADDRESSES = (
    ("all of it", "/films/"),
    ("narrowed", "/films/?part=evening&age=under-18s&sort=next"),
    ("narrowed further", "/films/?part=evening&genre=genre+3&venue=house-1&access=open_captions&tickets=bookable"),
    ("the festival", "/films/?edition=bench&sort=series"),
)


def add_rules(films: int) -> None:
    """A class for most of the films, a country for each, and a licence for every other house."""
    from films.models import (
        Classification,
        ClassificationScheme,
        Country,
        Film,
        FilmClassification,
        FilmCountry,
        UnclassifiedRule,
    )
    from venues.models import Licence, Venue

    scheme = ClassificationScheme.objects.create(jurisdiction="CA-BC", name="British Columbia")
    UnclassifiedRule.objects.create(scheme=scheme, minimum_age=18)
    classes = [
        Classification.objects.create(scheme=scheme, code=code, minimum_age=age, position=age)
        for code, age in (("G", 0), ("14A", 14), ("R", 18))
    ]
    countries = [Country.objects.create(name=name) for name in COUNTRIES]
    made = list(Film.objects.order_by("pk").values_list("pk", flat=True))
    FilmCountry.objects.bulk_create(
        FilmCountry(film_id=film, country=countries[number % len(countries)]) for number, film in enumerate(made)
    )
    FilmClassification.objects.bulk_create(
        FilmClassification(film_id=film, scheme=scheme, classification=classes[number % 3])
        for number, film in enumerate(made)
        if number % 5
    )
    Venue.objects.update(jurisdiction="CA-BC")
    for venue in Venue.objects.order_by("pk")[::2]:
        Licence.objects.create(venue=venue, minimum_age=19)


def measure(client, name: str, address: str, limit: int) -> None:
    taken, of_processor = [], []
    for _time in range(TIMES):
        start, processor = time.perf_counter(), time.process_time()
        response = client.get(address)
        taken.append((time.perf_counter() - start) * 1000)
        of_processor.append((time.process_time() - processor) * 1000)
        assert response.status_code == 200, response.status_code
    print(
        f"  {name:17} fastest {min(taken):5.0f} ms, median {statistics.median(taken):5.0f} ms "
        f"(this process alone {min(of_processor):5.0f} ms)  {min(taken) / limit:4.0%} of {limit} ms  {address}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true")
    is_large = parser.parse_args().large
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    with tempfile.TemporaryDirectory(prefix="programme-list-") as folder:
        import django
        from django.conf import settings
        from django.db import connection

        django.setup()
        settings.ALLOWED_HOSTS = ["testserver"]
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            from django.test import Client
            from django.utils import timezone

            rooms, shows, films = (150, 12, 5_000) if is_large else (14, 10, 500)
            make_festival(rooms, shows, 11, films, timezone.now().date() + timedelta(days=2))
            add_rules(films)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
            print(f"{connection.vendor}, {films:,} films, {rooms * shows * 11:,} screenings")
            for name, address in ADDRESSES:
                measure(Client(), name, address, 1_000 if is_large else 150)
        finally:
            connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main()
