"""A small festival to plan, and how a visitor picks its screenings."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from playwright.sync_api import expect

from films.models import Edition, Film, Screening
from tests.factories import EditionFactory, FilmFactory, RoomFactory, ScreeningFactory, VenueFactory

WIDTHS = [390, 1440]


class Festival:
    """Three films tomorrow: two that overlap, and one that begins too soon after them, far away."""

    def __init__(self) -> None:
        today = timezone.now().date()
        self.edition: Edition = EditionFactory(starts_on=today - timedelta(days=2), ends_on=today + timedelta(days=9))
        self.noon = datetime.combine(today, datetime.min.time(), UTC) + timedelta(days=1, hours=20)
        self.rio = RoomFactory(venue=VenueFactory(name="The Rio", latitude=49.262, longitude=-123.07))
        self.annex = RoomFactory(venue=VenueFactory(name="The Annex", latitude=49.28, longitude=-123.12))
        self.kiln, self.salt, self.wolf = (
            FilmFactory(title=title, edition=self.edition) for title in ("Kiln", "Salt Hours", "Wolf Interval")
        )
        self.at_noon = self.show(self.kiln, 0, self.rio)
        self.at_one = self.show(self.salt, 60, self.annex)
        self.at_three = self.show(self.wolf, 165, self.rio)
        self.later = self.show(self.salt, 24 * 60, self.annex)

    def show(self, film: Film, minutes: int, room) -> Screening:
        return ScreeningFactory(
            films=[film],
            edition=self.edition,
            room=room,
            starts_at=self.noon + timedelta(minutes=minutes),
            sales=Screening.Sales.ON_SALE,
            ticket_url="https://tickets.example/1",
        )


def pick(page, *screenings) -> None:
    """Press the stars of `screenings`, each on its film's page, and wait until the plan knows what they are."""
    for screening in screenings:
        page.goto(screening.items.get().film.get_absolute_url())
        page.locator(f"[data-star='{screening.pk}']").click()
        page.wait_for_function(
            "id => JSON.parse(localStorage.plan).picks.some(pick => pick.id === id && pick.seen)", arg=screening.pk
        )


def plan(page, *screenings):
    """My schedule with `screenings` picked."""
    pick(page, *screenings)
    page.goto("/my-schedule/")
    page.locator(".pick").nth(len(screenings) - 1).wait_for()
    return page


def wait_until_kept(page, *paths: str) -> None:
    page.evaluate(
        """async paths => {
            const isKept = async path => Boolean(await caches.match(path, {ignoreVary: true}));
            while (!(await Promise.all(paths.map(isKept))).every(Boolean)) await new Promise(go => setTimeout(go, 50));
        }""",
        list(paths),
    )


def expect_titles(page, titles: list[str]) -> None:
    expect(page.locator(".pick h3")).to_have_text(titles)
