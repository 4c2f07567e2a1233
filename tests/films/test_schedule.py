from datetime import date, time, timedelta

import pytest
import time_machine

from films.models import AccessFeature, Edition, Film, Screening
from films.schedule import day_to_open, days_around
from tests.factories import (
    NOW,
    VANCOUVER,
    EditionFactory,
    FilmFactory,
    GenreFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
)
from tests.films.schedules import MINUTE, PAGE, TODAY, at, shown, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


# Which day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(9), TODAY),  # before the first show of a day with shows
        (at(21) - MINUTE, TODAY),
        (at(25, 59), TODAY),  # the late show still runs: this night is the day before's
        (at(26), date(2026, 10, 5)),  # all is over: the next day with a screening
        (at(22, day=date(2026, 10, 5)), date(2026, 10, 5)),  # nothing follows: the last one
        (at(12, day=date(2026, 12, 24)), date(2026, 10, 5)),
    ],
)
def test_schedule_opens_at_today_else_the_next_day_else_the_last(client, moment, day):
    ScreeningFactory(starts_at=at(19), entered_end=at(21))
    ScreeningFactory(starts_at=at(24, 15), entered_end=at(26))
    ScreeningFactory(starts_at=at(20, day=date(2026, 10, 5)), entered_end=at(22, day=date(2026, 10, 5)))
    with time_machine.travel(moment, tick=False):
        assert client.get("/schedule/")["Location"] == f"/schedule/{day.isoformat()}/"


def test_schedule_opens_at_today_while_something_runs_that_began_earlier():
    ScreeningFactory(starts_at=at(10, day=date(2026, 9, 28)), entered_end=at(10, day=date(2026, 10, 8)))
    assert day_to_open(NOW) == TODAY


def test_schedule_does_not_wait_for_what_was_postponed_or_cancelled():
    for occurrence in (Screening.Occurrence.POSTPONED, Screening.Occurrence.CANCELLED):
        ScreeningFactory(starts_at=at(20), occurrence=occurrence)
    ScreeningFactory(starts_at=at(20, day=date(2026, 10, 6)))
    assert day_to_open(NOW) == date(2026, 10, 6)


def test_schedule_without_any_screening_says_so(client):
    ScreeningFactory(audience=Screening.Audience.PRESS)
    page = client.get("/schedule/")
    assert page.status_code == 200
    assert "The schedule is not out yet" in page.content.decode()


def test_day_ends_at_the_rollover_of_the_edition(client):
    late = EditionFactory(day_starts_at=time(6))
    for title, start in (("Before", at(4, 59)), ("First", at(5)), ("Last", at(28, 59)), ("After", at(29))):
        ScreeningFactory(films=[FilmFactory(title=title)], starts_at=start)
    ScreeningFactory(films=[FilmFactory(title="Dawn")], starts_at=at(29, 30), edition=late)
    assert shown(client) == ["First", "Last", "Dawn"]
    assert shown(client, "/schedule/2026-10-03/") == ["After"]


def test_day_shows_public_screenings_of_every_occurrence_and_never_press(client):
    for occurrence in Screening.Occurrence.values:
        ScreeningFactory(
            films=[FilmFactory(title=occurrence)], starts_at=at(20), occurrence=occurrence, previous_starts_at=at(19)
        )
    ScreeningFactory(audience=Screening.Audience.PRESS, starts_at=at(20))
    ScreeningFactory(films=[FilmFactory(state=Film.State.DRAFT)], starts_at=at(20))
    assert sorted(shown(client)) == ["cancelled", "moved", "postponed", "scheduled"]
    page = client.get(PAGE).content.decode()
    for word in ("Cancelled", "Moved", "Postponed"):
        assert f"</svg>{word}</span>" in page


def test_earlier_shows_fold_away_only_before_one_that_can_still_be_gone_to(client):
    over = ScreeningFactory(starts_at=at(10), entered_end=at(12))
    ScreeningFactory(starts_at=at(11), entered_end=at(13), occurrence="postponed")
    ScreeningFactory(starts_at=at(20), entered_end=at(22), occurrence="cancelled")
    assert client.get(PAGE).context["some_are_past"] is False
    ScreeningFactory(starts_at=at(20), entered_end=at(22))
    assert client.get(PAGE).context["some_are_past"] is True
    over.delete()
    assert client.get(PAGE).context["some_are_past"] is False


def test_strip_has_the_days_around_with_public_screenings(client):
    for days in (-21, -20, -3, 0, 20, 21):
        ScreeningFactory(starts_at=at(20, day=TODAY + timedelta(days=days)))
    ScreeningFactory(starts_at=at(20, day=TODAY + timedelta(days=1)), audience=Screening.Audience.PRESS)
    context = client.get(PAGE).context
    assert context["days"] == [TODAY + timedelta(days=days) for days in (-20, -3, 0, 20)]
    assert (context["before"], context["after"]) == (TODAY - timedelta(days=3), TODAY + timedelta(days=20))


