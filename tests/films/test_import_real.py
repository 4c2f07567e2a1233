"""Real programmes, imported whole: PROGRAMMES_FOLDER names a folder that holds one folder for each, with the four
files and an `expected.json` of the figures that a right import shows. Without it there is nothing to test here."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Count, F

from films.interchange import import_programme, uploaded_package
from films.interchange.exporting import export_everything, zip_of
from films.models import Country, Credit, Film, ImportRun, Screening, Series
from people.models import Person
from tests.factories import FilmFactory
from tests.films.exports import content, empty_database
from tests.films.programmes import as_workbook, as_zip, everything, run
from tests.films.test_admin_import import decide, upload
from tests.films.test_undo import programme
from venues.models import Room, Venue


def pytest_generate_tests(metafunc):
    folders = sorted(path.parent for path in Path(os.environ["PROGRAMMES_FOLDER"]).glob("*/expected.json"))
    metafunc.parametrize("folder", folders, ids=lambda folder: folder.name)


def figures() -> dict:
    screenings = Screening.objects.select_related("room__venue")
    starts = sorted((it.local_start.replace(tzinfo=None), it.starts_at) for it in screenings)
    ends_on_a_later_date = sum(it.local_end.date() > it.local_start.date() for it in screenings if it.entered_end)
    clashes = Screening.objects.values("room", "starts_at").annotate(n=Count("pk")).filter(n__gt=1).count()
    shown = Film.objects.annotate(times=Count("showings"))
    return {
        "films": Film.objects.count(),
        "venues": Venue.objects.count(),
        "rooms": Room.objects.exclude(name=F("venue__name")).count(),
        "screenings": len(starts),
        "screenings_public": Screening.objects.public().count(),
        "screenings_cancelled": Screening.objects.filter(occurrence="cancelled").count(),
        "screenings_sold_out": Screening.objects.filter(sales="sold_out").count(),
        "screening_days": len({local.date() for local, _ in starts}),
        "first_start_local": f"{starts[0][0]:%Y-%m-%dT%H:%M}",
        "last_start_local": f"{starts[-1][0]:%Y-%m-%dT%H:%M}",
        "first_start_utc": f"{starts[0][1]:%Y-%m-%dT%H:%MZ}",
        "last_start_utc": f"{starts[-1][1]:%Y-%m-%dT%H:%MZ}",
        "screenings_per_day": dict(sorted(Counter(str(local.date()) for local, _ in starts).items())),
        "screenings_per_venue": dict(Counter(it.room.venue.name for it in screenings)),
        "screenings_with_more_than_one_film": Screening.objects.annotate(n=Count("items")).filter(n__gt=1).count(),
        "films_without_screening": shown.filter(times=0).count(),
        "films_with_3_or_more_screenings": shown.filter(times__gte=3).count(),
        "films_without_runtime": Film.objects.filter(runtime=None).count(),
        "films_without_director": Film.objects.exclude(credits__role__slug="director").count(),
        "films_with_several_directors": Film.objects.filter(credits__role__slug="director")
        .annotate(directors=Count("credits"))
        .filter(directors__gt=1)
        .count(),
        "films_with_several_countries": Film.objects.annotate(n=Count("countries")).filter(n__gt=1).count(),
        "distinct_countries": Country.objects.count(),
        "sections": Series.objects.count(),
        "screenings_ending_on_a_later_date": ends_on_a_later_date,
        "screenings_starting_22_or_later": sum(local.hour >= 22 for local, _ in starts),
        "screenings_starting_00_to_05": sum(local.hour < 5 for local, _ in starts),
        "same_room_same_start_clashes": clashes,
        "people": Person.objects.count(),
        "credits": Credit.objects.count(),
        "credits_per_role": dict(Counter(Credit.objects.values_list("role__slug", flat=True))),
        "longest_title": max(len(it.title) for it in Film.objects.all()),
        "films_without_country": Film.objects.filter(countries=None).count(),
        "ratings": dict(Counter(Film.objects.exclude(classifications=None).values_list(
            "classifications__classification__code", flat=True
        ))),
        "films_with_warnings": Film.objects.exclude(warnings=None).count(),
    }  # fmt: skip


@pytest.mark.django_db
def test_real_programme_shows_its_figures_and_stays_the_same(folder):
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    run(folder, source=folder.name)
    shown = figures()
    assert shown == {name: expected[name] for name in shown}
    before = everything()
    assert run(folder, source=folder.name).changed_nothing
    assert everything() == before


@pytest.mark.django_db
def test_real_programme_goes_through_the_admin_and_back(folder, admin_client):
    """Looked at, applied, undone to what was there before, applied again; exported, and the same in another place."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    FilmFactory(title="Here before").delete()
    before = programme()
    upload(admin_client, ("programme.zip", as_zip(folder)), source=folder.name)
    for _again in range(2):
        decide(admin_client, "apply")
        shown = figures()
        assert shown == {name: expected[name] for name in shown}
        decide(admin_client, "undo")
        assert ImportRun.objects.latest("pk").left == []
        assert programme() == before
        upload(admin_client, ("programme.xlsx", as_workbook(folder)), source=folder.name)
    decide(admin_client, "apply")
    exported = zip_of(export_everything(folder.name))
    stood = content()
    empty_database()
    import_programme(uploaded_package(exported), source=folder.name, edition="Fest 2026")
    assert content() == stood
    assert run(folder, source=folder.name).changed_nothing


if "PROGRAMMES_FOLDER" not in os.environ:
    del pytest_generate_tests, test_real_programme_shows_its_figures_and_stays_the_same
    del test_real_programme_goes_through_the_admin_and_back
