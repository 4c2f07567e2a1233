"""Finding a film in a real browser: by a slip of the fingers, by filters, with and without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from films import wording
from films.models import AccessFeature, Edition, Screening
from tests.factories import FilmFactory, PersonFactory, RoomFactory, ScreeningFactory, SeriesFactory, day_around

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tonight():
    """Three films: Kiln and Salt Hours play today, Kiln alone at the Rio; Kiln and Ferry tomorrow. Returns today."""
    rio, annex = RoomFactory(venue__name="The Rio", step_free=True), RoomFactory(venue__name="The Annex")
    kiln = FilmFactory(title="Kiln", directors=[PersonFactory(name="Håkon Øy")])
    salt, ferry = FilmFactory(title="Salt Hours", original_title="Horas de sal"), FilmFactory(title="Ferry")
    SeriesFactory(name="Panorama").films.add(kiln, salt)
    soon = timezone.now() + timedelta(minutes=30)
    today = ScreeningFactory(films=[kiln], room=rio, starts_at=soon)
    AccessFeature.objects.create(screening=today, feature="open_captions", is_confirmed=True)
    ScreeningFactory(films=[salt], room=annex, starts_at=soon)
    for film, room in ((kiln, annex), (ferry, rio)):
        ScreeningFactory(films=[film], room=room, starts_at=soon + timedelta(days=1))
    Edition.objects.update(day_starts_at=day_around(soon))
    return Screening.objects.get(pk=today.pk)


def expect_films(page, titles: list[str]) -> None:
    """Waits until the cards are these: a click returns before the page it leads to has been read."""
    expect(page.locator(".card .title")).to_have_text(titles)


@pytest.fixture
def overtaken(problems):
    """A question that a later one overtakes is broken off, which htmx notes as an error; it is none."""
    yield
    problems[:] = [problem for problem in problems if not problem.startswith(("htmx:afterRequest", "htmx:sendAbort"))]


@pytest.mark.parametrize("width", [390, 1440])
def test_film_is_found_by_a_typo(page_at, tonight, overtaken, width):
    page = page_at(width)
    page.goto("/search/")
    page.get_by_role("searchbox").press_sequentially("slat hours")
    page.wait_for_url(re.compile("q=slat(%20|[+])hours$"))
    page.get_by_role("link", name="Salt Hours").click()
    expect(page.locator("#found")).to_have_text(re.compile("1 film found for “Salt Hours”"))
    page.get_by_role("link", name="Salt Hours").click()
    expect(page.locator("h1")).to_have_text("Salt Hours")


def test_film_is_found_and_picked_by_keyboard_alone(page_at, tonight, overtaken):
    page = page_at(1440)
    page.goto("/search/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("kiln")
    expect(page.locator("#found")).to_have_text(re.compile("1 film found for “kiln”"))
    for reached in (
        page.get_by_role("button", name="Find"),
        page.get_by_role("link", name="Kiln"),
        page.get_by_role("button", name="My schedule: Kiln"),
    ):
        page.keyboard.press("Tab")
        expect(reached).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="My schedule: Kiln", pressed=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kiln")


def test_search_follows_what_is_typed_and_back_returns_to_it(page_at, tonight, overtaken):
    page = page_at(1440)
    page.goto("/search/")
    field = page.get_by_role("searchbox")
    field.press_sequentially("hakon")
    expect(page.locator("#found")).to_have_text(re.compile("1 film found for “hakon”"))
    expect(page.locator("mark").first).to_have_text("Håkon")
    expect(field).to_be_focused()
    expect(page).to_have_url(re.compile("/search/[?]q=hakon$"))
    page.get_by_role("link", name="Kiln").click()
    expect(page.locator("h1")).to_have_text("Kiln")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("hakon")
    expect(page.get_by_role("link", name="Kiln")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_filters_follow_in_place_and_back_restores(page_at, tonight, axe, screenshot, width):
    page = page_at(width)
    page.goto("/films/")
    if width == 390:
        page.get_by_text("Filters", exact=True).click()
    page.locator(".days label", has_text=wording.day(tonight.festival_day).split(" ", 1)[1]).first.click()
    expect(page.locator("#found")).to_have_text("2 films match your choices")
    page.get_by_label("The Rio").check()
    expect(page.locator("#found")).to_have_text("1 film matches your choices")
    expect_films(page, ["Kiln"])
    expect(page).to_have_url(re.compile(f"/films/[?]day={tonight.festival_day}&venue=the-rio$"))
    expect(page.get_by_label("The Rio")).to_be_focused()
    expect(page.get_by_label("Panorama")).to_be_enabled()
    axe(page)
    screenshot(page, f"filtered-{width}")
    page.go_back()
    expect(page.locator("#found")).to_have_text("2 films match your choices")
    expect(page.get_by_label("The Rio")).not_to_be_checked()
    page.wait_for_load_state()  # Its script runs, which hears that somebody goes on.
    page.go_back()
    expect(page.locator("#found")).to_have_text("3 films to come")
    page.wait_for_load_state()
    page.go_forward()
    expect(page.locator("#found")).to_have_text("2 films match your choices")


def test_choice_is_taken_away_by_its_chip(page_at, tonight):
    page = page_at(390)
    page.goto("/films/?venue=the-rio&series=panorama")
    page.get_by_role("group", name="Your choices").get_by_role("link", name="The Rio").click()
    page.wait_for_url("**/films/?series=panorama")
    expect_films(page, ["Kiln", "Salt Hours"])


def test_filters_and_search_work_without_javascript(page_at, tonight):
    page = page_at(390, javascript=False)
    page.goto("/films/")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("The Rio").check()
    page.get_by_role("button", name="Show the films").click()
    expect_films(page, ["Ferry", "Kiln"])
    page.get_by_role("searchbox").fill("kiln")
    page.get_by_role("button", name="Find").click()
    expect_films(page, ["Kiln"])
    page.goto("/search/")
    page.get_by_role("searchbox").fill("horas")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("mark")).to_have_text(["Horas"])


def test_filters_work_by_keyboard_alone(page_at, tonight):
    page = page_at(1440)
    page.goto("/films/")
    page.get_by_label("Open captions").focus()
    page.keyboard.press("Space")
    expect(page.locator("#found")).to_have_text("1 film matches your choices")
    expect(page.get_by_label("Open captions")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#found")).to_have_text("3 films to come")


def test_groups_stay_as_they_were_opened(page_at, tonight):
    page = page_at(1440)
    page.goto("/films/")
    page.locator("#group-runtime summary").click()
    page.get_by_label("The Rio").check()
    expect(page.locator("#found")).to_have_text("2 films match your choices")
    expect(page.locator("#group-runtime")).to_have_attribute("open", "")


def test_list_says_when_the_site_cannot_be_reached(page_at, tonight, problems):
    page = page_at(1440)
    page.goto("/films/")
    page.context.set_offline(True)
    page.get_by_label("The Rio").check()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    page.get_by_label("The Annex").check()
    expect(page.get_by_role("alert")).to_be_hidden()
    problems.clear()
