"""Text is sent packed to whoever can unpack it."""

import gzip

import pytest
import time_machine

from tests.factories import NOW, FilmFactory, ScreeningFactory

PACKED = {"accept-encoding": "gzip"}


@pytest.fixture
def screening(db):
    with time_machine.travel(NOW, tick=False):
        yield ScreeningFactory(films=[FilmFactory(title="Kiln")])


@pytest.mark.parametrize("address", ["/films/kiln/", "/my-schedule/screenings.json?ids={}", "/screenings/{}.ics"])
def test_text_is_packed_and_says_the_same(client, screening, address):
    address = address.format(screening.pk)
    packed, plain = client.get(address, headers=PACKED), client.get(address)
    assert (packed["Content-Encoding"], plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)


def test_public_page_is_packed_into_the_same_bytes_for_everybody(client, screening):
    assert len({client.get("/films/kiln/", headers=PACKED).content for _visitor in range(20)}) == 1


def test_page_of_somebody_is_packed_into_other_bytes_each_time(admin_client):
    assert len({len(admin_client.get("/admin/password_change/", headers=PACKED).content) for _time in range(20)}) > 1


def test_packed_calendar_that_has_not_changed_is_not_sent_again(client, screening):
    address = f"/screenings/{screening.pk}.ics"
    etag = client.get(address, headers=PACKED)["ETag"]
    assert client.get(address, headers=PACKED | {"if-none-match": etag}).status_code == 304
