import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.text import fold, render_markdown, slug_base, words_in


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Amélie", "amelie"),
        ("ØRESUND", "oresund"),
        ("Łódź", "lodz"),
        ("Đorđe", "dorde"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("Þórir", "thorir"),
        ("İstanbul", "istanbul"),
        ("  two\n spaces ", "two spaces"),
        ("花樣年華", "花樣年華"),
        ("O’Brien", "o'brien"),
    ],
)
def test_fold_takes_away_what_a_reader_may_not_type(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_fold_of_a_folded_text_is_itself(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_does_not_depend_on_how_accents_are_encoded(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_fold_does_not_depend_on_case(text):
    assert fold(text.upper()) == fold(text.lower())


@given(st.text())
def test_slug_base_is_ascii_or_empty(text):
    assert slug_base(text).isascii()
    assert " " not in slug_base(text)


def test_slug_base_is_cut_between_words():
    assert slug_base("a" * 70 + " " + "b" * 20) == "a" * 70
    assert slug_base("a" * 90) == "a" * 80


def test_slug_base_of_letters_that_cannot_be_transliterated_is_empty():
    assert (slug_base("無人站"), slug_base("بيت بلا ظلال")) == ("", "")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("One\n\n*two* **three**", "<p>One</p>\n<p><em>two</em> <strong>three</strong></p>\n"),
        ("[a](https://b.example)", '<p><a href="https://b.example" rel="noopener">a</a></p>\n'),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("# not a heading", "<p># not a heading</p>\n"),
        ("", ""),
    ],
)
def test_markdown_is_limited_to_paragraphs_emphasis_and_links(source, html):
    assert render_markdown(source) == html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '[x](https://a.example "onmouseover=alert(1)")',
        "![x](https://a.example/x.png)",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](vbscript:msgbox(1))",
        "**<svg/onload=alert(1)>**",
    ],
)
def test_markdown_is_inert(attack):
    html = render_markdown(attack)
    assert "<script" not in html
    assert "<img" not in html
    assert "<svg" not in html
    for address in html.split('href="')[1:]:
        assert address.startswith("https://")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“L’Été”, (1999)!", ["l'ete", "1999"]),
        ("«Ashes & Diamonds»", ["ashes", "diamonds"]),
        ("C++ 100% TR-069", ["c++", "100%", "tr-069"]),
        ("「電影」", ["電影"]),
        ("?", ["?"]),
        (" ", []),
    ],
)
def test_words_come_folded_without_the_marks_around_them(text, words):
    assert words_in(text) == words
