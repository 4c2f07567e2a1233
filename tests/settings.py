"""The settings the tests run with: festival.settings on its defaults, whatever this machine's own say.

TEST_DATABASE_URL (or else DATABASE_URL) chooses the engine; without either it is SQLite. The test database
always is a new one, named test_….
"""

import os
import re
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent

database_url = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL")
for name in re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "only-for-tests"
if database_url:
    os.environ["DATABASE_URL"] = database_url

with mock.patch("environ.Env.read_env"):  # a developer's .env is for `make run`
    from festival.settings import *  # noqa: F403
    from festival.settings import DATABASES, STORAGES

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Never opened: conftest gives each process a file of its own. A database in memory would be one connection
    # shared by every thread of the live server, which SQLite answers with a crash.
    DATABASES["default"]["NAME"] = ROOT / "tests.sqlite3"
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

# Quick, and unsafe anywhere else.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# {% static %} without collectstatic, which takes longer than most tests.
STATIC_ROOT = None
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
