"""The box office under load: 50 boards open, 20 changes a second, on PostgreSQL and gunicorn as in deployment.

Says how long the board, "nothing new" and a press take, how soon others hear of a change, and whether the log holds
exactly one row for each press that was answered as saved.

    .venv/bin/python -m tests.bench.board_load [--seconds 20] [--boards 50] [--changes 20]
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.postgres import binaries, cluster

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENINGS = 300
STATES = ("on_sale", "selling_fast", "standby", "sold_out")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--boards", type=int, default=50)
    parser.add_argument("--changes", type=int, default=20, help="presses a second, of all together")
    parser.add_argument("--port", type=int, default=8009)
    asked = parser.parse_args()
    with cluster(binaries()) as cluster_url:
        make_database(cluster_url.replace("/festival?", "/postgres?"))  # The one database that a new cluster has.
        day, screenings, sessions = fill(asked.boards)
        with server(asked.port, threads=8):
            Load(asked, day, screenings, sessions).run()


def make_database(url: str) -> None:
    """An empty one at `url`, which this process and the server then use, and the static files of the pages."""
    os.environ |= {
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-measuring",
        "DJANGO_SETTINGS_MODULE": "festival.settings",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, check=True)


@contextlib.contextmanager
def server(port: int, threads: int) -> Iterator[None]:
    """Gunicorn, as in deployment."""
    command = [Path(sys.executable).parent / "gunicorn", "festival.wsgi", "--no-control-socket", "--log-level=warning"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", str(threads)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        for _time in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.2)
        else:
            raise SystemExit("gunicorn did not start")
        yield
    finally:
        process.terminate()
        process.wait()


def fill(boards: int) -> tuple[str, list[int], list[str]]:
    """A festival day of SCREENINGS, and somebody logged in for each board: the day, keys, session keys."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client
    from django.utils import timezone

    from films.models import Film, Screening, ScreeningFilm
    from films.roles import BOX_OFFICE
    from tests.factories import EditionFactory, FilmFactory, RoomFactory

    now = timezone.now()
    edition = EditionFactory(starts_on=now.date() - timedelta(days=2), ends_on=now.date() + timedelta(days=5))
    rooms = [RoomFactory() for _number in range(12)]
    films = [FilmFactory(edition=edition, title=f"Film {number}") for number in range(SCREENINGS)]
    # All of one festival day, whatever the hour at which this runs.
    begins = now.astimezone(edition.zone).replace(hour=12, minute=0, second=0, microsecond=0)
    made = Screening.objects.bulk_create(
        Screening(
            edition=edition,
            room=rooms[number % len(rooms)],
            starts_at=begins + timedelta(minutes=2 * number),
            ends_at=begins + timedelta(minutes=2 * number + 100),
            sales="on_sale",
        )
        for number in range(SCREENINGS)
    )
    ScreeningFilm.objects.bulk_create(
        ScreeningFilm(screening=screening, film=film) for screening, film in zip(made, films, strict=True)
    )
    assert Film.objects.count() == SCREENINGS
    sessions = []
    for number in range(boards):
        user = get_user_model().objects.create_user(f"till-{number}")
        user.groups.add(Group.objects.get(name=BOX_OFFICE))
        client = Client()
        client.force_login(user)
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return begins.date().isoformat(), [screening.pk for screening in made], sessions


