"""What is asked at many doors at once is what is asked at each of them."""

from datetime import timedelta

import pytest

from films.admission import admission_of, is_rated, with_admission_rules
from films.door_ages import DoorAges
from films.facet_table import load
from films.models import Film, ProgrammePart, Screening
from tests.factories import NOW, FilmFactory, LicenceFactory, RoomFactory, SchemeFactory, ScreeningFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def doors():
    """Screenings at every kind of door: by class, by part, without a class, by licence of a room, a day or a house."""
    scheme = SchemeFactory()

    def film(code: str = "", **fields) -> Film:
        made = FilmFactory(**fields)
        if code:
            made.classifications.create(classification=scheme.classes.get(code=code))
        return made

    def programme(*parts: Film, code: str = "") -> Film:
        made = film(code, kind=Film.Kind.PROGRAMME)
        for part in parts:
            ProgrammePart.objects.create(programme=made, film=part)
        return made

    withdrawn = Film.State.WITHDRAWN
    bills = [
        [film("PG")], [film("18A"), film("R")], [film()], [film("R", state=withdrawn), film("G")],
        [film(kind=Film.Kind.EVENT)], [film("PG"), film(kind=Film.Kind.EVENT)],
        [programme(film("14A"), film("G"))], [programme(film("14A"), film())], [programme(film(), code="PG")],
        [programme(film("G"), film("R", state=withdrawn))], [programme(film("G"), film(state=withdrawn))],
    ]  # fmt: skip
    licensed, other = RoomFactory(), RoomFactory(venue__jurisdiction="")
    LicenceFactory(venue=licensed.venue, room=licensed, valid_until=NOW.date())
    rooms = [
        RoomFactory(),
        licensed,
        RoomFactory(venue=licensed.venue),
        RoomFactory(venue=LicenceFactory().venue),
        other,
    ]
    for number, films in enumerate(bills):
        for room in rooms:
            for days in (0, 3):
                starts_at = NOW + timedelta(days=days, minutes=number + 1)
                ScreeningFactory(films=films, room=room, starts_at=starts_at)
    ScreeningFactory(room=licensed, age_override=7, age_override_reason="A matinee.")


def test_age_is_the_one_that_each_screening_asks_for(doors):
    screenings = with_admission_rules(Screening.objects.order_by("pk"))
    parts = {}
    for part in ProgrammePart.objects.exclude(film__state=Film.State.WITHDRAWN):
        parts.setdefault(part.programme_id, []).append(part.film_id)
    ages = DoorAges(Film.objects.values_list("pk", flat=True), parts)
    for screening in screenings:
        films = [item.film_id for item in screening.items.all() if is_rated(item.film.state, item.film.kind)]
        day = screening.local_start.date()
        found = ages.minimum_age(screening.age_override, screening.room, day, films)
        assert found == admission_of(screening).minimum_age, screening


@pytest.mark.parametrize("rows", [1, 30])
def test_list_is_loaded_in_the_same_number_of_queries(rows, django_assert_num_queries):
    for _row in range(rows):
        ScreeningFactory()
    with django_assert_num_queries(19):
        load(Film.objects.public(NOW), Screening.objects.public(NOW), NOW)
