"""Whatever a query string or an address holds, the answer is a page, a redirect, or a refusal; never a fault."""

from datetime import date, timedelta
from urllib.parse import quote, quote_from_bytes

import pytest
import time_machine
from django.urls import URLPattern, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from films import urls
from films.models import Screening
from tests.factories import NOW, CreditFactory, FilmFactory, RoomFactory, ScreeningFactory, SeriesFactory

pytestmark = pytest.mark.django_db

ANSWERS = {200, 301, 302, 304, 400, 404}
SLUGS = {"film": "kiln", "film_calendar": "kiln", "series": "panorama", "person": "ann-berg"}
# Every name that some public page reads from its query string, and one that none does.
NAMES = (
    *("q", "page", "sort", "ids", "both"),
    *("day", "part", "venue", "series", "genre", "country", "language", "premiere", "runtime", "age", "access"),
    *("tickets", "bookable", "room", "utm_source"),
)
VALUES = {
    "nothing": "",
    "NUL": "%00",
    "NUL within": "ki%00ln",
    "five kilobytes": "a" * 5000,
    "five kilobytes of letters that fold to two": quote("ß" * 2500),
    "many words": "+".join(["film"] * 1000),
    "many ids": ",".join(map(str, range(1200))),
    "negative": "-1",
    "zero": "0",
    "beyond every database": "9" * 30,
    "a fraction": "1.5",
    "not a number": "NaN",
    "digits of another script": quote("١٢"),
    "a superscript": quote("²"),
    "the last page": "last",
    "no such date": "2026-02-30",
    "before every date": "0000-00-00",
    "the last date": "9999-12-31",
    "a week": "2026-W40-1",
    "a compact date": "20261003",
    "nothing we have": "nonsense",
    "a quote": "%27%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "a pattern": "%25_%25%5C%2A(%5B",
    "a template": "%7B%7B%20film%20%7D%7D%7B%25%20load%20%25%7D",
    "half a surrogate": "%ED%A0%80",
    "wrong encoding": "%FF%FE%E9",
    "half an escape": "%",
    "turned around": "%E2%80%AE%E2%81%A6",
    "beyond the first plane": quote("🎞𐌰"),
    "only marks": quote("\u0301\u0301\u200b"),
    "a new line": "%0D%0ASet-Cookie:%20a=b",
}


@pytest.fixture(autouse=True, scope="module")
def programme(standing_rows):
    """One of everything that an address can name."""
    film = FilmFactory(title="Kiln", edition__slug="northlight")
    CreditFactory(film=film, person__name="Ann Berg")
    film.series.add(SeriesFactory(name="Panorama"))
    room = RoomFactory(venue__name="The Rio")
    ScreeningFactory(films=[film], room=room, edition=film.edition, starts_at=NOW + timedelta(hours=1))
    FilmFactory(edition=film.edition, title="無人站")
    with time_machine.travel(NOW, tick=False):
        yield


def address_of(pattern: URLPattern) -> str:
    """The address of a page that the pattern leads to."""
    pk = Screening.objects.get().pk
    values = {
        "day": date(2026, 10, 2),
        "year": 2026,
        "ids": f"{pk},9",
        "pk": pk,
        "slug": SLUGS.get(pattern.name, "the-rio"),
    }
    return reverse(pattern.name, kwargs={name: values[name] for name in pattern.pattern.regex.groupindex})


# The box office is for staff, and an early page for who has its link: their tests try them with nonsense.
PUBLIC = [
    pattern
    for pattern in urls.urlpatterns
    if isinstance(pattern, URLPattern) and not pattern.name.startswith("preview")
]
ADDRESSES = [pytest.param(pattern, id=pattern.name) for pattern in PUBLIC]


@pytest.mark.parametrize("pattern", ADDRESSES)
def test_every_query_string_gets_a_page_or_a_refusal(client, pattern):
    address = address_of(pattern)
    assert client.get(address).status_code in (200, 302)
    for about, value in VALUES.items():
        query = "&".join(f"{name}={value}" for name in NAMES)
        response = client.get(address, QUERY_STRING=f"{query}&{query}&{value}&=&;")
        assert (about, response.status_code in ANSWERS) == (about, True)
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(("address", "name"), [("/films/", "edition"), ("/people/", "letter")])
def test_name_that_there_is_not_is_refused(client, address, name):
    """These two refuse what they do not know, which would hide the other names from the test above."""
    for about, value in VALUES.items():
        response = client.get(address, QUERY_STRING=f"{name}={value}")
        assert (about, response.status_code) == (about, 404 if value else response.status_code)
        assert response.status_code in ANSWERS


@pytest.mark.parametrize(
    "path",
    [
        "/films/{}/",
        "/fr/films/{}/",
        "/series/{}/",
        "/people/{}/",
        "/venues/{}/",
        "/schedule/{}/",
        "/editions/{}/",
        "/screenings/{}.ics",
        "/calendar/film/{}.ics",
        "/calendar/plan/{}.ics",
        "/media/{}",
        "/media/stills/{}.jpg",
        "/{}/",
        "/fr/{}",
    ],
)
def test_every_path_gets_a_page_or_a_refusal(client, path):
    for about, value in VALUES.items():
        response = client.get(path.format(value))
        assert (about, response.status_code in ANSWERS) == (about, True)


@given(
    pattern=st.sampled_from(PUBLIC),
    pairs=st.lists(st.tuples(st.sampled_from([*NAMES, "edition", "letter"]), st.text() | st.binary()), max_size=8),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_query_string_gets_a_page_or_a_refusal(client, pattern, pairs):
    raw = "&".join(f"{name}={_escaped(value)}" for name, value in pairs)
    assert client.get(address_of(pattern), QUERY_STRING=raw).status_code in ANSWERS


def _escaped(value: str | bytes) -> str:
    return quote_from_bytes(value) if isinstance(value, bytes) else quote(value, errors="surrogatepass")


@pytest.mark.parametrize(
    "address",
    [
        *(f"/films/?{name}=nonsense" for name in ("venue", "series", "genre", "country", "language", "premiere")),
        *(f"/films/?{name}=nonsense" for name in ("day", "part", "runtime", "age", "access", "tickets")),
        "/films/?day=2026-02-30",
        "/films/?q=%00nonsense",
        "/search/?q=nonsense",
        "/schedule/2026-10-02/?venue=nonsense",
        "/people/?q=nonsense",
    ],
)
def test_nonsense_is_never_answered_with_everything(client, address):
    page = client.get(address).content.decode()
    assert ("Kiln" in page, "Ann Berg" in page) == (False, False)
