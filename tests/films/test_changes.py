from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from films.models import Film, Screening
from films.views.changes import PAGE_SIZE
from tests.factories import NOW, EditionFactory, FilmFactory, RoomFactory, ScreeningFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
Occurrence, Sales = Screening.Occurrence, Screening.Sales
# Friday 2 October, 8 pm in Vancouver; Saturday's show begins at 9:15 pm.
TONIGHT = NOW + timedelta(hours=2)
TOMORROW = datetime(2026, 10, 4, 4, 15, tzinfo=UTC)


@pytest.fixture
def rio():
    return RoomFactory(venue__name="The Rio", name="The Rio")


def showing(rio, title="Kiln", **fields) -> Screening:
    return ScreeningFactory(films=[FilmFactory(title=title)], room=rio, **fields)


def save(screening: Screening, ago: timedelta = timedelta(), **changes) -> None:
    """Change a stored screening as somebody did it `ago`, for a reason that is nobody's business."""
    screening = Screening.objects.get(pk=screening.pk)
    for name, value in changes.items():
        setattr(screening, name, value)
    by = get_user_model().objects.get_or_create(username="box-office")[0]
    with time_machine.travel(NOW - ago, tick=False):
        screening.save(by=by, why="The projectionist is ill")


def lines(client, address="/changes/") -> list[tuple]:
    days = client.get(address).context["days"]
    return [
        (str(line.bill.films[0].title), str(line.status.word), " ".join(line.sentences))
        for _day, group in days
        for line in group
    ]


WHEN = "Fri 2 Oct, 8:00\u00a0pm, The Rio"


@pytest.mark.parametrize(
    ("before", "after", "word", "sentence"),
    [
        ({}, {"occurrence": Occurrence.CANCELLED}, "Cancelled", f"It was to play {WHEN}."),
        (
            {},
            {"occurrence": Occurrence.POSTPONED},
            "Postponed",
            f"It was to play {WHEN}. A new date will be announced.",
        ),
        (
            {"occurrence": Occurrence.CANCELLED},
            {"occurrence": Occurrence.SCHEDULED},
            "Takes place",
            f"It takes place after all: {WHEN}.",
        ),
        ({"sales": Sales.ON_SALE}, {"sales": Sales.SOLD_OUT}, "Sold out", f"There are no more tickets for {WHEN}."),
        (
            {"sales": Sales.SOLD_OUT},
            {"sales": Sales.STANDBY},
            "Standby",
            f"There are no advance tickets left for {WHEN}; a standby line forms at the door.",
        ),
        (
            {"sales": Sales.SOLD_OUT},
            {"sales": Sales.SELLING_FAST},
            "Back on sale",
            f"There are tickets again for {WHEN}.",
        ),
        ({"sales": Sales.NOT_YET}, {"sales": Sales.ON_SALE}, "On sale", f"Tickets can now be had for {WHEN}."),
    ],
)
def test_change_is_told_in_a_word_and_a_sentence(client, rio, before, after, word, sentence):
    save(showing(rio, **before), **after)
    assert lines(client) == [("Kiln", word, sentence)]


@pytest.mark.parametrize("off", [Occurrence.CANCELLED, Occurrence.POSTPONED])
def test_what_changes_while_it_is_off_is_no_news(client, rio, off):
    screening = showing(rio, occurrence=off, sales=Sales.ON_SALE)
    save(screening, starts_at=TOMORROW)
    save(screening, room=RoomFactory())
    save(screening, sales=Sales.SOLD_OUT)
    assert lines(client) == []


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (
            {"starts_at": TOMORROW},
            "It now plays Sat 3 Oct, 9:15\u00a0pm, The Rio. It was to be Fri 2 Oct, 8:00\u00a0pm.",
        ),
        (
            {"starts_at": TONIGHT + timedelta(minutes=15)},
            "It now plays Fri 2 Oct, 8:15\u00a0pm, The Rio. It was to be 8:00\u00a0pm.",
        ),
    ],
)
def test_move_tells_the_new_time_and_what_of_the_old_differs(client, rio, after, sentence):
    save(showing(rio), occurrence=Occurrence.MOVED, **after)
    assert lines(client) == [("Kiln", "Moved", sentence)]


