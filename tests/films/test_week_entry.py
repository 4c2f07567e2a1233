"""A week's screenings entered in one grid."""

import json
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from films.models import Film, Screening, ScreeningFilm
from films.roles import PROGRAMMERS
from tests.factories import NOW, FilmFactory, RoomFactory, ScreeningFactory

WEEK = "/admin/films/week/"
FRIDAY = "2026-10-02"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def rio():
    return RoomFactory(venue__name="The Rio", name="The Rio", turnaround=20)


@pytest.fixture
def salt(edition):
    return FilmFactory(edition=edition, title="Salt Hours", year=2026)


@pytest.fixture
def lodz(edition):
    return FilmFactory(edition=edition, title="Łódź, After Rain", year=2025, runtime=90)


def row(film: str = "", room=None, day: str = "", time: str = "", **fields) -> dict:
    return {"film": film, "room": room.pk if room else "", "day": day, "time": time} | fields


def send(client, *rows: dict, action: str = "save", first: str = FRIDAY, json=False, **fields):
    typed = {"row-TOTAL_FORMS": len(rows) + 2, "row-INITIAL_FORMS": 0, action: "1"}
    for number, cells in enumerate(rows):
        typed |= {f"row-{number}-{name}": value for name, value in cells.items()}
    headers = {"accept": "application/json" if json else "text/html"}
    return client.post(f"{WEEK}?from={first}", typed | fields, headers=headers)


def sentences(response) -> list[list[str]]:
    return [form.sentences for form in response.context["entries"].forms if not form.is_blank]


def stored() -> list[tuple]:
    return [
        (screening.local_start.strftime("%a %H:%M"), screening.room, [item.film for item in screening.items.all()])
        for screening in Screening.objects.in_order()
    ]


def test_a_whole_week_is_saved_at_once(admin_client, admin_user, rio, salt, lodz):
    annex = RoomFactory(venue__name="The Annex")

    answer = send(
        admin_client,
        row("Salt Hours (2026)", rio, FRIDAY, "19:00", talk="20"),
        row("lodz", time="21:30"),
        row("salt hours", time="00:15"),
        row("lodz after", annex, "2026-10-04", "7:30 pm"),
    )

    assert (answer.status_code, answer["Location"]) == (302, f"{WEEK}?from={FRIDAY}")
    assert stored() == [
        ("Fri 19:00", rio, [salt]),
        ("Fri 21:30", rio, [lodz]),
        ("Sat 00:15", rio, [salt]),
        ("Sun 19:30", annex, [lodz]),
    ]
    first = Screening.objects.in_order().first()
    assert (first.festival_day, first.talk, first.local_end.strftime("%H:%M")) == (date(2026, 10, 2), 20, "21:00")
    assert "4 screenings are entered." in admin_client.get(WEEK).content.decode()


def test_one_bad_cell_keeps_everything_from_being_saved_and_nothing_typed_is_lost(admin_client, rio, salt):
    answer = send(
        admin_client,
        row("Salt Hours", rio, FRIDAY, "19:00"),
        row("Nothing Such", rio, FRIDAY, "25:61", talk="-5"),
        row("", rio),
    )

    assert Screening.objects.count() == 0
    assert sentences(answer) == [
        [],
        [
            "Write the time like 19:30.",
            "Ensure this value is greater than or equal to 0.",
            f"No film of {salt.edition.name} is called “Nothing Such”.",
        ],
        ["Which film?", "At what time?"],
    ]
    page = answer.content.decode()
    for typed in ("Nothing Such", "25:61", "-5"):
        assert f'value="{typed}"' in page


def test_the_first_row_has_nothing_above_it_to_mean(admin_client, salt):
    assert sentences(send(admin_client, row("Salt Hours", time="19:00"))) == [["Which room?", "Which day?"]]


@pytest.mark.parametrize("typed", ["salt", "Salt Hours", "SALT HOURS (2026)", "hours salt"])
def test_a_film_is_found_by_any_words_that_name_only_it(admin_client, rio, salt, lodz, typed):
    assert sentences(send(admin_client, row(typed, rio, FRIDAY, "19:00"), action="check")) == [[]]


