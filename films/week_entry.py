"""A week's screenings, entered in one grid: a row is a film, a room, a day and a time.

A row that leaves its room or its day empty means those of the row above. A day is a festival day: a show at 00:15 on
Friday's row begins on Saturday's date. Everything is checked by the rules that one screening's own form asks.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.conflicts import (
    hold_room,
    is_too_close,
    lies_outside,
    outside_sentence,
    overlap,
    overlap_sentence,
    time_in_words,
    turnaround_sentence,
)
from films.festival_day import instant_of
from films.forms import Turn
from films.models import Edition, Film, ProgrammePart, Screening, ScreeningFilm
from people.text import fold
from venues.models import Room

DAYS = 7
ROWS, MOST_ROWS = 8, 100
MOST_OFFERED = 600
BETWEEN_FILMS = " + "
TIMES = ["%H:%M", "%H.%M", "%Hh%M", "%H", "%H%M", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"]


class EntryForm(forms.Form):
    """One row. What it lacks, and what gets in its way, is found when all rows are read."""

    film = forms.CharField(label=gettext_lazy("Film"), required=False, max_length=600)
    room = forms.TypedChoiceField(label=gettext_lazy("Room"), required=False, coerce=int, empty_value=None)
    day = forms.TypedChoiceField(label=gettext_lazy("Day"), required=False, coerce=date.fromisoformat, empty_value=None)
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        input_formats=TIMES,
        widget=forms.TimeInput(attrs={"size": 6, "autocomplete": "off"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Write the time like 19:30.")},
    )
    talk = forms.IntegerField(label=gettext_lazy("Talk (minutes)"), required=False, min_value=0, max_value=600)
    turn = forms.ChoiceField(label=gettext_lazy("Which one"), choices=[("", "—"), *Turn.choices], required=False)
    reason = forms.CharField(label=gettext_lazy("Why it may share its room"), required=False, max_length=200)

    def __init__(self, *args, number: int, rooms: list, days: list, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        self.fields["room"].choices = [("", "″"), *rooms]
        self.fields["day"].choices = [("", "″"), *days]
        self.fields["film"].widget.attrs |= {"list": "films", "autocomplete": "off"}
        for name, field in self.fields.items():
            named = _("Row %(number)d: %(field)s") % {"number": number, "field": field.label}
            field.widget.attrs |= {"aria-label": named, "aria-describedby": f"marks-{number}", "data-field": name}
        self.warnings: list[str] = []
        self.films: list[Film] = []
        self.screening: Screening | None = None
        self.asks_turn = False
        self.asks_reason = False

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything into it."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields)

    @property
    def sentences(self) -> list[str]:
        return [sentence for sentences in self.errors.values() for sentence in sentences] if self.is_bound else []

    @property
    def reads_as(self) -> str:
        """What the row means, in full, once it is understood."""
        if self.screening is None:
            return ""
        titles = BETWEEN_FILMS.join(film.title for film in self.films)
        about = _("%(time)s, approx.") if self.screening.end_is_approximate else "%(time)s"
        return f"{titles} · {about % {'time': time_in_words(self.screening)}}"


class Entries(forms.BaseFormSet):
    """All rows of the grid. With `holds_rooms` it waits for, and holds, the rooms until the transaction ends."""

    def __init__(self, *args, edition: Edition, first_day: date, holds_rooms: bool = False, **kwargs) -> None:
        self.edition, self.holds_rooms = edition, holds_rooms
        self.days = [first_day + timedelta(days=number) for number in range(DAYS)]
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict:
        return {"number": (index or 0) + 1, "rooms": self.room_choices, "days": self.day_choices}

    @cached_property
    def rooms(self) -> dict[int, Room]:
        return {room.pk: room for room in Room.objects.select_related("venue")}

    @cached_property
    def room_choices(self) -> list[tuple[int, str]]:
        return [(pk, room.full_name) for pk, room in self.rooms.items()]

    @cached_property
    def day_choices(self) -> list[tuple[str, str]]:
        return [(day.isoformat(), date_format(day, "D j M")) for day in self.days]

    @cached_property
    def titles(self) -> dict[int, str]:
        """Every film that can be entered, by id, with its year, in the order of titles."""
        films = Film.objects.filter(edition=self.edition).exclude(state=Film.State.WITHDRAWN).in_title_order()
        rows = films.values_list("pk", "title", "year")
        return {pk: f"{title} ({year})" if year else title for pk, title, year in rows}

    @property
    def offered(self) -> list[str]:
        """The titles that the page proposes while one types: all, or of a programme that runs for years the latest."""
        latest = set(sorted(self.titles)[-MOST_OFFERED:])
        return [title for pk, title in self.titles.items() if pk in latest]

    @property
    def warned(self) -> bool:
        return any(form.warnings for form in self.forms)

    @property
    def filled(self) -> list[EntryForm]:
        return [form for form in self.forms if form.screening]

    def clean(self) -> None:
        rows = [form for form in self.forms if not form.is_blank]
        self._find_films(rows)
        self._read_times(rows)
        if self.holds_rooms:
            for room in sorted({form.screening.room_id for form in self.filled}):
                hold_room(room)
        self._compare_with_stored(self.filled)
        self._compare_with_each_other(self.filled)

    def save(self, by: AbstractBaseUser) -> list[Screening]:
        """The screenings of all rows, saved; what runs this holds a transaction around it and around `clean`."""
        saved = []
        for form in self.filled:
            form.screening.overlap_reason = form.cleaned_data["reason"] if form.asks_reason else ""
            form.screening.save(by=by)
            for position, (film, part) in enumerate(zip(form.films, _parts(form.films), strict=True)):
                ScreeningFilm.objects.create(screening=form.screening, film=film, part=part, position=position)
            saved.append(form.screening)
        return saved

    # Reading

    def _find_films(self, rows: list[EntryForm]) -> None:
        folded = {pk: fold(title) for pk, title in self.titles.items()}
        named = {form: self._named(form, folded) for form in rows}
        parts = Prefetch("parts", ProgrammePart.objects.select_related("film"))
        wanted = {pk for pks in named.values() for pk in pks}
        films = Film.objects.filter(pk__in=wanted).prefetch_related(parts).in_bulk() if wanted else {}
        for form, pks in named.items():
            form.films = [films[pk] for pk in pks]

    def _named(self, form: EntryForm, folded: dict[int, str]) -> list[int]:
        """The ids of the films that a row names; what it does not name well is said in its cell."""
        typed = form.cleaned_data.get("film", "")
        if not typed:
            form.add_error("film", _("Which film?"))
            return []
        one = _matches(typed, folded)
        every = [one] if one else [_matches(title, folded) for title in typed.split(BETWEEN_FILMS)]
        for title, pks in zip(typed.split(BETWEEN_FILMS) if len(every) > 1 else [typed], every, strict=True):
            if not pks:
                form.add_error("film", _("No film of %(edition)s is called “%(title)s”.") % self._in(title))
            elif len(pks) > 1:
                some = ", ".join(f"“{self.titles[pk]}”" for pk in pks[:3]) + (" …" if len(pks) > 3 else "")
                form.add_error("film", _("Type more of its title; it may be %(films)s") % {"films": some})
        return [] if form.has_error("film") else list(dict.fromkeys(pks[0] for pks in every))

    def _in(self, title: str) -> dict[str, str]:
        return {"edition": self.edition.name, "title": title}

    def _read_times(self, rows: list[EntryForm]) -> None:
        room, day = None, None
        for form in rows:
            cleaned = form.cleaned_data
            room = cleaned.get("room") or (None if form.has_error("room") else room)
            day = cleaned.get("day") or (None if form.has_error("day") else day)
            if not room and not form.has_error("room"):
                form.add_error("room", _("Which room?"))
            if not day and not form.has_error("day"):
                form.add_error("day", _("Which day?"))
            if cleaned.get("time") is None and not form.has_error("time"):
                form.add_error("time", _("At what time?"))
            if not form.errors:
                self._plan(form, self.rooms[room], day, cleaned["time"])

    def _plan(self, form: EntryForm, room: Room, day: date, wall: time) -> None:
        """Make the screening that a row means, unless the clocks change over its time."""
        after_midnight = wall < self.edition.day_starts_at
        local = datetime.combine(day + timedelta(days=after_midnight), wall)
        turn = form.cleaned_data["turn"]
        try:
            start = instant_of(local, room.venue.zone, second_time=turn == Turn.SECOND if turn else None)
        except ValidationError as refusal:
            form.asks_turn = refusal.code == "repeated"
            form.add_error("time", refusal)
            return
        screening = Screening(edition=self.edition, room=room, starts_at=start, talk=form.cleaned_data["talk"] or 0)
        screening.work_out_end(form.films)
        form.screening, form.asks_turn = screening, bool(turn)
        if lies_outside(screening):
            form.warnings.append(outside_sentence(screening))

    # Conflicts

    def _compare_with_stored(self, rows: list[EntryForm]) -> None:
        if not rows:
            return
        margin = timedelta(minutes=max(form.screening.room.turnaround for form in rows))
        others = (
            Screening.objects.taking_place()
            .filter(room__in={form.screening.room_id for form in rows})
            .filter(starts_at__lt=max(form.screening.ends_at for form in rows) + margin)
            .filter(ends_at__gt=min(form.screening.starts_at for form in rows) - margin)
            .select_related("room__venue", "edition")
            .prefetch_related(Prefetch("items", ScreeningFilm.objects.select_related("film")))
            .in_order()
        )
        for other in others:
            for form in rows:
                if form.screening.room_id != other.room_id:
                    continue
                if overlap(form.screening, other):
                    _refuse(form, overlap_sentence(other))
                elif is_too_close(form.screening, other):
                    form.warnings.append(turnaround_sentence(form.screening, other))

    def _compare_with_each_other(self, rows: list[EntryForm]) -> None:
        for number, first in enumerate(rows):
            for second in rows[number + 1 :]:
                if first.screening.room_id != second.screening.room_id:
                    continue
                about = {"number": first.number, "row": first.reads_as}
                if overlap(first.screening, second.screening):
                    if not first.cleaned_data["reason"]:
                        _refuse(second, _("Row %(number)d holds this room at that time: %(row)s.") % about)
                elif is_too_close(second.screening, first.screening):
                    margin = second.screening.room.turnaround
                    sentence = _("Row %(number)d leaves less than the %(turnaround)d minutes that the room needs.")
                    second.warnings.append(sentence % (about | {"turnaround": margin}))


def entries_of(edition: Edition, first_day: date, data=None, *, rows: Iterable[dict] = (), **kwargs) -> Entries:
    """The grid of a week: as `data` was sent, else with `rows` filled in, and empty ones below them."""
    rows = list(rows)[:MOST_ROWS]
    factory = forms.formset_factory(EntryForm, formset=Entries, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
    return factory(data, prefix="row", initial=rows or None, edition=edition, first_day=first_day, **kwargs)


def row_of(screening: Screening, days: int) -> dict:
    """A screening as a row of the grid, so many days later."""
    return {
        "film": BETWEEN_FILMS.join(str(item.film) for item in screening.items.all()),
        "room": screening.room_id,
        "day": (screening.festival_day + timedelta(days=days)).isoformat(),
        "time": screening.local_start.time(),
        "talk": screening.talk or None,
    }


def _matches(typed: str, folded: dict[int, str]) -> list[int]:
    """Films called just so, with or without the year; else those that begin so; else those with all its words."""
    typed = fold(typed)
    if not typed:
        return []
    for is_meant in (
        lambda title: typed == title or title.startswith(f"{typed} (") and title[len(typed) + 2 : -1].isdecimal(),
        lambda title: title.startswith(typed),
        lambda title: all(word in title for word in typed.split()),
    ):
        if found := [pk for pk, title in folded.items() if is_meant(title)]:
            return found
    return []


def _refuse(form: EntryForm, sentence: str) -> None:
    """An overlap, unless the row says why it may be."""
    form.asks_reason = True
    if not form.cleaned_data["reason"]:
        form.add_error("time", capfirst(sentence))


def _parts(films: list[Film]) -> list[str]:
    """What each film is in a screening of several: shorts before or after the feature, else a double bill."""
    Part = ScreeningFilm.Part
    features = [number for number, film in enumerate(films) if film.kind != Film.Kind.SHORT]
    if len(features) != 1:
        return [Part.DOUBLE_BILL if len(features) > 1 else Part.MAIN] * len(films)
    (main,) = features
    return [
        Part.MAIN if number == main else Part.SHORT_BEFORE if number < main else Part.SHORT_AFTER
        for number in range(len(films))
    ]
