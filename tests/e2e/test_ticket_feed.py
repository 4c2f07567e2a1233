"""The pages of the ticket feed: how it is explained, and how a programmer opens one."""

import pytest
from playwright.sync_api import expect

from films.models import TicketFeed
from films.roles import PROGRAMMERS
from tests.staff import member_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [390, 1440])
def test_feed_is_explained_on_every_screen(page_at, axe, screenshot, width):
    page = page_at(width)
    page.goto("/box-office/api/availability/")
    expect(page.locator("h1")).to_have_text("Ticket feed")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    screenshot(page, f"ticket-feed-{width}")


def test_programmer_opens_a_feed_by_keyboard_and_gets_its_token(page_at, axe):
    page = page_at(1440, user=member_of(PROGRAMMERS))
    page.goto("/admin/films/ticketfeed/add/")
    page.get_by_label("Name:").focus()
    page.keyboard.type("Till")
    axe(page)
    page.keyboard.press("Enter")
    token = page.locator("code.token")
    expect(token).to_contain_text("feed_")
    axe(page)
    first = token.inner_text()
    page.get_by_role("link", name="Done").click()
    page.get_by_role("button", name="Save, and give it a new token").click()
    expect(token).not_to_have_text(first)
    expect(token).to_contain_text("feed_")
    assert TicketFeed.objects.get().name == "Till"
