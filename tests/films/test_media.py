import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from films.models import Film
from people.images import HEADSHOT, STILL, store_picture
from tests.factories import FilmFactory, PersonFactory

pytestmark = pytest.mark.django_db


def upload() -> ContentFile:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 450), "navy").save(buffer, "PNG")
    return ContentFile(buffer.getvalue())


@pytest.fixture
def film():
    film = FilmFactory()
    film.still_original, film.still_key = store_picture(upload(), STILL)
    film.save()
    return film


def test_still_of_a_public_film_is_served_to_everybody(client, film):
    response = client.get(film.still.url(480, "avif"))
    assert (response.status_code, response["Content-Type"]) == (200, "image/avif")
    assert response["Cache-Control"].startswith("public")
    assert not response.cookies


@pytest.mark.parametrize("state", [Film.State.DRAFT, Film.State.WITHDRAWN])
def test_still_of_a_hidden_film_is_served_to_staff_alone(client, admin_client, film, state):
    Film.objects.update(state=state)
    assert client.get(film.still.url(480)).status_code == 404
    response = admin_client.get(film.still.url(480))
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


def test_headshot_shows_with_the_first_public_film(client):
    person = PersonFactory()
    person.headshot_original, person.headshot_key = store_picture(upload(), HEADSHOT)
    person.save()
    film = FilmFactory(state=Film.State.DRAFT, directors=[person])
    assert client.get(person.headshot.url(240)).status_code == 404
    film.state = Film.State.PUBLISHED
    film.save()
    assert client.get(person.headshot.url(240)).status_code == 200


def test_original_and_anything_else_has_no_address(client, film):
    for path in (f"originals/{film.still_original}", film.still_original, "../festival/settings.py", "stills/x-1.jpg"):
        assert client.get(f"/media/{path}").status_code == 404
