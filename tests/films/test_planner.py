"""My schedule: ways between venues, clashes, other showings, and what the page is told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from films.models import Edition, Film, Screening, ScreeningFilm
from films.plan_json import length
from films.planner import Leg, Way, Ways, leg_between, legs_of, overlapping
from tests.factories import NOW, FilmFactory, RoomFactory, ScreeningFactory, VenueFactory
from venues.models import Room, TravelTime, Venue

DAYTIME = datetime(2026, 10, 3, 19, 0, tzinfo=UTC)  # noon in Vancouver


def venue(pk: int, latitude=None, longitude=None) -> Venue:
    return Venue(pk=pk, name=f"Venue {pk}", time_zone="America/Vancouver", latitude=latitude, longitude=longitude)


def show(pk: int, start: int, end: int, where: Venue | None = None) -> Screening:
    """A screening that is in no database, from `start` to `end`, in minutes after noon."""
    return Screening(
        pk=pk,
        edition=Edition(),
        room=Room(venue=where or venue(1)),
        starts_at=DAYTIME + timedelta(minutes=start),
        ends_at=DAYTIME + timedelta(minutes=end),
    )


# Ways


def test_walk_is_reckoned_from_the_straight_line_and_rounded_up():
    # One hundredth of a degree of latitude is 1112 m; × 1.3 at 4.5 km/h is 19.3 minutes.
    assert Ways().between(venue(1, 49.28, -123.1), venue(2, 49.29, -123.1)) == Way(20)


def test_way_within_a_venue_takes_no_time():
    assert Ways().between(venue(1), venue(1)) == Way(0)


def test_way_is_unknown_without_positions():
    assert Ways().between(venue(1, 49.28, -123.1), venue(2)) is None


@pytest.mark.parametrize(("origin", "destination", "minutes"), [(1, 2, 12), (2, 1, 15), (1, 3, 30), (3, 1, 30)])
def test_entered_time_goes_before_the_walk_and_holds_for_the_way_back(origin, destination, minutes):
    ways = Ways(
        [
            TravelTime(origin_id=1, destination_id=2, minutes=12),
            TravelTime(origin_id=2, destination_id=1, minutes=15),
            TravelTime(origin_id=1, destination_id=3, minutes=30),
        ]
    )
    at = {"latitude": 49.28, "longitude": -123.1}
    assert ways.between(venue(origin, **at), venue(destination, **at)).minutes == minutes


# Legs


@pytest.mark.parametrize(
    ("start", "kind", "missed"),
    [
        (99, Leg.Kind.CLASH, 18),
        (100, Leg.Kind.TIGHT, 17),
        (116, Leg.Kind.TIGHT, 1),
        (117, Leg.Kind.TRAVEL, 0),
    ],
)
def test_change_of_venue_needs_the_way_and_five_minutes(start, kind, missed):
    ways = Ways([TravelTime(origin_id=1, destination_id=2, minutes=12)])
    leg = leg_between(show(1, 0, 100), show(2, start, 200, venue(2)), ways)
    assert (leg.kind, leg.missed) == (kind, missed)


@pytest.mark.parametrize(("start", "kind"), [(104, Leg.Kind.TIGHT), (105, Leg.Kind.SAME_VENUE)])
def test_change_within_a_venue_needs_five_minutes(start, kind):
    assert leg_between(show(1, 0, 100), show(2, start, 200), Ways()).kind == kind


@pytest.mark.parametrize(("start", "kind"), [(104, Leg.Kind.TIGHT), (105, Leg.Kind.FREE)])
def test_change_over_an_unknown_way_needs_five_minutes_at_least(start, kind):
    assert leg_between(show(1, 0, 100), show(2, start, 200, venue(2)), Ways()).kind == kind


def test_long_film_clashes_with_all_that_begins_during_it():
    legs = legs_of([show(1, 0, 300), show(2, 30, 90), show(3, 120, 200)], Ways())
    assert [(leg.before.pk, leg.after.pk, leg.kind) for leg in legs] == [(1, 2, "clash"), (1, 3, "clash")]


def test_night_between_two_days_is_no_leg():
    assert legs_of([show(1, 0, 100), show(2, 24 * 60, 25 * 60)], Ways()) == []


def test_clash_over_the_end_of_a_festival_day_is_one():
    marathon, breakfast = show(1, 600, 18 * 60), show(2, 17 * 60 + 30, 19 * 60)
    assert marathon.festival_day != breakfast.festival_day
    assert [leg.kind for leg in legs_of([marathon, breakfast], Ways())] == ["clash"]


shows = st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 300)), max_size=12).map(
    lambda spans: [show(pk, start, start + minutes) for pk, (start, minutes) in enumerate(spans, 1)]
)


@given(shows)
def test_screening_has_a_clash_before_it_exactly_when_it_overlaps_an_earlier_one(plan):
    clashing = {leg.after.pk for leg in legs_of(plan, Ways()) if leg.kind == Leg.Kind.CLASH}
    expected = set()
    for one in plan:
        for other in plan:
            earlier = (other.starts_at, other.ends_at, other.pk) < (one.starts_at, one.ends_at, one.pk)
            if earlier and other.ends_at > one.starts_at:
                expected.add(one.pk)
    assert clashing == expected


@given(shows)
def test_overlapping_finds_every_pair_both_ways(plan):
    assert {pk: set(others) for pk, others in overlapping(plan).items()} == {
        one.pk: {
            other.pk
            for other in plan
            if other is not one and one.starts_at < other.ends_at and other.starts_at < one.ends_at
        }
        for one in plan
    }


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0\u00a0min"), (59, "59\u00a0min"), (60, "1\u00a0h"), (101, "1\u00a0h\u00a041\u00a0min")]
)
def test_length_is_written_in_hours_and_minutes(minutes, words):
    assert length(minutes) == words


# What the page is told


@pytest.fixture
def ask(client, now):
    def ask(*ids, **query) -> dict:
        query["ids"] = ",".join(map(str, ids))
        return client.get("/my-schedule/screenings.json", query).json()

    return ask


def screening(hours: float, edition, film=None, **fields) -> Screening:
    return ScreeningFactory(
        starts_at=NOW + timedelta(hours=hours), edition=edition, films=[film or FilmFactory(edition=edition)], **fields
    )


def test_page_is_the_same_for_everybody_and_sets_no_cookie(client, edition):
    pages = [client.get("/my-schedule/") for _visit in range(2)]
    assert pages[0].content == pages[1].content
    assert not pages[0].cookies


def test_picks_come_by_festival_day_in_order(ask, edition):
    tomorrow, late, tonight = screening(26, edition), screening(6.5, edition), screening(2, edition)
    answer = ask(tomorrow.pk, late.pk, tonight.pk)
    days = answer["days"]
    assert [(day["words"], day["today"], day["ids"]) for day in days] == [
        ("Friday 2 October", "Today, Friday 2 October", [tonight.pk, late.pk]),
        ("Saturday 3 October", "", [tomorrow.pk]),
    ]
    # In a narrow column only the weekday may stand above the time, which is never broken.
    assert answer["screenings"][str(late.pk)]["time"] == "Sat 12:30\u00a0am"


def test_picks_of_another_year_say_which(ask, edition):
    last_year = screening(-364 * 24, edition)
    assert [(day["words"], day["is_over"]) for day in ask(last_year.pk)["days"]] == [("Friday 3 October 2025", True)]


def test_ids_that_lead_nowhere_come_back_as_gone(ask, edition):
    press = screening(2, edition, audience=Screening.Audience.PRESS)
    hidden = screening(3, edition, FilmFactory(edition=edition, state=Film.State.DRAFT, title="Hidden"))
    answer = ask(press.pk, hidden.pk, 999999)
    assert (answer["gone"], answer["screenings"], answer["days"]) == ([press.pk, hidden.pk, 999999], {}, [])


@pytest.mark.parametrize("ids", ["", "x,;DROP", "1" * 5000, "a\x00b", "٣", "-1", "1e3", ",".join(["7"] * 4000)])
@pytest.mark.django_db
def test_any_ids_give_an_answer(client, ids):
    assert client.get("/my-schedule/screenings.json", {"ids": ids, "both": ids}).status_code == 200


@pytest.mark.django_db
def test_no_more_than_two_hundred_picks_are_looked_at(ask):
    assert ask(*range(1, 500))["gone"] == list(range(1, 201))


def test_clash_is_told_in_words_with_who_overlaps_whom(ask, edition):
    room = RoomFactory()
    first = screening(2, edition, FilmFactory(edition=edition, title="Red Rooms"), room=room)
    second = screening(3, edition, FilmFactory(edition=edition, title="Salt Hours"))
    answer = ask(first.pk, second.pk)
    assert answer["trouble"] == "1 clash to look at."
    [leg] = answer["legs"]
    assert (leg["kind"], leg["gap"], leg["words"]) == ("clash", -40, "These two overlap by 40\u00a0min")
    assert leg["detail"] == (
        "\u2068Red Rooms\u2069 ends at 9:40\u00a0pm; \u2068Salt Hours\u2069 starts at 9:00\u00a0pm."
    )
    assert answer["screenings"][str(first.pk)]["clashes"] == [second.pk]


def test_clash_between_two_clocks_names_their_places(ask, edition):
    calgary = RoomFactory(venue=VenueFactory(time_zone="America/Edmonton"))
    first = screening(2, edition, FilmFactory(edition=edition, title="Red Rooms"))
    second = screening(3, edition, FilmFactory(edition=edition, title="Salt Hours"), room=calgary)
    [leg] = ask(first.pk, second.pk)["legs"]
    assert leg["detail"] == (
        "\u2068Red Rooms\u2069 ends at 9:40\u00a0pm (Vancouver); "
        "\u2068Salt Hours\u2069 starts at 10:00\u00a0pm (Edmonton)."
    )


def test_clash_that_the_visitor_lives_with_is_no_trouble(ask, edition):
    first, second = screening(2, edition), screening(3, edition)
    answer = ask(first.pk, second.pk, both=f"{second.pk}-{first.pk}")
    assert (answer["trouble"], answer["legs"][0]["settled"]) == ("", True)


def test_tight_change_says_what_would_be_missed(ask, edition):
    rio, annex = VenueFactory(name="The Rio"), VenueFactory(name="The Annex")
    TravelTime.objects.create(origin=annex, destination=rio, minutes=22, means="by bus 20")
    first = screening(2, edition, room=RoomFactory(venue=rio))
    second = screening(2, edition, FilmFactory(edition=edition, title="Wolf Interval"), room=RoomFactory(venue=annex))
    Screening.objects.filter(pk=second.pk).update(
        starts_at=first.ends_at + timedelta(minutes=14), ends_at=first.ends_at + timedelta(hours=2)
    )
    [leg] = ask(first.pk, second.pk)["legs"]
    assert leg["words"] == "Tight: 14\u00a0min, and it is about 22\u00a0min by bus 20, and 5\u00a0min to leave and sit."
    assert leg["detail"] == "You would miss the first 13 minutes of \u2068Wolf Interval\u2069."


@pytest.mark.parametrize("occurrence", [Screening.Occurrence.CANCELLED, Screening.Occurrence.POSTPONED])
def test_screening_that_does_not_take_place_clashes_with_nothing(ask, edition, occurrence):
    first, off = screening(2, edition), screening(3, edition, occurrence=occurrence)
    answer = ask(first.pk, off.pk)
    assert (answer["legs"], answer["summary"]) == ([], "1 screening to come over 1 day.")
    assert answer["screenings"][str(off.pk)]["is_off"] is True


def test_alternatives_are_upcoming_public_showings_and_those_that_fit_come_first(ask, edition):
    film = FilmFactory(edition=edition)
    pick = screening(2, edition, film)
    blocking = screening(24, edition)
    clashing = screening(23, edition, film)
    fitting = screening(48, edition, film)
    sold_out = screening(36, edition, film, sales=Screening.Sales.SOLD_OUT)
    screening(-5, edition, film)
    screening(50, edition, film, audience=Screening.Audience.PRESS)
    screening(51, edition, film, occurrence=Screening.Occurrence.CANCELLED)
    found = ask(pick.pk, blocking.pk)["screenings"][str(pick.pk)]["alternatives"]
    assert [(other["id"], other["fits"]) for other in found] == [
        (fitting.pk, True),
        (sold_out.pk, True),
        (clashing.pk, False),
    ]


def test_alternative_shows_every_main_film_and_may_leave_the_short_out(ask, edition):
    main, short = FilmFactory(edition=edition), FilmFactory(edition=edition)
    pick = screening(2, edition, main)
    ScreeningFilm.objects.create(screening=pick, film=short, part=ScreeningFilm.Part.SHORT_BEFORE, position=1)
    other = screening(48, edition, main)
    screening(72, edition, short)
    found = ask(pick.pk)["screenings"][str(pick.pk)]["alternatives"]
    assert [each["id"] for each in found] == [other.pk]


def test_alternative_to_a_double_bill_is_the_whole_of_it(ask, edition):
    first, second = FilmFactory(edition=edition), FilmFactory(edition=edition)
    pick, other = (
        ScreeningFactory(starts_at=NOW + timedelta(hours=hours), edition=edition, films=[first, second])
        for hours in (2, 48)
    )
    screening(72, edition, first)
    found = ask(pick.pk)["screenings"][str(pick.pk)]["alternatives"]
    assert [each["id"] for each in found] == [other.pk]


def test_screening_that_is_over_is_in_nothing_s_way(ask, edition):
    room = RoomFactory()
    over, next_up = screening(-100 / 60, edition, room=room), screening(1 / 60, edition, room=room)
    assert over.ends_at == NOW
    answer = ask(over.pk, next_up.pk)
    assert (answer["legs"], answer["summary"]) == ([], "1 screening to come over 1 day.")


@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow_with_the_picks(ask, edition, django_assert_num_queries, rows):
    picks = []
    for number in range(rows):
        film = FilmFactory(edition=edition)
        picks.append(screening(2 + number, edition, film).pk)
        screening(100 + number, edition, film)
    with django_assert_num_queries(5):
        assert len(ask(*picks)["screenings"]) == rows


def test_service_worker_serves_the_whole_site_and_is_never_old(client):
    response = client.get("/service-worker.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert (response["Service-Worker-Allowed"], response["Cache-Control"]) == ("/", "no-cache")


def test_page_says_without_javascript_what_it_needs_it_for(client):
    page = client.get("/my-schedule/").content.decode()
    assert page.count("This page needs JavaScript") == 1


def test_film_page_offers_each_screening_as_a_calendar_file_and_hides_the_star_until_it_works(client, now, edition):
    film = FilmFactory(edition=edition)
    pick = screening(2, edition, film)
    page = client.get(film.get_absolute_url()).content.decode()
    assert f'href="/screenings/{pick.pk}.ics"' in page
    assert f'<button type="button" data-star="{pick.pk}" aria-pressed="false" hidden>' in page
