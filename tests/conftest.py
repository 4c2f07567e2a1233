from importlib import import_module

import hypothesis
import pytest
import time_machine
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.test import SimpleTestCase, override_settings

# A time limit says more about the machine than about the code; the same examples are tried every time.
hypothesis.settings.register_profile("festival", deadline=None, derandomize=True)
hypothesis.settings.load_profile("festival")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A test with transactions of its own empties every table; the rows that migrations made are put back.

    And what asks a database is marked, so that all else need not run again on another one.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        by_fixture = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
        if marker or by_fixture or issubclass(item.cls or object, SimpleTestCase):
            item.add_marker(pytest.mark.database)
        options = marker.kwargs if marker else {}
        if options.get("transaction") or {"live_server", "transactional_db"} & set(item.fixturenames):
            options = {**options, "transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite in a file rather than in memory: a server's threads, and two editors who race, then each have
    a connection of their own, as they have outside the tests."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Django asks SQLite once whether it knows JSON: before any test counts its queries."""
    with django_db_blocker.unblock():
        assert connection.features.supports_json_field
    _lift_the_seal_on(connection=connection)


@pytest.fixture
def now():
    """The clock stands at NOW, until this moves it."""
    from tests.factories import NOW

    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(scope="module")
def standing_rows(django_db_setup, django_db_blocker):
    """What a module's own fixtures write after this one stands in each of its tests, written once.

    A test may change it: what it did is taken back as ever. None of the module's may have transactions of its own.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@receiver(connection_created)
def _lift_the_seal_on(connection, **kwargs) -> None:
    """On every connection: a browser's event loop has one of its own, and it is that which empties the tables."""
    wrappers = connection.execute_wrappers
    if connection.vendor == "sqlite" and _empty_the_log_between_tests not in wrappers:
        wrappers.append(_empty_the_log_between_tests)


def _empty_the_log_between_tests(execute, sql, params, many, context):
    """SQLite empties tables row by row, which the log refuses (PostgreSQL truncates them): its seal is lifted for it.

    What the project itself deletes does not end in a semicolon.
    """
    if sql != 'DELETE FROM "films_statuschange";':
        return execute(sql, params, many, context)
    log = import_module("films.migrations.0010_seal_the_log")
    cursor = context["connection"].connection
    for statement in log.BREAK_SEAL["sqlite"]:
        cursor.execute(statement)
    done = execute(sql, params, many, context)
    for statement in log.SEAL["sqlite"]:
        cursor.execute(statement)
    return done


@pytest.fixture(scope="session", autouse=True)
def media_root(tmp_path_factory):
    """Uploads go to a folder of this run's own (one for each worker)."""
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=folder):
        yield folder


@pytest.fixture(autouse=True)
def nothing_kept_of_other_tests():
    """Each test numbers its rows and revisions anew, which nothing but a test does."""
    from films.box_office import keeping

    yield
    keeping._screenings.clear()
    keeping._written.clear()
