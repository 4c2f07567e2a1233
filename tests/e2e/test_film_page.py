"""The film page in a real browser: in each of its states, on a phone and a desk, in a light and a dark room."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from films.models import ContentWarning, Film, Quote, Screening, WarningKind
from people.images import HEADSHOT, STILL, store_picture
from people.models import FilmographyEntry
from tests.factories import (
    CreditFactory,
    EditionFactory,
    FilmFactory,
    GenreFactory,
    LicenceFactory,
    PersonFactory,
    RoomFactory,
    SchemeFactory,
    ScreeningFactory,
    SeriesFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
STATES = {
    "upcoming": [2, 5],
    "partly-past": [-2, 3],
    "past": [-700, -698],
    "cancelled": [2],
}


def picture(width: int, height: int) -> ContentFile:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(buffer, "JPEG")
    return ContentFile(buffer.getvalue())


def film_with_everything(state: str) -> Film:
    """A film as full as the page can be, in one of STATES."""
    SchemeFactory()
    director = PersonFactory(name="Pascal Plante", biography="Makes films in *Montréal*.", headshot_alt="A man.")
    director.headshot_original, director.headshot_key = store_picture(picture(800, 1000), HEADSHOT)
    director.save()
    FilmographyEntry.objects.create(person=director, title="Nadia, Butterfly", year=2020)
    film = FilmFactory(
        edition=EditionFactory(also_playing_heading="Missed it? This plays at our cinema"),
        title="Red Rooms",
        original_title="Les Chambres Rouges",
        original_language="fr",
        premiere=Film.Premiere.NORTH_AMERICAN,
        synopsis="A courthouse before dawn.\n\nWho comes to *look*?",
        blurb="Nobody knows why she keeps coming back.",
        guest_note="Q&A with the director",
        language_line="In French with English subtitles",
        year=2023,
        runtime=118,
        grade=30,
        still_alt="Red panes in the dark.",
        directors=[director],
    )
    film.still_original, film.still_key = store_picture(picture(1600, 900), STILL, "right")
    film.save()
    film.series.add(SeriesFactory(name="Panorama"))
    film.genres.add(GenreFactory(name="Drama"))
    CreditFactory(film=film, role_id=2, character="Kelly-Anne")
    Quote.objects.create(film=film, text="A disturbingly brilliant psychological horror", source="Deadline")
    ContentWarning.objects.create(film=film, kind=WarningKind.objects.create(name="Violence"), spoiler="It ends badly.")
    rio = RoomFactory(venue=VenueFactory(name="The Rio"), wheelchair_places=4, hearing_loop=True)
    LicenceFactory(venue=rio.venue, note="Licensed for alcohol.")
    for number, days in enumerate(STATES[state]):
        ScreeningFactory(
            films=[film],
            room=rio if number else RoomFactory(name="Cinema 9", venue=VenueFactory(name="International Village")),
            starts_at=timezone.now() + timedelta(days=days),
            occurrence=Screening.Occurrence.CANCELLED if state == "cancelled" else Screening.Occurrence.SCHEDULED,
            sales=Screening.Sales.ON_SALE,
            ticket_url="https://tickets.example/1",
            guest_note="Q&A",
        )
    for sales in (Screening.Sales.SELLING_FAST, Screening.Sales.SOLD_OUT):
        other = FilmFactory(blurb="Another one.", directors=[PersonFactory()])
        ScreeningFactory(films=[other], starts_at=timezone.now() + timedelta(days=4), sales=sales)
    return film


@pytest.mark.parametrize("state", STATES)
def test_film_page_is_accessible_and_fits_in_every_state(page_at, look_over, state):
    film = film_with_everything(state)
    look_over(film.get_absolute_url(), f"film-{state}")
    page = page_at(390)
    page.goto(film.get_absolute_url())
    expect(page.locator("h1")).to_have_text("Red Rooms")
    expect(page.locator(".banner")).to_have_count(int(state in ("past", "cancelled")))
    bookable = {"upcoming": 2, "partly-past": 1}
    expect(page.get_by_role("link", name="Book Tickets")).to_have_count(bookable.get(state, 0))


def test_film_page_is_whole_without_javascript(page_at):
    film = film_with_everything("upcoming")
    page = page_at(390, javascript=False)
    page.goto(film.get_absolute_url())
    page.locator(".ages summary").first.click()
    expect(page.get_by_text("Members of the society only.").first).to_be_visible()
    expect(page.get_by_text("House lights")).to_be_hidden()


def test_house_lights_stay_as_they_were_set(page_at):
    film = FilmFactory()
    page = page_at(1440, "light")
    page.goto(film.get_absolute_url())
    page.get_by_role("button", name="Down (dark)").click()
    expect(page.locator("html")).to_have_attribute("data-lights", "down")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-lights", "down")
    expect(page.get_by_role("button", name="Down (dark)")).to_have_attribute("aria-pressed", "true")


def test_pictures_come_in_the_width_that_is_shown(page_at):
    film = film_with_everything("upcoming")
    page = page_at(390, device_scale_factor=1)
    page.goto(film.get_absolute_url())
    page.wait_for_function(
        """() => {
            const image = document.querySelector(".hero-still img");
            return image.complete && image.naturalWidth > 0 && image.currentSrc.endsWith("-480.avif");
        }"""
    )


def test_keyboard_reaches_content_past_the_header(page_at):
    film = film_with_everything("upcoming")
    page = page_at(1440)
    page.goto(film.get_absolute_url())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
