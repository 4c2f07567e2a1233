import pytest
from django.utils import translation

from films.models import Country
from films.vocabulary import country_name, genre_name, language_name, warning_name


@pytest.mark.parametrize(
    ("written", "name", "french"),
    [
        (country_name, "South Korea", "Corée du Sud"),
        (country_name, "Atlantis", "Atlantis"),
        (country_name, "", ""),
        (language_name, "Persian", "Persan"),
        (language_name, "Cree", "Cri"),
        (language_name, "No dialogue", "Sans dialogue"),
        (language_name, "Klingonese", "Klingonese"),
        (genre_name, "Comedy", "Comédie"),
        (genre_name, "Films", "Films"),
        (genre_name, "Home", "Home"),
        (warning_name, "Gore", "Scènes sanglantes"),
        (warning_name, "Clowns", "Clowns"),
    ],
)
def test_vocabulary_stands_in_the_language_of_the_page_where_it_is_known(written, name, french):
    assert written(name) == name
    with translation.override("fr"):
        assert written(name) == french


def test_country_is_called_what_every_language_of_the_site_calls_it():
    assert Country(name="Republic of Korea", code="KR").names == ["Republic of Korea", "South Korea", "Corée du Sud"]
    assert Country(name="Atlantis").names == ["Atlantis"]
