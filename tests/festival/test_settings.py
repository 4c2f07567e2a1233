import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """manage.py as a process of its own, from a copy of nothing but its environment."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments],
        env=clean | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
    )


def test_missing_secret_stops_the_start_and_says_which():
    stopped = manage("check", SECRET_KEY="")
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("SECRET_KEY is not set:")
    assert "Traceback" not in stopped.stderr


def test_production_settings_pass_djangos_own_deployment_check():
    checked = manage("check", "--deploy", "--fail-level", "WARNING", SECRET_KEY="xy12ABqr" * 8, HTTPS="1")
    assert (checked.returncode, checked.stderr) == (0, "")
