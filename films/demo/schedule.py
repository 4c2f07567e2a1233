"""The screenings of the demo: the special ones as written, the others where there is room for them."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from django.contrib.auth.base_user import AbstractBaseUser

from films.demo.programme import Programme, read
from films.festival_day import ROLLOVER, instant_of
from films.models import AccessFeature, Film, Screening, ScreeningFilm, ScreeningGuest, StatusChange
from people.models import Person
from venues.models import Room

Sales, Feature, Part = Screening.Sales, AccessFeature.Feature, ScreeningFilm.Part

SEED = 1896
TICKETS = "https://tickets.northlight.example/{}"
MATINEE, EVENING, EVENING_BEGINS = Decimal(14), Decimal(17), time(17)
# How screenings that nobody wrote about sell, before and after they have taken place.
SELLING = ((Sales.ON_SALE, 70), (Sales.SELLING_FAST, 15), (Sales.SOLD_OUT, 8), (Sales.STANDBY, 7))
HAVE_SOLD = ((Sales.ON_SALE, 65), (Sales.SOLD_OUT, 20), (Sales.STANDBY, 15))
UNSOLD = (Sales.FREE, Sales.FREE_REGISTRATION, Sales.PASS_ONLY, Sales.UNKNOWN)
UNCHECKED = (Sales.FREE, Sales.PASS_ONLY, Sales.UNKNOWN, Sales.NOT_YET)
PRESHOW, TALK, TRAVEL = 10, 20, timedelta(minutes=20)  # minutes
PRESS_ROOM, PRESS_TIME = "Studio", time(9)
HOUSE_DAYS = range(-5, 20)
# Before this hour nobody expects a cinema to be open.
OPENS = time(9)


@dataclass
class Show:
    """A screening and what hangs on it, before any of it is stored."""

    screening: Screening
    films: list[Film]
    parts: list[str]
    guests: list[Person] = field(default_factory=list)
    access: dict[str, bool] = field(default_factory=dict)
    changes: list[dict] = field(default_factory=list)


class Diary:
    """When rooms and guests are taken."""

    def __init__(self) -> None:
        self._taken = defaultdict(list)

    def take(self, whom: Room | Person, start: datetime, end: datetime) -> None:
        self._taken[whom].append((start, end))

    def is_free(self, whom: Room | Person, start: datetime, end: datetime, gap: timedelta) -> bool:
        return all(end + gap <= other_start or other_end + gap <= start for other_start, other_end in self._taken[whom])


class Schedule:
    """Finds every screening its time and room. The same at the same `at`."""

    def __init__(self, programme: Programme, at: datetime) -> None:
        self.programme = programme
        self.at = at
        self.random = random.Random(SEED)
        self.diary = Diary()
        self.shows: list[Show] = []

    def plan(self) -> list[Show]:
        """Every screening in order; whatever has a fixed time first, and the rest around it."""
        content = read("screenings")
        for row in content["now"]:
            self._around_now(row)
        for row in content["screening"]:
            self._special(row)
        for row in content["press"]:
            self._for_the_press(row)
        for row in content["plan"]:
            self._planned(row, content["room"])
        for row in content["house"]:
            self._in_the_house(row)
        self.shows.sort(key=lambda show: (show.screening.starts_at, show.screening.room.name))
        self._mark_premieres()
        self._sell_tickets()
        return self.shows

    # The kinds of rows

    def _around_now(self, row: dict) -> None:
        local = self.at.astimezone(self.programme.rooms[row["room"]].venue.zone)
        if local.time() < OPENS:
            return
        five_minutes = local.replace(minute=local.minute - local.minute % 5, second=0, microsecond=0).astimezone(UTC)
        start = five_minutes + timedelta(minutes=row["minutes"])
        self._add([row["film"]], row["room"], start, sales=row["sales"], access=self._access(row["room"]))

    def _special(self, row: dict) -> None:
        key = row.get("edition") or self.programme.edition_key(self.programme.films[row["films"][0]])
        start = self._instant(key, row["day"], row["time"])
        entered = start + timedelta(minutes=row["minutes"]) if "minutes" in row else None
        on_sale = row.get("on_sale")
        same = ("title", "preshow", "talk", "note", "language_line", "subtitle_language", "overlap_reason", "price")
        show = self._add(
            row["films"],
            row["room"],
            start,
            edition=key,
            parts=row.get("parts"),
            guests=row.get("guests", []),
            access=row.get("access", {}),
            sales=row["sales"],
            guest_note=row.get("words", ""),
            entered_end=entered,
            on_sale_at=self._instant(key, on_sale["day"], on_sale["time"]) if on_sale else None,
            age_override=row.get("age_override"),
            age_override_reason=row.get("age_override_reason", ""),
            **{name: row[name] for name in same if name in row},
        )
        for change in row.get("change", []):
            show.changes.append(self._change(change, key, row))

    def _change(self, change: dict, key: str, row: dict) -> dict:
        """What a change sets, by field, with `by`, `why` and `when`; where it moves to is taken as well."""
        changed = {name: value for name, value in change.items() if name not in ("hours", "by", "why", "time", "room")}
        if "time" in change or "room" in change:
            show = self.shows[-1]
            start = self._instant(key, row["day"], change.get("time", row["time"]))
            room = self.programme.rooms[change.get("room", row["room"])]
            length = show.screening.ends_at - show.screening.starts_at
            self.diary.take(room, start, start + length)
            changed |= {"starts_at": start, "room": room}
        return {
            "set": changed,
            "by": change["by"],
            "why": change["why"],
            "when": self.at - timedelta(hours=change["hours"]),
        }

    def _for_the_press(self, row: dict) -> None:
        self._add(
            [row["film"]],
            PRESS_ROOM,
            self._instant("current", row["day"], PRESS_TIME),
            audience=Screening.Audience.PRESS,
            sales=Sales.PASS_ONLY,
            preshow=0,
        )

    def _planned(self, row: dict, rooms: list[dict]) -> None:
        film = self.programme.films[row["film"]]
        key = self.programme.edition_key(film)
        for visit, day in enumerate(row["days"]):
            guests = row.get("guests", []) if visit < row.get("visits", 0) else []
            talk = TALK if guests else 0
            slots = [
                (room["name"], start)
                for room in rooms
                for start in room["times"]
                if not (room.get("adults_only") and film.pk in self.programme.family_films)
            ]
            self.random.shuffle(slots)
            if guests:  # They come in the evening, to the people who have come from work.
                slots.sort(key=lambda slot: slot[1] < EVENING_BEGINS)
            for room, clock in slots:
                start = self._instant(key, day, clock)
                if self._has_room([film], room, start, talk, guests):
                    words = row["words"] if guests else ""
                    access = self._access(room, talk) if key == "current" else {}
                    self._add([row["film"]], room, start, talk=talk, guests=guests, guest_note=words, access=access)
                    break
            else:
                raise ValueError(f"No room is free for {row['film']} on day {day}")

    def _in_the_house(self, row: dict) -> None:
        turn = 0
        for day in HOUSE_DAYS:
            date_ = self.programme.day_zero["house"] + timedelta(days=day)
            for clock in row["times"] if date_.weekday() >= 5 else row["times"][1:]:
                film = row["films"][turn % len(row["films"])]
                start = self._instant("house", day, clock)
                if self._has_room([self.programme.films[film]], row["room"], start):
                    self._add([film], row["room"], start, access=self._access(row["room"]))
                    turn += 1

    # How a screening is made

    def _add(
        self,
        films: list[str],
        room: str,
        start: datetime,
        *,
        edition: str = "",
        parts: list[str] | None = None,
        guests: Iterable[str] = (),
        access: dict[str, bool] | None = None,
        **values,
    ) -> Show:
        shown = [self.programme.films[key] for key in films]
        people = [self.programme.people[key] for key in guests]
        subtitled = any("English subtitles" in film.language_line for film in shown)
        screening = Screening(
            edition=self.programme.editions[edition or self.programme.edition_key(shown[0])],
            room=self.programme.rooms[room],
            starts_at=start,
            **({"preshow": PRESHOW, "sales": "", "subtitle_language": "en" if subtitled else ""} | values),
        )
        screening.work_out_end(shown)
        for taken in (screening.room, *people):
            self.diary.take(taken, start, screening.ends_at)
        show = Show(screening, shown, parts or [Part.MAIN] * len(shown), people, access or {})
        self.shows.append(show)
        return show

    def _has_room(
        self, films: list[Film], room: str, start: datetime, talk: int = 0, guests: Iterable[str] = ()
    ) -> bool:
        place = self.programme.rooms[room]
        planned = Screening(edition=films[0].edition, starts_at=start, preshow=PRESHOW, talk=talk)
        planned.work_out_end(films)
        return self.diary.is_free(place, start, planned.ends_at, timedelta(minutes=place.turnaround)) and all(
            self.diary.is_free(self.programme.people[guest], start, planned.ends_at, TRAVEL) for guest in guests
        )

    def _instant(self, edition: str, day: int, clock: time) -> datetime:
        """`clock` in the programme of the edition's day; the small hours belong to its night."""
        day_: date = self.programme.day_zero[edition] + timedelta(days=day + (clock < ROLLOVER))
        return instant_of(datetime.combine(day_, clock), self.programme.editions[edition].zone)

    def _access(self, room: str, talk: int = 0) -> dict[str, bool]:
        """What a screening that nobody wrote about offers: a feature, and whether it is confirmed."""
        chance = self.random.random
        likely = {
            Feature.CAPTION_DEVICES: 0.7 if room.startswith("Cinema") else 0,
            Feature.AUDIO_DESCRIPTION: 0.25 if room == "Main Stage" else 0.05,
            Feature.OPEN_CAPTIONS: 0.2 if room == "VIFF Cinema" else 0.04,
            Feature.SDH: 0.15 if room == "Lochmaddy Studio Theatre" else 0.03,
            Feature.SIGNED_TALK: 0.4 if talk else 0,
        }
        return {feature: chance() < 0.8 for feature, share in likely.items() if chance() < share}

    def _mark_premieres(self) -> None:
        """The first public screening of a film in its own edition is its premiere, if it has one."""
        seen = set()
        for show in self.shows:
            is_public = show.screening.audience == Screening.Audience.PUBLIC
            for film in show.films:
                if film.premiere and is_public and film.pk not in seen and film.edition == show.screening.edition:
                    show.screening.is_premiere = True
                    seen.add(film.pk)

    def _sell_tickets(self) -> None:
        numbers = count(1001)
        for show in self.shows:
            screening = show.screening
            is_past = screening.ends_at <= self.at
            if not screening.sales:
                words, weights = zip(*(HAVE_SOLD if is_past else SELLING), strict=True)
                screening.sales = self.random.choices(words, weights)[0]
            if screening.sales not in UNSOLD or screening.sales == Sales.FREE_REGISTRATION:
                screening.ticket_url = TICKETS.format(next(numbers))
            if screening.sales in (Sales.FREE, Sales.FREE_REGISTRATION):
                screening.price = Decimal(0)
            elif screening.price is None and screening.sales not in (Sales.PASS_ONLY, Sales.UNKNOWN):
                clock = screening.starts_at.astimezone(screening.zone).time()
                screening.price = EVENING if clock >= EVENING_BEGINS or clock < ROLLOVER else MATINEE
            if screening.sales not in UNCHECKED:
                last = min(self.at, screening.starts_at)
                screening.sales_checked_at = last - timedelta(minutes=self.random.randrange(4, 90))


