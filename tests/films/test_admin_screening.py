import threading
from datetime import UTC, date, datetime

import pytest
from django.contrib.messages import get_messages
from django.db import connections
from django.test import Client
from django.urls import reverse

from films.models import Edition, Film, Screening, ScreeningFilm, ScreeningGuest, StatusChange
from people.models import Person
from tests.admin_pages import errors_of, fields_of, fill_in
from venues.models import Licence, Room, Venue

ADD = "/admin/films/screening/add/"


@pytest.fixture
def edition(db):
    return Edition.objects.create(name="2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))


@pytest.fixture
def room(db):
    venue = Venue.objects.create(name="The Rio", time_zone="America/Vancouver")
    return Room.objects.create(venue=venue, name="The Rio", turnaround=15)


@pytest.fixture
def film(edition):
    return Film.objects.create(edition=edition, title="Salt Hours", runtime=90, state="published")


def change(screening: Screening) -> str:
    return reverse("admin:films_screening_change", args=[screening.pk])


def entry(edition, room, film, start, **more) -> dict:
    return {
        "edition": edition.pk,
        "room": room.pk,
        "local_start": start,
        "items-0-film": film.pk,
        **more,
    }


def messages_of(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def stored(edition, room, film, start="2026-10-02 19:00", **fields) -> Screening:
    starts_at = datetime.fromisoformat(start).replace(tzinfo=room.venue.zone)
    screening = Screening.objects.create(edition=edition, room=room, starts_at=starts_at, **fields)
    ScreeningFilm.objects.create(screening=screening, film=film)
    screening.refresh_from_db()
    return screening


# Time


def test_the_start_is_typed_as_the_venues_clock_shows_it(admin_client, edition, room, film):
    assert errors_of(fill_in(admin_client, ADD, entry(edition, room, film, "2026-11-23 19:30"))) == {}

    screening = Screening.objects.get()
    assert screening.starts_at == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    assert screening.ends_at == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    assert fields_of(admin_client.get(change(screening)))["local_start"] == ["2026-11-23T19:30"]


def test_the_clock_is_that_of_the_room_chosen(admin_client, edition, room, film):
    room.venue.time_zone = "America/Toronto"
    room.venue.save()

    fill_in(admin_client, ADD, entry(edition, room, film, "2026-11-23T19:30"))

    assert Screening.objects.get().starts_at == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


def test_saving_what_nobody_touched_changes_nothing(admin_client, edition, room, film):
    screening = stored(
        edition,
        room,
        film,
        "2026-10-02 19:00",
        entered_end=datetime(2026, 10, 3, 4, 0, tzinfo=UTC),
        on_sale_at=datetime(2026, 9, 1, 19, 0, 30, tzinfo=UTC),
    )
    before = Screening.objects.values().exclude(pk=0).get()

    assert errors_of(fill_in(admin_client, change(screening), {})) == {}

    after = Screening.objects.values().get()
    as_saved = {"updated_at": None, "revision": None}
    assert {**after, **as_saved} == {**before, **as_saved}
    assert not StatusChange.objects.exists()


def test_a_wall_time_that_the_clocks_skip_is_refused(admin_client, edition, room, film):
    response = fill_in(admin_client, ADD, entry(edition, room, film, "2026-03-08 02:30"))

    assert errors_of(response) == {
        "local_start": ["02:30 does not exist at the venue on that day: the clocks go forward over it."]
    }
    assert not Screening.objects.exists()
    assert fields_of(response)["items-0-film"] == [str(film.pk)]


@pytest.mark.parametrize(("answer", "hour"), [("first", 5), ("second", 6)])
def test_a_wall_time_that_comes_twice_asks_which_one(admin_client, edition, room, film, answer, hour):
    room.venue.time_zone = "America/Toronto"
    room.venue.save()
    typed = entry(edition, room, film, "2026-11-01 01:30")
    response = fill_in(admin_client, ADD, typed)
    assert errors_of(response) == {
        "local_start": [
            "01:30 comes twice at the venue on that day, because the clocks go back. Say which one is meant."
        ]
    }
    assert b'<select name="clock_change"' in response.content

    admin_client.post(ADD, fields_of(response) | {"clock_change": answer})

    screening = Screening.objects.get()
    assert screening.starts_at == datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
    assert fields_of(admin_client.get(change(screening)))["clock_change"] == [answer]
    fill_in(admin_client, change(screening), {"note": "Bring a coat"})
    screening.refresh_from_db()
    assert screening.starts_at == datetime(2026, 11, 1, hour, 30, tzinfo=UTC)


def test_the_question_which_one_is_hidden_when_there_is_nothing_to_ask(admin_client, edition):
    assert b'<input type="hidden" name="clock_change"' in admin_client.get(ADD).content


def test_an_end_before_the_start_is_refused(admin_client, edition, room, film):
    typed = entry(edition, room, film, "2026-10-02 19:00", local_end="2026-10-02 18:00")

    assert errors_of(fill_in(admin_client, ADD, typed)) == {"local_end": ["The screening ends before it starts."]}
    assert not Screening.objects.exists()


def test_an_entered_end_wins_over_the_runtimes(admin_client, edition, room, film):
    fill_in(admin_client, ADD, entry(edition, room, film, "2026-10-02 23:30", local_end="2026-10-03 02:00"))

    assert Screening.objects.get().ends_at == datetime(2026, 10, 3, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["tonight", "2026-13-40 19:30", "2026-10-02", "19:30"])
def test_a_start_that_is_no_time_is_refused_in_words(admin_client, edition, room, film, typed):
    response = fill_in(admin_client, ADD, entry(edition, room, film, typed))

    assert errors_of(response) == {"local_start": ["Write the date and time like 2026-11-23 19:30."]}
    assert fields_of(response)["local_start"] == [typed]


def test_a_start_without_a_room_asks_for_the_room(admin_client, edition, room, film):
    response = fill_in(admin_client, ADD, entry(edition, room, film, "2026-10-02 19:00") | {"room": ""})

    assert errors_of(response) == {"room": ["This field is required."]}


# The room


def test_a_room_that_is_taken_is_refused_then_confirmed_in_words(admin_client, edition, room, film):
    stored(edition, room, film)
    other = Film.objects.create(edition=edition, title="Oy", runtime=60)
    response = fill_in(admin_client, ADD, entry(edition, room, other, "2026-10-02 20:00", note="Bring a coat"))

    (sentence,) = errors_of(response)["overlap_reason"]
    assert sentence.startswith("“Salt Hours” holds this room at that time (Fri 2 Oct 2026, 19:00–20:30).")
    assert Screening.objects.count() == 1
    again = fields_of(response)
    assert (again["note"], again["items-0-film"]) == (["Bring a coat"], [str(other.pk)])

    assert errors_of(admin_client.post(ADD, again | {"overlap_reason": "One ticket for both"})) == {}
    assert Screening.objects.count() == 2


def test_an_overlap_that_was_confirmed_is_not_asked_about_again(admin_client, edition, room, film):
    first = stored(edition, room, film)
    second = stored(edition, room, film, "2026-10-02 20:00", overlap_reason="One ticket for both")

    assert errors_of(fill_in(admin_client, change(first), {"note": "Bring a coat"})) == {}
    assert errors_of(fill_in(admin_client, change(second), {"note": "Bring a coat"})) == {}


def test_a_new_overlap_needs_its_own_reason(admin_client, edition, room, film):
    stored(edition, room, film)
    second = stored(edition, room, film, "2026-10-02 20:00", overlap_reason="One ticket for both")
    stored(edition, room, film, "2026-10-03 19:00")

    errors = errors_of(fill_in(admin_client, change(second), {"local_start": "2026-10-03 20:00"}))

    assert list(errors) == ["overlap_reason"]


def test_the_end_that_counts_is_that_of_the_films_just_chosen(admin_client, edition, room, film):
    stored(edition, room, film, "2026-10-02 21:00")
    long = Film.objects.create(edition=edition, title="La Patience", runtime=200)
    short = Film.objects.create(edition=edition, title="Oy", runtime=60)

    assert "overlap_reason" in errors_of(fill_in(admin_client, ADD, entry(edition, room, long, "2026-10-02 19:00")))
    assert errors_of(fill_in(admin_client, ADD, entry(edition, room, short, "2026-10-02 19:00"))) == {}


def test_a_film_taken_out_of_the_screening_no_longer_counts(admin_client, edition, room, film):
    stored(edition, room, film, "2026-10-02 21:00")
    screening = stored(edition, room, film, "2026-10-02 19:00")
    long = Film.objects.create(edition=edition, title="La Patience", runtime=200)
    ScreeningFilm.objects.create(screening=screening, film=long, position=1)

    assert "overlap_reason" in errors_of(fill_in(admin_client, change(screening), {}))
    assert errors_of(fill_in(admin_client, change(screening), {"items-1-DELETE": "on"})) == {}


def test_back_to_back_is_no_overlap(admin_client, edition, room, film):
    room.turnaround = 0
    room.save()
    stored(edition, room, film)

    assert errors_of(fill_in(admin_client, ADD, entry(edition, room, film, "2026-10-02 20:30"))) == {}


def test_a_cancelled_screening_frees_its_room(admin_client, edition, room, film):
    stored(edition, room, film, occurrence="cancelled")

    assert errors_of(fill_in(admin_client, ADD, entry(edition, room, film, "2026-10-02 19:00"))) == {}


def test_two_programmers_cannot_both_take_one_slot(transactional_db, admin_client, edition, room, film, admin_user):
    posted = fields_of(admin_client.get(ADD)) | entry(edition, room, film, "2026-10-02 19:00")
    starting_line = threading.Barrier(2)
    outcomes = []

    def save() -> None:
        client = Client()
        client.force_login(admin_user)
        starting_line.wait(10)
        try:
            outcomes.append(errors_of(client.post(ADD, posted)))
        finally:
            connections.close_all()

    programmers = [threading.Thread(target=save) for _ in range(2)]
    for thread in programmers:
        thread.start()
    for thread in programmers:
        thread.join(60)

    assert Screening.objects.count() == 1
    assert sorted(list(errors) for errors in outcomes) == [[], ["overlap_reason"]]


# Warnings


def test_a_warning_is_shown_once_and_saved_in_spite_of(admin_client, edition, room, film):
    stored(edition, room, film)
    response = fill_in(admin_client, ADD, entry(edition, room, film, "2026-10-02 20:40"))

    (sentence,) = errors_of(response)["confirm_warnings"]
    assert sentence.startswith("Only 10 minutes lie between this and “Salt Hours”")
    assert b'<input type="checkbox" name="confirm_warnings"' in response.content
    assert Screening.objects.count() == 1

    saved = admin_client.post(ADD, fields_of(response) | {"confirm_warnings": "on"})

    assert Screening.objects.count() == 2
    assert sentence in messages_of(saved)


def test_the_question_of_confirming_is_hidden_when_there_is_nothing_to_confirm(admin_client, edition):
    assert b'<input type="hidden" name="confirm_warnings"' in admin_client.get(ADD).content


def test_a_guest_who_is_elsewhere_is_a_warning(admin_client, edition, room, film):
    guest = Person.objects.create(name="Astrid Sæther")
    ScreeningGuest.objects.create(screening=stored(edition, room, film), person=guest)
    village = Room.objects.create(
        venue=Venue.objects.create(name="Village", time_zone="America/Vancouver"), name="Cinema 9"
    )
    typed = entry(edition, village, film, "2026-10-02 19:30")
    typed |= {"guest_rows-TOTAL_FORMS": 1, "guest_rows-0-person": guest.pk}

    (sentence,) = errors_of(fill_in(admin_client, ADD, typed))["confirm_warnings"]

    assert sentence.startswith("Astrid Sæther is a guest at “Salt Hours” at that time")


def test_a_day_outside_the_edition_is_a_warning(admin_client, edition, room, film):
    errors = errors_of(fill_in(admin_client, ADD, entry(edition, room, film, "2027-10-02 19:00")))

    assert errors == {"confirm_warnings": ["Saturday 2 October 2027 lies outside 2026."]}


def test_a_sold_screening_that_moves_to_a_stricter_room_is_a_warning(admin_client, edition, room, film):
    screening = stored(edition, room, film, sales="sold_out")
    bar = Venue.objects.create(name="Bar", time_zone="America/Vancouver")
    Licence.objects.create(venue=bar, minimum_age=19)
    stage = Room.objects.create(venue=bar, name="Stage")

    (sentence,) = errors_of(fill_in(admin_client, change(screening), {"room": stage.pk}))["confirm_warnings"]

    assert sentence.startswith("Tickets were sold for All ages; in Bar, Stage it would be 19+.")


# What changed


def test_a_change_is_logged_with_who_and_why(admin_client, edition, room, film, admin_user):
    screening = stored(edition, room, film)

    fill_in(admin_client, change(screening), {"occurrence": "cancelled", "change_reason": "The print is lost"})

    logged = StatusChange.objects.get()
    assert (logged.axis, logged.before, logged.after) == ("occurrence", "scheduled", "cancelled")
    assert (logged.changed_by, logged.reason) == (admin_user, "The print is lost")
    page = admin_client.get(change(screening)).content.decode()
    assert "The print is lost" in page
    assert 'name="changes-0-reason"' not in page


def test_a_move_remembers_where_it_was(admin_client, edition, room, film):
    screening = stored(edition, room, film)

    typed = {"occurrence": "moved", "local_start": "2026-10-02 21:00"}
    assert errors_of(fill_in(admin_client, change(screening), typed)) == {}

    before = screening.starts_at
    screening.refresh_from_db()
    assert screening.previous_starts_at == before
    assert fields_of(admin_client.get(change(screening)))["previous_starts_at"] == ["2026-10-02T19:00"]


def test_a_move_from_nowhere_is_refused(admin_client, edition, room, film):
    screening = stored(edition, room, film)

    assert errors_of(fill_in(admin_client, change(screening), {"occurrence": "moved"})) == {
        "__all__": ["A moved screening needs its previous start or its previous room."]
    }


def test_an_age_set_by_hand_needs_its_reason(admin_client, edition, room, film):
    screening = stored(edition, room, film)

    assert list(errors_of(fill_in(admin_client, change(screening), {"age_override": "16"}))) == ["age_override_reason"]


def test_no_menu_holds_all_films_rooms_or_people(admin_client, edition, room, film):
    Film.objects.create(edition=edition, title="Not in any menu")
    Person.objects.create(name="Nor this person")

    page = admin_client.get(ADD).content.decode()

    assert "Not in any menu" not in page
    assert "Nor this person" not in page
    assert "The Rio" not in page


def test_a_screening_of_nothing_yet_has_a_page(admin_client, edition, room):
    screening = Screening.objects.create(edition=edition, room=room, starts_at=datetime(2026, 10, 3, 2, tzinfo=UTC))

    assert admin_client.get(change(screening)).status_code == 200
