from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from films.billing import bills, length
from films.models import Edition, Film, Screening, ScreeningFilm
from tests.factories import NOW, EditionFactory, FilmFactory, RoomFactory, ScreeningFactory, SeriesFactory
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
Sales = Screening.Sales
# Festival days begin at five in Vancouver, at noon in UTC while summer time holds.
ANNOUNCED = datetime(2026, 9, 1, 17, 0, tzinfo=UTC)
BEGINS = datetime(2026, 9, 28, 12, 0, tzinfo=UTC)
ENDS = datetime(2026, 10, 9, 12, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
TICKETS = {"ticket_url": "https://tickets.example/1", "sales": Sales.ON_SALE}


@pytest.fixture
def edition():
    return EditionFactory(name="Northlight 2026", announced_at=ANNOUNCED)


@pytest.fixture
def house():
    return EditionFactory(name="The House", kind=Edition.Kind.YEAR_ROUND, ends_on=None)


@pytest.fixture
def home_at(client):
    def home(at: datetime):
        with time_machine.travel(at, tick=False):
            return client.get("/")

    return home


def plays(edition, title, starts_at, *, film=None, **fields) -> Screening:
    film = FilmFactory(title=title, edition=edition, **(film or {}))
    return ScreeningFactory(films=[film], edition=edition, starts_at=starts_at, **fields)


def titles(billed) -> list[str]:
    return [bill.films[0].title for bill in billed]


@pytest.mark.parametrize(
    ("at", "template"),
    [
        (ANNOUNCED - SECOND, "films/home_before.html"),
        (ANNOUNCED, "films/home_announced.html"),
        (BEGINS - SECOND, "films/home_announced.html"),
        (BEGINS, "films/home_running.html"),
        (ENDS - SECOND, "films/home_running.html"),
        (ENDS, "films/home_ended.html"),
    ],
)
def test_home_changes_with_the_phase_at_its_instants(home_at, edition, at, template):
    response = home_at(at)
    assert response.templates[0].name == template
    assert not response.cookies


def test_home_without_a_festival_shows_what_plays_and_leads_to_the_programme(home_at, house):
    plays(house, "Kiln", NOW + HOUR)
    response = home_at(NOW)
    assert response.templates[0].name == "films/home_none.html"
    assert [card.film.title for card in response.context["in_the_house"]] == ["Kiln"]
    assert 'class="btn" href="/films/"' in response.content.decode()


def test_home_of_an_empty_site_says_that_something_will_come(home_at):
    assert "Nothing is announced at the moment" in home_at(NOW).content.decode()


# Before the announcement


def test_before_the_announcement_dates_stand_and_nothing_of_the_programme(home_at, edition):
    screening = plays(edition, "Hidden film", BEGINS + DAY)
    series = SeriesFactory(name="New strand")
    series.films.add(screening.items.get().film)
    page = home_at(ANNOUNCED - SECOND).content.decode()
    assert "28 September to 8 October 2026" in page
    assert "The programme is announced on Tuesday 1 September at 10:00\u00a0am." in page
    assert "Hidden film" not in page
    assert "New strand" not in page


@pytest.mark.parametrize(
    ("before", "words"),
    [(timedelta(days=2), "days until the programme"), (timedelta(hours=12), "day until the programme")],
)
def test_before_the_announcement_the_leader_counts_the_midnights(home_at, edition, before, words):
    assert f"<span>{words}</span>" in home_at(ANNOUNCED - before).content.decode()


def test_on_the_day_of_the_announcement_no_leader_is_drawn(home_at, edition):
    assert "until the programme</span>" not in home_at(ANNOUNCED - HOUR).content.decode()


def test_before_the_announcement_series_of_earlier_festivals_are_to_be_expected(home_at, edition, house):
    last = EditionFactory(starts_on=date(2025, 9, 28), ends_on=date(2025, 10, 8))
    known, of_the_house = SeriesFactory(name="Panorama"), SeriesFactory(name="Late shows")
    known.films.add(FilmFactory(edition=last))
    of_the_house.films.add(FilmFactory(edition=house))
    assert list(home_at(ANNOUNCED - SECOND).context["all_series"]) == [known]


def test_before_the_announcement_the_house_plays_on(home_at, edition, house):
    plays(house, "Kiln", ANNOUNCED + HOUR)
    assert [card.film.title for card in home_at(ANNOUNCED - SECOND).context["in_the_house"]] == ["Kiln"]


# Announced


def test_highlights_are_premieres_first_and_of_different_series(home_at, edition):
    panorama, spectrum = SeriesFactory(), SeriesFactory()
    for title, premiere, series in (
        ("A", Film.Premiere.CANADIAN, panorama),
        ("B", Film.Premiere.WORLD, panorama),
        ("C", Film.Premiere.NONE, spectrum),
    ):
        screening = plays(edition, title, BEGINS + DAY, film={"premiere": premiere})
        series.films.add(screening.items.get().film)
    cards = home_at(ANNOUNCED).context["highlights"]
    assert [card.film.title for card in cards] == ["B", "C", "A"]


def test_cancelled_film_is_no_highlight(home_at, edition):
    plays(edition, "Off", BEGINS + DAY, occurrence=Screening.Occurrence.CANCELLED)
    assert home_at(ANNOUNCED).context["highlights"] == []


def test_next_on_sale_gathers_screenings_by_their_instant(home_at, edition):
    for title, on_sale_at in (("Later", ANNOUNCED + 2 * DAY), ("Soon", ANNOUNCED + DAY), ("Soon too", ANNOUNCED + DAY)):
        plays(edition, title, BEGINS + DAY, sales=Sales.NOT_YET, on_sale_at=on_sale_at)
    plays(edition, "On sale already", BEGINS + DAY, sales=Sales.NOT_YET, on_sale_at=ANNOUNCED)
    response = home_at(ANNOUNCED)
    openings = [(opening.moment, opening.number, titles(opening.billed)) for opening in response.context["openings"]]
    assert openings == [
        (ANNOUNCED + DAY, 2, ["Soon", "Soon too"]),
        (ANNOUNCED + 2 * DAY, 1, ["Later"]),
    ]
    assert "Next on sale: Wednesday 2 September at 10:00\u00a0am." in response.content.decode()


# Running


def test_running_tells_screenings_on_now_from_those_to_come_at_the_instant(home_at, edition):
    plays(edition, "Over", NOW - 100 * SECOND * 60)
    plays(edition, "Beginning", NOW)
    plays(edition, "Next", NOW + SECOND)
    plays(edition, "Tomorrow", NOW + DAY)
    today = home_at(NOW).context["today"]
    assert titles(today.on_now) == ["Beginning"]
    assert titles(today.next_up) == ["Next"]
    assert titles(today.then) == ["Tomorrow"]
    assert (today.day, today.number, today.of) == (date(2026, 10, 2), 5, 11)


def test_running_counts_the_small_hours_to_the_evening_before(home_at, edition):
    plays(edition, "Late", datetime(2026, 10, 3, 7, 15, tzinfo=UTC))
    response = home_at(NOW)
    assert titles(response.context["today"].next_up) == ["Late"]
    assert "Next up tonight" in response.content.decode()


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 10, 2, 23, 59, 59, tzinfo=UTC), "Next up today"),
        (datetime(2026, 10, 3, 0, 0, tzinfo=UTC), "Next up tonight"),
        (datetime(2026, 10, 3, 11, 59, 58, tzinfo=UTC), "Next up tonight"),
    ],
)
def test_running_speaks_of_tonight_from_five_in_the_afternoon(home_at, edition, at, words):
    plays(edition, "Next", at + SECOND)
    assert words in home_at(at).content.decode()


