"""A visitor plans an evening: picks, a clash and its way out, sharing, paper."""

import pytest
from playwright.sync_api import expect

from films.models import Film, Screening
from tests.e2e.plans import WIDTHS, Festival, expect_titles, pick, plan
from tests.factories import FilmFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def festival():
    return Festival()


@pytest.mark.parametrize("width", WIDTHS)
def test_three_films_with_a_clash_are_planned_and_the_clash_is_resolved(page_at, axe, screenshot, festival, width):
    page = plan(page_at(width), festival.at_noon, festival.at_one, festival.at_three)
    expect_titles(page, ["Kiln", "Salt Hours", "Wolf Interval"])
    expect(page.locator(".lead")).to_have_text(
        "3 screenings to come over 1 day. 1 clash and 1 tight change to look at."
    )
    expect(page.locator(".clash h3").first).to_have_text("These two overlap by 40\u00a0min")
    expect(page.locator(".leg[data-kind=tight]")).to_contain_text("Tight: 5\u00a0min")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    axe(page)
    screenshot(page, f"my-schedule-{width}")
    page.get_by_role("button", name="Take this one instead (Salt Hours").click()
    expect(page.locator(".clash")).to_have_count(0)
    expect(page.locator(".lead")).to_have_text("3 screenings to come over 2 days.")
    expect_titles(page, ["Kiln", "Wolf Interval", "Salt Hours"])
    page.reload()
    page.locator(".pick").nth(2).wait_for()
    expect_titles(page, ["Kiln", "Wolf Interval", "Salt Hours"])


def test_keeping_one_of_two_drops_the_other_until_undone(page_at, festival):
    page = plan(page_at(390), festival.at_noon, festival.at_one)
    page.get_by_role("button", name="Keep Kiln").click()
    expect(page.get_by_role("status")).to_contain_text("Removed: Salt Hours")
    expect(page.locator(".pick h3")).to_have_text(["Kiln"])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".pick h3")).to_have_text(["Kiln", "Salt Hours"])


def test_keeping_both_leaves_the_clash_in_words(page_at, festival):
    page = plan(page_at(390), festival.at_noon, festival.at_one)
    page.get_by_role("button", name="Keep both").click()
    expect(page.locator(".clash")).to_have_count(0)
    expect(page.locator(".leg[data-kind=clash]")).to_contain_text("These two overlap by 40\u00a0min")


def test_three_that_overlap_are_kept_all_together(page_at, festival):
    brass = festival.show(FilmFactory(title="Brass", edition=festival.edition), 90, festival.rio)
    page = plan(page_at(390), festival.at_noon, festival.at_one, brass)
    page.get_by_role("button", name="Keep all of them").click()
    expect(page.get_by_role("status")).to_contain_text("All are kept.")
    expect(page.locator(".clash")).to_have_count(0)


def test_slow_network_shows_what_is_remembered_until_it_answers(page_at, festival):
    page = page_at(390, service_workers="block")
    pick(page, festival.at_three, festival.at_noon)
    waiting = []
    page.route("**/screenings.json*", lambda route: waiting.append(route))
    page.goto("/my-schedule/")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Your picks")
    expect_titles(page, ["Kiln", "Wolf Interval"])
    waiting[0].continue_()
    expect(page.locator(".lead")).to_have_text("2 screenings to come over 1 day.")
    expect_titles(page, ["Kiln", "Wolf Interval"])


@pytest.mark.parametrize(
    ("kept", "titles"),
    [
        ("no plan", []),
        ('{"picks": [null, 7, {"id": "7"}, {"id": 123456789012345678901234567}, KILN, KILN], "both": [1]}', ["Kiln"]),
        ('{"picks": [{"id": 999999999999999, "seen": {"name": {}}}, KILN]}', ["Kiln", "A screening you picked"]),
    ],
)
def test_rubbish_in_the_browser_hides_no_pick(page_at, festival, kept, titles):
    page = page_at(390)
    page.goto("/films/")
    kilns = f'{{"id": {festival.at_noon.pk}, "seen": "yesterday"}}'
    page.evaluate("plan => localStorage.setItem('plan', plan)", kept.replace("KILN", kilns))
    page.goto("/my-schedule/")
    expect_titles(page, titles)
    expect(page.get_by_role("heading", name="Nothing picked yet")).to_be_visible(visible=not titles)


def test_undo_leaves_what_was_picked_in_another_tab(page_at, festival):
    page = plan(page_at(390), festival.at_noon, festival.at_three)
    page.get_by_role("button", name="Remove Kiln").click()
    other = page.context.new_page()
    pick(other, festival.later)
    expect_titles(page, ["Wolf Interval", "Salt Hours"])
    page.get_by_role("button", name="Undo").click()
    expect_titles(page, ["Kiln", "Wolf Interval", "Salt Hours"])
    expect(page.get_by_role("button", name="Remove Kiln")).to_be_focused()


def test_days_that_are_over_can_be_forgotten(page_at, festival):
    over = festival.show(festival.wolf, -48 * 60, festival.rio)
    page = plan(page_at(390), festival.at_noon)
    page.evaluate(
        "id => localStorage.setItem('plan', JSON.stringify({picks: [...JSON.parse(localStorage.plan).picks, {id}]}))",
        over.pk,
    )
    page.reload()
    page.get_by_text("Days that are over").click()
    page.get_by_role("button", name="Remove all of these").click()
    expect(page.get_by_text("Days that are over")).to_have_count(0)
    expect_titles(page, ["Kiln"])
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("button", name="Remove all of these")).to_be_focused()


