"""The box office board in real browsers: two at once, by keys alone, without JavaScript, without a network."""

import re
import time
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from films.models import Screening
from films.roles import BOX_OFFICE
from tests.factories import EditionFactory, FilmFactory, RoomFactory, ScreeningFactory, day_around

pytestmark = pytest.mark.django_db(transaction=True)
Sales = Screening.Sales


@pytest.fixture
def priya():
    return staff("priya")


def staff(name: str):
    user = get_user_model().objects.create_user(name, first_name=name.title(), password="open sesame")
    user.groups.add(Group.objects.get(name=BOX_OFFICE))
    return user


@pytest.fixture
def kiln():
    """In an hour and a half; two others stand around it."""
    now = timezone.now()
    edition = EditionFactory(
        starts_on=now.date() - timedelta(days=3),
        ends_on=now.date() + timedelta(days=5),
        day_starts_at=day_around(now),
    )
    made = [
        ScreeningFactory(
            films=[FilmFactory(title=title, edition=edition)],
            edition=edition,
            room=RoomFactory(venue__name=venue, name="Cinema 9"),
            starts_at=now + timedelta(minutes=minutes),
            sales=Sales.ON_SALE,
            ticket_url="https://tickets.example/1",
        )
        for title, venue, minutes in (
            ("Red Rooms", "The Rio", 60),
            ("Kiln", "International Village", 90),
            ("Salt Hours", "The Annex", 100),
        )
    ]
    return made[1]


def address(screening: Screening) -> str:
    return f"/box-office/?day={screening.festival_day.isoformat()}"


def row_of(page, screening):
    return page.locator(f"#b{screening.pk}")


def pressed(row):
    return row.locator(".set [aria-pressed=true]")


def test_change_in_one_browser_is_seen_in_the_other_and_by_the_public_within_two_seconds(page_at, kiln, priya, capsys):
    """The best of three tries is held to two seconds: a busy machine may delay one."""
    first, second = page_at(1024, user=priya), page_at(1024, user=staff("marek"))
    for page in first, second:
        page.goto(address(kiln))
    film = kiln.items.get().film.get_absolute_url()
    public = {
        "schedule": f"/schedule/{kiln.festival_day.isoformat()}/",
        "changes": "/changes/",
        "foyer": kiln.room.venue.get_absolute_url().replace("/venues/", "/foyer/"),
    }
    reader = page_at(1024)
    # Once before, so that whatever a browser keeps of them is kept.
    for url in (film, *public.values()):
        reader.goto(url)
    heard, seen = [], []
    for word in ("Standby", "Selling fast", "Sold out"):
        begun = time.monotonic()
        row_of(first, kiln).get_by_role("button", name=word).click()
        expect(pressed(row_of(second, kiln))).to_contain_text(word)
        heard.append(time.monotonic() - begun)
        reader.goto(film)
        expect(reader.locator(".screening .status").first).to_have_text(word)
        seen.append(time.monotonic() - begun)
    expect(row_of(second, kiln).locator(".by")).to_contain_text("Priya")
    for url in public.values():
        reader.goto(url)
        expect(reader.locator("body")).to_contain_text(re.compile("sold out", re.IGNORECASE))
    with capsys.disabled():
        for where, seconds in (("on the other board", heard), ("then read on the film page", seen)):
            print(f"\n  {where} after {', '.join(f'{each:.2f}' for each in seconds)} s", end="")
        print()
    assert min(heard) < 2
    assert min(seen) < 2


def test_second_of_two_who_press_is_told_and_overwrites_nothing(page_at, kiln, priya, problems):
    first, second = page_at(1024, user=priya), page_at(1024, user=staff("marek"))
    for page in first, second:
        page.goto(address(kiln))
    second.get_by_role("button", name="Pause updates").click()
    row_of(first, kiln).get_by_role("button", name="Selling fast").click()
    expect(row_of(first, kiln).locator(".saved")).to_contain_text("Saved: Selling fast")
    row_of(second, kiln).get_by_role("button", name="Sold out").click()
    expect(row_of(second, kiln).locator(".msg")).to_contain_text("Priya set this to “Selling fast”")
    expect(pressed(row_of(second, kiln))).to_contain_text("Selling fast")
    kiln.refresh_from_db()
    assert kiln.sales == Sales.SELLING_FAST
    problems.clear()  # The refusal is answered with 409.


