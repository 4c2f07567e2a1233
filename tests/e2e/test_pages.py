"""The other pages of the site in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import FilmFactory, LicenceFactory, PersonFactory, RoomFactory, ScreeningFactory, SeriesFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def programme():
    """One film with its series, person and venue."""
    person = PersonFactory(name="Ann Berg", biography="Lives by the sea.")
    film = FilmFactory(title="Kiln", directors=[person], grade=None)
    film.series.add(SeriesFactory(name="Panorama"))
    room = RoomFactory(venue__name="The Rio", venue__directions="Take the 9.", capacity=400)
    LicenceFactory(venue=room.venue)
    ScreeningFactory(films=[film], room=room, starts_at=timezone.now() + timedelta(days=1))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("programme", "/films/"),
        ("found", "/films/?q=kiln"),
        ("nothing-found", "/films/?q=nothing"),
        ("series", "/series/panorama/"),
        ("person", "/people/ann-berg/"),
        ("venue", "/venues/the-rio/"),
        ("missing", "/films/no-such-film/"),
    ],
)
def test_page_is_accessible_and_fits(page_at, axe, screenshot, programme, name, address):
    for width in (320, 390, 1440):
        for scheme in ("light", "dark"):
            page = page_at(width, scheme)
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") == width
            axe(page)
            screenshot(page, f"{name}-{width}-{scheme}")


def test_search_from_a_missing_page_finds_the_film(page_at, programme):
    page = page_at(390)
    page.goto("/films/klin/")
    page.get_by_role("searchbox").fill("KÍLN")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Kiln").click()
    assert page.locator("h1").inner_text() == "Kiln"