def test_screening_on_now_says_how_far_it_is(home_at, edition):
    plays(edition, "Kiln", NOW - timedelta(minutes=40))
    page = home_at(NOW).content.decode()
    assert "Started 40\u00a0min ago, ends 7:00\u00a0pm" in page
    assert '<progress max="100" value="40"' in page


def test_still_available_today_is_what_can_be_booked_beside_the_feature(home_at, edition):
    plays(edition, "Feature", NOW + 3 * HOUR, film={"still_key": "k" * 20}, is_premiere=True, **TICKETS)
    plays(edition, "Bookable", NOW + HOUR, **TICKETS)
    plays(edition, "Sold out", NOW + HOUR, **TICKETS | {"sales": Sales.SOLD_OUT})
    plays(edition, "Tomorrow", NOW + DAY, **TICKETS)
    today = home_at(NOW).context["today"]
    assert titles([today.feature]) == ["Feature"]
    assert [card.film.title for card in today.available] == ["Bookable"]


def test_film_with_two_screenings_today_has_one_card_with_the_one_to_be_had(home_at, edition):
    sold = plays(edition, "Kiln", NOW + HOUR, **TICKETS | {"sales": Sales.SOLD_OUT})
    later = [ScreeningFactory(films=[sold.items.get().film], edition=edition, starts_at=NOW + 2 * HOUR, **TICKETS)]
    later += [ScreeningFactory(films=[sold.items.get().film], edition=edition, starts_at=NOW + 3 * HOUR, **TICKETS)]
    assert [card.screening for card in home_at(NOW).context["today"].available] == later[:1]


