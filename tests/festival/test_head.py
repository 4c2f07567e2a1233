"""What search engines and other readers of a page's head are told."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine

from films.views.programme import PAGE_SIZE
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/films/",
    "/films/?page=2",
    "/series/panorama/?page=2",
    "/films/?edition=northlight-2025",
    "/films/kiln/",
    "/series/",
    "/series/panorama/",
    "/people/",
    "/people/?letter=b",
    "/people/ann-berg/",
    "/venues/",
    "/venues/the-rio/",
    "/schedule/2026-10-02/",
    "/my-schedule/",
    "/editions/",
    "/editions/2025/",
    "/changes/",
]
# These say what is on a page of their own anyway, or lead to others; they need not be found themselves.
NOT_TO_BE_FOUND = [
    "/search/",
    "/search/?q=kiln",
    "/my-schedule/offline/",
    "/schedule/1999-01-01/",
    "/schedule/2026-10-02/?venue=the-rio",
]


class Head(HTMLParser):
    """The title, the metas by name and the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.title, self.meta, self.canonical, self.alternates, self.language = "", {}, [], {}, ""
        self._in_title = False
        self.feed(page.partition("</head>")[0])

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self._in_title = tag == "title"
        if tag == "html":
            self.language = attributes["lang"]
        elif tag == "meta" and "name" in attributes:
            self.meta[attributes["name"]] = attributes["content"]
        elif tag == "link" and attributes["rel"] == "canonical":
            self.canonical.append(attributes["href"])
        elif tag == "link" and attributes["rel"] == "alternate":
            self.alternates[attributes.get("hreflang")] = attributes["href"]

    def handle_endtag(self, tag):
        self._in_title = False

    def handle_data(self, data):
        if self._in_title:
            self.title += data


@pytest.fixture(autouse=True, scope="module")
def programme(standing_rows):
    """A festival that runs and one of the year before, with films that nobody has written anything about."""
    earlier = EditionFactory(
        name="Northlight 2025",
        slug="northlight-2025",
        starts_on=NOW.date() - timedelta(days=370),
        ends_on=NOW.date() - timedelta(days=360),
    )
    FilmFactory(title="Salt Hours", edition=earlier)
    edition = EditionFactory(name="Northlight 2026")
    film = FilmFactory(title="Kiln", edition=edition)
    CreditFactory(film=film, person__name="Ann Berg")
    panorama = SeriesFactory(name="Panorama")
    panorama.films.add(film)
    ScreeningFactory(films=[film], room=RoomFactory(venue__name="The Rio"), edition=edition)
    panorama.films.add(*(FilmFactory(edition=edition) for _number in range(PAGE_SIZE)))
    with time_machine.travel(NOW, tick=False):
        yield


def head_of(client, address: str) -> Head:
    response = client.get(address)
    assert response.status_code == 200
    return Head(response.content.decode())


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("address", PAGES)
def test_page_names_itself_and_its_readings(client, address, language):
    prefix = "" if language == "en" else "/fr"
    head = head_of(client, f"{prefix}{address}")
    path = address.partition("?")[0]
    assert head.language == language
    assert head.canonical == [f"http://testserver{prefix}{address}"]
    assert head.alternates == {"en": f"http://testserver{path}", "fr": f"http://testserver/fr{path}"}
    assert "robots" not in head.meta
    assert re.fullmatch(r"\S.{0,120} – Northlight Film Festival", head.title)
    assert 20 <= len(head.meta["description"]) <= 300
    assert not re.search(r"  |, :|^\W|None", head.meta["description"])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_two_pages_bear_one_title_or_description(client, language):
    prefix = "" if language == "en" else "/fr"
    heads = {address: head_of(client, f"{prefix}{address}") for address in PAGES}
    descriptions = [heads[address].meta["description"] for address in PAGES if not re.search("page=|letter=", address)]
    assert len({head.title for head in heads.values()}) == len(PAGES)
    assert len(set(descriptions)) == len(descriptions)


@pytest.mark.parametrize("address", NOT_TO_BE_FOUND)
def test_page_that_leads_to_others_asks_not_to_be_found(client, address):
    assert head_of(client, address).meta["robots"] == "noindex"


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/films/?venue=the-rio&sort=next", "/films/"),
        ("/films/?q=kiln", "/films/"),
        ("/people/?q=ann", "/people/"),
        ("/changes/?page=9", "/changes/"),
        ("/series/panorama/?page=nonsense", "/series/panorama/"),
        ("/venues/the-rio/?utm_source=post", "/venues/the-rio/"),
        ("/schedule/2026-10-02/?bookable=1", "/schedule/2026-10-02/"),
    ],
)
def test_narrowed_list_names_the_whole_one(client, address, canonical):
    assert head_of(client, address).canonical == [f"http://testserver{canonical}"]
