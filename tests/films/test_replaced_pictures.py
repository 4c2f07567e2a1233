"""A picture that takes another's place: the old addresses go on answering, and no file stays that nobody shows."""

import io
import os
import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from films.models import Film
from people.images import STILL, originals, store_picture
from people.models import ReplacedPicture
from tests.factories import FilmFactory


def picture(colour: str) -> ContentFile:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 450), colour).save(buffer, "PNG")
    return ContentFile(buffer.getvalue())


def give_still(film: Film, colour: str) -> str:
    """The address of a still of that colour, which `film` now shows."""
    film.still_original, film.still_key = store_picture(picture(colour), STILL)
    film.save()
    return film.still.url(480, "avif")


def files_of(address: str) -> list[str]:
    key = address.split("/")[-1].split("-")[0]
    return [name for name in default_storage.listdir("stills")[1] if name.startswith(key)]


@pytest.fixture
def film(db):
    return FilmFactory()


@pytest.fixture
def replace(film, django_capture_on_commit_callbacks):
    def replace(colour: str, of: Film = film) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            return give_still(of, colour)

    return replace


def test_an_old_address_leads_to_the_picture_in_its_place_however_often_that_changes(client, film, replace):
    red, green, blue = (replace(colour) for colour in ("red", "green", "blue"))

    for old in (red, green):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (302, blue)
        assert response["Cache-Control"] == "public, max-age=3600"
        assert not response.cookies
    assert client.get(blue).status_code == 200


def test_a_picture_that_returns_is_its_own_again(client, film, replace):
    red, green = replace("red"), replace("green")
    replace("red")

    assert client.get(red).status_code == 200
    assert client.get(green)["Location"] == red
    assert ReplacedPicture.objects.count() == 1


def test_an_old_address_tells_nothing_of_a_film_that_is_not_public(client, admin_client, film, replace):
    red = replace("red")
    replace("green")
    Film.objects.update(state=Film.State.DRAFT)

    assert client.get(red).status_code == 404
    assert admin_client.get(red).status_code == 404


def test_a_picture_that_another_film_shows_as_well_stays(client, film, replace):
    red = replace("red")
    other = FilmFactory()
    replace("red", of=other)

    replace("green")

    assert len(files_of(red)) == 9
    assert client.get(red).status_code == 200


def test_the_files_of_a_replaced_picture_go_and_its_original_stays(film, replace):
    red = replace("red")
    original = film.still_original

    replace("green")

    assert files_of(red) == []
    assert originals().exists(original)


def test_a_replacement_that_is_not_saved_after_all_takes_nothing_away(client, film, replace):
    red = replace("red")

    with transaction.atomic():
        give_still(film, "green")
        transaction.set_rollback(True)

    assert len(files_of(red)) == 9
    assert client.get(red).status_code == 200
    assert not ReplacedPicture.objects.exists()


def test_a_picture_without_its_files_is_cut_anew_when_it_is_asked_for(client, film, replace):
    red = replace("red")
    before = client.get(red).content
    for name in files_of(red):
        default_storage.delete(f"stills/{name}")

    assert client.get(red).content == before
    assert len(files_of(red)) == 9
    assert client.get(red.replace("480", "481")).status_code == 404


def test_a_picture_without_files_and_original_is_not_found(client, film, replace):
    red = replace("red")
    for name in files_of(red):
        default_storage.delete(f"stills/{name}")
    originals().delete(film.still_original)

    assert client.get(red).status_code == 404


def age(address: str, by: timedelta) -> None:
    then = (timezone.now() - by).timestamp()
    for name in files_of(address):
        os.utime(default_storage.path(f"stills/{name}"), (then, then))


@pytest.mark.parametrize(("by", "left"), [(timedelta(hours=23), 9), (timedelta(hours=25), 0)])
def test_what_was_cut_and_never_saved_is_removed_after_a_day(film, replace, capsys, by, left):
    shown = replace("red")
    _original, key = store_picture(picture("purple"), STILL)
    unsaved = f"/media/stills/{key}-480.avif"
    age(shown, timedelta(days=400))
    age(unsaved, by)

    call_command("tidy_pictures")

    assert (len(files_of(shown)), len(files_of(unsaved))) == (9, left)
    for name in files_of(unsaved):
        default_storage.delete(f"stills/{name}")


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_another_transaction_is_about_to_show_survives_the_tidying(client):
    film = FilmFactory()
    red = give_still(film, "red")
    age(red, timedelta(days=2))
    cut, tidied = threading.Event(), threading.Event()

    def take_the_same_picture() -> None:
        other = FilmFactory.build(edition=film.edition)
        other.still_original, other.still_key = store_picture(picture("red"), STILL)
        cut.set()
        tidied.wait(20)
        other.save()
        connection.close()

    racing = threading.Thread(target=take_the_same_picture)
    racing.start()
    cut.wait(20)
    give_still(film, "green")
    call_command("tidy_pictures")
    tidied.set()
    racing.join(20)

    assert client.get(red).status_code == 200
