"""How long the schedule of a very full day takes at the server, and how large its page is: a measurement, not a test.

    .venv/bin/python -m tests.bench.schedule_day [--rooms 40] [--shows 10] [--days 11] [--films 600] [--profile]

It makes a festival of so many days, each with so many shows in each of so many rooms, in a database of its own: a new
SQLite file, or with TEST_DATABASE_URL a database of that server that is made for it and dropped again.
"""

import argparse
import cProfile
import gzip
import os
import pstats
import statistics
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

FIRST = date(2026, 9, 28)
TIMES = 20
WORDS = "salt ferry lantern winter orchard signal harbour ninth glass river archive copper meadow static".split()


def make_festival(rooms: int, shows: int, days: int, films: int, first: date = FIRST) -> None:
    from films.models import AccessFeature, Edition, Film, Genre, Screening, ScreeningFilm, Series
    from venues.models import Room, Venue

    edition = Edition.objects.create(name="Bench", starts_on=first, ends_on=first + timedelta(days=days - 1))
    houses = [Venue.objects.create(name=f"House {n}", time_zone="America/Vancouver") for n in range(-(-rooms // 5))]
    halls = [Room.objects.create(venue=houses[n // 5], name=f"Hall {n % 5 + 1}") for n in range(rooms)]
    series = [Series.objects.create(name=f"Series {n}") for n in range(12)]
    genres = [Genre.objects.create(name=f"Genre {n}") for n in range(15)]
    shown = [
        Film(
            edition=edition,
            title=f"{WORDS[n % 14]} {WORDS[n // 14 % 14]} {n}".capitalize(),
            slug=f"film-{n}",
            sort_key=f"film {n:05}",
            state=Film.State.PUBLISHED,
            runtime=95,
            grade=n % 24 * 15,
            synopsis="A long story. " * 120,
        )
        for n in range(films)
    ]
    Film.objects.bulk_create(shown)
    Film.series.through.objects.bulk_create(
        Film.series.through(film=film, series=series[n % 12]) for n, film in enumerate(shown)
    )
    Film.genres.through.objects.bulk_create(
        Film.genres.through(film=film, genre=genres[n % 15]) for n, film in enumerate(shown)
    )
    zone, screenings = ZoneInfo("America/Vancouver"), []
    for number in range(days * rooms * shows):
        day, hall, slot = number // (rooms * shows), number // shows % rooms, number % shows
        minutes = 9 * 60 + slot * 1000 // shows + hall % 12 * 5
        starts_at = datetime.combine(first, datetime.min.time(), zone) + timedelta(days=day, minutes=minutes)
        screenings.append(
            Screening(
                edition=edition,
                room=halls[hall],
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=95),
                sales=Screening.Sales.ON_SALE,
                ticket_url="https://tickets.example/",
            )
        )
    Screening.objects.bulk_create(screenings)
    ScreeningFilm.objects.bulk_create(
        ScreeningFilm(screening=screening, film=shown[n % films]) for n, screening in enumerate(screenings)
    )
    AccessFeature.objects.bulk_create(
        AccessFeature(screening=screening, feature=AccessFeature.Feature.OPEN_CAPTIONS) for screening in screenings[::4]
    )
    for screening in Screening.objects.order_by("starts_at", "pk")[rooms * shows : 2 * rooms * shows : 40]:
        screening.occurrence = Screening.Occurrence.CANCELLED
        screening.save()


def measure(profile: bool) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    address = f"/schedule/{FIRST + timedelta(days=1)}/"
    client = Client(SERVER_NAME="localhost")
    client.get(address)  # What is made once for a process is made here.
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address)
    shows = page.content.count(b'<li class="show"')
    in_database = sum(float(query["time"]) for query in captured)
    for query in captured:
        print(f"  {float(query['time']) * 1000:6.1f} ms  {query['sql'][:110]}")
    queries, taken, of_processor = len(captured), [], []
    profiler = cProfile.Profile()
    for _time in range(TIMES):
        start, processor = time.perf_counter(), time.process_time()
        client.get(address)
        taken.append((time.perf_counter() - start) * 1000)
        of_processor.append((time.process_time() - processor) * 1000)
    if profile:
        profiler.enable()
        client.get(address)
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(35)
    kilobytes = [len(body) / 1024 for body in (page.content, gzip.compress(page.content))]
    print(
        f"{connection.vendor}: median {statistics.median(taken):.0f} ms, fastest {min(taken):.0f} ms "
        f"(this process alone {statistics.median(of_processor):.0f} ms); "
        f"{queries} queries, {in_database * 1000:.0f} ms of it; "
        f"{shows} shows, {kilobytes[0]:.0f} kB, {kilobytes[1]:.0f} kB compressed"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, number in (("rooms", 40), ("shows", 10), ("days", 11), ("films", 600)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--profile", action="store_true")
    size = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    with tempfile.TemporaryDirectory(prefix="schedule-day-") as folder:
        import django
        from django.db import connection

        django.setup()
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            make_festival(size.rooms, size.shows, size.days, size.films)
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")  # As its own housekeeping does within a minute.
            measure(size.profile)
        finally:
            connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main()
