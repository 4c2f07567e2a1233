"""What staff see of the listing check in the admin."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from films.listing_check import Finding, Level, rules_for
from films.models import Film
from films.templatetags.listing_check import anchor
from tests.factories import NOW, EditionFactory, FilmFactory, RoomFactory, ScreeningFactory
from tests.films.listing import change, whole_film

FILMS = "/admin/films/film/"
SCREENINGS = "/admin/films/screening/"
CHECK = "/admin/films/check/"

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def faulty(edition):
    return whole_film(edition, title="Oy", synopsis="", blurb="")


def rows(client, url: str, **query) -> list:
    return list(client.get(url, query).context["cl"].result_list)


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_list_says_what_was_found_in_a_word_and_a_sign(admin_client, film, faulty):
    assert "▲ 1 warning ○ 1 hint" in words(admin_client.get(FILMS))


def test_the_list_is_filtered_by_level_and_by_rule(admin_client, film, faulty):
    assert rows(admin_client, FILMS, found="warning") == [faulty]
    assert rows(admin_client, FILMS, found="no-blurb") == [faulty]
    assert rows(admin_client, FILMS, found="error") == []
    assert rows(admin_client, FILMS, found="no-such-rule") == []
    change(film.showings.get().screening, sales="on_sale")
    assert rows(admin_client, SCREENINGS, found="error") == [film.showings.get().screening]


def test_the_filter_leaves_past_editions_out_unless_one_is_chosen(admin_client, film):
    past = EditionFactory(starts_on=NOW.date() - timedelta(days=400), ends_on=NOW.date() - timedelta(days=390))
    old = whole_film(past, year=2025, synopsis="")

    assert rows(admin_client, FILMS, found="no-synopsis") == []
    assert rows(admin_client, FILMS, found="no-synopsis", edition__id__exact=past.pk) == [old]


def test_the_form_lists_the_findings_and_leads_to_their_fields(admin_client, film, faulty):
    page = admin_client.get(f"{FILMS}{faulty.pk}/change/").content.decode()
    assert 'href="#id_synopsis">It has no synopsis' in page
    assert 'id="id_synopsis"' in page

    faulty.credits.all().delete()
    page = admin_client.get(f"{FILMS}{faulty.pk}/change/").content.decode()
    assert 'href="#credits-group">It names nobody' in page
    assert 'id="credits-group"' in page
    assert "findings-heading" not in admin_client.get(f"{FILMS}{film.pk}/change/").content.decode()


def test_every_finding_names_something_that_stands_in_its_form(admin_client, film):
    screening = film.showings.get().screening
    for model, url in ((Film, f"{FILMS}{film.pk}"), (type(screening), f"{SCREENINGS}{screening.pk}")):
        page = admin_client.get(f"{url}/change/").content.decode()
        anchors = {anchor(Finding(rule.code, Level.HINT, "", rule.field)) for rule in rules_for(model)}
        assert {place for place in anchors if f'id="{place}"' not in page} == set()


def test_the_page_counts_by_rule_and_edition(admin_client, edition, film, faulty):
    page = admin_client.get(CHECK)
    assert "▲ 1 warning ○ 1 hint" in words(page)
    assert f'<a href="{FILMS}?edition__id__exact={edition.pk}&amp;found=no-synopsis">' in page.content.decode()
    assert "Oy (2026) : It has no synopsis" in words(page)

    other = EditionFactory(name="Another year", starts_on=NOW.date() - timedelta(days=400), ends_on=NOW.date())
    assert "Nothing found." in words(admin_client.get(CHECK, {"edition": other.pk}))


def test_the_page_shows_only_what_one_may_see(client, django_user_model, faulty):
    change(faulty.showings.get().screening, sales="on_sale")
    user = django_user_model.objects.create_user("box", password="x", is_staff=True)
    client.force_login(user)
    assert client.get(CHECK).status_code == 403

    user.user_permissions.add(Permission.objects.get(codename="view_screening"))
    page = words(client.get(CHECK))
    assert "On sale without a ticket address" in page
    assert "No synopsis" not in page
    client.logout()
    assert client.get(CHECK).status_code == 302


@pytest.mark.parametrize(
    "url", [FILMS, f"{FILMS}?found=hint", f"{FILMS}?_facets=True", SCREENINGS, f"{SCREENINGS}?found=error", CHECK]
)
def test_pages_with_findings_take_a_constant_number_of_queries(admin_client, edition, url, django_assert_num_queries):
    def add(count: int) -> None:
        for _ in range(count):
            film = FilmFactory(edition=edition)
            for _ in range(2):
                ScreeningFactory(edition=edition, room=RoomFactory(), films=[film], sales="on_sale")

    add(1)
    admin_client.get(url)
    with CaptureQueriesContext(connection) as with_one:
        admin_client.get(url)
    add(14)
    with django_assert_num_queries(len(with_one)):
        admin_client.get(url)
    assert len(with_one) <= 32
