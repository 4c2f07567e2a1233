"""French is longer than English: its pages still fit the narrowest phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import FilmFactory, PersonFactory, RoomFactory, ScreeningFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [320, 1440])
def test_french_pages_are_accessible_and_fit(page_at, axe, screenshot, width):
    film = FilmFactory(title="Kiln", blurb="A last firing.", directors=[PersonFactory(name="Ann Berg")])
    room = RoomFactory(venue__name="The Rio", capacity=400, wheelchair_places=4, step_free=True)
    starts_at = timezone.now() + timedelta(days=1)
    ScreeningFactory(films=[film], room=room, edition=film.edition, starts_at=starts_at)
    page = page_at(width)
    for name, address in (
        ("home", ""),
        ("programme", "films/"),
        ("film", "films/kiln/"),
        ("schedule", "schedule/"),
        ("search", "search/?q=kiln"),
        ("changes", "changes/"),
        ("people", "people/"),
        ("venues", "venues/"),
        ("my-schedule", "my-schedule/"),
        ("missing", "no-such-page/"),
    ):
        page.goto(f"/fr/{address}")
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, width)
        axe(page)
        screenshot(page, f"french-{name}-{width}")


def test_french_page_leads_to_the_same_page_in_english(page_at):
    FilmFactory(title="Kiln")
    page = page_at(390)
    page.goto("/fr/films/kiln/")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/films/kiln/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Français").click()
    page.wait_for_url("**/fr/films/kiln/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
