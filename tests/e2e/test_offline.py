"""A visitor reads what is kept: without a network, with one that hangs, and while the site fails."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from playwright.sync_api import expect

from festival import urls
from films.views.detail import film_detail
from tests.e2e.plans import WIDTHS, Festival, expect_titles, plan, wait_until_kept

pytestmark = pytest.mark.django_db(transaction=True)
network_answers = Event()
network_answers.set()
redesigned, failing = Event(), Event()


def slow_film(request: HttpRequest, slug: str) -> HttpResponse:
    """The film page, as soon as the network answers and the site does; once redesigned, it has another stylesheet."""
    network_answers.wait(20)
    if failing.is_set():
        return HttpResponse("The proxy finds nobody behind it.", status=502)
    response = film_detail(request, slug)
    if redesigned.is_set():
        response.content = response.content.replace(b"/css/film.css", b"/css/home.css")
    return response


@contextmanager
def during(event: Event) -> Iterator[None]:
    event.set()
    try:
        yield
    finally:
        event.clear()


urlpatterns = [path("films/<slug:slug>/", slow_film), *urls.urlpatterns]


@pytest.fixture
def festival():
    return Festival()


@pytest.mark.parametrize("width", WIDTHS)
def test_picked_pages_are_read_offline_and_say_how_old_they_are(page_at, axe, festival, problems, width):
    page = plan(page_at(width), festival.at_noon, festival.at_one)
    day = f"/schedule/{festival.at_noon.festival_day.isoformat()}/"
    wait_until_kept(page, festival.kiln.get_absolute_url(), day, "/my-schedule/offline/")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".pick h3")).to_have_text(["Kiln", "Salt Hours"])
    banner = page.locator("[data-kept]")
    expect(banner).to_contain_text("kept this minute")
    axe(page)
    page.get_by_role("button", name="Keep Kiln").click()
    expect(page.locator(".pick h3")).to_have_text(["Kiln"])
    for address in (festival.kiln.get_absolute_url(), day):
        page.goto(address)
        expect(banner).to_be_visible()
        expect(page.locator("main")).to_contain_text("Kiln")
    page.locator(f"[data-star='{festival.at_three.pk}']").click()
    page.goto("/my-schedule/")
    expect_titles(page, ["Kiln", re.compile("^Wolf Interval, ")])
    page.goto(festival.wolf.get_absolute_url())
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    axe(page)
    page.context.set_offline(False)
    page.goto(festival.kiln.get_absolute_url())
    expect(banner).to_have_count(0)
    problems.clear()


@pytest.mark.urls("tests.e2e.test_offline")
def test_kept_page_is_shown_when_the_network_hangs_or_the_site_fails(page_at, festival, problems):
    page = plan(page_at(390), festival.at_noon)
    address = festival.kiln.get_absolute_url()
    wait_until_kept(page, address)
    network_answers.clear()
    try:
        page.goto(address)
        expect(page.locator("[data-kept]")).to_contain_text("This page was kept")
        expect(page.locator("h1")).to_have_text("Kiln")
    finally:
        network_answers.set()
    page.reload()
    expect(page.locator("[data-kept]")).to_have_count(0)
    with during(failing):
        page.reload()
        expect(page.locator("[data-kept]")).to_contain_text("This page was kept")
    problems.clear()


@pytest.mark.urls("tests.e2e.test_offline")
def test_kept_page_is_never_without_its_stylesheet(page_at, festival):
    page = plan(page_at(390), festival.at_noon)
    address = festival.kiln.get_absolute_url()
    wait_until_kept(page, address)
    with during(redesigned):
        page.goto(address)
        wait_until_kept(page, "/static/css/home.css")
