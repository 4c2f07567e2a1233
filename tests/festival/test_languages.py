import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories import FilmFactory

pytestmark = pytest.mark.django_db


def test_address_alone_decides_the_language(client):
    film = FilmFactory(title="Kiln")
    english = client.get(film.get_absolute_url(), headers={"accept-language": "fr"})
    french = client.get("/fr/films/kiln/", headers={"accept-language": "en"})
    assert (english["Content-Language"], french["Content-Language"]) == ("en", "fr")
    assert '<html lang="fr"' in french.content.decode()
    assert english["Vary"] == french["Vary"] == "Accept-Encoding"


def test_addresses_keep_the_language_they_are_read_in():
    with translation.override("fr"):
        assert reverse("films") == "/fr/films/"
    assert reverse("films") == "/films/"