def test_running_without_tickets_left_says_what_to_do(home_at, edition):
    plays(edition, "Sold out", NOW + HOUR, **TICKETS | {"sales": Sales.SOLD_OUT})
    assert "No advance tickets are left for today" in home_at(NOW).content.decode()


def test_running_does_not_take_what_is_unknown_for_sold_out(home_at, edition):
    plays(edition, "Sold out", NOW + HOUR, **TICKETS | {"sales": Sales.SOLD_OUT})
    plays(edition, "Unknown", NOW + HOUR, sales=Sales.UNKNOWN)
    assert "No advance tickets are left for today" not in home_at(NOW).content.decode()


def test_free_screening_is_still_available(home_at, edition):
    plays(edition, "Free", NOW + HOUR, sales=Sales.FREE)
    assert [card.film.title for card in home_at(NOW).context["today"].available] == ["Free"]


def test_after_the_last_screening_of_the_day_the_next_day_stands(home_at, edition):
    plays(edition, "Tomorrow", NOW + DAY)
    page = home_at(NOW).content.decode()
    assert "Nothing more begins today. These come next." in page
    assert "Sat 3 Oct" in page


@pytest.mark.parametrize(("ago", "told"), [(DAY, 1), (DAY + SECOND, 0)])
def test_just_changed_is_of_the_last_day(home_at, edition, ago, told):
    screening = Screening.objects.get(pk=plays(edition, "Kiln", NOW + HOUR).pk)
    screening.occurrence = Screening.Occurrence.CANCELLED
    with time_machine.travel(NOW - ago, tick=False):
        screening.save()
    assert len(home_at(NOW).context["changes"]) == told


def test_hidden_films_and_other_editions_are_not_on_now(home_at, edition, house):
    plays(edition, "Draft", NOW, film={"state": Film.State.DRAFT})
    plays(edition, "Press", NOW, audience=Screening.Audience.PRESS)
    plays(house, "House", NOW)
    assert home_at(NOW).context["today"].on_now == []


# Ended


def test_ended_thanks_and_shows_numbers_the_house_and_the_next_dates(home_at, edition, house):
    plays(edition, "Kiln", NOW)
    plays(house, "House film", ENDS + DAY)
    EditionFactory(name="Northlight 2027", starts_on=date(2027, 9, 27), ends_on=date(2027, 10, 7))
    response = home_at(ENDS)
    page = response.content.decode()
    assert "See you again from 27 September to 7 October 2027." in page
    assert response.context["numbers"].films == 1
    assert [card.film.title for card in response.context["in_the_house"]] == ["House film"]
    assert 'href="/editions/2026/"' in page