def test_every_start_lies_in_the_interval_of_its_day(django_assert_num_queries):
    """Every 50 minutes around a change of the clocks, in zones whose day turns at any minute of an hour in UTC."""
    house = EditionFactory(day_starts_at=time(3, 10))
    for zone, edition in (("America/Vancouver", EditionFactory()), ("Asia/Kathmandu", house)):
        room = RoomFactory(venue__time_zone=zone)
        for number in range(100):
            ScreeningFactory(room=room, edition=edition, starts_at=at(0, day=date(2026, 10, 31)) + number * 50 * MINUTE)
    with django_assert_num_queries(1):
        days = days_around(TODAY + timedelta(days=15), NOW)
    screenings = Screening.objects.select_related("edition", "room__venue")
    assert list(days) == sorted({screening.festival_day for screening in screenings})
    for screening in screenings:
        first, last = days[screening.festival_day]
        assert first <= screening.starts_at <= last


@pytest.mark.parametrize("days", [21, 22, 40, 3000])
def test_empty_day_leads_to_the_nearest_days_that_have_screenings(client, days):
    before, after = TODAY - timedelta(days=days), TODAY + timedelta(days=days)
    ScreeningFactory(starts_at=at(27, day=before - timedelta(days=1)))
    ScreeningFactory(starts_at=at(28, 59, day=before))
    ScreeningFactory(starts_at=at(5, day=after))
    ScreeningFactory(starts_at=at(29, day=after))
    response = client.get(PAGE)
    assert (response.context["before"], response.context["after"]) == (before, after)
    page = response.content.decode()
    assert "Nothing plays on this day" in page
    assert f'href="/schedule/{after.isoformat()}/"' in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-13-01", "0001-01-01", "9999-12-31", "20261002", "2026-W40-5", "٢٠٢٦-١٠-٠٢", "today"]
)
def test_nonsense_dates_are_not_found(client, day):
    assert client.get(f"/schedule/{day}/").status_code == 404


@pytest.mark.parametrize("day", ["1895-12-28", "2899-12-31", "2026-03-08", "2026-11-01"])
def test_any_real_date_has_a_page(client, day):
    ScreeningFactory()
    assert client.get(f"/schedule/{day}/").status_code == 200


def test_schedule_speaks_french_at_its_french_address(client):
    ScreeningFactory()
    assert client.get("/fr/schedule/")["Location"] == "/fr/schedule/2026-10-02/"
    assert '<html lang="fr"' in client.get("/fr" + PAGE).content.decode()


# What a show says


def test_show_links_to_its_ticket_and_repeats_its_time(client):
    film = FilmFactory(title="La Haine", title_language="fr")
    screening = ScreeningFactory(
        films=[film], starts_at=at(24, 15), room=RoomFactory(venue__name="The Rio", name="One")
    )
    page = client.get(PAGE).content.decode()
    assert f'<a href="/films/la-haine/#screening-{screening.pk}"><span lang="fr" dir="auto">La Haine</span></a>' in page
    assert "Sat 12:15\u00a0am</time>" in page
    assert '<p class="v">The Rio, One</p>' in page
    assert "<small>Saturday 3 October</small>" in page


def test_double_bill_names_both_films_unless_it_has_a_title_of_its_own(client):
    films = [FilmFactory(title="Ascent"), FilmFactory(title="Descent"), FilmFactory(state=Film.State.DRAFT, title="X")]
    screening = ScreeningFactory(films=films, starts_at=at(20))
    assert "Ascent</span> + <span" in client.get(PAGE).content.decode()
    assert "X</span>" not in client.get(PAGE).content.decode()
    Screening.objects.filter(pk=screening.pk).update(title="Up and down")
    assert ">Up and down</span></a>" in client.get(PAGE).content.decode()


def test_moved_show_says_when_and_where_it_was_to_be(client):
    screening = ScreeningFactory(starts_at=at(20), room=RoomFactory(venue__name="The Rio", name="The Rio"))
    screening.occurrence, screening.room = Screening.Occurrence.MOVED, RoomFactory()
    screening.save()
    assert "It was to be <del>The Rio</del>" in client.get(PAGE).content.decode()
    screening.starts_at = at(20, 30)
    screening.save()
    assert "It was to be <del>Fri 2 Oct, 8:00\u00a0pm, The Rio</del>" in client.get(PAGE).content.decode()


def test_venues_with_other_clocks_keep_their_own_wall_time_in_the_order_of_instants(client):
    toronto = RoomFactory(venue__time_zone="America/Toronto")
    ScreeningFactory(films=[FilmFactory(title="West")], starts_at=at(18, 30))
    ScreeningFactory(films=[FilmFactory(title="West too")], starts_at=at(20))
    ScreeningFactory(films=[FilmFactory(title="East")], starts_at=at(21, 45, zone="America/Toronto"), room=toronto)
    response = client.get(PAGE)
    assert titles(response.context["shows"]) == ["West", "East", "West too"]
    page = response.content.decode()
    assert '9:45\u00a0pm</time> <span class="zone">Toronto</span>' in page
    assert "the timeline runs on the clock of Vancouver" in page


