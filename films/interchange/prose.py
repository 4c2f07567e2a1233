"""HTML in a source's synopsis as the limited Markdown that a synopsis here is (see `people.text`)."""

import html
import re
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from people.text import render_markdown

_BLOCKS = {
    "address", "article", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul",
}  # fmt: skip
_MARKS = {"em": "*", "i": "*", "cite": "*", "strong": "**", "b": "**"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_DROPPED_WITH_CONTENT = {"script", "style"}
_OTHERS = {
    "a", "abbr", "big", "br", "caption", "center", "code", "del", "font", "iframe", "img", "ins", "kbd", "li", "mark",
    "q", "s", "small", "span", "strike", "sub", "sup", "td", "th", "time", "tt", "u", "video", "wbr", "embed", "object",
}  # fmt: skip
_KNOWN = _BLOCKS | _OTHERS | _DROPPED_WITH_CONTENT | set(_MARKS)
_TURNED = {"p", "br", "a", "ul", "ol", "li", *_HEADINGS, *_MARKS}
_TAG = re.compile(rf"</?({'|'.join(sorted(_KNOWN, key=len, reverse=True))})(\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")
# What Markdown would take for its own: a mark, the middle of a link, an entity, a backslash before any of them.
_MARKDOWN = re.compile(r"\\(?=[!-/:-@\[-`{-~])|\*|(?<!\w)_|_(?!\w)|(?<=\])\(|&(?=#?\w+;)")
_LINK = re.compile(r"(https?://[^\s/<>]+[^\s<>]*|mailto:[^\s<>]+)", re.IGNORECASE)
# Stands for a line break until the whole text is there.
_BREAK = "\x1d"


def holds_html(text: str) -> bool:
    return bool(_TAG.search(text) or any(html.unescape(found[0]) != found[0] for found in _ENTITY.finditer(text)))


def from_html(text: str) -> tuple[str, list[str]]:
    """The same words in Markdown, and what could not come along: names of tags, addresses of broken links."""
    if not _TAG.search(text):
        return _ENTITY.sub(lambda found: html.unescape(found[0]), text), []
    text = text.replace(_BREAK, " ")
    parser = _Converter(with_marks=True)
    markdown = parser.convert(text)
    plain = _Converter(with_marks=False).convert(text)
    # Marks that Markdown cannot place, as around half a word with quotes, would show: better none than that.
    if _words(markdown) != _words(plain):
        markdown = plain
    return markdown, list(dict.fromkeys(parser.dropped))


def _words(markdown: str) -> str:
    """What a reader sees of it, without spaces."""
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^<>]*>", "", render_markdown(markdown))))


class _Converter(HTMLParser):
    def __init__(self, *, with_marks: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.with_marks = with_marks
        self.dropped: list[str] = []
        self._open: list[tuple[str, str, list[str]]] = [("", "", [])]
        self._silent = 0

    def convert(self, text: str) -> str:
        self.feed(text)
        self.close()
        while len(self._open) > 1:
            self._close_innermost()
        return _laid_out("".join(self._open[0][2]))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag not in _KNOWN:
            self.handle_data(self.get_starttag_text())
            return
        self._silent += tag in _DROPPED_WITH_CONTENT
        if tag not in _TURNED:
            self.dropped.append(tag)
        if tag in _BLOCKS:
            self._write("\n\n")
        if tag in _MARKS or tag in _HEADINGS:
            self._open.append((tag, _MARKS.get(tag, "**"), []))
        elif tag == "a":
            self._open.append((tag, dict(attrs).get("href") or "", []))
        elif tag in ("br", "li"):
            self._write(_BREAK if tag == "br" else f"{_BREAK}• ")
        elif tag == "img":
            self._write(_escaped(dict(attrs).get("alt") or ""))
        elif tag in ("td", "th"):
            self._write(" ")

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _KNOWN and tag not in ("br", "img", "li"):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _KNOWN:
            self.handle_data(f"</{tag}>")
            return
        self._silent -= tag in _DROPPED_WITH_CONTENT and self._silent > 0
        if any(tag == name for name, _mark, _pieces in self._open):
            while self._close_innermost() != tag:
                pass
        if tag in _BLOCKS:
            self._write("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._write(_escaped(data))

    def _write(self, text: str) -> None:
        self._open[-1][2].append(text)

    def _close_innermost(self) -> str:
        tag, mark, pieces = self._open.pop()
        inner = "".join(pieces)
        bare = inner.strip()
        before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        if tag == "a":
            bare = self._link(bare, mark)
        elif bare and self.with_marks:
            bare = f"{mark}{bare}{mark}"
        self._write(f"{before}{bare}{after}" if bare else inner)
        return tag

    def _link(self, label: str, address: str) -> str:
        if not _LINK.fullmatch(address):
            self.dropped += [_("a link to “%(address)s”") % {"address": address}] if address else []
            return label
        if not label or not self.with_marks:
            return label
        address = address.replace("(", "%28").replace(")", "%29").replace("\\", "%5C")
        label = re.sub(r"[\[\]]", r"\\\g<0>", label)
        return f"[{label}]({address})"


def _laid_out(text: str) -> str:
    """Paragraphs with one empty line between them, and breaks as Markdown writes them."""
    text = re.sub(rf"[ \t{_BREAK}]*\n[ \t{_BREAK}]*\n[ \t\n{_BREAK}]*", "\n\n", text)
    text = re.sub(rf"[ \t]*\n?[ \t]*{_BREAK}[ \t]*\n?[ \t]*", _BREAK, text)
    text = re.sub(rf"{_BREAK}{{2,}}", "\n\n", text)
    return re.sub(r"\n[ \t]+", "\n", text).strip().replace(_BREAK, "  \n")


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text)
