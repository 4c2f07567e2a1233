"""How long the server takes over a search in 30,000 films, and over a filter in a festival: a measurement, not a test.

    .venv/bin/python -m tests.bench.search_speed [--films 30000] [--screenings 2000]

The films, made up, fill ten editions with 1,400 letters of text each and 20,000 people; the screenings are all of the
festival that runs. Each address is asked for eight times through Django's test client, the whole page made each time.
It prints the first (with what a process does once), the fastest and the median of the
others, and the fastest against the limit: for a search 200 ms on SQLite, 100 ms on PostgreSQL. It makes a database of
its own: a new SQLite file, or with TEST_DATABASE_URL one of that server, dropped again.

What it costs, by what is asked: SQLite reads every text once for words that few films have, and stops early for others.
PostgreSQL goes through its trigrams, and reads no more texts than `films.search.FEW` and those of the newest editions.
Half of a page with twelve results is Django's: its SQL, its rows and its templates.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

TIMES = 8
LIMITS = {"sqlite": 200, "postgresql": 100}
PEOPLE = 20_000
EDITIONS = 10
SYLLABLES = "ka lo mi ter sal han vor ne dri shu bel ost ar wen ty ran phe gol ura zim".split()
ADDRESSES = (
    ("one film by its title", "/search/?q=Zephyrine+Hours"),
    ("a common word", "/search/?q=salsal"),
    ("a word in every film", "/search/?q=the"),
    ("one letter", "/search/?q=a"),
    ("two letters", "/search/?q=ka"),
    ("the second page", "/search/?q=salsal&page=2"),
    ("a person", "/search/?q=vorne"),
    ("two words", "/search/?q=the+kalo"),
    ("a slip", "/search/?q=Zephyrine+Huors"),
    ("nothing like it", "/search/?q=qqqqqqqqqq"),
    ("the programme", "/films/"),
    ("the programme, narrowed", "/films/?part=evening&age=under-18s&sort=next"),
)


def word(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3))))


def phrase(chance: random.Random, words: int) -> str:
    return " ".join(word(chance) for _ in range(words))


def make_programme(films: int, screenings: int) -> None:
    from django.utils import timezone

    from films.models import Credit, CreditRole, Edition, Film, Screening, ScreeningFilm
    from films.models.search_text import refresh_search_text
    from films.titles import sort_key
    from people.models import Person
    from people.text import fold
    from venues.models import Room, Venue

    chance, today = random.Random(1), timezone.now().date()
    editions = [
        Edition.objects.create(
            name=f"Bench {number}",
            starts_on=today - timedelta(days=365 * number + 1),
            ends_on=today - timedelta(days=365 * number) + timedelta(days=9),
        )
        for number in range(EDITIONS)
    ]
    names = [f"{word(chance)} {word(chance)}ne".title() for _ in range(PEOPLE)]
    people = Person.objects.bulk_create(
        (
            Person(name=name, slug=f"p-{number}", sort_key=fold(name), search_name=fold(name))
            for number, name in enumerate(names)
        ),
        batch_size=2_000,
    )

    def film(number: int) -> Film:
        title = "Zephyrine Hours" if number == films // 2 else f"The {phrase(chance, 3)}".title()
        synopsis = f"{phrase(chance, 230)}."
        return Film(
            edition=editions[number % EDITIONS],
            state=Film.State.PUBLISHED,
            title=title,
            slug=f"f-{number}",
            runtime=60 + number % 90,
            sort_key=sort_key(title, "en"),
            synopsis=synopsis,
            synopsis_html=f"<p>{synopsis}</p>",
        )

    made = Film.objects.bulk_create((film(number) for number in range(films)), batch_size=2_000)
    director = CreditRole.objects.get(slug="director")
    Credit.objects.bulk_create(
        (
            Credit(film=made[number // 2], person=people[number % PEOPLE], role=director, position=number % 2)
            for number in range(films * 2)
        ),
        batch_size=5_000,
    )
    for start in range(0, films, 2_000):
        refresh_search_text(made[start : start + 2_000])
    venues = [Venue.objects.create(name=f"House {number}", time_zone="America/Vancouver") for number in range(20)]
    rooms = [Room.objects.create(venue=venues[number % 20], name=f"Hall {number}") for number in range(60)]
    now, current = timezone.now(), made[::EDITIONS]
    planned = Screening.objects.bulk_create(
        (
            Screening(
                edition=editions[0],
                room=rooms[number % 60],
                starts_at=now + timedelta(minutes=30 + number * 7 % (60 * 24 * 9)),
                ends_at=now + timedelta(days=10),
            )
            for number in range(screenings)
        ),
        batch_size=2_000,
    )
    ScreeningFilm.objects.bulk_create(
        (ScreeningFilm(screening=one, film=current[n % len(current)]) for n, one in enumerate(planned)),
        batch_size=5_000,
    )


def measure(client, name: str, address: str, limit: int) -> None:
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        response = client.get(address)
        taken.append((time.perf_counter() - start) * 1000)
        assert response.status_code == 200, response.status_code
    first, *others = taken
    against = f"{min(others) / limit:4.0%} of {limit} ms" if address.startswith("/search/") else ""
    print(
        f"  {name:24} first {first:5.0f} ms, then fastest {min(others):5.0f}, "
        f"median {statistics.median(others):5.0f} ms  {against:>14}  {address}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=30_000)
    parser.add_argument("--screenings", type=int, default=2_000)
    size = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    with tempfile.TemporaryDirectory(prefix="search-speed-") as folder:
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

            make_programme(size.films, size.screenings)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
            print(f"{connection.vendor}, {size.films:,} films, {size.screenings:,} screenings, {date.today()}")
            for name, address in ADDRESSES:
                measure(Client(), name, address, LIMITS[connection.vendor])
        finally:
            connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main()
