"""A PostgreSQL cluster that lives as long as one `with` block: a socket in a temporary folder, no port.

Run a command on one:  .venv/bin/python -m tests.postgres .venv/bin/pytest tests/films
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
START_SECONDS = 60
STOP_SECONDS = 20


def binaries() -> Path | None:
    """The folder with the newest PostgreSQL server's programs on this machine, or None."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    installed = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    return max(installed, key=lambda folder: float(folder.parent.name), default=None)


def version(programs: Path) -> str:
    """Such as "15.18"."""
    return subprocess.check_output([programs / "postgres", "--version"], text=True).split()[2]


@contextlib.contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Starts a new cluster, yields the DATABASE_URL that reaches it, and leaves nothing of it behind."""
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="festival-postgres-", dir="/tmp"))
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        _initialise(programs, folder, account)
        server = _start(programs, folder, account)
        try:
            _wait_until_ready(programs, folder, server)
            yield f"postgres:///{folder}/festival?user=festival"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> dict:
    """Who runs the server, as arguments for subprocess: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`.")


def _initialise(programs: Path, folder: Path, account: dict) -> None:
    command = [programs / "initdb", "--pgdata", folder / "cluster", "--username=festival", "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **account)
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(programs: Path, folder: Path, account: dict) -> subprocess.Popen:
    command = [programs / "postgres", "-D", folder / "cluster", "-k", folder]
    for setting in SETTINGS:
        command += ["-c", setting]
    with (folder / "log").open("w") as log:
        # A session of its own, so that Ctrl-C reaches the tests first and they can finish with the database.
        return subprocess.Popen(
            command,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            **account,
        )


def _die_with_parent() -> None:
    """Linux stops the server even when this process is killed outright."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGQUIT)


def _wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run([programs / "pg_isready", "--quiet", "--host", folder]).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.1)


def _stop(server: subprocess.Popen) -> None:
    server.send_signal(signal.SIGINT)  # "fast": ends sessions, then stops
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def main() -> int:
    programs = binaries()
    if programs is None:
        sys.exit("No PostgreSQL server is on this machine (Debian: apt install postgresql).")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(programs) as url:
        return subprocess.run(sys.argv[1:], env=os.environ | {"TEST_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