def test_one_clock_is_not_named(client):
    ScreeningFactory(starts_at=at(20))
    assert "clock of" not in client.get(PAGE).content.decode()


# Changes


def sentences(client, address: str = PAGE) -> list[str]:
    changes = client.get(address).context["changes"]
    return [f"{change.status.word}. {change.sentence}".replace("\u00a0", " ") for change in changes]


def test_changes_of_the_last_day_are_written_out(client):
    room, elsewhere = (RoomFactory(venue__name=name, name=name) for name in ("The Rio", "The Annex"))
    cancelled, moved, later, back = (ScreeningFactory(starts_at=at(hour), room=room) for hour in (12, 14, 16, 18))
    cancelled.occurrence = Screening.Occurrence.CANCELLED
    moved.occurrence, moved.room = Screening.Occurrence.MOVED, elsewhere
    later.starts_at = at(16, 30)
    for screening in (cancelled, moved, later):
        screening.save()
    for occurrence in (Screening.Occurrence.CANCELLED, Screening.Occurrence.SCHEDULED):
        back.occurrence = occurrence
        back.save()
    assert sentences(client) == [
        "Cancelled. It was to play Fri 2 Oct, 12:00 pm, The Rio.",
        "Moved. It now plays Fri 2 Oct, 2:00 pm, The Annex. It was to be The Rio.",
        "Moved. It now plays Fri 2 Oct, 4:30 pm, The Rio. It was to be 4:00 pm.",
    ]


def test_show_that_comes_back_and_show_that_leaves_the_day_are_told(client):
    room = RoomFactory(venue__name="The Rio", name="The Rio")
    back = ScreeningFactory(starts_at=at(12), room=room, occurrence=Screening.Occurrence.CANCELLED)
    back.occurrence = Screening.Occurrence.SCHEDULED
    back.save()
    left = ScreeningFactory(starts_at=at(14), room=room)
    left.occurrence, left.starts_at = Screening.Occurrence.MOVED, at(25, day=date(2026, 10, 6))
    left.save()
    told = "Moved. It now plays Tue 6 Oct, late night, Wed 1:00 am, The Rio. It was to be Fri 2 Oct, 2:00 pm."
    assert sentences(client) == ["Takes place. It takes place after all: Fri 2 Oct, 12:00 pm, The Rio.", told]
    assert len(client.get(PAGE).context["shows"]) == 1
    assert sentences(client, "/schedule/2026-10-06/") == [told]


@pytest.mark.parametrize(
    ("age", "is_told"), [(timedelta(hours=24) - MINUTE, True), (timedelta(hours=24), False), (-MINUTE, False)]
)
def test_changes_are_told_for_a_day(client, age, is_told):
    screening = ScreeningFactory(starts_at=at(20))
    screening.occurrence = Screening.Occurrence.CANCELLED
    screening.save(at=NOW - age)
    assert bool(sentences(client)) is is_told


def test_changes_of_sales_and_of_press_screenings_are_not_told(client):
    sold, press = ScreeningFactory(starts_at=at(20)), ScreeningFactory(starts_at=at(20))
    sold.sales = Screening.Sales.SOLD_OUT
    press.occurrence, press.audience = Screening.Occurrence.CANCELLED, Screening.Audience.PRESS
    sold.save()
    press.save()
    assert sentences(client) == []


# One page for everybody, and what it costs


def test_page_sets_no_cookie_and_needs_no_style_in_the_markup(client):
    ScreeningFactory(starts_at=at(20))
    response = client.get(PAGE)
    assert response.cookies == {}
    assert "style=" not in response.content.decode()
    assert "nonce" not in response.headers["Content-Security-Policy"]


def test_today_belongs_to_the_festival_rather_than_to_the_house(client):
    house = EditionFactory(kind=Edition.Kind.YEAR_ROUND, ends_on=None, time_zone="America/Toronto")
    festival = EditionFactory()
    for hour in (18, 19, 20):
        ScreeningFactory(starts_at=at(hour), edition=house)
    ScreeningFactory(starts_at=at(21), edition=festival)
    assert client.get(PAGE).context["grid"].zone == VANCOUVER


@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow_with_the_rows(client, django_assert_num_queries, rows):
    for number in range(rows):
        film = FilmFactory()
        film.series.add(SeriesFactory())
        film.genres.add(GenreFactory())
        screening = ScreeningFactory(films=[film], starts_at=at(18) + number * 7 * MINUTE)
        screening.occurrence, screening.room = Screening.Occurrence.MOVED, RoomFactory()
        screening.starts_at += MINUTE
        screening.save()
        AccessFeature.objects.create(screening=screening, feature=AccessFeature.Feature.RELAXED)
    with django_assert_num_queries(13):
        assert len(client.get(PAGE).context["shows"]) == rows
