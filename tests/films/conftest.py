"""What the tests of several modules here begin with; a module may have another of the same name."""

import pytest
from django.test import Client

from films.models import Edition, Film, Screening
from films.roles import BOX_OFFICE
from tests.factories import EditionFactory
from tests.films.board import member, on_sale
from tests.films.listing import whole_film


@pytest.fixture
def edition(db) -> Edition:
    return EditionFactory()


@pytest.fixture
def film(edition) -> Film:
    """It wants for nothing, and is shown once."""
    return whole_film(edition)


@pytest.fixture
def screening(film) -> Screening:
    return film.showings.get().screening


@pytest.fixture
def kiln(edition) -> Screening:
    """On sale, two hours from NOW."""
    return on_sale(edition)


@pytest.fixture
def till(db) -> Client:
    """Somebody of the box office, logged in."""
    return member("priya", BOX_OFFICE)[0]
