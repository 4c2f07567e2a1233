"""Calendars that phones subscribe to: what is in them, and that they hold still until something is edited."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar, Event

from films.models import Film, Screening
from tests.factories import NOW, EditionFactory, FilmFactory, RoomFactory, ScreeningFactory, VenueFactory

pytestmark = pytest.mark.django_db
Occurrence = Screening.Occurrence
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def screening():
    venue = VenueFactory(
        name="The Rio", address="1660 East Broadway", city="Vancouver", latitude="49.26200", longitude="-123.07000"
    )
    return ScreeningFactory(
        edition=EditionFactory(),
        room=RoomFactory(venue=venue, name="Main"),
        films=[FilmFactory(title="La Haine; encore, toujours", title_language="fr")],
        ticket_url="https://tickets.example/1",
        guest_note="Q&A",
    )


def calendar(client, *ids) -> bytes:
    response = client.get(f"/calendar/plan/{','.join(map(str, ids))}.ics")
    assert response.status_code == 200
    return response.content


def events(content: bytes) -> list[Event]:
    return list(Calendar.from_ical(content).events)


def event(client, screening) -> Event:
    [found] = events(calendar(client, screening.pk))
    return found


def test_event_says_what_where_and_when(client, screening):
    found = event(client, screening)
    assert str(found["SUMMARY"]) == "La Haine; encore, toujours"
    assert found["SUMMARY"].params["LANGUAGE"] == "fr"
    assert str(found["LOCATION"]) == "The Rio, Main\n1660 East Broadway, Vancouver"
    assert (found.start, found.end) == (screening.starts_at, screening.ends_at)
    assert found["DTSTART"].params["TZID"] == "America/Vancouver"
    assert found["GEO"].to_ical() == "49.262;-123.07"
    assert str(found["URL"]) == f"http://testserver/films/la-haine-encore-toujours/#screening-{screening.pk}"
    assert str(found["DESCRIPTION"]) == "Q&A\nTickets: https://tickets.example/1"
    assert (str(found["STATUS"]), found["SEQUENCE"]) == ("CONFIRMED", 0)


def test_calendar_says_how_often_to_ask_and_defines_its_time_zone(client, screening):
    content = calendar(client, screening.pk)
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in content
    assert b"\r\nX-PUBLISHED-TTL:PT1H\r\n" in content
    parsed = Calendar.from_ical(content)
    assert [zone.tz_name for zone in parsed.timezones] == ["America/Vancouver"]
    assert parsed.get_missing_tzids() == set()


def test_time_zone_holds_the_offset_of_the_event_s_own_date(client):
    room = RoomFactory(venue=VenueFactory(time_zone="America/Toronto"))
    winter = ScreeningFactory(room=room, starts_at=datetime(2026, 12, 5, 0, 0, tzinfo=UTC))
    assert b"DTSTART;TZID=America/Toronto:20261204T190000" in calendar(client, winter.pk)


@pytest.mark.parametrize("zone", ["America/Vancouver", "Europe/London", "Asia/Kolkata"])
@pytest.mark.parametrize("month", [1, 7, 12])
def test_time_zone_in_the_file_itself_gives_the_right_instant(client, zone, month):
    room = RoomFactory(venue=VenueFactory(time_zone=zone))
    screening = ScreeningFactory(room=room, starts_at=datetime(2026, month, 31, 20, 0, tzinfo=UTC))
    parsed = Calendar.from_ical(calendar(client, screening.pk))
    [found], [rules] = parsed.events, parsed.timezones
    own_zone = rules.to_tz(lookup_tzid=False)
    assert found.start.replace(tzinfo=own_zone) == screening.starts_at


def test_time_zones_stand_in_one_order_on_every_node(client):
    zones = ["America/Halifax", "America/Toronto", "America/Vancouver", "Europe/Paris", "Pacific/Auckland"]
    pks = [ScreeningFactory(room__venue__time_zone=zone).pk for zone in zones]
    assert [zone.tz_name for zone in Calendar.from_ical(calendar(client, *pks)).timezones] == zones


def test_lines_are_folded_at_75_octets(client):
    long = ScreeningFactory(films=[FilmFactory(title="Łódź 無人站 " * 20)], guest_note="é" * 250)
    lines = calendar(client, long.pk).split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert str(event(client, long)["SUMMARY"]) == long.items.get().film.title


def test_same_plan_gives_the_same_bytes_at_another_hour(client, screening, clock):
    before = calendar(client, screening.pk)
    clock.move_to(NOW + timedelta(days=30))
    assert calendar(client, screening.pk) == before


def test_name_of_an_event_outlives_every_edit(client, screening):
    before = event(client, screening)["UID"]
    screening.starts_at += timedelta(days=1)
    screening.room = RoomFactory()
    screening.occurrence = Occurrence.MOVED
    screening.save()
    assert event(client, screening)["UID"] == before


def test_events_have_names_of_their_own(client, screening):
    other = ScreeningFactory(films=[screening.items.get().film], edition=screening.edition)
    assert len({found["UID"] for found in events(calendar(client, screening.pk, other.pk))}) == 2


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ({"starts_at": NOW + timedelta(days=2)}, 1),
        ({"occurrence": Occurrence.CANCELLED}, 1),
        ({"sales": Screening.Sales.SOLD_OUT}, 0),
        ({"guest_note": "Nobody comes"}, 0),
    ],
)
def test_sequence_goes_up_with_time_place_and_occurrence_alone(client, screening, clock, change, sequence):
    clock.move_to(LATER)
    for field, value in change.items():
        setattr(screening, field, value)
    screening.save()
    found = event(client, screening)
    assert found["SEQUENCE"] == sequence
    assert found["LAST-MODIFIED"].dt == found["DTSTAMP"].dt == LATER


def test_new_room_counts_as_a_change(client, screening):
    screening.room = RoomFactory()
    screening.save()
    assert event(client, screening)["SEQUENCE"] == 1


def test_edit_of_the_film_is_an_edit_of_the_event(client, screening, clock):
    clock.move_to(LATER)
    film = screening.items.get().film
    film.title = "Hate"
    film.save()
    found = event(client, screening)
    assert (str(found["SUMMARY"]), found["LAST-MODIFIED"].dt) == ("Hate", LATER)


def test_cancelled_screening_stays_and_says_so(client, screening):
    screening.occurrence = Occurrence.CANCELLED
    screening.save()
    found = event(client, screening)
    assert str(found["STATUS"]) == "CANCELLED"
    assert str(found["DESCRIPTION"]) == "This screening is cancelled.\nQ&A"


def test_postponed_screening_keeps_its_start_tentatively(client, screening):
    screening.occurrence = Occurrence.POSTPONED
    screening.save()
    found = event(client, screening)
    assert (str(found["STATUS"]), found.start) == ("TENTATIVE", screening.starts_at)


def test_moved_screening_says_from_where_and_when(client, screening):
    screening.room = RoomFactory(venue__name="The Annex", name="The Annex")
    screening.starts_at += timedelta(hours=1)
    screening.occurrence = Occurrence.MOVED
    screening.save()
    words = str(event(client, screening)["DESCRIPTION"]).split("\n")[0]
    assert words == "Moved. It was to be: Fri 2 Oct, 8:00\u00a0pm, The Rio, Main."


def test_press_screenings_and_hidden_films_are_in_no_calendar(client, screening):
    press = ScreeningFactory(audience=Screening.Audience.PRESS, occurrence=Occurrence.CANCELLED)
    hidden = ScreeningFactory(films=[FilmFactory(state=Film.State.DRAFT)], occurrence=Occurrence.CANCELLED)
    assert len(events(calendar(client, press.pk, hidden.pk, screening.pk, 999999))) == 1
    for missing in (press.pk, hidden.pk, 999999, 10**30):
        assert client.get(f"/screenings/{missing}.ics").status_code == 404


@pytest.mark.parametrize(("occurrence", "statuses"), [("cancelled", ["CANCELLED"]), ("scheduled", [])])
def test_withdrawn_film_leaves_nothing_but_its_cancellations(client, screening, occurrence, statuses):
    Screening.objects.filter(pk=screening.pk).update(occurrence=occurrence)
    Film.objects.update(state=Film.State.WITHDRAWN)
    found = events(calendar(client, screening.pk))
    assert [str(each["STATUS"]) for each in found] == statuses
    assert [str(each["SUMMARY"]) for each in found] == ["La Haine; encore, toujours"] * len(statuses)


def test_screening_with_a_title_of_its_own_names_its_films_too(client, screening):
    screening.items.create(film=FilmFactory(title="Brass"), position=1)
    screening.title = "Opening night"
    screening.save()
    found = event(client, screening)
    assert str(found["SUMMARY"]) == "Opening night"
    assert str(found["DESCRIPTION"]).splitlines()[0] == "La Haine; encore, toujours + Brass"


def test_hidden_film_of_a_double_bill_is_not_named(client, screening):
    hidden = FilmFactory(title="Hidden", state=Film.State.DRAFT)
    screening.items.create(film=hidden, position=1)
    assert b"Hidden" not in calendar(client, screening.pk)


def test_whoever_has_these_bytes_is_told_that_nothing_changed(client, screening):
    address = reverse("screening_calendar", args=[screening.pk])
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
    screening.guest_note = "Nobody comes"
    screening.save()
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 200


def test_film_s_calendar_has_its_showings_in_programmes_too(client, screening):
    film = screening.items.get().film
    programme = FilmFactory(kind=Film.Kind.PROGRAMME, title="Shorts")
    programme.parts.create(film=film)
    ScreeningFactory(films=[programme], starts_at=NOW + timedelta(days=1))
    found = events(client.get(reverse("film_calendar", args=[film.slug])).content)
    assert sorted(str(each["SUMMARY"]) for each in found) == ["La Haine; encore, toujours", "Shorts"]


@pytest.mark.parametrize("address", ["/calendar/plan/.ics", "/calendar/plan/1;2.ics", "/calendar/film/none.ics"])
def test_nonsense_addresses_are_missing_pages(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_number_of_queries_does_not_grow_with_the_events(client, django_assert_num_queries, rows):
    ids = [ScreeningFactory(starts_at=NOW + timedelta(hours=number)).pk for number in range(rows)]
    with django_assert_num_queries(2):
        assert len(events(calendar(client, *ids))) == rows
