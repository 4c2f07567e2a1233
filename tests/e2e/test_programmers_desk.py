"""A programmer repairs a clash, and enters a week with the keyboard alone."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect

from films.models import Screening
from tests.factories import EditionFactory, FilmFactory, RoomFactory, ScreeningFactory

CHECK, WEEK = "/admin/films/check/", "/admin/films/week/?from=2036-10-03"
FRIDAY_SEVEN = datetime(2036, 10, 4, 2, tzinfo=UTC)  # 19:00 in Vancouver


@pytest.fixture
def edition():
    return EditionFactory(name="Northlight 2036", starts_on=date(2036, 10, 2), ends_on=date(2036, 10, 12))


@pytest.fixture
def rio():
    return RoomFactory(venue__name="The Rio", name="The Rio")


@pytest.fixture
def annex():
    return RoomFactory(venue__name="The Annex", name="The Annex")


@pytest.fixture
def salt(edition):
    return FilmFactory(edition=edition, title="Salt Hours")


@pytest.fixture
def clash(edition, rio, annex, salt):
    ScreeningFactory(edition=edition, room=rio, starts_at=FRIDAY_SEVEN, films=[salt])
    lodz = FilmFactory(edition=edition, title="Łódź, After Rain")
    return ScreeningFactory(edition=edition, room=rio, starts_at=FRIDAY_SEVEN, films=[lodz])


def measure(axe, page, problems) -> None:
    assert problems == []
    axe(page)
    problems.clear()  # axe-core measures with styles of its own, which the page's policy refuses.


def test_a_clash_is_repaired_from_the_listing_check(page_at, axe, admin_user, clash, problems):
    page = page_at(1440, user=admin_user)
    page.goto(CHECK)
    overlaps = page.get_by_role("row").filter(has_text="Overlap that nobody confirmed")
    overlaps.locator("summary").click()
    overlaps.get_by_role("link", name="Łódź, After Rain").click()

    finding = page.get_by_role("link", name="“Salt Hours” holds the same room")
    expect(finding).to_be_visible()
    measure(axe, page, problems)
    finding.click()
    page.locator(".field-room .select2-selection").click()
    page.locator(".select2-search__field").fill("annex")
    page.get_by_role("option", name="The Annex").click()
    page.get_by_role("button", name="Save and continue editing").click()

    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect(page.get_by_text("“Salt Hours” holds the same room")).to_have_count(0)
    page.goto(CHECK)
    expect(page.get_by_role("heading", name="Listing check")).to_be_visible()
    expect(page.get_by_text("Overlap that nobody confirmed")).to_have_count(0)


def test_a_week_is_entered_by_keyboard(page_at, admin_user, clash, annex):
    page = page_at(1440, user=admin_user)
    page.goto(WEEK)
    page.get_by_role("combobox", name="Row 1: Film").focus()
    keys = page.keyboard
    for typed in ("lodz", "The Rio", "Fri", "19:30"):
        keys.type(typed)
        keys.press("Tab")
    first, second = page.locator("#marks-1"), page.locator("#marks-2")
    expect(first).to_contain_text("holds this room at that time")
    keys.press("Shift+Tab")
    keys.press("ControlOrMeta+A")
    keys.type("21:00")
    expect(first).to_contain_text("Łódź, After Rain · Fri 3 Oct 2036, 21:00–22:40")

    keys.press("Enter")
    expect(page.get_by_role("combobox", name="Row 2: Film")).to_be_focused()
    keys.type("salt")
    for typed in ("The Annex", "", "00:15"):
        keys.press("Tab")
        keys.type(typed)
    expect(second).to_contain_text("Salt Hours · Sat 4 Oct 2036, 00:15–01:55")
    expect(page.get_by_role("status")).to_have_text("2 rows can be saved.")

    page.get_by_role("button", name="Save all").press("Enter")
    expect(page.get_by_text("2 screenings are entered.")).to_be_visible()
    assert Screening.objects.count() == 4


def test_the_week_is_checked_and_saved_without_javascript(page_at, admin_user, clash, annex):
    page = page_at(768, javascript=False, user=admin_user)
    page.goto(WEEK)
    page.get_by_role("combobox", name="Row 1: Film").fill("salt")
    page.get_by_role("combobox", name="Row 1: Room").select_option("The Rio")
    page.get_by_role("combobox", name="Row 1: Day").select_option("Fri 3 Oct")
    page.get_by_role("textbox", name="Row 1: Time").fill("20:00")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#marks-1")).to_contain_text("holds this room at that time")

    page.get_by_role("combobox", name="Row 1: Room").select_option("The Annex")
    page.get_by_role("button", name="Save all").click()
    expect(page.get_by_text("1 screening is entered.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (768, "dark"), (390, "light")])
def test_the_desks_pages_are_accessible_and_fit(page_at, axe, screenshot, admin_user, clash, problems, width, scheme):
    page = page_at(width, scheme, user=admin_user)
    pages = {
        "check": CHECK,
        "week": WEEK,
        "films": "/admin/films/film/",
        "screenings": "/admin/films/screening/",
        "log": "/admin/films/statuschange/",
    }
    for name, url in pages.items():
        page.goto(url)
        if name == "week":
            page.get_by_role("combobox", name="Row 1: Film").fill("nothing such")
            expect(page.locator("#marks-1")).to_contain_text("is called")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, url
        screenshot(page, f"desk-{name}-{width}")
        measure(axe, page, problems)
