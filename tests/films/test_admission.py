from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from films.admission import Admission, Restriction, admission_of, strictest, with_admission_rules
from films.models import Classification, Film, FilmClassification, ProgrammePart, Screening, UnclassifiedRule
from tests.factories import FilmFactory, LicenceFactory, RoomFactory, SchemeFactory, ScreeningFactory

pytestmark = pytest.mark.django_db
RESTRICTIONS = st.lists(st.builds(Restriction, st.integers(0, 21), st.integers(0, 18), st.just("Because.")))


@pytest.fixture
def scheme():
    return SchemeFactory()


def classified(code: str, **film) -> Film:
    film = FilmFactory(**film)
    FilmClassification.objects.create(film=film, classification=Classification.objects.get(code=code))
    return film


def admission(*films: Film, **screening) -> Admission:
    made = ScreeningFactory(films=films, **screening)
    return admission_of(with_admission_rules(Screening.objects.all()).get(pk=made.pk))


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("G", "All ages"),
        ("PG", "All ages"),
        ("14A", "Under 14 with an adult"),
        ("18A", "Under 18 with an adult"),
        ("R", "18+"),
    ],
)
def test_class_decides_where_nothing_else_does(scheme, code, label):
    assert admission(classified(code)).label == label


def test_unclassified_film_follows_the_rule_of_its_jurisdiction(scheme):
    found = admission(FilmFactory())
    assert (found.label, found.reasons) == ("18+", ["Members of the society only."])


def test_unclassified_film_is_open_where_no_scheme_rules(scheme):
    assert admission(FilmFactory(), room=RoomFactory(venue__jurisdiction="")).label == "All ages"


def test_class_of_another_jurisdiction_says_nothing_here(scheme):
    elsewhere = SchemeFactory(jurisdiction="GB", classes=None)
    film = FilmFactory()
    FilmClassification.objects.create(film=film, classification=elsewhere.classes.get(code="G"))
    assert admission(film).label == "18+"


def test_strictest_of_several_films_decides(scheme):
    found = admission(classified("PG"), classified("14A"), classified("18A"))
    assert (found.minimum_age, found.accompanied_under) == (0, 18)


def test_withdrawn_film_no_longer_decides(scheme):
    assert admission(classified("PG"), classified("R", state=Film.State.WITHDRAWN)).label == "All ages"


def test_licence_of_the_room_is_stricter_than_the_class(scheme):
    room = RoomFactory()
    LicenceFactory(venue=room.venue, note="Licensed.")
    found = admission(classified("14A"), room=room)
    assert (found.label, found.reasons) == ("19+", ["Licensed. No babies in arms.", "Classified 14A."])


def test_licence_of_one_room_leaves_the_others_open(scheme):
    room = RoomFactory()
    LicenceFactory(venue=room.venue, room=room)
    assert admission(classified("G"), room=room).label == "19+"
    assert admission(classified("G"), room=RoomFactory(venue=room.venue)).label == "All ages"


@pytest.mark.parametrize(
    ("first", "last", "label"), [(-1, -1, "All ages"), (-1, 0, "19+"), (0, 1, "19+"), (1, 2, "All ages")]
)
def test_licence_holds_on_whole_days_of_the_venues_calendar(scheme, first, last, label):
    screening = ScreeningFactory(films=[classified("G")])
    day = screening.local_start.date()
    LicenceFactory(
        venue=screening.room.venue,
        valid_from=day + timedelta(days=first),
        valid_until=day + timedelta(days=last),
    )
    assert admission_of(with_admission_rules(Screening.objects.all()).get()).label == label


def test_rule_for_unclassified_films_may_have_an_end(scheme):
    UnclassifiedRule.objects.update(valid_until="2026-10-01")
    assert admission(FilmFactory()).label == "All ages"


def test_programme_takes_the_classes_of_its_parts(scheme):
    programme = FilmFactory(kind=Film.Kind.PROGRAMME)
    ProgrammePart.objects.create(programme=programme, film=classified("14A"))
    assert admission(programme).label == "Under 14 with an adult"
    ProgrammePart.objects.create(programme=programme, film=FilmFactory())
    assert admission(programme).label == "18+"


def test_programme_classified_as_a_whole_needs_no_class_for_its_parts(scheme):
    programme = classified("PG", kind=Film.Kind.PROGRAMME)
    ProgrammePart.objects.create(programme=programme, film=FilmFactory())
    assert admission(programme).label == "All ages"


def test_talk_needs_no_classification(scheme):
    assert admission(FilmFactory(kind=Film.Kind.EVENT)).label == "All ages"


def test_age_set_by_hand_replaces_every_rule_and_says_why(scheme):
    room = RoomFactory()
    LicenceFactory(venue=room.venue)
    found = admission(FilmFactory(), room=room, age_override=16, age_override_reason="Bar closed tonight.")
    assert (found.label, found.reasons) == ("16+", ["Bar closed tonight."])
    assert admission(FilmFactory(), age_override=0, age_override_reason="School show.").label == "All ages"


@given(RESTRICTIONS, RESTRICTIONS)
def test_one_more_rule_never_lets_anyone_younger_in(some, more):
    assert strictest(some + more).minimum_age >= strictest(some).minimum_age


@given(RESTRICTIONS)
def test_order_of_rules_does_not_matter(rules):
    assert strictest(rules) == strictest(reversed(rules))
    assert strictest(rules).minimum_age == max([rule.minimum_age for rule in rules], default=0)