def test_everything_works_by_keyboard_alone(page_at, festival):
    page = page_at(1440)
    page.goto(festival.kiln.get_absolute_url())
    star = page.locator(f"[data-star='{festival.at_noon.pk}']")
    star.focus()
    page.keyboard.press("Space")
    expect(star).to_have_attribute("aria-pressed", "true")
    page.goto("/my-schedule/")
    page.get_by_role("button", name="Maybe").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Must-see")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Remove Kiln")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.get_by_role("heading", name="Nothing picked yet")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Must-see")).to_be_visible()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"occurrence": "cancelled"}, "Cancelled since you picked it."),
        ({"occurrence": "postponed"}, "Postponed since you picked it."),
        ({"sales": "sold_out"}, "Sold out since you picked it."),
    ],
)
def test_what_changed_since_the_pick_is_said_with_another_time(page_at, axe, festival, change, words):
    page = page_at(390, "dark")
    pick(page, festival.at_one)
    Screening.objects.filter(pk=festival.at_one.pk).update(**change)
    page.goto("/my-schedule/")
    expect(page.locator(".leg[data-kind=info]")).to_contain_text(words)
    axe(page)
    page.get_by_role("button", name="Take this one instead").click()
    expect(page.locator(".pick")).to_have_count(1)
    expect(page.locator(".leg")).to_have_count(0)


def test_move_says_what_it_was_until_it_is_noted(page_at, festival):
    page = page_at(390)
    pick(page, festival.at_noon)
    was = festival.at_noon.room.full_name
    festival.at_noon.room = festival.annex
    festival.at_noon.occurrence = Screening.Occurrence.MOVED
    festival.at_noon.save()
    page.goto("/my-schedule/")
    expect(page.locator(".leg del")).to_contain_text(was)
    page.get_by_role("button", name="Noted").click()
    expect(page.locator(".leg")).to_have_count(0)


def test_screening_that_is_gone_is_still_named(page_at, festival):
    page = page_at(390)
    pick(page, festival.at_noon)
    Film.objects.filter(pk=festival.kiln.pk).update(state=Film.State.DRAFT)
    page.goto("/my-schedule/")
    expect(page.locator(".pick")).to_contain_text("Kiln")
    expect(page.locator(".pick")).to_contain_text("No longer in the programme.")


@pytest.mark.parametrize("width", WIDTHS)
def test_shared_plan_is_read_only_until_it_is_kept(page_at, axe, festival, live_server, width):
    mine = plan(page_at(1440), festival.at_noon, festival.at_three)
    mine.get_by_role("button", name="Make it a must-see: Kiln").click()
    address = f"/my-schedule/#p={festival.at_noon.pk}m,{festival.at_three.pk}"
    expect(mine.get_by_label("Anyone with this address")).to_have_value(f"{live_server.url}{address}")
    page = page_at(width)
    page.goto(address)
    expect(page.locator(".pick h3")).to_have_text(["Kiln", "Wolf Interval"])
    expect(page.locator(".pick .wish")).to_have_text(["Must-see", "Maybe"])
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    axe(page)
    page.get_by_role("link", name="Skip to content").press("Enter")
    page.get_by_role("button", name="Keep these").click()
    expect(page.get_by_role("button", name="Make it a maybe: Kiln")).to_be_visible()
    page.goto("/my-schedule/")
    expect(page.locator(".pick h3")).to_have_text(["Kiln", "Wolf Interval"])


def test_calendar_addresses_carry_the_picks(page_at, festival, live_server):
    page = plan(page_at(1440), festival.at_three, festival.at_noon)
    address = f"/calendar/plan/{festival.at_three.pk},{festival.at_noon.pk}.ics"
    host = live_server.url.removeprefix("http://")
    expect(page.get_by_role("link", name="Subscribe")).to_have_attribute("href", f"webcal://{host}{address}")
    expect(page.get_by_role("link", name="Calendar file")).to_have_attribute("href", address)
    answer = page.request.get(address)
    assert (answer.status, answer.text().count("BEGIN:VEVENT")) == (200, 2)


@pytest.mark.parametrize("width", WIDTHS)
def test_plan_prints_without_controls(page_at, festival, width):
    page = plan(page_at(width), festival.at_noon, festival.at_one)
    page.emulate_media(media="print")
    expect(page.locator(".pick").first).to_be_visible()
    for control in page.locator("main button").all():
        expect(control).to_be_hidden()
    expect(page.locator(".pick .wish").first).to_have_text("Maybe")
    # In a grid, what does not fit on a sheet is written over by what follows.
    expect(page.locator("[data-part=agenda]")).to_have_css("display", "block")


@pytest.mark.parametrize("address", ["/films/", "/search/?q=kiln", "/schedule/", "/venues/", "/"])
def test_star_stands_wherever_a_screening_is_listed(page_at, festival, address):
    page = page_at(1440)
    page.goto(address if address != "/schedule/" else f"/schedule/{festival.at_noon.festival_day.isoformat()}/")
    star = page.locator(f"[data-star='{festival.at_noon.pk}']").first
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    page.goto("/my-schedule/")
    expect_titles(page, ["Kiln"])


def test_star_is_put_on_what_a_filter_brings(page_at, festival):
    page = page_at(1440)
    page.goto("/films/")
    page.get_by_label("The Annex").check()
    expect(page.locator(".card .title")).to_have_text(["Salt Hours"])
    star = page.get_by_role("button", name="My schedule: Salt Hours")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")


def test_without_javascript_the_page_says_what_it_needs_it_for(page_at, festival):
    page = page_at(390, javascript=False)
    page.goto("/my-schedule/")
    expect(page.get_by_text("This page needs JavaScript")).to_be_visible()
    page.goto(festival.kiln.get_absolute_url())
    expect(page.locator("[data-star]").first).to_be_hidden()
    assert (
        page.get_by_role("link", name="Calendar file").get_attribute("href") == f"/screenings/{festival.at_noon.pk}.ics"
    )
