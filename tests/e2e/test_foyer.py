"""The foyer's screen: it follows by itself, and says so when it cannot."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from films.models import Edition, Screening
from tests.factories import FilmFactory, RoomFactory, ScreeningFactory, day_around

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evening():
    """Two shows, one of them running. Returns the one that comes next."""
    room = RoomFactory(venue__name="The Rio", name="Cinema 1")
    now = timezone.now()
    ScreeningFactory(films=[FilmFactory(title="Kiln", runtime=90)], room=room, starts_at=now - timedelta(minutes=20))
    film = FilmFactory(title="The Lighthouse Keepers’ Union and Other Stories")
    to_come = ScreeningFactory(
        films=[film], room=room, starts_at=now + timedelta(minutes=30), sales=Screening.Sales.ON_SALE
    )
    Edition.objects.update(day_starts_at=day_around(now))
    return to_come


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (390, 844)])
def test_foyer_fits_its_screen(page_at, evening, axe, screenshot, width, height):
    page = page_at(width, viewport={"width": width, "height": height})
    page.goto("/foyer/the-rio/")
    expect(page.locator("h2").first).to_have_text("Now")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    screenshot(page, f"foyer-{width}")


def test_foyer_follows_a_change_and_tells_a_lost_connection(page_at, evening, problems):
    page = page_at(1920)
    page.goto("/foyer/the-rio/")
    states = page.locator("section:has(#next) .status")
    expect(states).to_have_text(["On sale"])
    evening.sales = Screening.Sales.SOLD_OUT
    evening.save()
    expect(states).to_have_text(["Sold out"])
    expect(page.get_by_role("alert")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.get_by_role("alert")).to_contain_text("No connection to the festival.", timeout=25_000)
    expect(states).to_have_text(["Sold out"])
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_be_hidden(timeout=15_000)
    problems.clear()  # The browser notes each request that the cut network refused.
