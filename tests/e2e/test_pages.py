"""Every kind of page in a real browser: that it fits, on the narrowest phone too, and that axe-core finds nothing."""

import pytest
from django.http import HttpRequest
from django.urls import path
from playwright.sync_api import expect

from festival import urls
from festival.urls import handler404, handler500  # noqa: F401
from films.models import Film
from tests.e2e.test_home import festival
from tests.factories import LicenceFactory
from venues.models import Venue

pytestmark = pytest.mark.django_db(transaction=True)


def broken(request: HttpRequest) -> None:
    """A fault of ours."""
    raise RuntimeError("The projector caught fire.")


urlpatterns = [path("broken/", broken), *urls.urlpatterns]


@pytest.fixture
def programme():
    """A festival that runs, as full as its pages can be."""
    festival("running")
    kiln = Film.objects.get(title="Kiln")
    director = kiln.credits.get().person
    director.biography = "Lives by the sea."
    director.save()
    rio = Venue.objects.get()
    rio.directions, rio.access, rio.standby_note = "Take the 9.", "A ramp at the side.", "A line at the door."
    rio.save()
    LicenceFactory(venue=rio, note="Licensed for alcohol.")


@pytest.mark.urls("tests.e2e.test_pages")
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("programme", "/films/"),
        ("programme-found", "/films/?q=kiln"),
        ("programme-nothing-found", "/films/?q=nothing"),
        ("programme-filtered", "/films/?venue=the-rio&series=panorama"),
        ("programme-filtered-to-nothing", "/films/?venue=nowhere&series=panorama"),
        ("search", "/search/"),
        ("search-found", "/search/?q=berg"),
        ("search-meant", "/search/?q=slat"),
        ("search-nothing-found", "/search/?q=xyzzyx"),
        ("series", "/series/panorama/"),
        ("series-index", "/series/"),
        ("person", "/people/ann-berg/"),
        ("people", "/people/"),
        ("people-not-found", "/people/?q=nobody"),
        ("people-of-an-empty-letter", "/people/?letter=q"),
        ("venue", "/venues/the-rio/"),
        ("venues", "/venues/"),
        ("schedule", "/schedule/"),
        ("changes", "/changes/"),
        ("editions", "/editions/"),
        ("my-schedule", "/my-schedule/"),
        ("offline", "/my-schedule/offline/"),
        ("missing", "/films/no-such-film/"),
        ("broken", "/broken/"),
    ],
)
def test_page_is_accessible_and_fits(look_over, programme, name, address):
    look_over(address, name)


def test_year_of_the_archive_is_accessible_and_fits(look_over):
    look_over(festival("ended").get_absolute_url(), "edition")


@pytest.mark.parametrize(
    "address",
    ["/", "/films/", "/search/?q=kiln", "/schedule/", "/series/", "/people/", "/venues/", "/editions/", "/changes/"],
)
def test_page_of_an_empty_site_is_accessible_and_fits(look_over, address):
    look_over(address, f"empty-{address.strip('/').partition('/')[0] or 'home'}")


def test_search_from_a_missing_page_finds_the_film(page_at, programme):
    page = page_at(390)
    page.goto("/films/klin/")
    page.get_by_role("searchbox").fill("KÍLN")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Kiln").click()
    expect(page.locator("h1")).to_have_text("Kiln")


@pytest.mark.parametrize(
    "address", ["/", "/films/", "/search/?q=salt", "/films/salt-hours/", "/venues/the-rio/", "/schedule/", "/changes/"]
)
def test_page_is_whole_without_javascript_and_has_no_dead_control(page_at, programme, address):
    page = page_at(390, javascript=False)
    page.goto(address)
    if address != "/schedule/":
        expect(page.locator("main").get_by_text("Salt Hours").first).to_be_visible()
    expect(page.locator("button:not(form button):not([form]):visible")).to_have_count(0)