def test_one_save_that_changes_start_room_and_occurrence_is_one_line(client, rio):
    village = RoomFactory(venue__name="International Village", name="Cinema 9")
    screening = showing(rio)
    save(screening, occurrence=Occurrence.MOVED, starts_at=TOMORROW, room=village)
    sentence = (
        "It now plays Sat 3 Oct, 9:15\u00a0pm, International Village, Cinema 9. "
        "It was to be Fri 2 Oct, 8:00\u00a0pm, The Rio."
    )
    assert lines(client) == [("Kiln", "Moved", sentence)]


def test_new_date_of_a_postponed_screening(client, rio):
    screening = showing(rio)
    save(screening, timedelta(hours=2), occurrence=Occurrence.POSTPONED)
    save(screening, occurrence=Occurrence.MOVED, starts_at=TOMORROW)
    assert lines(client) == [
        ("Kiln", "New date", "It now plays Sat 3 Oct, 9:15\u00a0pm, The Rio."),
        ("Kiln", "Postponed", f"It was to play {WHEN}. A new date will be announced."),
    ]


def test_older_line_keeps_the_time_and_place_of_its_day(client, rio):
    screening = showing(rio)
    save(screening, timedelta(hours=5), sales=Sales.SOLD_OUT)
    save(screening, timedelta(hours=1), occurrence=Occurrence.MOVED, starts_at=TOMORROW)
    assert lines(client)[1] == ("Kiln", "Sold out", f"There are no more tickets for {WHEN}.")


def test_cancelled_says_nothing_of_its_tickets(client, rio):
    save(showing(rio, sales=Sales.ON_SALE), occurrence=Occurrence.CANCELLED, sales=Sales.SOLD_OUT)
    assert [word for _title, word, _sentence in lines(client)] == ["Cancelled"]


@pytest.mark.parametrize(
    "change",
    [
        {"sales": Sales.SELLING_FAST},
        {"sales": Sales.OFF_SALE},
        {"age_override": 19, "age_override_reason": "Licensed"},
        {"note": "Bring a coat"},
    ],
)
def test_what_is_no_news_makes_no_line(client, rio, change):
    save(showing(rio, sales=Sales.ON_SALE), **change)
    assert lines(client) == []


def test_what_was_taken_back_at_once_makes_no_line(client, rio):
    screening = showing(rio)
    save(screening, occurrence=Occurrence.CANCELLED)
    save(screening, occurrence=Occurrence.SCHEDULED)
    assert lines(client) == []


def test_tickets_are_no_news_once_it_has_begun(client, rio):
    save(showing(rio, starts_at=NOW, sales=Sales.ON_SALE), sales=Sales.SOLD_OUT)
    assert lines(client) == []


def test_cancelled_after_it_has_begun_is_told_whatever_became_of_its_tickets(client, rio):
    screening = showing(rio, starts_at=NOW, sales=Sales.ON_SALE)
    save(screening, occurrence=Occurrence.CANCELLED, sales=Sales.SOLD_OUT)
    assert [word for _title, word, _sentence in lines(client)] == ["Cancelled"]


def test_newest_stands_first_under_the_venues_own_day(client, rio):
    save(showing(rio, "Older"), timedelta(hours=30), sales=Sales.SOLD_OUT)
    save(showing(rio, "Newer"), timedelta(hours=1), sales=Sales.SOLD_OUT)
    days = client.get("/changes/").context["days"]
    assert [(str(day), [line.bill.films[0].title for line in group]) for day, group in days] == [
        ("2026-10-02", ["Newer"]),
        ("2026-10-01", ["Older"]),
    ]


def test_who_and_why_are_never_public(client, rio):
    save(showing(rio), occurrence=Occurrence.CANCELLED)
    page = client.get("/changes/").content.decode()
    assert "projectionist" not in page
    assert "box-office" not in page


