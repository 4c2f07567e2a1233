"""The screening as a programmer enters it: in the time that the venue's clock shows, and checked for conflicts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from films.conflicts import (
    hold_room,
    overlap_sentence,
    room_overlaps,
    time_in_words,
    title_of,
    unconfirmed_overlaps,
    warnings_about,
)
from films.festival_day import instant_of
from films.locks import LockingForm
from films.models import Screening, ScreeningFilm, ScreeningGuest, StatusChange
from people.forms import Line
from people.ordered import OrderedRow, OrderedRows

ENDS_BEFORE_IT_STARTS = _("The screening ends before it starts.")


class Turn(models.TextChoices):
    """Which one is meant of a wall time that comes twice, because the clocks go back over it."""

    FIRST = "first", _("The first time, before the clocks go back")
    SECOND = "second", _("The second time, after the clocks have gone back")


class WallTimeField(forms.DateTimeField):
    """A date and time as a clock on the wall shows them, without a time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("Write the date and time like 2026-11-23 19:30.")}
    FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")

    def prepare_value(self, value):
        return value

    def to_python(self, value) -> datetime | None:
        if value in self.empty_values or isinstance(value, datetime):
            return value or None
        for pattern in self.FORMATS:
            try:
                return datetime.strptime(value.strip(), pattern)
            except ValueError:
                continue
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class HiddenUntilAsked(forms.HiddenInput):
    """Of a question that the form asks only when what was entered calls for it."""


