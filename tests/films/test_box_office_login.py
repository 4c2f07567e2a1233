"""The staff's way in: throttled for the box office and the admin alike, with a second factor for who has one."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from films.roles import BOX_OFFICE
from tests.factories import NOW
from tests.staff import member_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
BOARD_LOGIN, ADMIN_LOGIN, FACTOR = "/box-office/login/", "/admin/login/", "/box-office/second-factor/"
LIMIT = settings.AXES_FAILURE_LIMIT


@pytest.fixture
def priya():
    return member_of(BOX_OFFICE, "priya", password="open sesame")


def log_in(client, address=BOARD_LOGIN, password="open sesame", name="priya", **more):
    return client.post(address, {"username": name, "password": password} | more)


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("address", [BOARD_LOGIN, ADMIN_LOGIN])
def test_login_leads_to_where_one_was_going(client, priya, address):
    page = client.get(f"{address}?next=/box-office/%3Fq=kiln").content.decode()
    assert 'name="next" value="/box-office/?q=kiln"' in page
    assert log_in(client, address, next="/box-office/?q=kiln")["Location"] == "/box-office/?q=kiln"


def test_login_leads_nowhere_else(client, priya):
    assert log_in(client, next="https://elsewhere.example/")["Location"] == "/box-office/"


@pytest.mark.parametrize(("failing", "trying"), [(BOARD_LOGIN, ADMIN_LOGIN), (ADMIN_LOGIN, BOARD_LOGIN)])
def test_too_many_failures_lock_both_ways_in_for_ten_minutes(client, priya, now, failing, trying):
    for _time in range(LIMIT - 1):
        assert log_in(client, failing, "wrong").status_code == 200
    response = log_in(client, failing, "wrong")
    assert response.status_code == 429
    assert "Wait 10 minutes and try again" in response.content.decode()
    assert log_in(client, trying).status_code == 429
    assert not is_in(client)
    now.shift(timedelta(minutes=10, seconds=1))
    assert log_in(client, trying).status_code == 302


def test_lock_is_of_one_name_from_one_address(client, priya):
    get_user_model().objects.create_user("marek", password="open sesame")
    for _time in range(LIMIT):
        log_in(client, password="wrong")
    assert log_in(client, name="marek").status_code == 302
    elsewhere = {"username": "priya", "password": "open sesame"}
    assert client.post(BOARD_LOGIN, elsewhere, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_failures_are_forgotten_after_a_success(client, priya):
    for _round in range(2):
        for _time in range(LIMIT - 1):
            log_in(client, password="wrong")
        assert log_in(client).status_code == 302


# The second factor


def code_of(device: TOTPDevice) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = NOW.timestamp()
    return f"{totp.token():06}"


@pytest.fixture
def device(client, priya):
    """The confirmed device of Priya, who is logged out again and has waited for the next code."""
    client.force_login(priya)
    client.get(FACTOR)
    device = TOTPDevice.objects.get(user=priya)
    response = client.post(FACTOR, {"code": code_of(device)})
    device.codes = response.context["codes"]
    assert len(device.codes) == 8
    client.logout()
    TOTPDevice.objects.update(last_t=-1)
    return device


def test_set_up_page_shows_a_drawing_and_the_secret(client, priya):
    client.force_login(priya)
    page = client.get(FACTOR).content.decode()
    assert re.search(r'<img class="qr" src="data:image/svg\+xml', page)
    assert re.search(r'<code class="secret">([A-Z2-7]{4} ){7}[A-Z2-7]{4}</code>', page)


def test_set_up_with_a_wrong_code_turns_nothing_on(client, priya):
    client.force_login(priya)
    client.get(FACTOR)
    assert client.post(FACTOR, {"code": "000000"}).status_code == 400
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    client.logout()
    assert log_in(client).status_code == 302


@pytest.mark.parametrize("address", [BOARD_LOGIN, ADMIN_LOGIN])
def test_who_has_a_device_is_asked_for_its_code(client, device, address):
    assert "enter the code that your app shows now" in log_in(client, address).content.decode()
    assert "That code is not right" in log_in(client, address, code="abcdefgh").content.decode()
    assert not is_in(client)
    assert log_in(client, address, code=code_of(device)).status_code == 302
    client.logout()
    # The same code a second time opens nothing.
    assert log_in(client, address, code=code_of(device)).status_code == 200


def test_backup_code_opens_once(client, device):
    code = device.codes[0]
    assert log_in(client, code=code.upper()).status_code == 302
    client.logout()
    assert log_in(client, code=code).status_code == 200
    assert StaticToken.objects.count() == 7


def test_code_of_somebody_else_opens_nothing(client, device):
    other = get_user_model().objects.create_user("marek", password="open sesame")
    TOTPDevice.objects.create(user=other, confirmed=True)
    assert log_in(client, name="marek", code=code_of(device)).status_code == 200
    assert not is_in(client)


def test_turning_off_asks_for_a_code(client, priya, device):
    client.force_login(priya)
    assert client.post(FACTOR, {"do": "off", "code": "abcdefgh"}).status_code == 400
    assert TOTPDevice.objects.exists()
    StaticToken.objects.filter(device__user=priya).update(token="aaaabbbb")
    StaticToken.objects.first().device.throttle_reset()
    assert client.post(FACTOR, {"do": "off", "code": "aaaabbbb"}).status_code == 302
    assert not TOTPDevice.objects.exists()


def test_second_factor_is_for_who_is_logged_in(client):
    assert client.get(FACTOR)["Location"] == f"/box-office/login/?next={FACTOR}"
