"""A programmer shows a film early, and lets it appear by itself."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from films.models import Film
from tests.factories import EditionFactory, FilmFactory


@pytest.fixture
def film(transactional_db):
    begins = timezone.localdate() + timedelta(days=10)
    edition = EditionFactory(starts_on=begins, ends_on=begins + timedelta(days=10))
    return FilmFactory(title="Glass Harbour", state=Film.State.DRAFT, edition=edition)


def test_a_preview_link_is_made_opened_without_a_login_and_taken_back(page_at, axe, screenshot, programmer, film):
    desk, guest = page_at(1440, user=programmer), page_at(768)
    desk.goto(f"/admin/films/film/{film.pk}/change/")
    desk.get_by_role("link", name="Make or take back a preview link").click()
    desk.get_by_label("For whom").fill("The Courier")
    desk.get_by_role("button", name="Make the link").click()
    address = desk.get_by_label("Copy it now: it is not shown again.")
    expect(address).to_have_value(re.compile(r"/preview/[\w-]{43}/$"))
    axe(desk)
    screenshot(desk, "preview-links-1440")
    url = address.input_value()

    guest.goto(url)
    expect(guest.get_by_role("heading", level=1)).to_have_text("Glass Harbour")
    expect(guest.get_by_role("complementary", name="Preview")).to_contain_text("This page is not public yet.")
    axe(guest)
    screenshot(guest, "preview-768")

    desk.get_by_role("button", name="Take back the link for The Courier").click()
    expect(desk.get_by_text("The link for The Courier leads nowhere any more.")).to_be_visible()
    guest.reload()
    expect(guest.get_by_role("heading", level=1)).to_have_text("This preview is over")
    axe(guest)


def test_an_embargo_is_set_and_lifts_by_itself(page_at, screenshot, programmer, film):
    desk, world = page_at(1440, user=programmer), page_at(768)
    lifts_at = timezone.localtime(timezone.now() + timedelta(seconds=20))
    desk.goto(f"/admin/films/film/{film.pk}/change/")
    desk.get_by_label("Scheduled: the world sees it from the moment below, by itself").check()
    desk.locator("#id_embargo_until_0").fill(f"{lifts_at:%Y-%m-%d}")
    desk.locator("#id_embargo_until_1").fill(f"{lifts_at:%H:%M:%S}")
    desk.get_by_role("button", name="Save and continue editing").click()
    expect(desk.locator(".field-seen")).to_contain_text("Nothing until")
    screenshot(desk, "film-scheduled-1440")
    world.goto(film.get_absolute_url())
    expect(world.get_by_role("heading", level=1)).to_have_text("This reel is missing")

    wait = (lifts_at - timezone.now()).total_seconds()
    world.wait_for_timeout(max(0, wait) * 1000 + 50)
    world.reload()

    expect(world.get_by_role("heading", level=1)).to_have_text("Glass Harbour")
    assert Film.objects.get(pk=film.pk).state == Film.State.SCHEDULED


def test_staff_walk_about_at_another_moment(page_at, axe, screenshot, programmer, film):
    lifts_at = timezone.now() + timedelta(days=2)
    edition = film.edition
    edition.announced_at = timezone.now() - timedelta(days=1)
    edition.save()
    Film.objects.update(state=Film.State.SCHEDULED, embargo_until=lifts_at)
    desk = page_at(768, user=programmer)
    desk.goto(f"/admin/films/film/{film.pk}/change/")
    desk.get_by_role("link", name="See it as at").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Glass Harbour")
    bar = desk.get_by_role("complementary", name="The site at another time")
    expect(bar).to_contain_text("As at")
    axe(desk)
    screenshot(desk, "as-at-768")

    desk.get_by_role("navigation", name="Main").get_by_role("link", name="Programme").click()
    expect(desk.get_by_role("link", name="Glass Harbour")).to_be_visible()
    desk.get_by_label("Another moment").fill(f"{timezone.localtime(lifts_at) - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    bar.get_by_role("button", name="Show").click()
    expect(desk).to_have_url(re.compile(r"/as-at/[\dT:-]+/films/$"))
    expect(desk.get_by_role("link", name="Glass Harbour")).to_have_count(0)
    desk.set_viewport_size({"width": 1440, "height": 900})
    screenshot(desk, "as-at-1440")
    bar.get_by_role("link", name="Back to now").click()
    expect(bar).to_have_count(0)
    desk.goto("/as-at/")
    axe(desk)
    screenshot(desk, "as-at-choose-1440")


def test_many_films_are_published_after_a_look_at_what_will_change(page_at, axe, screenshot, programmer, film):
    FilmFactory(title="Salt Hours", state=Film.State.DRAFT, still_key="0" * 24, edition=film.edition)
    desk = page_at(1440, user=programmer)
    desk.goto("/admin/films/film/")
    desk.get_by_label("Select this object for an action - Glass Harbour").check()
    desk.get_by_label("Select this object for an action - Salt Hours").check()
    desk.get_by_label("Action:").select_option("Schedule…")
    desk.get_by_role("button", name="Go", exact=True).click()
    desk.get_by_label("Public from").fill(f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}")
    desk.get_by_role("button", name="Show what will change").click()
    expect(desk.get_by_role("row", name="Glass Harbour Draft Scheduled for")).to_be_visible()
    expect(desk.get_by_role("row", name="Salt Hours Draft Its picture has no alternative text.")).to_be_visible()
    for width in (768, 1440):
        desk.set_viewport_size({"width": width, "height": 900})
        axe(desk)
        screenshot(desk, f"bulk-{width}")

    desk.get_by_label("Why").fill("The jury announces on Thursday.")
    desk.get_by_role("button", name="Change 1 row").click()

    expect(desk.get_by_text("1 row was changed.")).to_be_visible()
    assert dict(Film.objects.values_list("title", "state")) == {"Glass Harbour": "scheduled", "Salt Hours": "draft"}
