"""The schedule in a real browser: a list on a phone, a grid on a desk, a sheet of paper on a wall."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from films.models import AccessFeature, Edition, Screening
from tests.factories import (
    VANCOUVER,
    EditionFactory,
    FilmFactory,
    RoomFactory,
    ScreeningFactory,
    VenueFactory,
    day_around,
)

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/schedule/2035-10-05/"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2035, 10, 5, tzinfo=VANCOUVER).astimezone(UTC) + timedelta(hours=hour, minutes=minute)


@pytest.fixture
def evening():
    """Five shows in three rooms, two of them at once in one room, one after midnight; and a show on the next day."""
    village = VenueFactory(name="International Village")
    nine, ten, rio = (
        RoomFactory(venue=village, name="Cinema 9"),
        RoomFactory(venue=village, name="Cinema 10"),
        RoomFactory(venue__name="The Rio", name="The Rio"),
    )
    for title, room, start, end, more in (
        ("Kiln", nine, at(18), at(20), {"talk": 20}),
        ("Brass", rio, at(18, 30), at(20, 15), {"occurrence": Screening.Occurrence.CANCELLED}),
        ("Night Bus to Tbilisi and Back Again before the Morning", ten, at(19), at(21), {"sales": "selling_fast"}),
        ("Low Tide Radio", ten, at(20), at(22), {"sales": "sold_out"}),
        ("4004", nine, at(24, 15), at(25, 30), {"sales": "on_sale", "ticket_url": "https://tickets.example/"}),
    ):
        film = FilmFactory(title=title, grade=30)
        screening = ScreeningFactory(films=[film], room=room, starts_at=start, entered_end=end, **more)
        AccessFeature.objects.create(screening=screening, feature=AccessFeature.Feature.OPEN_CAPTIONS)
    ScreeningFactory(room=rio, starts_at=at(43))


def boxes(page) -> dict[str, dict]:
    """Where each show is drawn, by its title, in the order of the markup."""
    return {show.locator("h3").inner_text(): show.bounding_box() for show in page.locator(".show").all()}


@pytest.mark.parametrize(
    ("name", "address"),
    [("day", PAGE), ("filtered", f"{PAGE}?venue=the-rio&bookable=1"), ("empty", "/schedule/2036-01-01/")],
)
def test_schedule_is_accessible_and_fits(look_over, evening, name, address):
    look_over(address, f"schedule-{name}")


def test_phone_shows_one_list_by_the_hour(page_at, evening):
    page = page_at(390)
    page.goto(PAGE)
    shows = list(boxes(page).values())
    assert {show["x"] for show in shows} == {shows[0]["x"]}
    assert [show["y"] for show in shows] == sorted(show["y"] for show in shows)
    assert [" ".join(text.split()) for text in page.locator("h2:visible").all_inner_texts()[:4]] == [
        "6 pm",
        "7 pm",
        "8 pm",
        "12 am Saturday 6 October",
    ]
    expect(page.get_by_text("International Village, Cinema 10").first).to_be_visible()


def test_desk_shows_rooms_and_hours_to_scale(page_at, evening):
    page = page_at(1440)
    page.goto(PAGE)
    hours = [hour.bounding_box() for hour in page.locator(".hh").all()]
    rooms = page.locator(".tl .venue")
    assert [" ".join(text.split()) for text in rooms.all_inner_texts()] == [
        "International Village Cinema 9",
        "International Village Cinema 10",
        "The Rio",
    ]
    at_six, an_hour = hours[0]["x"], hours[1]["x"] - hours[0]["x"]
    rows = dict(zip(("nine", "ten", "rio"), (room.bounding_box() for room in rooms.all()), strict=True))
    drawn = boxes(page)
    longest = next(title for title in drawn if title.startswith("Night Bus"))
    for title, row, start, length in (
        ("Kiln", "nine", 0, 2),
        ("Brass", "rio", 0.5, 1.75),
        (longest, "ten", 1, 2),
        ("Low Tide Radio", "ten", 2, 2),
        ("4004", "nine", 6.25, 1.25),
    ):
        box = drawn[title]
        assert box["x"] == pytest.approx(at_six + start * an_hour, abs=4)
        assert box["width"] == pytest.approx(length * an_hour, abs=6)
        assert rows[row]["y"] <= box["y"] < box["y"] + box["height"] <= rows[row]["y"] + rows[row]["height"]
    # At once in one room: one below the other.
    assert drawn["Low Tide Radio"]["y"] >= drawn[longest]["y"] + drawn[longest]["height"]
    midnight = page.locator(".midnight").bounding_box()
    assert midnight["x"] == pytest.approx(at_six + 6 * an_hour, abs=4)


def test_keyboard_reaches_the_shows_and_their_stars_in_order_of_time(page_at, evening):
    page = page_at(1440)
    page.goto(PAGE)
    expect(page.locator(".star")).to_have_count(4)
    page.locator(".tl-scroll").focus()
    for reached in (
        page.get_by_role("link", name="Kiln"),
        page.get_by_role("button", name="My schedule: Kiln, 6:00\u00a0pm"),
        page.get_by_role("link", name="Brass"),  # It is cancelled: nothing to plan for.
        page.get_by_role("link", name="Night Bus"),
        page.get_by_role("button", name="My schedule: Night Bus"),
        page.get_by_role("link", name="Low Tide Radio"),
        page.get_by_role("button", name="My schedule: Low Tide Radio"),
        page.get_by_role("link", name="4004"),
        page.get_by_role("button", name="My schedule: 4004, Sat 12:15\u00a0am"),
    ):
        page.keyboard.press("Tab")
        expect(reached).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="My schedule: 4004", pressed=True)).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False])
def test_list_is_a_choice_on_a_desk_too_without_any_script(page_at, evening, javascript):
    page = page_at(1440, javascript=javascript)
    page.goto(PAGE)
    page.get_by_text("List", exact=True).click()
    expect(page.locator(".tl .venue").first).to_be_hidden()
    shows = list(boxes(page).values())
    assert {show["x"] for show in shows} == {shows[0]["x"]}
    expect(page.get_by_role("button", name="Print this day")).to_be_visible(visible=javascript)


def test_filter_and_day_links_work_without_script(page_at, evening):
    page = page_at(390, javascript=False)
    page.goto(PAGE)
    page.get_by_text("Filters").click()
    page.get_by_label("Venue").select_option("The Rio (1)")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".show h3")).to_have_text(["Brass"])
    expect(page.get_by_role("status")).to_contain_text("1 of 5 screenings")
    page.get_by_role("link", name="Later: Sat 6 Oct").click()
    expect(page).to_have_url(re.compile("/schedule/2035-10-06/[?]venue=the-rio$"))


def test_now_line_walks_on_and_earlier_shows_fold_away_on_a_phone(page_at):
    room, now = RoomFactory(), timezone.now()
    for title, start, end in (("Over", -100, -50), ("On", -40, 80), ("To come", 90, 200)):
        ScreeningFactory(
            films=[FilmFactory(title=title)],
            room=room,
            starts_at=now + timedelta(minutes=start),
            entered_end=now + timedelta(minutes=end),
        )
    Edition.objects.update(day_starts_at=day_around(now))
    page = page_at(1440)
    page.clock.install(time=now)
    page.goto("/schedule/")
    line = page.locator(".now")
    first = line.bounding_box()["x"]
    an_hour = page.locator(".hh").nth(1).bounding_box()["x"] - page.locator(".hh").nth(0).bounding_box()["x"]
    page.clock.run_for(60 * 60 * 1000)
    page.wait_for_function(
        "([at]) => Math.abs(document.querySelector('.now').getBoundingClientRect().x - at) <= 2", arg=[first + an_hour]
    )

    page = page_at(390)
    page.goto("/schedule/")
    expect(page.locator("h3:visible")).to_have_text(["On", "To come"])
    page.get_by_label("Show earlier screenings too").check()
    expect(page.locator("h3:visible")).to_have_text(["Over", "On", "To come"])


def fullest_day() -> date:
    days = [
        screening.festival_day
        for screening in Screening.objects.public(timezone.now())
        .filter(edition=Edition.objects.current(timezone.now()))
        .select_related("edition", "room__venue")
    ]
    return max(days, key=days.count)


def test_fullest_day_of_the_demo_prints_on_one_sheet(page_at):
    call_command("load_demo", "--no-pictures", verbosity=0)
    page = page_at(1440)
    page.goto(f"/schedule/{fullest_day().isoformat()}/")
    for paper in ("A4", "Letter"):
        pdf = page.pdf(format=paper, landscape=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.get_by_text("List", exact=True).click()
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.emulate_media(media="print")
    expect(page.get_by_text("Check for changes:")).to_be_visible()
    expect(page.locator(".site-foot")).to_be_hidden()


def test_fourteen_rooms_print_on_one_sheet_and_the_stars_take_no_room_there(page_at):
    venue, edition = VenueFactory(name="International Village"), EditionFactory()
    for number in range(14):
        film = FilmFactory(title=f"The Lighthouse Keepers’ Union, reel {number}", edition=edition)
        room = RoomFactory(venue=venue, name=f"Cinema {number}")
        ScreeningFactory(films=[film], edition=edition, room=room, starts_at=at(10), entered_end=at(12))
        ScreeningFactory(films=[film], edition=edition, room=room, starts_at=at(22), entered_end=at(24))
    page = page_at(1440)
    page.goto(PAGE)
    expect(page.locator(".show .star")).to_have_count(28)
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.emulate_media(media="print")
    expect(page.locator(".show .title").first).to_have_css("padding-inline-end", "0px")
