import io
import struct
import zlib
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from films.models import Edition, Film
from people.images import HEADSHOT, STILL, Picture, open_image, originals, store_picture
from people.models import Person
from tests.admin_pages import errors_of, fill_in

UNUSABLE = "This file is not a picture we can use. Please choose a JPEG, PNG, WebP or AVIF file."
DAMAGED = "This picture is damaged or cut off and cannot be read. Please export it again."


def encoded(image: Image.Image, format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def noise(size=(640, 480)) -> Image.Image:
    return Image.effect_noise(size, 80).convert("RGB")


def bomb() -> bytes:
    """A PNG of 10,000 by 10,000 pixels in a few kilobytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"\0" * (1251 * 10_000), 9)
    header = struct.pack(">IIBBBBB", 10_000, 10_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def with_place() -> bytes:
    """A JPEG that says where it was taken, by which camera, and which way up it is."""
    exif = Image.Exif()
    exif[0x010F] = "Spy Camera Works"
    exif[0x0112] = 6  # turned a quarter
    exif.get_ifd(0x8825).update({1: "N", 2: (49.0, 15.0, 0.0), 3: "W", 4: (123.0, 6.0, 0.0)})
    return encoded(noise((640, 360)), "JPEG", exif=exif)


def refusal_of(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        open_image(ContentFile(content))
    return refused.value.messages[0]


@pytest.mark.parametrize("shape", [STILL, HEADSHOT])
def test_an_upload_makes_nine_files_of_the_right_sizes(shape):
    _name, key = store_picture(ContentFile(encoded(noise(), "PNG")), shape)

    picture = Picture(shape, key)
    formats = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
    for width in shape.widths:
        for extension, format in formats.items():
            with default_storage.open(picture.path(width, extension)) as file, Image.open(file) as image:
                assert (image.size, image.format) == ((width, shape.height(width)), format)
    _folders, files = default_storage.listdir(shape.folder)
    assert len([name for name in files if name.startswith(key)]) == 9


def test_no_rendition_says_where_the_picture_was_taken(office):
    content = with_place()
    assert b"Spy Camera Works" in content
    name, key = store_picture(ContentFile(content), STILL)

    for width in STILL.widths:
        for extension in ("avif", "webp", "jpg"):
            with default_storage.open(Picture(STILL, key).path(width, extension)) as file:
                assert b"Spy Camera" not in file.read()
                with Image.open(file) as image:
                    assert dict(image.getexif()) == {}
    with originals().open(name) as original:
        assert original.read() == content
    assert office.get(f"/media/originals/{name}").status_code == 404


def test_a_picture_on_its_side_is_turned_upright():
    assert open_image(ContentFile(with_place())).size == (360, 640)


def test_the_same_picture_is_kept_once_and_another_focus_apart():
    content = encoded(noise(), "PNG")

    once = store_picture(ContentFile(content), STILL)

    assert store_picture(ContentFile(content), STILL) == once
    assert store_picture(ContentFile(content), STILL, "top left") != once


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_four_formats_are_taken(format):
    assert open_image(ContentFile(encoded(noise((64, 36)), format))).size == (64, 36)


def test_a_decompression_bomb_is_refused_before_it_is_decoded():
    assert len(bomb()) < 20_000
    assert refusal_of(bomb()) == (
        "This picture has more than 60 million pixels. 1600 pixels wide is all we show: please export a smaller one."
    )


def test_an_upload_that_is_too_large_is_refused(settings):
    settings.IMAGE_MAX_BYTES = 1024 * 1024

    assert refusal_of(b"x" * (1024 * 1024 + 1)).startswith("This picture is larger than 1 MB.")


def test_other_formats_and_renamed_text_are_refused():
    assert refusal_of(encoded(noise((64, 36)), "GIF")) == UNUSABLE
    assert refusal_of(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>") == UNUSABLE
    assert refusal_of(b"only words") == UNUSABLE


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_cut_off_is_refused(format):
    content = encoded(noise(), format)

    assert refusal_of(content[: len(content) // 2]) == DAMAGED


def test_a_refused_picture_leaves_nothing_behind():
    before = default_storage.listdir("")

    with pytest.raises(ValidationError):
        store_picture(ContentFile(bomb()), STILL)

    assert default_storage.listdir("") == before


# In the admin


@pytest.fixture
def office(db):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("programmer", "p@example.org", "x"))
    return client


def uploaded(content: bytes, name: str = "picture.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: b"", "The submitted file is empty."),
        (lambda: b"only words", UNUSABLE),
        (lambda: encoded(noise((64, 36)), "GIF"), UNUSABLE),
        (lambda: encoded(noise(), "JPEG")[:9000], DAMAGED),
        (bomb, "This picture has more than 60 million pixels."),
    ],
    ids=["empty", "text", "GIF", "cut off", "bomb"],
)
def test_a_picture_that_cannot_be_used_is_a_sentence_at_its_field(office, content, sentence):
    Edition.objects.create(name="2026", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 11))

    film = fill_in(office, "/admin/films/film/add/", {"title": "Oy", "still_upload": uploaded(content())})
    person = fill_in(
        office,
        "/admin/people/person/add/",
        {"name": "Radu Jude", "headshot_alt": "Radu Jude", "headshot_upload": uploaded(content())},
    )

    assert errors_of(film)["still_upload"][0].startswith(sentence)
    assert errors_of(person)["headshot_upload"][0].startswith(sentence)
    assert not Film.objects.exists()
    assert not Person.objects.exists()


def test_a_headshot_is_cut_to_its_own_shape(office):
    response = fill_in(
        office,
        "/admin/people/person/add/",
        {
            "name": "Radu Jude",
            "headshot_alt": "Radu Jude at a café table",
            "headshot_upload": uploaded(encoded(noise(), "JPEG")),
            "filmography-TOTAL_FORMS": 1,
            "filmography-0-title": "Aferim!",
            "filmography-0-year": 2015,
            "filmography-0-position": 0,
        },
    )

    assert errors_of(response) == {}
    person = Person.objects.get()
    assert originals().exists(person.headshot_original)
    assert default_storage.exists(person.headshot.path(720, "avif"))
    assert str(person.filmography.get()) == "Aferim! (2015)"


def test_a_headshot_needs_words_for_those_who_do_not_see_it(office):
    typed = {"name": "Radu Jude", "headshot_upload": uploaded(encoded(noise(), "JPEG"))}

    assert list(errors_of(fill_in(office, "/admin/people/person/add/", typed))) == ["headshot_alt"]


def test_people_are_found_whatever_their_accents(office):
    person = Person.objects.create(name="Astrid Sæther")

    page = office.get("/admin/people/person/", {"q": "saether"})

    assert list(page.context["cl"].result_list) == [person]