def test_board_by_keys_alone(page_at, kiln, priya):
    page = page_at(1024, user=priya)
    page.goto(address(kiln))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    row = row_of(page, kiln)
    page.keyboard.press("j")
    expect(page.locator(".row").first).to_be_focused()
    page.keyboard.press("j")
    expect(row).to_be_focused()
    page.keyboard.press("3")
    expect(pressed(row)).to_contain_text("Standby")
    expect(row.locator(".saved")).to_contain_text("Saved: Standby")
    page.keyboard.press("u")
    expect(pressed(row)).to_contain_text("On sale")
    # A slip, put right before it is answered.
    page.keyboard.press("2")
    page.keyboard.press("4")
    expect(pressed(row)).to_contain_text("Sold out")
    expect(row.locator(".msg")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_label("Film, venue or room")).to_be_focused()
    page.keyboard.type("red ro")
    expect(row).to_be_hidden()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(row).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keys are on").press("Enter")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_cancel_is_confirmed_by_keyboard(page_at, kiln, priya):
    page = page_at(1024, user=priya)
    page.goto(address(kiln))
    row_of(page, kiln).focus()
    page.keyboard.press("m")
    page.get_by_role("button", name="Cancel this screening").press("Enter")
    expect(page.get_by_role("heading", name="Cancel this screening?")).to_be_visible()
    page.get_by_role("button", name="Cancel the screening").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved. The public page has it now.")
    page.get_by_role("link", name="Back to the board").press("Enter")
    expect(row_of(page, kiln).locator(".stand")).to_contain_text("Cancelled")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [768, 1024, 1920])
def test_board_is_accessible_and_fits(page_at, axe, screenshot, kiln, priya, width, scheme):
    page = page_at(width, scheme, user=priya)
    page.goto(address(kiln))
    row_of(page, kiln).get_by_role("button", name="Standby").click()
    expect(row_of(page, kiln).locator(".saved")).to_contain_text("Saved: Standby")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    screenshot(page, f"board-{width}-{scheme}")
    page.goto(f"/box-office/screenings/{kiln.pk}/")
    axe(page)
    screenshot(page, f"board-screening-{width}-{scheme}")
    page.get_by_role("button", name="Cancel this screening").click()
    expect(page.get_by_role("heading", name="Cancel this screening?")).to_be_visible()
    axe(page)
    screenshot(page, f"board-confirm-{width}-{scheme}")


def test_board_without_javascript(page_at, kiln, priya):
    page = page_at(1024, javascript=False, user=priya)
    page.goto(f"{address(kiln)}&q=kiln")
    row = row_of(page, kiln)
    row.get_by_role("button", name="Sold out").click()
    expect(row.locator(".saved")).to_contain_text("Saved: Sold out")
    expect(page).to_have_url(re.compile(rf"q=kiln#b{kiln.pk}$"))
    row.get_by_role("button", name="Undo").click()
    expect(pressed(row)).to_contain_text("On sale")


def test_press_without_a_network_is_refused_aloud_and_can_be_made_again(page_at, kiln, priya, problems):
    page = page_at(1024, user=priya)
    page.goto(address(kiln))
    row = row_of(page, kiln)
    page.context.set_offline(True)
    expect(page.get_by_role("alert").first).to_contain_text("No connection.")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("[data-alarm]")).to_be_in_viewport(ratio=1)
    row.get_by_role("button", name="Sold out").click()
    expect(row.locator(".msg")).to_contain_text("Not saved: no connection.")
    kiln.refresh_from_db()
    assert kiln.sales == Sales.ON_SALE
    page.context.set_offline(False)
    expect(page.locator("[data-alarm]")).to_be_hidden()
    row.get_by_role("button", name="Try again: Sold out").click()
    expect(pressed(row)).to_contain_text("Sold out")
    problems.clear()


def test_press_after_the_session_ended_is_offered_again_after_the_login(page_at, kiln, priya, problems):
    page = page_at(1024, javascript=False, user=priya)
    page.goto(address(kiln))
    Session.objects.all().delete()
    row_of(page, kiln).get_by_role("button", name="Sold out").click()
    expect(page.get_by_role("alert")).to_contain_text("what you pressed was not saved")
    page.get_by_label("Username").fill("priya")
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Log in").click()
    row = row_of(page, kiln)
    expect(row.locator(".msg")).to_contain_text("Not saved: your session had ended.")
    row.get_by_role("button", name="Try again: Sold out").click()
    expect(pressed(row)).to_contain_text("Sold out")


def test_live_board_says_when_the_session_has_ended(page_at, kiln, priya, problems):
    page = page_at(1024, user=priya)
    page.goto(address(kiln))
    Session.objects.all().delete()
    expect(page.locator("[data-alarm]")).to_contain_text("Your session has ended.")
    row_of(page, kiln).get_by_role("button", name="Sold out").click()
    expect(row_of(page, kiln).locator(".msg")).to_contain_text("Nothing was saved.")
    expect(page.get_by_role("link", name="Log in again")).to_be_visible()
    problems.clear()  # Each question is answered with 401.