def test_a_title_that_several_bear_is_asked_back(admin_client, edition, rio, salt):
    FilmFactory(edition=edition, title="Salt Hours", year=1994)
    FilmFactory(edition=edition, title="Salt Hours Remembered", year=2026)
    FilmFactory(edition=edition, title="Salt of Elsewhere", state=Film.State.WITHDRAWN)

    ask = "Type more of its title; it may be “Salt Hours (2026)”, “Salt Hours (1994)”"
    typed = [row(title, rio, FRIDAY, f"{hour}:00") for title, hour in (("salt hours", 10), ("Salt Hours (1994)", 13))]
    assert sentences(send(admin_client, *typed, action="check")) == [[ask], []]
    (several,) = sentences(send(admin_client, row("salt", rio, FRIDAY, "19:00"), action="check"))
    assert several == [f"{ask}, “Salt Hours Remembered (2026)”"]


def test_the_page_proposes_the_latest_of_very_many_titles_and_still_knows_the_rest(admin_client, edition, rio, salt):
    Film.objects.bulk_create(
        Film(edition=edition, title=f"Film {n:03}", slug=f"f-{n}", sort_key=f"film {n:03}") for n in range(600)
    )

    page = admin_client.get(WEEK).content.decode()
    assert page.count('<option value="Film ') == 600
    assert "Salt Hours" not in page
    assert sentences(send(admin_client, row("salt", rio, FRIDAY, "19:00"), action="check")) == [[]]


def test_several_films_in_a_row_are_shown_in_order(admin_client, edition, rio, salt, lodz):
    short = FilmFactory(edition=edition, title="Oy", kind=Film.Kind.SHORT, runtime=10)
    send(
        admin_client,
        row("Oy + Salt Hours", rio, FRIDAY, "16:00"),
        row("Salt Hours + Łódź, After Rain", rio, FRIDAY, "19:00"),
    )

    Part = ScreeningFilm.Part
    rows = ScreeningFilm.objects.order_by("screening__starts_at", "position").values_list("film", "part")
    assert list(rows) == [
        (short.pk, Part.SHORT_BEFORE),
        (salt.pk, Part.MAIN),
        (salt.pk, Part.DOUBLE_BILL),
        (lodz.pk, Part.DOUBLE_BILL),
    ]


def test_an_overlap_is_refused_until_the_row_says_why(admin_client, edition, rio, salt, lodz):
    ScreeningFactory(
        edition=edition, room=rio, films=[lodz], starts_at=datetime(2026, 10, 3, 3, 39, tzinfo=UTC)
    )  # Fri 20:39
    typed = row("salt", rio, FRIDAY, "19:00")

    assert sentences(send(admin_client, typed)) == [
        [
            "“Łódź, After Rain” holds this room at that time (Fri 2 Oct 2026, 20:39–22:09). Choose another time or "
            "room; or, if both are right, say why under “Why it may share its room”, and save again."
        ]
    ]
    assert Screening.objects.count() == 1
    assert send(admin_client, typed | {"reason": "One ticket for both"}).status_code == 302
    assert Screening.objects.in_order().first().overlap_reason == "One ticket for both"


def test_rows_that_overlap_each_other_are_refused(admin_client, rio, salt):
    typed = [row("salt", rio, FRIDAY, "19:00"), row("salt", time="20:39")]

    (first, second) = sentences(send(admin_client, *typed))
    assert (first, second) == (
        [],
        ["Row 1 holds this room at that time: Salt Hours · Fri 2 Oct 2026, 19:00–20:40."],
    )
    typed[1]["reason"] = "One ticket for both"
    assert send(admin_client, *typed).status_code == 302
    assert [one.overlap_reason for one in Screening.objects.in_order()] == ["", "One ticket for both"]


def test_two_programmers_cannot_both_fill_the_same_rooms(transactional_db, admin_user, rio, salt):
    annex = RoomFactory(venue__name="The Annex")
    starting_line = threading.Barrier(2)
    answers = []

    def save(*rooms) -> None:
        client = Client()
        client.force_login(admin_user)
        starting_line.wait(10)
        try:
            answers.append(send(client, *(row("salt", room, FRIDAY, "19:00") for room in rooms)).status_code)
        finally:
            connections.close_all()

    programmers = [threading.Thread(target=save, args=rooms) for rooms in ((rio, annex), (annex, rio))]
    for thread in programmers:
        thread.start()
    for thread in programmers:
        thread.join(60)

    assert sorted(answers) == [200, 302]
    assert Screening.objects.count() == 2


