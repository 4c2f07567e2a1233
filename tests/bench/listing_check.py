"""How long the listing check of a whole festival takes, and the desk's lists with it: a measurement, not a test.

    .venv/bin/python -m tests.bench.listing_check [--films 500] [--rooms 14] [--profile]

It makes a festival of 11 days, with ten shows a day in each room, in a database of its own: a new SQLite file, or with
TEST_DATABASE_URL a database of that server that is made for it and dropped again.
"""

import argparse
import cProfile
import os
import pstats
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import time_machine

from tests.bench.schedule_day import make_festival

TIMES = 7
LISTS = ["", "o=1", "o=-5", "q=a", "q=person+7"]


def credit_everybody() -> None:
    """Ten people on each film, as an import of a real programme brings them."""
    from films.models import Credit, CreditRole, Film
    from people.models import Person

    people = [Person(name=f"Person {n}", slug=f"person-{n}", sort_key=f"{n:05}") for n in range(4000)]
    Person.objects.bulk_create(people)
    roles = list(CreditRole.objects.all())
    Credit.objects.bulk_create(
        Credit(film=film, person=people[(number * 7 + place * 401) % 4000], role=roles[place % len(roles)])
        for number, film in enumerate(Film.objects.all())
        for place in range(10)
    )


def fastest(do: Callable) -> tuple[float, float]:
    """Milliseconds on the wall and of the processor, the least of each."""
    wall, processor = [], []
    for _time in range(TIMES):
        start, own = time.perf_counter(), time.process_time()
        do()
        wall.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - own) * 1000)
    return min(wall), min(processor)


def measure(profile: bool) -> None:
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from films.listing_check import Level, check_editions, rules_for
    from films.models import Edition, Film, Screening

    edition = Edition.objects.get()

    def check() -> list:
        return list(check_editions([edition], edition.begins_at))

    with CaptureQueriesContext(connection) as captured:
        found = check()
    queries = len(captured)
    wall, processor = fastest(check)
    print(
        f"{connection.vendor}: {Film.objects.count()} films and {Screening.objects.count()} screenings "
        f"in {wall:.0f} ms ({processor:.0f} ms of this process), {queries} queries, {len(found)} with findings"
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.create_superuser("bench"))
    addresses = [f"/admin/films/check/?edition={edition.pk}"]
    for model in (Film, Screening):
        found_by = [f"found={one}" for one in (*Level, *(rule.code for rule in rules_for(model)))]
        addresses += [f"/admin/films/{model._meta.model_name}/?{query}" for query in [*LISTS, *found_by]]
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            size = len(client.get(address).content) / 1024
        queries = len(captured)
        wall, processor = fastest(lambda address=address: client.get(address))
        print(f"  {wall:4.0f} ms ({processor:.0f}), {queries} queries, {size:.0f} KiB  {address}")
    if profile:
        with cProfile.Profile() as profiler:
            check()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=500)
    parser.add_argument("--rooms", type=int, default=14)
    parser.add_argument("--profile", action="store_true")
    size = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    with tempfile.TemporaryDirectory(prefix="listing-check-") as folder:
        import django
        from django.db import connection

        django.setup()
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        from films.models import Edition

        try:
            make_festival(size.rooms, 10, 11, size.films)
            credit_everybody()
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")  # As its own housekeeping does within a minute.
            with time_machine.travel(Edition.objects.get().begins_at):
                measure(size.profile)
        finally:
            connection.creation.destroy_test_db("", verbosity=0)


if __name__ == "__main__":
    main()
