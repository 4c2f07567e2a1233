"""What staff fill in about one screening, beyond one press: each form makes a wish."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from films.festival_day import instant_of
from films.forms import Turn, WallTimeField
from films.models import Screening
from venues.models import Room

MOST = 100_000


class SettingForm(forms.Form):
    """Of one screening. `seen` is the newest row of its log that the page showed."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    why = forms.CharField(label=_("Why (optional)"), max_length=300, required=False)

    def __init__(self, *args, screening: Screening, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.screening = screening
        self.fields["why"] = self.fields.pop("why")  # Last, as the last thing that somebody in a hurry fills in.

    def values(self) -> dict:
        """What is wished, by field of the screening."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "why")}


class SalesForm(SettingForm):
    sales = forms.ChoiceField(label=_("How it sells"), choices=Screening.Sales)


class CountsForm(SettingForm):
    seats_left = forms.IntegerField(label=_("Seats left"), min_value=0, max_value=MOST, required=False)
    standby_line = forms.IntegerField(
        label=_("People in the standby line"), min_value=0, max_value=10_000, required=False
    )
    standby_opens = forms.IntegerField(
        label=_("Standby line opens (minutes before)"), min_value=0, max_value=600, required=False
    )


class OccurrenceForm(SettingForm):
    occurrence = forms.ChoiceField(
        choices=[
            (Screening.Occurrence.CANCELLED, _("Cancel this screening")),
            (Screening.Occurrence.POSTPONED, _("Put it off to a new date")),
            (Screening.Occurrence.SCHEDULED, _("It takes place after all")),
        ],
        widget=forms.HiddenInput,
    )


class MoveForm(SettingForm):
    local_start = WallTimeField(label=_("New start, on the venue's clock"))
    turn = forms.ChoiceField(
        label=_("Which one, if the clock shows that time twice"), choices=[("", "–"), *Turn.choices], required=False
    )
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.select_related("venue"))
    overlap_reason = forms.CharField(
        label=_("Why it may share its room (only if it must)"), max_length=200, required=False
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        room, local = cleaned.get("room"), cleaned.get("local_start")
        if room and local:
            turn = cleaned.get("turn")
            try:
                cleaned["starts_at"] = instant_of(
                    local, room.venue.zone, second_time=turn == Turn.SECOND if turn else None
                )
            except ValidationError as refusal:
                self.add_error("turn" if refusal.code == "repeated" else "local_start", refusal)
        return cleaned

    def values(self) -> dict:
        stored, wished = self.screening, self.cleaned_data
        # A wall time has no seconds: one that was not touched is the start as it stands.
        is_same = abs(wished["starts_at"] - stored.starts_at) < timedelta(minutes=1)
        values = {"starts_at": stored.starts_at if is_same else wished["starts_at"], "room": wished["room"]}
        return values | ({"overlap_reason": wished["overlap_reason"]} if wished["overlap_reason"] else {})


FORMS: dict[str, type[SettingForm]] = {
    "sales": SalesForm,
    "counts": CountsForm,
    "occurrence": OccurrenceForm,
    "move": MoveForm,
}


def forms_of(screening: Screening, seen: int) -> dict[str, SettingForm]:
    """The forms of its page, as it stands."""
    start = screening.local_start.replace(tzinfo=None, second=0, microsecond=0)
    initial = {
        "seen": seen,
        "sales": screening.sales,
        "seats_left": screening.seats_left,
        "standby_line": screening.standby_line,
        "standby_opens": screening.standby_opens,
        "local_start": start,
        "room": screening.room_id,
    }
    return {name: form(screening=screening, initial=initial, auto_id=f"{name}_%s") for name, form in FORMS.items()}
