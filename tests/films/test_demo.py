from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.test import TestCase
from PIL import Image

from films.admission import admission_of, with_admission_rules
from films.conflicts import warnings_about
from films.demo.loading import attach, load, store
from films.demo.programme import CONTENT, ZONE
from films.models import (
    AccessFeature,
    Country,
    Film,
    Language,
    Screening,
    ScreeningFilm,
    ScreeningGuest,
    StatusChange,
)
from films.planner import Way, Ways
from people.images import STILL
from people.models import Person
from tests.factories import NOW, FilmFactory
from venues.models import Room, Venue

Sales, Occurrence = Screening.Sales, Screening.Occurrence


def screenings_of(slug: str):
    return Screening.objects.filter(items__film__slug=slug).order_by("starts_at")


def admissions(slug: str) -> set[tuple[str, str]]:
    screenings = with_admission_rules(screenings_of(slug))
    return {(screening.room.venue.name, admission_of(screening).label) for screening in screenings}


class TestTheDemo(TestCase):
    """All that it has to show, on the evening in the middle of the festival on which it was loaded."""

    @classmethod
    def setUpTestData(cls):
        load(NOW, pictures=False)

    def test_it_is_as_large_as_a_festival(self):
        invented = Film.objects.exclude(edition__kind="year-round").exclude(slug="red-rooms")
        assert invented.count() >= 60
        assert Person.objects.count() >= 150
        assert (Venue.objects.count(), Room.objects.count()) == (5, 9)
        assert Screening.objects.count() >= 220

    def test_ways_between_venues_are_walked_and_ridden(self):
        venues = {venue.slug: venue for venue in Venue.objects.all()}
        ways = Ways.between_all(venues.values())
        to_the_rio = ways.between(venues["international-village"], venues["the-rio"])
        assert to_the_rio == ways.between(venues["the-rio"], venues["international-village"]) == Way(18, "by SkyTrain")
        assert ways.between(venues["the-annex"], venues["viff-centre"]) == Way(10)

    def test_every_state_can_be_seen(self):
        screenings = Screening.objects.public(NOW)
        to_come = screenings.filter(starts_at__gt=NOW)
        assert set(screenings.values_list("occurrence", flat=True)) == set(Occurrence.values)
        assert set(to_come.values_list("sales", flat=True)) == set(Sales.values)
        films = Film.objects.with_standing(NOW)
        assert set(films.values_list("standing", flat=True)) == set(Film.Standing.values)
        assert set(films.values_list("state", flat=True)) == set(Film.State.values)
        assert set(AccessFeature.objects.values_list("feature", flat=True)) == set(AccessFeature.Feature.values)
        assert set(AccessFeature.objects.values_list("is_confirmed", flat=True)) == {True, False}
        assert set(ScreeningFilm.objects.values_list("part", flat=True)) == set(ScreeningFilm.Part.values)
        assert set(StatusChange.objects.values_list("axis", flat=True)) == set(Screening.WATCHED)

    def test_sales_say_what_they_need_to(self):
        waiting = Screening.objects.filter(sales=Sales.NOT_YET)
        assert waiting.filter(on_sale_at__gt=NOW).exists()
        assert waiting.filter(on_sale_at=None).exists()
        assert not Screening.objects.filter(sales=Sales.SOLD_OUT, sales_checked_at=None).exists()
        assert not Screening.objects.filter(sales_checked_at__gt=NOW).exists()
        assert {row.price for row in Screening.objects.filter(sales__in=(Sales.FREE, Sales.FREE_REGISTRATION))} == {0}
        sold = Screening.objects.filter(sales__in=Screening.SOLD_BY_ADDRESS)
        assert not sold.filter(ticket_url="").exists()
        assert len(set(sold.values_list("ticket_url", flat=True))) == sold.count()

    def test_something_is_over_something_runs_and_something_begins_soon(self):
        current = Screening.objects.public(NOW).filter(edition__slug="northlight-2026")
        running = [screening for screening in current if screening.is_on_now(NOW)]
        assert current.filter(ends_at__lte=NOW).exists()
        assert len(running) >= 2
        assert current.upcoming(NOW).filter(starts_at__lt=NOW + timedelta(hours=1)).exists()
        assert any(screening.is_late_night for screening in current.upcoming(NOW))
        partly = screenings_of("the-lighthouse-keepers-union")
        assert {screening.is_past(NOW) for screening in partly} == {True, False}
        assert {screening.is_past(NOW) for screening in screenings_of("the-cartographers-daughter")} == {True}

    def test_one_pair_shares_a_room_and_somebody_said_why(self):
        pairs = [
            (first, second)
            for first in Screening.objects.taking_place()
            for second in Screening.objects.in_room_between(first.room_id, first.starts_at, first.ends_at)
            if first.pk < second.pk
        ]
        assert len(pairs) == 1
        assert any(screening.overlap_reason for screening in pairs[0])

    def test_nothing_else_gets_in_the_way_of_anything(self):
        screenings = Screening.objects.select_related("edition", "room__venue").prefetch_related("guests")
        warnings = [
            warning for screening in screenings for warning in warnings_about(screening, screening.guests.all())
        ]
        assert warnings == []

    def test_special_screenings(self):
        together = Counter(ScreeningFilm.objects.values_list("screening", flat=True))
        assert max(together.values()) > 1
        assert Screening.objects.filter(title="Two Undertows", items__part="double_bill").exists()
        assert Screening.objects.filter(previous_starts_at__isnull=False, previous_room=None).exists()
        assert Screening.objects.filter(previous_starts_at=None, previous_room__isnull=False).exists()
        assert Screening.objects.filter(end_is_approximate=True).exists()
        assert Screening.objects.exclude(entered_end=None).exists()
        assert Screening.objects.exclude(age_override=None).exclude(age_override_reason="").exists()
        assert Screening.objects.filter(talk__gt=0, preshow__gt=0).exclude(guest_note="").exists()
        assert Screening.objects.exclude(language_line="").exists()
        press = Screening.objects.filter(audience="press")
        assert press.exists()
        assert not press.filter(pk__in=Screening.objects.public(NOW)).exists()

    def test_a_premiere_is_one_screening_of_a_film_that_has_one(self):
        premieres = Counter(ScreeningFilm.objects.filter(screening__is_premiere=True).values_list("film", flat=True))
        assert set(premieres.values()) == {1}
        assert Film.objects.filter(pk__in=premieres).exclude(premiere="").exists()
        assert [row.is_premiere for row in screenings_of("red-rooms")] == [True, False, False]

    def test_the_secret_is_kept(self):
        secret = Film.objects.get(kind="secret")
        assert secret.stands_for.state == Film.State.DRAFT
        assert not Film.objects.announced(NOW).filter(pk=secret.stands_for_id).exists()
        assert screenings_of(secret.slug).public(NOW).exists()

    def test_the_film_that_the_programme_grew_out_of(self):
        film = Film.objects.get(slug="red-rooms")
        local = [screening.local_start for screening in screenings_of("red-rooms")]
        assert [f"{start:%Y-%m-%d}" for start in local] == ["2023-09-30", "2023-10-02", "2023-10-04"]
        assert [row.guest_note for row in screenings_of("red-rooms")][1:] == [
            "Q&A with director Pascal Plante and crew"
        ] * 2
        assert [credit.printed_name for credit in film.credits.in_order() if credit.role.slug == "cast"] == [
            "Juliette Gariépy",
            "Laurie Babin",
            "Elisabeth Locas",
            "Natalie Tannous",
            "Pierre Chagnon",
        ]
        assert [str(warning) for warning in film.warnings.all()] == ["Violence", "Sexual Violence"]
        assert admissions("red-rooms") == {("International Village", "18+"), ("The Rio", "19+")}
        assert Film.objects.with_standing(NOW).get(pk=film.pk).standing == Film.Standing.PAST

    def test_the_house_plays_on_in_its_own_rooms(self):
        rooms = {"lady-bird": {"VIFF Cinema"}, "casques-bleues": {"VIFF Cinema"}}
        rooms |= {"souleymanes-story": {"VIFF Cinema", "Lochmaddy Studio Theatre"}}
        for slug in ("in-the-mood-for-love", "folktales", "its-never-over-jeff-buckley"):
            rooms[slug] = {"Lochmaddy Studio Theatre"}
        for slug, expected in rooms.items():
            upcoming = screenings_of(slug).upcoming(NOW)
            assert set(upcoming.values_list("room__name", flat=True)) == expected, slug
            assert upcoming.filter(starts_at__lt=NOW + timedelta(days=3)).exists(), slug
        left = screenings_of("in-the-mood-for-love").upcoming(NOW).exclude(sales=Sales.SOLD_OUT)
        assert not left.exists()

    def test_changes_say_who_when_and_why(self):
        changes = StatusChange.objects.all()
        assert changes.count() >= 12
        assert not changes.filter(reason="").exists()
        assert not changes.filter(changed_by=None).exists()
        assert not changes.filter(changed_at__gte=NOW).exists()

    def test_guests_are_named_and_people_are_found(self):
        assert ScreeningGuest.objects.filter(person__name="Ingrid Solheim").exists()
        assert Film.objects.public(NOW).matching("lukasik").exists()
        assert Film.objects.public(NOW).matching("oy").exists()

    def test_no_code_stands_where_a_name_should(self):
        for word in [*Country.objects.all(), *Language.objects.all()]:
            assert len(word.name) > 3, word.name

    def test_staff_can_log_in_and_do_their_part(self):
        users = {user.username: user for user in get_user_model().objects.all()}
        assert {name: user.groups.get().name for name, user in users.items()} == {
            "programmer": "Programmers",
            "box-office": "Box office",
            "trainee": "Editors-in-training",
        }
        for name, user in users.items():
            assert self.client.login(request=HttpRequest(), username=name, password="northlight")
            assert user.is_staff
            assert not user.is_superuser
            assert not user.user_permissions.exists()

    def test_it_is_never_mixed_into_a_programme(self):
        before = (Film.objects.count(), Screening.objects.count())
        with pytest.raises(CommandError, match="There is a programme in this database already"):
            call_command("load_demo", stdout=StringIO())
        said = StringIO()
        call_command("load_demo", "--if-empty", stdout=said)
        assert said.getvalue() == "There is a programme already, so no demo was loaded.\n"
        assert (Film.objects.count(), Screening.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [9, 13, 23])
