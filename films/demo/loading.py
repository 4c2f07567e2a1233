"""Loads the demo: who may log in, the programme, its screenings and its pictures."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group
from django.core.files import File
from django.db import models, transaction

from films.demo.programme import CONTENT, FILMS, ZONE, Programme, load_programme, read
from films.demo.schedule import change_schedule, load_schedule
from films.festival_day import festival_day
from films.models import ClassificationScheme, Edition, Film, Series
from films.models.history import begin
from films.models.search_text import refresh_search_text
from films.recording import recorded, unrecorded
from films.roles import BOX_OFFICE, PROGRAMMERS, TRAINEES
from people.images import HEADSHOT, STILL, Shape, store_picture
from people.models import Person
from venues.models import Venue

PASSWORD = "northlight"
LOG_INS = {"programmer": PROGRAMMERS, "box-office": BOX_OFFICE, "trainee": TRAINEES}
# How long ago the programme is said to have been entered: before anything in it changed.
ENTERED = timedelta(days=60)


def is_empty() -> bool:
    """Whether the database holds nothing that the demo could get mixed up with."""
    return not any(model.objects.exists() for model in (Film, Edition, Series, Venue, Person, ClassificationScheme))


def load(at: datetime, *, pictures: bool = True) -> Programme:
    """Fill an empty database with the demo as it looks at `at`: with all of it or, if anything fails, nothing.

    Pictures take most of the time, so threads make them while the rest is written.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool, transaction.atomic():
        stills, portraits = _start_on_pictures(pool) if pictures else ({}, {})
        try:
            staff = _create_staff()
            with unrecorded():
                programme = load_programme(festival_day(at, ZONE), at)
                shows = load_schedule(programme, at)
                refresh_search_text(Film.objects.all())
                attach(Film, "still", {programme.films[key].pk: future for key, future in stills.items()})
                attach(Person, "headshot", {programme.people[key].pk: future for key, future in portraits.items()})
            with recorded(why="Demo programme"):
                begin(at - ENTERED)
            change_schedule(shows, staff)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return programme


def _create_staff() -> dict[str, AbstractBaseUser]:
    """One log-in of each group of staff; whoever has such a name already keeps what is theirs."""
    staff = {}
    for name, group in LOG_INS.items():
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            user = get_user_model().objects.create_user(name, password=PASSWORD, is_staff=True)
            user.groups.add(Group.objects.get(name=group))
        staff[name] = user
    return staff


def _start_on_pictures(pool: ThreadPoolExecutor) -> tuple[dict[str, Future], dict[str, Future]]:
    """What will be each film's still and each person's portrait, by key."""
    films = [row for name in FILMS for row in read(name)["film"] if "alt" in row]
    people = [row for row in read("people")["person"] if row["portrait"]]
    stills = {row["key"]: pool.submit(store, "stills", row["key"], STILL, row["focus"]) for row in films}
    return stills, {row["key"]: pool.submit(store, "portraits", row["key"], HEADSHOT) for row in people}


def store(folder: str, key: str, shape: Shape, focus: str = "") -> tuple[str, str]:
    with (CONTENT / folder / f"{key}.webp").open("rb") as file:
        return store_picture(File(file), shape, focus)


def attach(model: type[models.Model], field: str, made: dict[int, Future]) -> None:
    """Write where the pictures are, by primary key, to the rows that show them."""
    rows = []
    for row in model.objects.filter(pk__in=made):
        original, key = made[row.pk].result()
        setattr(row, f"{field}_original", original)
        setattr(row, f"{field}_key", key)
        rows.append(row)
    model.objects.bulk_update(rows, [f"{field}_original", f"{field}_key"])
