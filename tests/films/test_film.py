from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from films.models import Film, OldSlug, ProgrammePart, Screening
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    GenreFactory,
    PersonFactory,
    ScreeningFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db


def test_slug_is_the_transliterated_title():
    assert FilmFactory(title="Łódź po Øresund").slug == "lodz-po-oresund"


@pytest.mark.parametrize("title", ["無人站", "بيت بلا ظلال", "???"])
def test_slug_falls_back_to_the_id_when_nothing_is_left(title):
    film = FilmFactory(title=title)
    assert film.slug == f"film-{film.pk}"


def test_films_of_the_same_title_stay_distinct():
    slugs = [FilmFactory(title="Undertow", year=year).slug for year in (2024, 2026, 2026, None, None)]
    assert slugs == ["undertow", "undertow-2026", "undertow-2026-2", "undertow-2", "undertow-3"]


def test_slug_of_a_new_film_never_takes_an_old_address():
    OldSlug.objects.create(slug="kiln", film=FilmFactory(title="The Kiln"))
    assert FilmFactory(title="Kiln").slug == "kiln-2"


def test_slug_that_leads_elsewhere_is_refused_in_words():
    OldSlug.objects.create(slug="kiln", film=FilmFactory(title="The Kiln"))
    film = FilmFactory(title="Other")
    film.slug = "kiln"
    with pytest.raises(ValidationError, match="leads to another film"):
        film.full_clean()


def test_slug_given_back_is_no_longer_an_old_address():
    film = Film.objects.get(pk=FilmFactory(title="Kiln").pk)
    for slug in ("the-kiln", "kiln"):
        film.slug = slug
        film.save()
    assert set(OldSlug.objects.values_list("slug", flat=True)) == {"the-kiln"}


def test_title_may_change_without_changing_the_address():
    film = FilmFactory(title="Kiln")
    film.title = "The Kiln"
    film.save()
    assert (film.slug, film.sort_key) == ("kiln", "kiln")


def test_search_text_follows_every_word_a_film_is_found_by():
    film = FilmFactory(title="Kiln", original_title="가마", synopsis="Ashes.")
    CreditFactory(film=film, person=PersonFactory(name="Seong Bo-ra"), credited_as="S. Böra")
    film.series.add(SeriesFactory(name="Panorama"))
    film.genres.add(GenreFactory(name="Drama"))
    film.refresh_from_db()
    for words in ("kiln", "가마", "ashes", "seong bo-ra", "bora", "panorama", "drama"):
        assert Film.objects.matching(words).get() == film


@pytest.mark.parametrize(
    "broken",
    [
        {"title": ""},
        {"runtime": 0},
        {"state": Film.State.SCHEDULED, "embargo_until": None},
        {"grade": 7},
        {"kind": Film.Kind.FILM, "stands_for": True},
    ],
)
def test_database_refuses_what_no_film_may_be(broken):
    if "stands_for" in broken:
        broken = broken | {"stands_for": FilmFactory()}
    film = FilmFactory()
    with pytest.raises(IntegrityError):
        Film.objects.filter(pk=film.pk).update(**broken)


@pytest.mark.parametrize(
    "broken",
    [
        {"ends_at": NOW, "starts_at": NOW},
        {"occurrence": Screening.Occurrence.MOVED},
        {"age_override": 16},
        {"price": -1},
    ],
)
def test_database_refuses_what_no_screening_may_be(broken):
    screening = ScreeningFactory()
    with pytest.raises(IntegrityError):
        Screening.objects.filter(pk=screening.pk).update(**broken)


@pytest.mark.parametrize("kind", ["festival", "year-round"])
def test_edition_has_an_end_exactly_when_it_is_a_festival(kind):
    with pytest.raises(IntegrityError):
        EditionFactory(kind=kind, ends_on=None if kind == "festival" else "2026-12-31")


def test_films_to_come_and_not_past_are_those_whose_standing_says_so():
    hours = [(at, occurrence) for at in (-3, 2) for occurrence in Screening.Occurrence.values]
    for number, (at, occurrence) in enumerate(hours):
        moved = {"previous_starts_at": NOW - timedelta(days=9)} if occurrence == "moved" else {}
        fields = {"starts_at": NOW + timedelta(hours=at), "occurrence": occurrence} | moved
        film, programme, part = FilmFactory(), FilmFactory(), FilmFactory()
        ProgrammePart.objects.create(programme=programme, film=part)
        ScreeningFactory(films=[film], **fields)
        ScreeningFactory(films=[programme], **fields)
        ScreeningFactory(films=[FilmFactory()], audience=Screening.Audience.PRESS, **fields)
        ScreeningFactory(films=[FilmFactory(state=Film.State.WITHDRAWN)], **fields)
        for other_at, other in hours[number:]:
            starts_at = NOW + timedelta(hours=other_at, minutes=1)
            ScreeningFactory(films=[film := FilmFactory()], **fields)
            moved = {"previous_starts_at": NOW - timedelta(days=9)} if other == "moved" else {}
            ScreeningFactory(films=[film], starts_at=starts_at, occurrence=other, **moved)
    standing = dict(Film.objects.with_standing(NOW).values_list("pk", "standing"))
    to_come, past = (
        {pk for pk, stands in standing.items() if stands == is_it}
        for is_it in (Film.Standing.TO_COME, Film.Standing.PAST)
    )
    assert to_come
    assert past
    assert set(Film.objects.to_come(NOW).values_list("pk", flat=True)) == to_come
    assert set(Film.objects.not_past(NOW).values_list("pk", flat=True)) == standing.keys() - past


@pytest.mark.parametrize(
    ("occurrence", "standing"),
    [
        (Screening.Occurrence.CANCELLED, Film.Standing.CANCELLED),
        (Screening.Occurrence.POSTPONED, Film.Standing.TO_COME),
        (Screening.Occurrence.SCHEDULED, Film.Standing.PAST),
    ],
)
def test_standing_of_a_film_with_one_screening_yesterday(occurrence, standing):
    film = FilmFactory()
    ScreeningFactory(films=[film], starts_at=NOW - timedelta(days=1), occurrence=occurrence)
    assert Film.objects.with_standing(NOW).get().standing == standing
