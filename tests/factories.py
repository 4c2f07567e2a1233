"""Small, valid objects for tests; a test names only what it is about."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from films.models import (
    Classification,
    ClassificationScheme,
    Credit,
    CreditRole,
    Edition,
    Film,
    Genre,
    Screening,
    ScreeningFilm,
    Series,
    UnclassifiedRule,
)
from people.models import Person
from venues.models import Licence, Room, Venue

# A quiet evening in the middle of a festival, on which no clock changes: 6 pm in Vancouver.
NOW = datetime(2026, 10, 3, 1, 0, tzinfo=UTC)
VANCOUVER = ZoneInfo("America/Vancouver")


def day_around(at: datetime) -> time:
    """When a festival's day has to begin for what is near `at` to stand on one day: six hours before, in Vancouver.

    For tests that run at the true time: they may run at any hour.
    """
    return (at - timedelta(hours=6)).astimezone(VANCOUVER).time()


class EditionFactory(DjangoModelFactory):
    class Meta:
        model = Edition

    name = factory.Sequence("Northlight {}".format)
    starts_on = date(2026, 9, 28)
    ends_on = date(2026, 10, 8)


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence("Venue {}".format)
    time_zone = "America/Vancouver"
    jurisdiction = "CA-BC"


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    venue = factory.SubFactory(VenueFactory)
    name = factory.Sequence("Cinema {}".format)


class LicenceFactory(DjangoModelFactory):
    class Meta:
        model = Licence

    venue = factory.SubFactory(VenueFactory)
    minimum_age = 19


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence("Person {}".format)


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    name = factory.Sequence("Series {}".format)


class GenreFactory(DjangoModelFactory):
    class Meta:
        model = Genre

    name = factory.Sequence("Genre {}".format)


class FilmFactory(DjangoModelFactory):
    class Meta:
        model = Film
        skip_postgeneration_save = True

    edition = factory.SubFactory(EditionFactory)
    title = factory.Sequence("Film {}".format)
    state = Film.State.PUBLISHED
    runtime = 100

    @factory.post_generation
    def directors(film, create, people, **kwargs):  # noqa: N805
        for position, person in enumerate(people or []):
            CreditFactory(film=film, person=person, position=position)


class CreditFactory(DjangoModelFactory):
    class Meta:
        model = Credit

    film = factory.SubFactory(FilmFactory)
    person = factory.SubFactory(PersonFactory)
    role = factory.LazyFunction(lambda: CreditRole.objects.get(slug="director"))


class ScreeningFactory(DjangoModelFactory):
    """A screening of `films` (one new film by default) that begins two hours after NOW."""

    class Meta:
        model = Screening
        skip_postgeneration_save = True

    edition = factory.SubFactory(EditionFactory)
    room = factory.SubFactory(RoomFactory)
    starts_at = NOW + timedelta(hours=2)

    @factory.post_generation
    def films(screening, create, films, **kwargs):  # noqa: N805
        for position, film in enumerate([FilmFactory()] if films is None else films):
            ScreeningFilm.objects.create(screening=screening, film=film, position=position)
        screening.refresh_from_db()


class SchemeFactory(DjangoModelFactory):
    """British Columbia's scheme, with its rule for films that it has not classified."""

    class Meta:
        model = ClassificationScheme
        skip_postgeneration_save = True

    jurisdiction = "CA-BC"
    name = "British Columbia"

    @factory.post_generation
    def classes(scheme, create, extracted, **kwargs):  # noqa: N805
        for position, (code, minimum_age, accompanied_under) in enumerate(
            [("G", 0, 0), ("PG", 0, 0), ("14A", 0, 14), ("18A", 0, 18), ("R", 18, 0), ("A", 18, 0)]
        ):
            Classification.objects.create(
                scheme=scheme,
                code=code,
                minimum_age=minimum_age,
                accompanied_under=accompanied_under,
                position=position,
            )
        UnclassifiedRule.objects.create(scheme=scheme, minimum_age=18, note="Members of the society only.")
