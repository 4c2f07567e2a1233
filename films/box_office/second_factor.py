"""An optional second factor: a code from an app on one's phone, or a backup code. Who has set one up is asked for it.

django-otp keeps the devices, refuses a code that was used, and makes whoever guesses wait longer each time.
"""

import base64

import segno
from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

BACKUP_CODES = 8


def has_second_factor(user: AbstractBaseUser) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def device_to_set_up(user: AbstractBaseUser) -> TOTPDevice:
    """The device that `user` is about to confirm; the same until they do."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def secret_of(device: TOTPDevice) -> str:
    """As it is typed into an app that cannot scan, in groups of four."""
    secret = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def picture_of(device: TOTPDevice) -> str:
    """The address of a QR code to scan, as a drawing within the address itself."""
    return segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


def set_up(user: AbstractBaseUser, code: str) -> list[str] | None:
    """Confirm the device with a code that it shows; returns the backup codes, or None when the code is wrong."""
    with transaction.atomic():
        device_to_set_up(user)
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if not _takes(device, code):
            return None
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        return new_backup_codes(user)


def new_backup_codes(user: AbstractBaseUser) -> list[str]:
    """Each opens once; the old ones open nothing any more."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="backup")
    codes = [StaticToken.random_token() for _number in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def turn_off(user: AbstractBaseUser) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def is_right(user: AbstractBaseUser, code: str) -> bool:
    """Whether `code` is what the user's app shows now, or a backup code, which is then used up."""
    code = code.replace(" ", "").lower()
    # Only what the code can belong to is asked, so that a wrong one does not slow down the other.
    kind = TOTPDevice if code.isdecimal() else StaticDevice
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        return _takes(device, code)


def _takes(device: TOTPDevice | StaticDevice | None, code: str) -> bool:
    return bool(device and device.verify_is_allowed()[0] and device.verify_token(code.replace(" ", "")))


class AsksForSecondFactor(forms.Form):
    code = forms.CharField(
        label=_("Code from your app, or a backup code"),
        help_text=_("Only if you have set up a second factor."),
        max_length=20,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        user = self.get_user()
        if user and has_second_factor(user):
            if not cleaned.get("code"):
                self.add_error("code", _("This account has a second factor: enter the code that your app shows now."))
            elif not is_right(user, cleaned["code"]):
                raise ValidationError(
                    _("That code is not right, or was used, or was tried too often. Wait for the next one.")
                )
        return cleaned


class LoginForm(AsksForSecondFactor, AuthenticationForm):
    """The box office's."""


class AdminLoginForm(AsksForSecondFactor, AdminAuthenticationForm):
    """The admin's, which lets only staff in."""
