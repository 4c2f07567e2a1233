"""HTML in a synopsis, as the Markdown that a synopsis is."""

import pytest

from films.interchange.prose import from_html
from films.models import Film
from people.text import render_markdown
from tests.films.programmes import film, run, write


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One</p><p>two <em>three</em></p>", "<p>One</p>\n<p>two <em>three</em></p>\n"),
        ("<p>a<br />\nb</p>", "<p>a<br>\nb</p>\n"),
        ("<b>Bold </b>rest", "<p><strong>Bold</strong> rest</p>\n"),
        ('<a href="https://x.org/(">h[e]re</a>', '<p><a href="https://x.org/%28" rel="noopener">h[e]re</a></p>\n'),
        ('<p>x <img src="i.jpg" alt="A boat"></p>', "<p>x A boat</p>\n"),
        ("<ul><li>one</li><li>two</li></ul>", "<p>• one<br>\n• two</p>\n"),
        ("Caf&eacute; &amp; bar", "<p>Café &amp; bar</p>\n"),
        ("<p>5 * 3 * 2 and _this_</p>", "<p>5 * 3 * 2 and _this_</p>\n"),
        ("<p><The Wild> and <3</p>", "<p>&lt;The Wild&gt; and &lt;3</p>\n"),
        ('<p>half<b>"a"</b>word</p>', '<p>half"a"word</p>\n'),
        ("<em><p>a</p><p>b</p></em>", "<p>a</p>\n<p>b</p>\n"),
    ],
)  # fmt: skip
def test_html_becomes_markdown_that_reads_the_same(html, expected):
    assert render_markdown(from_html(html)[0]) == expected


@pytest.mark.django_db
def test_html_that_cannot_come_along_is_named(tmp_path):
    synopsis = '<div>See <a href="/relative">this</a></div>'
    report = run(write(tmp_path, films=[film(synopsis=synopsis)]))
    assert Film.objects.get().synopsis == "See this"
    assert list(report.doubtful) == [
        "films.csv line 2, synopsis: Held HTML, which was turned into Markdown. Left out, but for any words inside: "
        "div, a link to “/relative”."
    ]
