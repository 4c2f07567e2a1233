"""What an open board costs each second while nothing changes: a 304, on SQLite and on PostgreSQL.

The server is started as `make run` starts it, with a day of 300 screenings; what is said includes HTTP and the client
that measures. Beside other work, give it real-time priority, which the servers inherit:

    chrt -f 50 .venv/bin/python -m tests.bench.board_poll
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.board_load import SCREENINGS, Till, fill, make_database, say, server
from tests.postgres import binaries, cluster

POLLS = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8009)
    parser.add_argument("--database", help="the address of an empty database, instead of one of each kind")
    asked = parser.parse_args()
    if asked.database:
        return measure(asked.database, asked.port)
    with tempfile.TemporaryDirectory() as folder, cluster(binaries()) as cluster_url:
        urls = f"sqlite:///{Path(folder) / 'board.sqlite3'}", cluster_url.replace("/festival?", "/postgres?")
        for url in urls:
            print(url.partition(":")[0])
            command = [sys.executable, "-m", "tests.bench.board_poll", f"--port={asked.port}", f"--database={url}"]
            subprocess.run(command, check=True)


def measure(url: str, port: int) -> None:
    make_database(url)
    day, _screenings, (session,) = fill(1)
    with server(port, threads=4):
        till = Till(port, session, day)
        say(f"the board of {SCREENINGS} screenings", [till.open() for _time in range(10)][2:])
        till.look()
        looks = [till.look() for _time in range(POLLS)]
        assert {status for _took, status, _answer in looks} == {304}
        say("nothing new", [took for took, _status, _answer in looks[POLLS // 4 :]])


if __name__ == "__main__":
    main()