def load_schedule(programme: Programme, at: datetime) -> list[Show]:
    """Store the screenings as they were planned; what has changed since, `change_schedule` does."""
    shows = Schedule(programme, at).plan()
    Screening.objects.bulk_create(show.screening for show in shows)
    ScreeningFilm.objects.bulk_create(
        ScreeningFilm(screening=show.screening, film=film, part=part, position=position)
        for show in shows
        for position, (film, part) in enumerate(zip(show.films, show.parts, strict=True))
    )
    ScreeningGuest.objects.bulk_create(
        ScreeningGuest(screening=show.screening, person=person) for show in shows for person in show.guests
    )
    AccessFeature.objects.bulk_create(
        AccessFeature(screening=show.screening, feature=feature, is_confirmed=is_confirmed)
        for show in shows
        for feature, is_confirmed in show.access.items()
    )
    Screening.objects.refresh_ends()
    return shows


def change_schedule(shows: list[Show], staff: dict[str, AbstractBaseUser]) -> None:
    """Let the screenings come to look as they do now; `staff` are those who changed some of them, by user name."""
    for show, change in sorted(_changes(shows), key=lambda pair: pair[1]["when"]):
        _apply(change, Screening.objects.select_related("room__venue", "edition").get(pk=show.screening.pk), staff)


def _changes(shows: list[Show]) -> Iterator[tuple[Show, dict]]:
    return ((show, change) for show in shows for change in show.changes)


def _apply(change: dict, screening: Screening, staff: dict[str, AbstractBaseUser]) -> None:
    """Make a change as the person would have, at the time at which it is said to have been made."""
    for name, value in change["set"].items():
        setattr(screening, name, value)
    if "sales" in change["set"]:
        screening.sales_checked_at = max(change["when"], screening.sales_checked_at or change["when"])
    screening._history_date = change["when"]
    source = StatusChange.Source.BOARD if change["by"] == "box-office" else StatusChange.Source.ADMIN
    screening.save(by=staff[change["by"]], why=change["why"], source=source, at=change["when"])
