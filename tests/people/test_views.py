import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from people.images import STILL, originals, sign_original, store_picture

PREVIEW = "/admin/markdown/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def signed():
    buffer = io.BytesIO()
    Image.new("RGB", (2000, 1000), "teal").save(buffer, "PNG")
    name, _key = store_picture(ContentFile(buffer.getvalue()), STILL)
    return sign_original(name)


def test_the_preview_is_what_the_page_will_show(admin_client):
    response = admin_client.post(PREVIEW, {"text": "A *quiet* <b>film</b>."})

    assert response.content.decode() == "<p>A <em>quiet</em> &lt;b&gt;film&lt;/b&gt;.</p>\n"
    assert "no-store" in response["Cache-Control"]


def test_the_preview_is_for_staff_and_only_asked_by_post(client, admin_client, django_user_model):
    assert client.post(PREVIEW, {"text": "x"}).status_code == 403
    client.force_login(django_user_model.objects.create_user("reader"))
    assert client.post(PREVIEW, {"text": "x"}).status_code == 403
    assert admin_client.get(PREVIEW).status_code == 405


def test_staff_see_an_upload_whole_and_small(admin_client, signed):
    response = admin_client.get(reverse("whole_picture", args=[signed]))

    assert Image.open(io.BytesIO(response.content)).size == (960, 480)
    assert "private" in response["Cache-Control"]


def test_staff_download_an_upload_as_it_came(admin_client, signed):
    response = admin_client.get(reverse("original_picture", args=[signed]))

    assert response["Content-Disposition"].startswith("attachment")
    assert Image.open(io.BytesIO(b"".join(response.streaming_content))).size == (2000, 1000)


@pytest.mark.parametrize("address", ["whole_picture", "original_picture"])
def test_uploads_are_for_staff_and_for_those_who_were_told_where(client, admin_client, signed, address):
    assert client.get(reverse(address, args=[signed])).status_code == 403
    for guessed in ("stills/x.jpg", signed[:-2], "../settings.py", sign_original("stills/gone.jpg")):
        assert admin_client.get(reverse(address, args=[guessed])).status_code == 404


def test_a_broken_original_is_not_shown(admin_client):
    originals().save("stills/broken.jpg", ContentFile(b"no picture"))

    address = reverse("whole_picture", args=[sign_original("stills/broken.jpg")])

    assert admin_client.get(address).status_code == 404
