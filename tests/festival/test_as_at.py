"""The site as staff see it at another moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import get_script_prefix, reverse

from films.models import Film, Screening
from films.roles import TRAINEES
from tests.factories import NOW, CreditFactory, EditionFactory, FilmFactory, ScreeningFactory
from tests.staff import logged_in, member_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

# NOW is 6 pm on 2 October in Vancouver; the embargo ends at 7 pm.
LIFTS = NOW + timedelta(hours=1)
BEFORE, THEN = "/as-at/2026-10-02T18:59", "/as-at/2026-10-02T19:00"


@pytest.fixture
def staff() -> Client:
    return logged_in(member_of(TRAINEES))


@pytest.fixture
def film() -> Film:
    edition = EditionFactory(name="Northlight 2026", announced_at=NOW - timedelta(days=30))
    film = FilmFactory(title="Glass Harbour", edition=edition, state=Film.State.SCHEDULED, embargo_until=LIFTS)
    CreditFactory(film=film, person__name="Ilse Brandt")
    ScreeningFactory(films=[film], edition=edition, starts_at=NOW + timedelta(hours=4))
    return film


@pytest.mark.parametrize("page", ["/", "/films/", "/films/glass-harbour/", "/search/?q=glass", "/people/ilse-brandt/"])
@pytest.mark.parametrize("language", ["", "/fr"])
def test_a_page_stands_as_it_will_at_the_moment(staff, film, page, language):
    assert "Harbour" not in staff.get(f"{BEFORE}{language}{page}").content.decode()
    response = staff.get(f"{THEN}{language}{page}")
    assert response.status_code == 200
    assert "Harbour" in response.content.decode()
    assert response["Content-Language"] == ("fr" if language else "en")
    assert "Harbour" not in staff.get(f"{language}{page}").content.decode()


def test_every_link_stays_at_the_moment(staff, film):
    page = staff.get(f"{THEN}/films/glass-harbour/").content.decode()
    links = [part.partition('"')[0] for part in page.split('href="')[1:]]
    away = {link for link in links if link.startswith("/") and not link.startswith((f"{THEN}/", "/static/"))}
    # Back to now, the other moments, and nothing else.
    assert away == {"/films/glass-harbour/", *(url for url in away if url.startswith("/as-at/"))}
    assert f"{THEN}/fr/films/glass-harbour/" in links
    assert f"{THEN}/people/ilse-brandt/" in links


def test_nobody_keeps_or_finds_it(staff, film):
    response = staff.get(f"{THEN}/films/glass-harbour/")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    page = response.content.decode()
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
    assert 'rel="canonical"' not in page


def test_a_stranger_is_asked_who_they_are(client, film):
    response = client.get(f"{THEN}/films/?page=1")
    assert response.status_code == 302
    assert response["Location"] == "/admin/login/?next=/as-at/2026-10-02T19%3A00/films/%3Fpage%3D1"
    assert "Glass" not in client.get(f"{THEN}/films/glass-harbour/").content.decode()


def test_staff_who_may_see_no_film_see_none(film):
    client = Client()
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(f"{THEN}/").status_code == 403
    assert client.get("/as-at/").status_code == 403


def test_nothing_is_changed_from_there(staff):
    assert staff.post(f"{THEN}/films/").status_code == 405


@pytest.mark.parametrize("path", ["/admin/films/film/", "/media/stills/x.jpg", "/fr/box-office/"])
def test_what_is_about_now_is_not_shown_at_another_time(staff, path):
    assert staff.get(f"{THEN}{path}")["Location"] == path


@pytest.mark.parametrize(
    "moment", ["2026-13-01T00:00", "2026-02-30T00:00", "0026-01-01T00:00", "now", "2026-10-02T24:00"]
)
def test_a_moment_that_is_none_has_no_page(staff, moment):
    assert staff.get(f"/as-at/{moment}/").status_code == 404


def test_a_page_without_its_slash_is_found(staff, film):
    response = staff.get(f"{THEN}/fr/films")
    assert (response.status_code, response["Location"]) == (301, f"{THEN}/fr/films/")


def test_the_public_page_is_what_it_was(client, staff, film):
    before = client.get("/films/")
    staff.get(f"{THEN}/films/")
    after = client.get("/films/")
    assert (before.content, before.headers) == (after.content, after.headers)
    assert not after.cookies
    assert get_script_prefix() == "/"


def test_a_failing_page_leaves_the_next_one_alone(staff, film, client):
    staff.get(f"{THEN}/films/nonsense/")
    assert get_script_prefix() == "/"
    assert "/as-at/" not in client.get("/films/").content.decode()


def test_words_to_come_are_not_suggested_to_the_public(client, staff, film, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    assert "Glass Harbour" in staff.get(f"{THEN}/search/?q=glas+harbur").content.decode()
    assert "Glass Harbour" not in client.get("/search/?q=glas+harbur").content.decode()
    cache.clear()


def test_the_bar_names_the_moment_and_leads_to_others(staff, film):
    page = staff.get(f"{THEN}/films/?series=x&page=2").content.decode()
    assert "As at Fri 2 Oct 2026, 7:00 pm" in page.replace("\u00a0", " ")
    assert 'value="2026-10-02T19:00"' in page
    assert '<input type="hidden" name="path" value="/films/?series=x&amp;page=2">' in page
    assert '<a href="/films/?series=x&amp;page=2">Back to now</a>' in page
    for moment in ("2026-09-02T17:59", "2026-09-02T18:00", "2026-09-28T17:00", "2026-10-09T05:00"):
        assert f"/as-at/{moment}/films/?series=x&amp;page=2" in page, moment


def test_the_foyers_screen_says_that_it_is_of_another_moment(staff, film):
    address = Screening.objects.get().room.venue.get_absolute_url().replace("/venues/", "/foyer/")
    assert "As at Fri 2 Oct" in staff.get(f"{THEN}{address}").content.decode().replace("\u00a0", " ")
    assert "As at" not in staff.get(address).content.decode()


def test_the_bar_leads_to_this_site_alone(staff):
    page = staff.get(f"{THEN}//evil.example/").content.decode()
    assert 'href="//evil' not in page


# Choosing


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ({"moment": "2026-10-02T19:00", "path": "/films/?page=2"}, f"{THEN}/films/?page=2"),
        ({"moment": "2026-10-02 19:00"}, f"{THEN}/"),
        ({"moment": "2026-10-02T19:00", "path": "//evil.example/"}, f"{THEN}/evil.example/"),
        ({"moment": "2026-10-02T19:00", "path": "https://evil.example/"}, f"{THEN}/https://evil.example/"),
    ],
)
def test_a_moment_is_chosen(staff, asked, leads_to):
    assert staff.get(reverse("as_at"), asked)["Location"] == leads_to


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("", "This field is required."),
        ("soon", "Write the date and time like 2026-11-23 19:30."),
        ("1000-01-01T10:00", "Choose a year between 1900 and 2199."),
    ],
)
def test_a_moment_that_makes_no_sense_is_asked_for_again(staff, moment, sentence):
    response = staff.get(reverse("as_at"), {"moment": moment})
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_the_film_form_leads_to_the_page_as_it_will_be(admin_client, film):
    page = admin_client.get(reverse("admin:films_film_change", args=[film.pk])).content.decode()
    assert "?moment=2026-10-02T19%3A00&amp;path=%2Ffilms%2Fglass-harbour%2F" in page


def test_a_moment_within_a_minute_is_looked_at_from_the_next(admin_client, film):
    Film.objects.update(embargo_until=datetime(2026, 10, 3, 2, 0, 1, tzinfo=UTC))
    page = admin_client.get(reverse("admin:films_film_change", args=[film.pk])).content.decode()
    assert "?moment=2026-10-02T19%3A01&amp;" in page
