import pytest
from hypothesis import given
from hypothesis import strategies as st

from films.titles import sort_key, width_class
from people.text import fold


@pytest.mark.parametrize(
    ("title", "language", "key"),
    [
        ("La Haine", "fr", "haine"),
        ("L’heure bleue", "fr", "heure bleue"),
        ("Los Angeles Plays Itself", "en", "los angeles plays itself"),
        ("The Ferry", "en", "ferry"),
        ("Die Hard", "en", "die hard"),
        ("Die Stille", "de", "stille"),
        ("The", "en", "the"),
        ("Łódź po deszczu", "pl", "lodz po deszczu"),
        ("«La Haine»", "fr", "haine»"),
        ("無人站", "zh", "無人站"),
        ("36", "", "36"),
        ("A Small Weather", "en-CA", "small weather"),
    ],
)
def test_leading_article_of_the_titles_own_language_is_passed_over(title, language, key):
    assert sort_key(title, language) == key


def test_explicit_sort_title_wins():
    assert sort_key("The 400 Blows", "en", "Four Hundred Blows") == "four hundred blows"


@given(st.text(min_size=1).filter(str.strip), st.sampled_from(["en", "fr", "de", "it", ""]))
def test_a_title_never_sorts_by_nothing(title, language):
    assert sort_key(title, language) or not fold(title)


@pytest.mark.parametrize(("length", "width"), [(11, "s"), (12, "m"), (24, "m"), (25, "l"), (40, "l"), (41, "xl")])
def test_width_class_follows_the_number_of_characters(length, width):
    assert width_class(("x " * length)[:length]) == width


@pytest.mark.parametrize(
    ("title", "width"),
    [
        ("Elephant", "s"),
        ("Dragonfly", "m"),
        ("ACCIDENT", "m"),
        ("Conjurer", "s"),
        ("TWO PROSECUTORS", "l"),
        ("Jeanne-Elisabeth Marie", "m"),
        ("Schwarzwaldklinik", "xl"),
        ("", "s"),
    ],
)
def test_width_class_leaves_room_for_the_longest_word(title, width):
    assert width_class(title) == width