def test_past_festivals_are_listed_without_the_current_one(home_at, edition):
    last = EditionFactory(starts_on=date(2025, 9, 28), ends_on=date(2025, 10, 8))
    assert home_at(ENDS).context["past"] == [last]


# A screening in a line


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0\u00a0min"), (59, "59\u00a0min"), (60, "1\u00a0h"), (108, "1\u00a0h\u00a048\u00a0min")],
)
def test_length_is_told_in_hours_and_minutes(number, words):
    assert length(number) == words


@pytest.mark.parametrize(("seconds", "words"), [(1, "in 1\u00a0min"), (60, "in 1\u00a0min"), (61, "in 2\u00a0min")])
def test_wait_counts_the_minute_that_has_begun(seconds, words):
    screening = ScreeningFactory(starts_at=NOW + timedelta(seconds=seconds))
    assert bills([screening], NOW)[0].wait == words


@pytest.mark.parametrize(
    ("film", "fields", "words"),
    [
        ({}, {"talk": 20}, "Started 0\u00a0min ago, ends about 8:00\u00a0pm, with the talk"),
        ({"runtime": None}, {}, "Started 0\u00a0min ago, ends about 8:00\u00a0pm"),
    ],
)
def test_progress_says_when_the_end_is_not_certain(edition, film, fields, words):
    screening = plays(edition, "Kiln", NOW, film=film, **fields)
    assert bills([screening], NOW)[0].progress == words


def test_short_before_the_film_is_named_first_but_is_not_what_people_come_for(edition):
    short, film = FilmFactory(), FilmFactory()
    screening = ScreeningFactory(films=[short, film])
    screening.items.filter(film=short).update(part=ScreeningFilm.Part.SHORT_BEFORE)
    [bill] = bills([screening], NOW)
    assert (bill.films, bill.main) == ([short, film], film)


# The number of queries


QUERIES = {ANNOUNCED - SECOND: 7, ANNOUNCED + 2 * HOUR: 16, NOW: 13, ENDS: 11}


@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow_with_the_rows(client, edition, house, rows):
    room, series = RoomFactory(), SeriesFactory()
    for number in range(rows):
        for ago in (-HOUR, HOUR, DAY):
            screening = plays(edition, f"Film {number}", NOW + ago + SECOND * number, room=room, **TICKETS)
        series.films.add(screening.items.get().film)
        plays(edition, "Not yet", NOW, sales=Sales.NOT_YET, on_sale_at=ANNOUNCED + DAY, room=room)
        in_the_house = [FilmFactory(edition=house)]
        for at in QUERIES:
            ScreeningFactory(films=in_the_house, edition=house, starts_at=at + HOUR, room=room)
        moved = Screening.objects.get(pk=screening.pk)
        for at in (ANNOUNCED + HOUR, NOW - HOUR):
            moved.occurrence, moved.room = Screening.Occurrence.MOVED, RoomFactory()
            with time_machine.travel(at, tick=False):
                moved.save()
        year = 1990 + number
        EditionFactory(name=f"Northlight {year}", starts_on=date(year, 9, 28), ends_on=date(year, 10, 8))
    counted = {}
    for at in QUERIES:
        with time_machine.travel(at, tick=False):
            counted[at] = queries_of(client, "/")
    assert counted == QUERIES


@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_without_a_festival_does_not_grow_with_the_rows(
    client, django_assert_num_queries, house, rows
):
    room = RoomFactory()
    for number in range(rows):
        plays(house, f"Film {number}", NOW + HOUR + number * HOUR, room=room)
    with time_machine.travel(NOW, tick=False), django_assert_num_queries(5):
        assert client.get("/").status_code == 200
