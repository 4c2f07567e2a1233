"""Counting what a page asks of the database."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, address: str) -> int:
    """How many queries the page at `address` takes; whatever it answers, it must not be a fault."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code in (200, 302, 404), address
    return len(queries)