class Till:
    """One board: a session and a connection of its own."""

    def __init__(self, port: int, session: str, day: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.day, self.cookies = day, {"sessionid": session}
        self.revision, self.tag, self.used_at = 0, "", time.monotonic()

    def ask(self, method: str, path: str, body: str = "", **headers) -> tuple[float, http.client.HTTPResponse, bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if time.monotonic() - self.used_at > 1.5:
            self.connection.close()  # The server drops what was idle for two seconds; the next request connects anew.
        self.used_at = time.monotonic()
        begun = time.perf_counter()
        self.connection.request(method, path, body, {"Cookie": cookies, "Accept": "application/json"} | headers)
        response = self.connection.getresponse()
        content = response.read()
        return time.perf_counter() - begun, response, content

    def open(self) -> float:
        took, response, content = self.ask("GET", f"/box-office/?day={self.day}", Accept="text/html")
        assert response.status == 200, response.status
        self.cookies["csrftoken"] = response.headers["Set-Cookie"].partition("csrftoken=")[2].partition(";")[0]
        self.revision = int(content.partition(b'data-revision="')[2].partition(b'"')[0])
        return took

    def look(self) -> tuple[float, int, dict]:
        address = f"/box-office/live/?day={self.day}&since={self.revision}"
        took, response, content = self.ask("GET", address, **({"If-None-Match": self.tag} if self.tag else {}))
        answer = json.loads(content) if response.status == 200 else {}
        self.tag = response.headers["ETag"]
        self.revision = answer.get("revision", self.revision)
        return took, response.status, answer

    def press(self, pk: int, seen: int, sales: str, why: str) -> tuple[float, int, dict]:
        headers = {"X-CSRFToken": self.cookies["csrftoken"], "Content-Type": "application/x-www-form-urlencoded"}
        body = f"set={pk}.{seen}.{sales}&why={why}"
        took, response, content = self.ask("POST", "/box-office/press/", body, **headers)
        return took, response.status, json.loads(content)


class Load:
    def __init__(self, asked: argparse.Namespace, day: str, screenings: list[int], sessions: list[str]) -> None:
        self.asked, self.screenings = asked, screenings
        self.tills = [Till(asked.port, session, day) for session in sessions]
        self.times: dict[str, list[float]] = {"nothing new": [], "what changed": [], "press": []}
        self.answers: Counter = Counter()
        self.pressed: dict[int, float] = {}
        self.in_flight: set[int] = set()
        self.heard: list[float] = []
        # What was answered as saved: by its reason, the screening, the state, the newest row of the log it answered.
        self.saved: dict[str, tuple[int, str, int]] = {}
        self.seen, self.stands = dict.fromkeys(screenings, 0), dict.fromkeys(screenings, STATES[0])
        self.begun: list[float] = []  # How long after its moment each press was begun.
        self.lock = threading.Lock()
        self.begins_at = self.ends_at = 0.0

    def run(self) -> None:
        first = self.tills[0]
        opened = [first.open() for _time in range(5)]
        first.look()
        idle = [first.look()[0] for _time in range(200)]
        say("the board of 300 screenings, alone", opened)
        say("nothing new, alone", idle)
        for till in self.tills[1:]:
            till.open()
        self.begins_at = time.monotonic() + 1
        self.ends_at = self.begins_at + self.asked.seconds
        threads = [threading.Thread(target=self._watch, args=[till]) for till in self.tills]
        # Each presses from a connection of its own, as a browser does beside its polling.
        pressing = [Till(self.asked.port, till.cookies["sessionid"], till.day) for till in self.tills]
        for till, twin in zip(self.tills, pressing, strict=True):
            twin.cookies = till.cookies
        threads += [threading.Thread(target=self._press, args=pair) for pair in enumerate(pressing)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._report()

    def _watch(self, till: Till) -> None:
        time.sleep(random.random())
        while time.monotonic() < self.ends_at + 3:
            took, status, answer = till.look()
            now = time.monotonic()
            with self.lock:
                self.times["nothing new" if status == 304 else "what changed"].append(took)
                for pk in map(int, answer.get("rows", {})):
                    if pk in self.pressed:
                        self.heard.append(now - self.pressed[pk])
            time.sleep(max(0, 1 - took))

    def _press(self, till_number: int, till: Till) -> None:
        """The presses of one till: each has its moment beforehand, so that a slow answer delays no other."""
        every = range(till_number, self.asked.changes * self.asked.seconds, len(self.tills))
        for number in every:
            due = self.begins_at + number / self.asked.changes
            time.sleep(max(0, due - time.monotonic()))
            with self.lock:
                # Two who press one screening at once are a test's affair: here every press is to be a change.
                pk = random.choice([pk for pk in self.screenings if pk not in self.in_flight])
                self.in_flight.add(pk)
                self.pressed[pk] = time.monotonic()
                self.begun.append(self.pressed[pk] - due)
                seen, stands = self.seen[pk], self.stands[pk]
            sales = random.choice([state for state in STATES if state != stands])
            why = uuid.uuid4().hex
            took, status, answer = till.press(pk, seen, sales, why)
            with self.lock:
                self.in_flight.remove(pk)
                self.times["press"].append(took)
                self.answers[status] += 1
                if status in (200, 409):
                    html = answer["rows"][str(pk)]
                    self.seen[pk] = int(html.partition(f'value="{pk}.')[2].partition(".")[0])
                    self.stands[pk] = html.partition('data-state="')[2].partition('"')[0]
                if status == 200:
                    self.saved[why] = (pk, sales, self.seen[pk])

    def _report(self) -> None:
        from films.models import Screening, StatusChange

        for what, times in self.times.items():
            say(f"{what}, under load", times)
        say("from a press until a board heard of it", self.heard)
        say("a press begun later than planned", self.begun)
        rows = list(StatusChange.objects.order_by("pk"))
        standing = dict.fromkeys(self.screenings, "on_sale")
        for row in rows:
            assert standing[row.screening_id] == row.before, f"before {row.pk} a row is missing or doubled"
            standing[row.screening_id] = row.after
        assert dict(Screening.objects.values_list("pk", "sales")) == standing, "what is stored is not what the log says"
        reasons = {row.reason for row in rows}
        assert len(reasons) == len(rows), "a press has two rows"
        assert reasons <= self.saved.keys(), "a row of a press that was not answered as saved"
        after = {row.pk: row.after for row in rows} | {0: "on_sale"}
        needless = [self.saved[why] for why in self.saved.keys() - reasons]
        assert all(after[newest] == sales for _pk, sales, newest in needless), "a press was saved and not logged"
        begun, seconds = len(self.begun), self.asked.seconds
        print(
            f"{begun} presses in {seconds} s: {begun / seconds:.1f} a second; "
            f"by answer: {dict(self.answers)}; of those saved {len(rows)} have their one row in the log, "
            f"and {len(needless)} wanted what stood there already"
        )


def say(what: str, seconds: list[float]) -> None:
    if not seconds:
        return print(f"{what}: never")
    ordered = sorted(1000 * second for second in seconds)
    last = ordered[int(0.95 * (len(ordered) - 1))]
    print(
        f"{what}: {len(ordered)} times; least {ordered[0]:.1f} ms, "
        f"median {statistics.median(ordered):.1f} ms, 95 % within {last:.1f} ms, most {ordered[-1]:.1f} ms"
    )


if __name__ == "__main__":
    main()
