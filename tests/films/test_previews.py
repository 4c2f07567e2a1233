"""Preview links: the page of a film that is not public, for whoever was sent its address."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from films.models import Film, PreviewLink
from films.previews import link_behind, make_link
from films.roles import TRAINEES
from people.images import HEADSHOT, STILL, store_picture
from tests.factories import NOW, CreditFactory, FilmFactory, PersonFactory, ScreeningFactory
from tests.staff import member_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

DAY = timedelta(days=1)


def picture(colour="navy") -> ContentFile:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 450), colour).save(buffer, "PNG")
    return ContentFile(buffer.getvalue())


@pytest.fixture
def film():
    ilse = PersonFactory(name="Ilse Brandt", biography="Born in Trondheim.")
    ilse.headshot_original, ilse.headshot_key = store_picture(picture(), HEADSHOT)
    ilse.save()
    film = FilmFactory(title="Glass Harbour", state=Film.State.DRAFT, still_alt="A quay.")
    film.still_original, film.still_key = store_picture(picture(), STILL)
    film.save()
    CreditFactory(film=film, person=ilse)
    return film


def address(film: Film, by=None, lasts=DAY) -> str:
    _link, token = make_link(film, "The Courier", lasts, by, NOW)
    return reverse("preview", args=[token])


def test_whoever_has_the_link_reads_the_page(client, film):
    response = client.get(address(film))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Glass Harbour" in page
    assert "Born in Trondheim." in page
    assert "This page is not public yet." in page
    assert "This link ends on Sat 3 Oct at" in page
    assert not response.cookies


def test_nobody_keeps_finds_or_is_told_the_address(client, film):
    url = address(film)
    response = client.get(url)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response["Referrer-Policy"] == "no-referrer"
    page = response.content.decode()
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
    for sign in ('rel="canonical"', "ld+json", 'property="og:', "data-star", ".ics"):
        assert sign not in page, sign


def test_its_pictures_are_shown_and_no_others(client, film):
    url = address(film)
    page = client.get(url).content.decode()
    pictures = set(re.findall(rf"{url}[^ \",]+", page))
    assert {name.removeprefix(url).partition("/")[0] for name in pictures} == {"stills", "headshots"}
    for name in pictures:
        response = client.get(name)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
        assert client.get(f"/media/{name.removeprefix(url)}").status_code == 404
    other = FilmFactory(state=Film.State.DRAFT)
    other.still_original, other.still_key = store_picture(picture("red"), STILL)
    other.save()
    for wrong in (other.still.path(480, "jpg"), "originals/x.png", "../settings.py"):
        assert client.get(f"{url}{wrong}").status_code == 404


def test_it_leaks_nothing_else_that_is_not_public(client, film):
    known = CreditFactory(film=FilmFactory(title="Salt Hours"), person__name="Known Name").person
    CreditFactory(film=film, person=known, position=1)
    short = FilmFactory(title="Hidden Short", state=Film.State.DRAFT)
    whole = FilmFactory(title="Hidden Programme", state=Film.State.DRAFT, kind="programme")
    whole.parts.create(film=film)
    film.parts.create(film=FilmFactory(title="Hidden Part", state=Film.State.SCHEDULED, embargo_until=NOW + DAY))
    shown = FilmFactory(title="Open Short")
    ScreeningFactory(films=[short, shown, film], title="")
    ScreeningFactory(films=[film], audience="press", note="For the press.")
    FilmFactory(kind="secret", title="Secret Screening", stands_for=film)

    page = client.get(address(film)).content.decode()

    for hidden in ("Hidden", "Secret", "For the press.", "/people/ilse-brandt/"):
        assert hidden not in page, hidden
    assert "Open Short" in page
    assert f'href="{known.get_absolute_url()}"' in page


def test_the_preview_of_a_placeholder_does_not_name_its_film(client, film):
    placeholder = FilmFactory(kind="secret", title="Secret Screening", stands_for=film, state=Film.State.DRAFT)
    page = client.get(address(placeholder)).content.decode()
    assert "Secret Screening" in page
    assert "Glass" not in page
    assert "glass" not in page


def test_a_film_that_is_public_by_now_has_a_page_to_go_to(client, film):
    url = address(film)
    Film.objects.update(state=Film.State.PUBLISHED)
    page = client.get(url).content.decode()
    assert "This film is public by now." in page
    assert f'<a href="{film.get_absolute_url()}">Open its page</a>' in page


def test_every_link_that_leads_nowhere_leads_to_one_page(client, film):
    url, other = address(film), address(film)
    PreviewLink.objects.filter(pk=PreviewLink.objects.last().pk).update(revoked_at=NOW)
    pages = set()
    with time_machine.travel(NOW + DAY, tick=False):
        for gone in (url, other, "/preview/nonsense/", f"/preview/{'x' * 43}/", f"{url}{film.still.path(480, 'jpg')}"):
            response = client.get(gone)
            assert response.status_code == 404
            assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "no-referrer")
            pages.add(re.sub(r'href="[^"]*preview[^"]*"', "", response.content.decode()))
    assert len(pages) == 1
    assert "Whoever sent it can send you a new one." in pages.pop()


def test_a_link_ends_at_its_instant(film):
    link, token = make_link(film, "The Courier", DAY, None, NOW)
    assert link_behind(token, NOW + DAY - timedelta(microseconds=1)) == link
    assert link_behind(token, NOW + DAY) is None


def test_the_token_is_stored_nowhere(film):
    _link, token = make_link(film, "The Courier", DAY, None, NOW)
    assert len(token) == 43
    assert token not in str(PreviewLink.objects.values().get())


def test_a_link_that_ends_before_it_begins_is_refused_by_the_database(film):
    with pytest.raises(IntegrityError), transaction.atomic():
        PreviewLink.objects.create(film=film, token_hash="0", made_for="x", made_at=NOW, expires_at=NOW)


def test_a_page_costs_the_same_whatever_stands_on_it(client, film):
    url = address(film)
    ScreeningFactory(films=[film])

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    few = queries()
    for number in range(10):
        CreditFactory(film=film, position=number)
        ScreeningFactory(films=[film], starts_at=NOW + number * DAY)
    assert queries() == few


# In the admin


def page_of(film: Film) -> str:
    return reverse("admin:films_film_previews", args=[film.pk])


def test_a_link_is_made_told_once_and_taken_back(admin_client, client, film):
    made = admin_client.post(page_of(film), {"made_for": "The Courier", "days": "3"})
    url = re.search(r'value="(http://testserver/preview/[^"]+)"', made.content.decode())[1]
    link = PreviewLink.objects.get()
    assert (link.film, link.made_for, link.made_by.username) == (film, "The Courier", "admin")
    assert link.expires_at == NOW + 3 * DAY
    assert "no-store" in made["Cache-Control"]
    assert client.get(url).status_code == 200
    page = admin_client.get(page_of(film)).content.decode()
    assert url not in page
    assert "2 Oct 2026, 18:00" in page

    taken = admin_client.post(page_of(film), {"revoke": link.pk}, follow=True)

    assert "The link for The Courier leads nowhere any more." in taken.content.decode()
    assert client.get(url).status_code == 404
    link.refresh_from_db()
    assert (link.revoked_at, link.last_opened_at) == (NOW, NOW)
    assert set(LogEntry.objects.values_list("object_id", "change_message")) == {
        (str(film.pk), "Made a preview link for The Courier."),
        (str(film.pk), "Took back the preview link for The Courier."),
    }


@pytest.mark.parametrize("typed", [{"made_for": "", "days": "3"}, {"made_for": "X", "days": "3000"}])
def test_a_link_needs_a_name_and_an_end(admin_client, film, typed):
    response = admin_client.post(page_of(film), typed)
    assert response.context["form"].errors
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "9" * 30, "²"])
def test_nonsense_is_not_taken_back(admin_client, film, key):
    assert admin_client.post(page_of(film), {"revoke": key}).status_code == 302


def test_the_form_says_how_many_links_are_open(admin_client, film):
    make_link(film, "The Courier", DAY, None, NOW)
    make_link(film, "Another", DAY, None, NOW - DAY)
    page = admin_client.get(reverse("admin:films_film_change", args=[film.pk])).content.decode()
    assert "1 link is open." in page
    assert page_of(film) in page


def test_the_form_offers_no_link_to_whoever_may_not_publish(client, film):
    client.force_login(member_of(TRAINEES))
    page = client.get(reverse("admin:films_film_change", args=[film.pk])).content.decode()
    assert "What the world sees now" in page
    assert page_of(film) not in page
