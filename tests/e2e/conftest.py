"""A real browser for the tests in this folder.

def test_film_page_is_accessible(page_at, axe, film):
    page = page_at(390, "dark")
    page.goto(film.get_absolute_url())
    axe(page)
"""

import os

# Playwright's own event loop runs in the thread of the test, where Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from films.roles import PROGRAMMERS
from tests.e2e import axe as axe_core
from tests.e2e.browser import FLAGS, chromium
from tests.staff import member_of

# What comes at once on a quiet machine may take its time on a busy one; a wait that ends early costs nothing.
expect.set_options(timeout=20_000)

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parent.parent / ".screenshots"
# The narrowest phone that a page has to fit, a usual one, and a desk.
WIDTHS = (320, 390, 1440)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


def not_run(reason: str) -> None:
    """Skips the test, or fails it where everything has to run."""
    (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(reason)


@pytest.fixture(scope="session")
def browser(django_db_setup):
    """Chromium. Beside Playwright's event loop Django opens another connection, which has to know like the first
    which rows the migrations made: without them nothing could put them back after a test with transactions."""
    path = chromium()
    if path is None:
        not_run("no Chromium found (Debian: apt install chromium; elsewhere set CHROMIUM to its path)")
    made_by_migrations = connection._test_serialized_contents
    with sync_playwright() as playwright:
        connection._test_serialized_contents = made_by_migrations
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
        connection.close()


@pytest.fixture
def problems():
    """What went wrong in the pages of this test; must be empty at its end (who provokes a problem clears it).

    Script errors, refusals by the content security policy, parts of a page that did not load or came from
    another site.
    """
    return []


@pytest.fixture
def page_at(browser, live_server, problems):
    """page_at(width, scheme="light", javascript=True, user=None) opens a page of that many CSS pixels.

    Addresses are relative to the test's own server. With a user, they are logged in. Further keywords go to
    Playwright's new_context, such as timezone_id="Asia/Tokyo" or forced_colors="active".
    """
    contexts = []

    def open_page(width: int, scheme: str = "light", javascript: bool = True, user=None, **options):
        context = browser.new_context(
            **{
                "base_url": live_server.url,
                "viewport": {"width": width, "height": _height(width)},
                "color_scheme": scheme,
                "java_script_enabled": javascript,
                "reduced_motion": "reduce",
                "locale": "en-CA",
            }
            | options
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session_cookie(user, live_server.url)])
        _watch(context, live_server.url, problems)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def programmer(transactional_db):
    return member_of(PROGRAMMERS, "programmer")


@pytest.fixture
def look_over(page_at, axe, screenshot):
    """look_over(address, name) fails where a page is wider than its window or axe-core finds something wrong.

    It is looked at in every one of WIDTHS and in both lights. The page is loaded once, and the window then changed:
    its stylesheets, and not its scripts, have to fit it to the window.
    """

    def look(address: str, name: str) -> None:
        page = page_at(WIDTHS[0])
        page.goto(address)
        look_at(page, name, axe, screenshot)

    return look


def look_at(page, name: str, axe, screenshot) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": _height(width)})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, width)
            if width > WIDTHS[0]:
                axe(page)
            screenshot(page, f"{name}-{width}-{scheme}")


def _height(width: int) -> int:
    return 844 if width < 700 else 900


def _session_cookie(user, url: str) -> dict:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def _watch(context, own_url: str, problems: list) -> None:
    def on_request(request):
        if not request.url.startswith((own_url, "data:", "blob:")):
            problems.append(f"asks elsewhere: {request.url}")

    def on_response(response):
        if response.status >= 400 and not response.request.is_navigation_request():
            problems.append(f"{response.status}: {response.url}")

    def on_console(message):
        # A part that does not load is told by its response; a page's own 404 is no problem.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(message.text)

    def on_error(error):
        # A browser that is late gives up fading one page into the next, and reports that as an error.
        if not str(error.error).startswith("Transition was aborted"):
            problems.append(str(error.error))

    context.on("request", on_request)
    context.on("response", on_response)
    context.on("console", on_console)
    context.on("weberror", on_error)


@pytest.fixture
def axe(problems):
    """axe(page) fails with what axe-core finds wrong in the page (WCAG 2.2 A and AA, and best practice)."""

    def check(page) -> None:
        if reason := axe_core.missing():
            not_run(reason)
        before = list(problems)
        found = axe_core.violations(page)
        # It reads stylesheets that others import through styles of its own, which a page's policy refuses.
        problems[:] = before + [problem for problem in problems[len(before) :] if "inline style" not in problem]
        assert not found, f"{page.url} at {page.viewport_size['width']} px:\n" + "\n".join(found)

    return check


@pytest.fixture
def screenshot():
    """screenshot(page, name) keeps a picture of the whole page in .screenshots/ when SCREENSHOTS=1."""

    def keep(page, name: str, full_page: bool = True) -> None:
        if os.environ.get("SCREENSHOTS") == "1":
            SCREENSHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=full_page)

    return keep