def test_warnings_are_shown_once_before_all_is_saved_in_spite_of_them(admin_client, edition, rio, salt):
    first = "2026-10-03"
    ScreeningFactory(edition=edition, room=rio, films=[salt], starts_at=datetime(2026, 10, 4, 2, tzinfo=UTC))
    typed = [row("salt", rio, first, "20:59"), row("salt", time="22:40"), row("salt", day="2026-10-09", time="20:00")]

    answer = send(admin_client, *typed, first=first)
    assert [form.warnings for form in answer.context["entries"].forms[:3]] == [
        ["Only 19 minutes lie between this and “Salt Hours” (Sat 3 Oct 2026, 19:00–20:40); The Rio needs 20."],
        ["Row 1 leaves less than the 20 minutes that the room needs."],
        [f"Friday 9 October 2026 lies outside {edition.name}."],
    ]
    assert Screening.objects.count() == 1
    assert send(admin_client, *typed, first=first, confirm_warnings="on").status_code == 302
    assert Screening.objects.count() == 4


def test_a_time_that_comes_twice_is_asked_for_and_one_that_is_skipped_refused(admin_client, salt, edition):
    toronto = RoomFactory(venue__time_zone="America/Toronto")
    edition.ends_on = date(2027, 4, 1)
    edition.save()
    twice = row("salt", toronto, "2026-10-31", "01:30")
    answer = send(admin_client, twice, first="2026-10-31")
    assert "comes twice" in sentences(answer)[0][0]
    assert answer.context["entries"].forms[0].asks_turn

    assert send(admin_client, twice | {"turn": "second"}, first="2026-10-31").status_code == 302
    assert Screening.objects.get().starts_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    skipped = row("salt", toronto, "2027-03-13", "02:30")
    assert "does not exist" in sentences(send(admin_client, skipped, first="2027-03-13"))[0][0]


def test_the_script_is_told_the_same(admin_client, rio, salt):
    answer = send(admin_client, row("salt", rio, FRIDAY, "19:00"), row("x", time="19"), action="check", json=True)

    marks = json.loads(answer.content)
    assert marks["rows"][0] == {
        "readsAs": "Salt Hours · Fri 2 Oct 2026, 19:00–20:40",
        "errors": {},
        "warnings": [],
        "asks": [],
    }
    assert list(marks["rows"][1]["errors"]) == ["film"]
    assert marks["summary"] == "1 row can be saved, 1 row cannot."
    assert Screening.objects.count() == 0


def test_more_rows_are_added_and_nothing_is_lost(admin_client, rio, salt):
    answer = send(admin_client, row("salt", rio, FRIDAY, "19:00"), action="more")

    forms = answer.context["entries"].forms
    assert len(forms) == 3 + 8
    assert forms[0].reads_as == "Salt Hours · Fri 2 Oct 2026, 19:00–20:40"


@pytest.mark.parametrize("fields", [{"row-TOTAL_FORMS": "x"}, {"row-TOTAL_FORMS": "100000"}, {"row-0-room": "99999"}])
def test_a_tampered_form_saves_nothing(admin_client, rio, salt, fields):
    answer = send(admin_client, row("salt", rio, FRIDAY, "19:00"), **fields)

    assert answer.status_code == 200
    assert Screening.objects.count() == 0


@pytest.mark.parametrize("query", ["edition=x", "from=soon", "copy=1,x,999999999999999999999", "copy=1&days=-3"])
def test_an_odd_address_shows_the_grid(admin_client, edition, query):
    assert admin_client.get(f"{WEEK}?{query}").status_code == 200


def test_without_an_edition_there_is_no_week(admin_client):
    assert admin_client.get(WEEK)["Location"] == "../../edition/add/"


def test_the_grid_is_for_those_who_may_add_screenings(client, django_user_model, edition):
    user = django_user_model.objects.create_user("one", is_staff=True)
    client.force_login(user)
    assert client.get(WEEK).status_code == 403
    user.groups.add(Group.objects.get(name=PROGRAMMERS))
    assert client.get(WEEK).status_code == 200


def test_checking_takes_a_constant_number_of_queries(admin_client, edition, rio, salt, django_assert_num_queries):
    for day in range(6):
        ScreeningFactory(edition=edition, films=[salt], starts_at=NOW + timedelta(days=day))
        FilmFactory(edition=edition, title=f"Number {day}")

    def check(count: int):
        typed = [row(f"number {n}", rio, f"2026-10-0{n + 2}", "19:00") for n in range(count)]
        return send(admin_client, *typed, action="check")

    with CaptureQueriesContext(connection) as with_one:
        check(1)
    with django_assert_num_queries(len(with_one)):
        check(6)
