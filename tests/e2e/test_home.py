"""Home in each phase of a festival, and the ways from it, in a real browser."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import expect

from films.models import Edition, Screening
from people.images import STILL, store_picture
from tests.e2e.test_film_page import picture
from tests.factories import (
    CreditFactory,
    EditionFactory,
    FilmFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# In days from now: the announcement, the first day, the last.
PHASES = {"before": (9, 30, 40), "announced": (-2, 9, 20), "running": (-30, -4, 6), "ended": (-60, -14, -4)}
NAMES = ("Ann", "Bo", "Cy", "Di")
LONG = "A Complete and Unabridged Inventory of Everything My Father Refused to Throw Away"


def festival(phase: str) -> Edition:
    """A festival in one of PHASES at this moment, with its programme; an earlier one, and the house beside it."""
    now = timezone.now()
    announced, first, last = (now + days * DAY for days in PHASES[phase])
    edition = EditionFactory(
        name="Northlight", announced_at=announced, starts_on=first.date(), ends_on=last.date(), time_zone="UTC"
    )
    earlier = EditionFactory(
        name="Northlight, the year before", starts_on=first.date() - 365 * DAY, ends_on=last.date() - 365 * DAY
    )
    house = EditionFactory(name="The House", kind=Edition.Kind.YEAR_ROUND, ends_on=None)
    series = SeriesFactory(name="Panorama", blurb="New work from everywhere at once.")
    room = RoomFactory(
        venue__name="The Rio",
        venue__address="1660 East Broadway",
        venue__time_zone="UTC",
        name="Cinema with a long name",
        capacity=410,
        wheelchair_places=4,
        step_free=True,
    )
    shows = [("Kiln", edition, now - timedelta(minutes=40)), (LONG, edition, now + HOUR)]
    shows += [("Salt Hours", edition, now + DAY), ("Lady Bird", house, now + 2 * HOUR)]
    for number, (title, of, starts_at) in enumerate(shows):
        film = FilmFactory(title=title, edition=of, blurb="Somebody waits for a train.", grade=15 * number)
        if title == LONG:
            film.still_original, film.still_key = store_picture(still(), STILL)
            film.save()
        CreditFactory(film=film, person=PersonFactory(name=f"{NAMES[number]} Berg"))
        series.films.add(film)
        ScreeningFactory(
            films=[film],
            edition=of,
            room=room,
            starts_at=starts_at,
            sales=Screening.Sales.ON_SALE,
            ticket_url="https://tickets.example/1",
        )
    series.films.add(FilmFactory(title="Brass", edition=earlier))
    waiting = FilmFactory(title="Ninety Winters", edition=edition)
    ScreeningFactory(
        films=[waiting],
        edition=edition,
        room=room,
        starts_at=now + 3 * DAY,
        sales=Screening.Sales.NOT_YET,
        on_sale_at=now + DAY,
    )
    moved = Screening.objects.get(items__film__title="Salt Hours")
    moved.occurrence, moved.starts_at = Screening.Occurrence.MOVED, moved.starts_at + HOUR
    moved.save()
    return edition


def still() -> ContentFile:
    return picture(1600, 900)


@pytest.mark.parametrize("phase", PHASES)
def test_home_is_accessible_and_fits_in_every_phase(look_over, phase):
    festival(phase)
    look_over("/", f"home-{phase}")


def test_visitor_finds_from_home_what_has_changed_and_the_film(page_at):
    with time_machine.travel(timezone.now() - HOUR, tick=True):
        festival("running")
    page = page_at(390, javascript=False)
    page.goto("/")
    page.get_by_role("link", name="All changes").click()
    expect(page.locator("h1")).to_have_text("Changes")
    page.get_by_role("link", name="Salt Hours").click()
    expect(page.locator("h1")).to_have_text("Salt Hours")


def test_visitor_finds_a_person_by_letter_and_an_old_film_by_year(page_at):
    festival("ended")
    page = page_at(1440)
    page.goto("/people/")
    page.get_by_role("link", name="B", exact=True).click()
    page.get_by_role("link", name="Ann Berg").click()
    expect(page.locator("h1")).to_have_text("Ann Berg")
    page.get_by_role("link", name="Past festivals").click()
    page.get_by_role("link", name="Northlight, the year before").click()
    page.get_by_role("link", name="Brass").click()
    expect(page.locator("h1")).to_have_text("Brass")
