"""Narrowing a day of the schedule."""

from datetime import date

import pytest
import time_machine

from films.models import AccessFeature, Screening
from tests.factories import NOW, FilmFactory, GenreFactory, RoomFactory, ScreeningFactory, SeriesFactory
from tests.films.schedules import PAGE, at, shown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def evening():
    """Two shows: “Kiln” at The Rio, a captioned thriller in Panorama that sells; “Brass” in another house."""
    kiln, brass = FilmFactory(title="Kiln"), FilmFactory(title="Brass")
    kiln.series.add(SeriesFactory(name="Panorama"))
    kiln.genres.add(GenreFactory(name="Science fiction"))
    screening = ScreeningFactory(
        films=[kiln],
        starts_at=at(20),
        room=RoomFactory(venue__name="The Rio"),
        sales=Screening.Sales.ON_SALE,
        ticket_url="https://tickets.example/1",
    )
    AccessFeature.objects.create(screening=screening, feature=AccessFeature.Feature.OPEN_CAPTIONS)
    ScreeningFactory(films=[brass], starts_at=at(21), room=RoomFactory(venue__name="The Annex"))


@pytest.mark.parametrize(
    "query", ["venue=the-rio", "series=panorama", "genre=science+fiction", "access=open_captions", "bookable=1"]
)
def test_filters_narrow_the_day(client, evening, query):
    assert shown(client, f"{PAGE}?{query}") == ["Kiln"]


def test_filters_combine_and_count_what_each_choice_would_leave(client, evening):
    context = client.get(f"{PAGE}?series=panorama").context
    options = {each.key: [(option.name, option.count) for option in each.options] for each in context["filters"]}
    assert options == {
        "venue": [("The Rio", 1)],
        "series": [("Panorama", 1)],
        "genre": [("Science fiction", 1)],
        "access": [("Open captions", 1)],
        "bookable": [("Still bookable", 1)],
    }
    assert shown(client, f"{PAGE}?series=panorama&venue=the-annex") == []


def test_filters_stay_on_from_day_to_day_and_can_be_taken_away(client, evening):
    ScreeningFactory(starts_at=at(20, day=date(2026, 10, 3)))
    page = client.get(f"{PAGE}?venue=the-rio&bookable=1").content.decode()
    assert 'href="/schedule/2026-10-03/?venue=the-rio&amp;bookable=1"' in page
    assert 'href="/schedule/2026-10-02/?bookable=1"' in page


def test_empty_choices_of_the_form_are_no_filter(client, evening):
    assert shown(client, f"{PAGE}?venue=&series=&genre=&access=") == ["Kiln", "Brass"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("venue=the-lux", "The Lux"),
        ("venue=nowhere", "Venue “nowhere”"),
        ("series=nocturnes", "Nocturnes"),
        ("genre=comedy", "Comedy"),
        ("access=relaxed", "Relaxed screening"),
        ("bookable=maybe", "Still bookable"),
    ],
)
def test_a_choice_that_nothing_has_on_this_day_keeps_its_name(client, evening, query, says):
    RoomFactory(venue__name="The Lux")
    SeriesFactory(name="Nocturnes")
    GenreFactory(name="Comedy")
    assert [chip.name for chip in client.get(f"{PAGE}?{query}").context["chips"]] == [says]


@pytest.mark.parametrize("query", ["venue=nowhere", "genre=%F0%9F%8E%AC", "bookable=maybe", "access=" + "x" * 5000])
def test_a_choice_that_nothing_has_finds_nothing_and_offers_the_whole_day(client, evening, query):
    response = client.get(f"{PAGE}?{query}")
    assert response.context["shows"] == []
    page = response.content.decode()
    assert "No screening of this day matches all of that" in page
    assert '<a class="btn quiet" href="/schedule/2026-10-02/">' in page


@pytest.mark.parametrize(
    "query", ["venue=%00", "page=-1", "venue=%FF%FE", "x" * 5000, "venue=<b>&venue=2", "bookable="]
)
def test_any_query_string_gives_a_page(client, evening, query):
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    assert "<b>&" not in response.content.decode()
