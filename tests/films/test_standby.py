"""What the audience reads of a standby line."""

import pytest
import time_machine

from films.models import Screening
from films.wording import standby, standby_line
from tests.factories import NOW, FilmFactory, ScreeningFactory

pytestmark = pytest.mark.django_db


def waiting(**fields) -> Screening:
    return ScreeningFactory(sales=Screening.Sales.STANDBY, ticket_url="", **fields)


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        (30, "Sold out. Standby line opens 30 minutes before."),
        (1, "Sold out. Standby line opens 1 minute before."),
        (0, "Sold out. Standby line opens at the start."),
        (None, "Sold out. A standby line forms at the door."),
    ],
)
def test_line_is_told_in_one_sentence(minutes, sentence):
    assert standby(waiting(edition__standby_opens=minutes)) == sentence


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        (12, "12 people were in line at 6:00\u00a0pm."),
        (1, "1 person was in line at 6:00\u00a0pm."),
        (0, "0 people were in line at 6:00\u00a0pm."),
        (None, ""),
    ],
)
def test_count_of_the_line_is_told_with_its_time(people, sentence):
    assert standby_line(waiting(standby_line=people, standby_counted_at=NOW)) == sentence


@pytest.mark.parametrize("page", ["film", "programme", "schedule"])
def test_every_page_that_tells_the_state_tells_when_the_line_opens(client, page):
    film = FilmFactory(title="Kiln")
    screening = waiting(films=[film], edition=film.edition, standby_line=12, standby_counted_at=NOW)
    addresses = {"film": film.get_absolute_url(), "programme": "/films/", "schedule": "/schedule/2026-10-02/"}
    with time_machine.travel(NOW, tick=False):
        text = client.get(addresses[page]).content.decode()
    assert text.count("Sold out. Standby line opens 30 minutes before.") == 1
    assert ("12 people were in line" in text) == (page == "film")
    assert screening.standby_minutes == 30
