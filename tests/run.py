"""Runs every test on SQLite, what asks a database on PostgreSQL, and the browser's; then says what ran and what not.

Arguments go to pytest, such as `-k admission`. With REQUIRE_ALL=1 whatever cannot run is a failure.
"""

import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tests.e2e import axe
from tests.e2e.browser import chromium

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / ".run" / "tests"
# pytest's own exit codes: all passed, some failed, none collected. Any other means that it broke off.
FINISHED = (0, 1, 5)


@dataclass
class Outcome:
    """One run of pytest, or, with a reason, one that could not be."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    not_run: str = ""

    def __str__(self) -> str:
        if self.not_run:
            return f"{self.name}: not run, {self.not_run}."
        counts = [f"{self.passed} passed"]
        counts += [f"{self.failed} failed"] if self.failed else []
        counts += [f"{self.skipped} skipped"] if self.skipped else []
        return f"{self.name}: {', '.join(counts)}."


def run_pytest(name: str, marks: str, database_url: str) -> Outcome:
    print(f"\n{name}", flush=True)
    report = REPORTS / f"{name.split()[0].lower()}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "--no-header", "--numprocesses=auto", "-m", marks]
    tests = subprocess.Popen(
        [*command, f"--junitxml={report}", *sys.argv[1:]],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE_URL": database_url},
    )
    try:
        code = tests.wait()
    except BaseException as interruption:
        # Ctrl-C has reached pytest as well; it gets the time to put its databases and browsers away.
        if not isinstance(interruption, KeyboardInterrupt):
            tests.send_signal(signal.SIGINT)
        try:
            tests.wait(20)
        except subprocess.TimeoutExpired:
            tests.kill()
        raise
    outcome = read_report(name, report) if report.exists() else Outcome(name)
    if code not in FINISHED or (code == 1 and not outcome.failed):
        outcome.failed += 1
        print(f"{name}: pytest broke off with exit code {code}.")
    return outcome


def read_report(name: str, report: Path) -> Outcome:
    outcome = Outcome(name)
    for suite in ElementTree.parse(report).iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        outcome.failed += failed
        outcome.skipped += skipped
        outcome.passed += max(int(suite.get("tests", 0)) - failed - skipped, 0)
    return outcome


def on_sqlite() -> Outcome:
    return run_pytest("SQLite", "not browser", "sqlite:///tests.sqlite3")


def on_postgresql() -> Outcome:
    programs = postgres.binaries()
    if programs is None:
        return Outcome("PostgreSQL", not_run="no server binaries found (Debian: apt install postgresql)")
    with postgres.cluster(programs) as url:
        return run_pytest(f"PostgreSQL {postgres.version(programs)}", "database and not browser", url)


def in_browser() -> list[Outcome]:
    if chromium() is None:
        return [Outcome("Browser", not_run="no Chromium found (Debian: apt install chromium)")]
    axe.install()
    outcomes = [run_pytest("Browser", "browser", "sqlite:///tests.sqlite3")]
    if axe.missing():
        outcomes.append(Outcome("Accessibility", not_run="axe-core could not be fetched (it needs npm)"))
    return outcomes


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcomes = [on_sqlite(), on_postgresql(), *in_browser()]
    missing = any(outcome.not_run for outcome in outcomes)
    required = os.environ.get("REQUIRE_ALL") == "1"
    print()
    for outcome in outcomes:
        print(outcome)
    if missing and required:
        print("REQUIRE_ALL=1, and not everything could run: this is a failure.")
    passed, failed, skipped = (
        sum(getattr(outcome, count) for outcome in outcomes) for count in ("passed", "failed", "skipped")
    )
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed or (missing and required) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Interrupted.")