def test_something_runs_at_whatever_hour_it_is_loaded(hour):
    at = datetime(2026, 11, 2, hour, 17, tzinfo=ZONE).astimezone(UTC)

    load(at, pictures=False)

    screenings = Screening.objects.public(at)
    assert sum(screening.is_on_now(at) for screening in screenings) >= 2
    assert screenings.upcoming(at).filter(starts_at__lt=at + timedelta(hours=1)).exists()


@pytest.mark.django_db
def test_the_command_fills_an_empty_database():
    said = StringIO()

    call_command("load_demo", "--if-empty", "--no-pictures", stdout=said)

    assert f"Loaded {Film.objects.count()} films" in said.getvalue()
    assert Film.objects.public().exists()


@pytest.mark.django_db
def test_it_takes_over_nobody_who_is_there_already():
    get_user_model().objects.create_user("programmer", password="of their own")
    Language.objects.create(name="Norwegian", code="no")

    load(NOW, pictures=False)

    assert Language.objects.filter(code="no").count() == 1
    assert get_user_model().objects.get(username="programmer").check_password("of their own")


@pytest.mark.django_db
def test_pictures_reach_the_films_that_show_them():
    film = FilmFactory()
    with ThreadPoolExecutor() as pool:
        attach(Film, "still", {film.pk: pool.submit(store, "stills", "red-rooms", STILL, "right")})

    film.refresh_from_db()
    assert all(default_storage.exists(film.still.path(width, "avif")) for width in STILL.widths)


@pytest.mark.parametrize(("folder", "size"), [("stills", (1600, 900)), ("portraits", (800, 1000))])
def test_every_picture_is_large_enough_for_its_widest_rendition(folder, size):
    for path in (CONTENT / folder).iterdir():
        with Image.open(path) as image:
            assert image.size == size, path.name