class ReasonField(forms.CharField):
    """Why a screening changes, as its log keeps it."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Why it changes"),
            max_length=StatusChange._meta.get_field("reason").max_length,
            required=False,
            widget=forms.TextInput(attrs={"class": "vTextField"}),
            help_text=_("Kept in the log of changes, for staff."),
        )


class ScreeningForm(LockingForm):
    class Meta:
        widgets = {"guest_note": Line, "note": Line}

    local_start = WallTimeField(label=_("Start"), help_text=_("On the venue's clock."))
    clock_change = forms.ChoiceField(label=_("Which one"), choices=Turn, required=False, widget=HiddenUntilAsked)
    local_end = WallTimeField(
        label=_("End"),
        required=False,
        help_text=_("On the venue's clock. Leave empty to work it out from the runtimes."),
    )
    end_clock_change = forms.ChoiceField(label=_("Which one"), choices=Turn, required=False, widget=HiddenUntilAsked)
    previous_starts_at = WallTimeField(
        label=_("Start before it was moved"),
        required=False,
        help_text=_("Filled in by itself when a moved screening gets another time."),
    )
    on_sale_at = WallTimeField(label=_("Goes on sale"), required=False, help_text=_("On the venue's clock."))
    sales_checked_at = WallTimeField(
        label=_("Sales last checked"), required=False, help_text=_("On the venue's clock.")
    )
    confirm_warnings = forms.BooleanField(label=_("Save all the same"), required=False, widget=HiddenUntilAsked)
    change_reason = ReasonField()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []
        self.stored = (
            Screening.objects.select_related("room__venue", "previous_room__venue", "edition").get(pk=self.instance.pk)
            if self.instance.pk
            else None
        )
        if self.stored:
            self._show_local_times(self.stored)

    def clean(self) -> dict:
        cleaned = super().clean()
        self.instance.entered_end = None  # Until it has been read below, so that the stored one is not compared.
        if room := cleaned.get("room"):
            self._read_start_and_end(room.venue.zone)
            self._remember_the_move()
            before = cleaned.get("previous_room") or room
            self._read("previous_starts_at", before.venue.zone)
            self._read("on_sale_at", room.venue.zone)
            self._read("sales_checked_at", room.venue.zone)
        return cleaned

    def _post_clean(self) -> None:
        """Conflicts are looked for last, when the instance holds everything that was entered."""
        super()._post_clean()
        if not self.errors:
            self._check_conflicts()

    # Times

    def _show_local_times(self, stored: Screening) -> None:
        here = stored.zone
        before = stored.previous_room.venue.zone if stored.previous_room else here
        self._show("local_start", stored.starts_at, here, "clock_change")
        self._show("local_end", stored.entered_end, here, "end_clock_change")
        self._show("previous_starts_at", stored.previous_starts_at, before)
        self._show("on_sale_at", stored.on_sale_at, here)
        self._show("sales_checked_at", stored.sales_checked_at, here)

    def _show(self, name: str, instant: datetime | None, zone: ZoneInfo, turn: str = "") -> None:
        if instant is None:
            return
        local = instant.astimezone(zone)
        self.initial[name] = local.replace(tzinfo=None, second=0, microsecond=0, fold=0)
        if turn and local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset():
            self.initial[turn] = Turn.SECOND if local.fold else Turn.FIRST
            self._ask(turn)

    def _read_start_and_end(self, zone: ZoneInfo) -> None:
        start = self._instant("local_start", zone, "clock_change")
        end = self._instant("local_end", zone, "end_clock_change")
        if start:
            self.instance.starts_at = start
        if start and end and end <= start:
            self.add_error("local_end", ENDS_BEFORE_IT_STARTS)
        elif start:
            self.instance.entered_end = end

    def _instant(self, name: str, zone: ZoneInfo, turn: str) -> datetime | None:
        """The instant of a wall time that was entered; asks which one when it comes twice."""
        local = self.cleaned_data.get(name)
        if local is None:
            return None
        try:
            return instant_of(local, zone)
        except ValidationError as refusal:
            if refusal.code == "repeated":
                self._ask(turn)
                if answer := self.cleaned_data.get(turn):
                    return instant_of(local, zone, second_time=answer == Turn.SECOND)
            self.add_error(name, refusal)
        return None

    def _read(self, name: str, zone: ZoneInfo) -> None:
        """Turn a lesser wall time into an instant; one that was not touched stays what it was."""
        local = self.cleaned_data.get(name)
        if local is None or local.tzinfo:
            return
        if self.stored and name not in self.changed_data:
            self.cleaned_data[name] = getattr(self.stored, name)
            return
        try:
            self.cleaned_data[name] = instant_of(local, zone, second_time=False)
        except ValidationError as refusal:
            self.add_error(name, refusal)

    def _ask(self, name: str) -> None:
        if name == "confirm_warnings":
            self.fields[name].widget = forms.CheckboxInput()
        else:
            self.fields[name].widget = forms.Select(choices=[("", _("Choose")), *Turn.choices])

    def _remember_the_move(self) -> None:
        """What a moved screening was moved from, as saving it will note, so that it need not be typed."""
        moved = self.cleaned_data.get("occurrence") == Screening.Occurrence.MOVED
        if not (moved and self.stored):
            return
        if self.instance.starts_at != self.stored.starts_at:
            self.cleaned_data["previous_starts_at"] = self.stored.starts_at
        if self.cleaned_data["room"] != self.stored.room:
            self.cleaned_data["previous_room"] = self.stored.room

    # Conflicts

    def _check_conflicts(self) -> None:
        """Refuse an overlap that nobody gave a reason for; show every warning once before saving in spite of it.

        The room is held until the transaction that this runs in ends.
        """
        screening = self.instance
        films = self._rows(ScreeningFilm, "film", form=OrderedRow, formset=OrderedRows)
        guests = self._rows(ScreeningGuest, "person")
        if films is None or guests is None:
            return  # Their own rows say what is wrong with them, and nothing is saved.
        screening.work_out_end(films)
        if screening.ends_at <= screening.starts_at:
            self.add_error("local_end", ENDS_BEFORE_IT_STARTS)
            return
        hold_room(screening.room_id)
        overlaps = unconfirmed_overlaps(screening, self.stored)
        if overlaps and not ("overlap_reason" in self.changed_data and screening.overlap_reason):
            self.add_error("overlap_reason", [overlap_sentence(other) for other in overlaps])
        self.warnings = warnings_about(screening, guests)
        if self.warnings:
            self._ask("confirm_warnings")
            if not self.cleaned_data.get("confirm_warnings"):
                self.add_error("confirm_warnings", self.warnings)

    def _rows(self, model: type[models.Model], field: str, **as_entered) -> list[models.Model] | None:
        """What the rows below the form name, in their order; None when one of them is wrong."""
        formset_class = forms.inlineformset_factory(Screening, model, fields="__all__", **as_entered)
        rows = formset_class(self.data, instance=self.instance)
        if not rows.is_valid():
            return None
        kept = [row.cleaned_data for row in rows if row not in rows.deleted_forms]
        return [row[field] for row in kept if row.get(field)]


class StandingForm(forms.ModelForm):
    """The screening for whoever says how it stands and leaves the rest to others."""

    change_reason = ReasonField()
    warnings: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "occurrence" in self.fields and self.instance.occurrence != Screening.Occurrence.MOVED:
            # What is moved is moved somewhere, and that is not asked here.
            field = self.fields["occurrence"]
            field.choices = [choice for choice in field.choices if choice[0] != Screening.Occurrence.MOVED]

    def clean(self) -> dict:
        """Refuse to bring back what would share its room; the room is held until the transaction ends."""
        cleaned = super().clean()
        stored = self.instance
        if cleaned.get("occurrence") not in Screening.TAKING_PLACE or stored.takes_place:
            return cleaned
        hold_room(stored.room_id)
        back = Screening.objects.select_related("room__venue").get(pk=stored.pk)
        back.occurrence = cleaned["occurrence"]
        in_the_way = [] if back.overlap_reason else room_overlaps(back)
        for other in in_the_way:
            taken = _("“%(title)s” holds this room at that time (%(time)s). A programmer can settle that.")
            self.add_error("occurrence", taken % {"title": title_of(other), "time": time_in_words(other)})
        return cleaned
