"""An embargo lifts by itself: at its instant, not before, at every address that could show the film."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from films.models import Film, Screening
from people.images import HEADSHOT, STILL, store_picture
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    GenreFactory,
    PersonFactory,
    ScreeningFactory,
    SeriesFactory,
)
from tests.films.test_roles import PUBLIC

pytestmark = pytest.mark.django_db

BEFORE = NOW - timedelta(microseconds=1)
# What would give the film away, on whatever page.
GIVEN_AWAY = ("Glass Harbour", "glass-harbour", "Ilse Brandt", "ilse-brandt", "Nightwatch")


def picture() -> ContentFile:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 450), "navy").save(buffer, "PNG")
    return ContentFile(buffer.getvalue())


@pytest.fixture
def screening() -> Screening:
    """One of the only film that its director, series, genre, venue and picture belong to."""
    edition = EditionFactory(name="Northlight 2026")
    ilse = PersonFactory(name="Ilse Brandt")
    ilse.headshot_original, ilse.headshot_key = store_picture(picture(), HEADSHOT)
    ilse.save()
    film = FilmFactory(
        title="Glass Harbour", edition=edition, state=Film.State.SCHEDULED, embargo_until=NOW, still_alt="A quay."
    )
    film.still_original, film.still_key = store_picture(picture(), STILL)
    film.save()
    CreditFactory(film=film, person=ilse)
    film.series.add(SeriesFactory(name="Nightwatch"))
    film.genres.add(GenreFactory(name="Drama"))
    other = FilmFactory(title="Salt Hours", edition=edition)
    ScreeningFactory(films=[other], edition=edition, starts_at=NOW + timedelta(hours=5))
    return ScreeningFactory(films=[film], edition=edition, room__venue__name="The Lantern")


def addresses(screening: Screening) -> dict[str, str]:
    """Where each public address would show the film, were it public."""
    film = screening.items.get().film
    pk, venue = screening.pk, screening.room.venue.slug
    return {
        "home": "/",
        "films": "/films/",
        "search": "/search/?q=glass",
        "film": film.get_absolute_url(),
        "series_index": "/series/",
        "series": "/series/nightwatch/",
        "people": "/people/",
        "person": "/people/ilse-brandt/",
        "venues": "/venues/",
        "venue": f"/venues/{venue}/",
        "schedule_day": "/schedule/2026-10-02/",
        "picked_screenings": f"/my-schedule/screenings.json?ids={pk}",
        "plan_calendar": f"/calendar/plan/{pk}.ics",
        "film_calendar": f"/calendar/film/{film.slug}.ics",
        "screening_calendar": f"/screenings/{pk}.ics",
        "edition": "/editions/2026/",
        "foyer": reverse("foyer", args=[venue]),
        "media": film.still.url(480),
        "headshot": film.credits.get().person.headshot.url(240),
    }


# Those that name no film, and the one that only leads to another.
TELL_NOTHING = {"ticket_feed", "my_schedule", "offline", "service_worker", "schedule", "editions", "changes"}
AT_THE_TILL = {"box_office_login", "box_office_press", "box_office_logout"}
FOR_GUESTS = {"preview", "preview_picture"}


def test_every_public_address_is_looked_at(screening):
    assert set(addresses(screening)) - {"headshot"} | TELL_NOTHING | AT_THE_TILL | FOR_GUESTS == PUBLIC


def found(client, address: str) -> str:
    """The page, without the words that were searched for."""
    response = client.get(address)
    if response.status_code == 404:
        return ""
    assert response.status_code == 200
    if response["Content-Type"].startswith("image/"):
        return "Glass Harbour"
    return response.content.decode().replace("?q=glass", "").replace("\r\n ", "")


def test_before_its_instant_no_address_gives_a_film_away(client, screening):
    with time_machine.travel(BEFORE, tick=False):
        given_away = {
            name: words
            for name, address in addresses(screening).items()
            if (words := [word for word in GIVEN_AWAY if word in found(client, address)])
        }
    # A series has its page before it has a film.
    assert given_away == {"series": ["Nightwatch"]}


def test_from_its_instant_every_address_shows_it(client, screening):
    with time_machine.travel(NOW, tick=False):
        silent = [
            name
            for name, address in addresses(screening).items()
            if not any(word in found(client, address) for word in GIVEN_AWAY)
        ]
    assert silent == []


def test_the_moment_needs_no_job_and_changes_no_row(client, screening):
    film = screening.items.get().film
    stored = Film.objects.filter(pk=film.pk).values().get()
    with time_machine.travel(NOW, tick=False):
        assert client.get(film.get_absolute_url()).status_code == 200
    assert Film.objects.filter(pk=film.pk).values().get() == stored