def test_hidden_films_and_press_screenings_stay_out(client, rio):
    hidden = ScreeningFactory(films=[FilmFactory(state=Film.State.DRAFT)], room=rio)
    press = showing(rio, audience=Screening.Audience.PRESS)
    for screening in (hidden, press):
        save(screening, occurrence=Occurrence.CANCELLED)
    assert lines(client) == []


@pytest.mark.parametrize(("too_early", "told"), [(timedelta(seconds=1), []), (timedelta(), ["Cancelled", "Cancelled"])])
def test_what_changed_before_the_announcement_or_the_embargo_is_no_news(client, rio, too_early, told):
    hour_ago = NOW - timedelta(hours=1)
    edition = EditionFactory(announced_at=hour_ago)
    secret = FilmFactory(state=Film.State.SCHEDULED, embargo_until=hour_ago)
    early = ScreeningFactory(films=[FilmFactory(edition=edition)], edition=edition, room=rio)
    embargoed = ScreeningFactory(films=[secret], room=rio)
    for screening in early, embargoed:
        save(screening, timedelta(hours=1) + too_early, occurrence=Occurrence.CANCELLED)
    assert [word for _title, word, _sentence in lines(client)] == told


def test_screening_entered_after_the_announcement_is_told_as_added(client, rio):
    edition = EditionFactory(announced_at=NOW - timedelta(days=3))
    for title, age in (("First", 3), ("Late", 1)):
        film = FilmFactory(title=title, edition=edition)
        screening = ScreeningFactory(films=[film], edition=edition, room=rio)
        Screening.objects.filter(pk=screening.pk).update(created_at=NOW - timedelta(days=age))
    assert lines(client) == [("Late", "Added", f"A screening was added: {WHEN}.")]


def test_programme_loaded_after_its_announcement_is_not_news_as_a_whole(client, rio):
    edition = EditionFactory(announced_at=NOW - timedelta(days=3))
    ScreeningFactory(films=[FilmFactory(edition=edition)], edition=edition, room=rio)
    assert lines(client) == []


def test_page_without_changes_says_so(client):
    assert "Nothing has changed" in client.get("/changes/").content.decode()


@pytest.mark.parametrize("page", ["-1", "nine", "9" * 5000, "\x00"])
def test_any_page_number_gives_a_page(client, rio, page):
    save(showing(rio), occurrence=Occurrence.CANCELLED)
    assert client.get("/changes/", {"page": page}).status_code == 200


def test_long_list_has_pages(client, rio):
    for number in range(51):
        save(showing(rio, f"Film {number}"), timedelta(minutes=number), sales=Sales.SOLD_OUT)
    assert len(lines(client)) == 50
    assert [title for title, _word, _sentence in lines(client, "/changes/?page=2")] == ["Film 50"]
    assert [title for title, _word, _sentence in lines(client, "/changes/?page=9")] == ["Film 50"]
    page = client.get("/changes/?page=2").content.decode()
    assert ("Page 2" in page, 'rel="prev"' in page, 'rel="next"' in page) == (True, True, False)


def test_page_reads_no_more_of_the_log_than_it_shows(client, rio):
    save(showing(rio), sales=Sales.SOLD_OUT)
    with CaptureQueriesContext(connection) as captured:
        client.get("/changes/")
    of_the_log = [query["sql"] for query in captured if 'FROM "films_statuschange"' in query["sql"]]
    assert f"LIMIT {PAGE_SIZE + 1}" in of_the_log[0]


@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow_with_the_changes(client, django_assert_num_queries, rio, rows):
    for number in range(rows):
        start = TONIGHT + timedelta(days=number)
        save(
            showing(rio, starts_at=start),
            occurrence=Occurrence.MOVED,
            starts_at=start + timedelta(hours=1),
            room=RoomFactory(),
        )
    with django_assert_num_queries(6):
        assert len(lines(client)) == rows
