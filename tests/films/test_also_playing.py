from datetime import timedelta

import pytest
import time_machine

from films.also_playing import Card, also_playing
from films.models import Credit, CreditRole, Film, Language, ProgrammePart, Screening, ScreeningFilm
from films.views.detail import film_for_page, showings_of, traits_of
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    GenreFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


def cards_for(film: Film, limit: int = 6) -> list[Card]:
    film = film_for_page(Film.objects.announced(NOW), NOW).get(pk=film.pk)
    credits = list(Credit.objects.filter(film=film).in_order())
    return also_playing(film, traits_of(film, credits, showings_of(film, NOW)), NOW, limit)


def titles(cards: list[Card]) -> list[str]:
    return [card.film.title for card in cards]


def playing(title: str, *, days: float = 10, sales=Screening.Sales.ON_SALE, **film) -> Film:
    made = FilmFactory(title=title, **film)
    ScreeningFactory(films=[made], starts_at=NOW + timedelta(days=days), sales=sales)
    return made


@pytest.mark.parametrize(
    "hidden",
    [
        {"occurrence": Screening.Occurrence.CANCELLED},
        {"occurrence": Screening.Occurrence.POSTPONED},
        {"audience": Screening.Audience.PRESS},
        {"starts_at": NOW},
        {"starts_at": NOW - timedelta(days=1)},
    ],
)
def test_only_what_can_still_be_gone_to_is_recommended(hidden):
    ScreeningFactory(films=[FilmFactory(title="Never")], **hidden)
    ScreeningFactory(films=[FilmFactory(title="Soon")], starts_at=NOW + timedelta(seconds=1))
    assert titles(cards_for(FilmFactory())) == ["Soon"]


@pytest.mark.parametrize("state", [Film.State.DRAFT, Film.State.WITHDRAWN])
def test_hidden_films_are_not_recommended(state):
    playing("Hidden", state=state)
    assert cards_for(FilmFactory()) == []


def test_the_film_itself_its_programme_and_its_parts_are_left_out():
    programme, part = FilmFactory(kind=Film.Kind.PROGRAMME), FilmFactory()
    ProgrammePart.objects.create(programme=programme, film=part)
    for film in (programme, part):
        ScreeningFactory(films=[film])
    assert cards_for(programme) == []
    assert cards_for(part) == []


@pytest.mark.parametrize(("sales", "tone"), [("sold_out", "sold"), ("standby", "standby")])
def test_sold_out_stands_after_what_can_be_had_whatever_it_shares(sales, tone):
    director = PersonFactory()
    playing("Sold", directors=[director], sales=sales)
    playing("Had", days=60)
    cards = cards_for(FilmFactory(directors=[director]))
    assert titles(cards) == ["Had", "Sold"]
    assert [status.tone for status in cards[1].statuses] == [tone]


def test_film_with_one_of_two_screenings_sold_out_shows_the_one_that_is_not():
    film = playing("Two", days=1, sales=Screening.Sales.SOLD_OUT)
    free = ScreeningFactory(films=[film], starts_at=NOW + timedelta(days=2), sales=Screening.Sales.ON_SALE)
    (card,) = cards_for(FilmFactory())
    assert card.screening == free


def test_what_is_shared_ranks_and_says_why():
    director, actor, series, genre = (
        PersonFactory(name="Ann"),
        PersonFactory(name="Bo"),
        SeriesFactory(),
        GenreFactory(),
    )
    film = FilmFactory(directors=[director])
    CreditFactory(film=film, person=actor, role=CreditRole.objects.get(slug="cast"))
    film.series.add(series)
    film.genres.add(genre)
    playing("Nothing", days=7)
    playing("Genre").genres.add(genre)
    playing("Series").series.add(series)
    CreditFactory(film=playing("Cast"), person=actor, role=CreditRole.objects.get(slug="cast"))
    playing("Director", directors=[director])
    cards = cards_for(film)
    assert titles(cards) == ["Director", "Cast", "Series", "Genre", "Nothing"]
    assert [card.why for card in cards] == [
        "Also directed by Ann",
        "Also with Bo",
        f"Also in {series}",
        f"Also {genre}",
        "Playing soon",
    ]


def test_sooner_ranks_before_later_among_equals():
    for title, days in (("In a year", 365), ("This month", 30), ("This week", 7), ("Soon", 3), ("Tomorrow", 1)):
        playing(title, days=days)
    assert titles(cards_for(FilmFactory())) == ["Tomorrow", "Soon", "This week", "This month", "In a year"]


def test_equals_take_turns_from_page_to_page():
    films = [playing(f"Film {number}") for number in range(30)]
    shown = {title for film in films for title in titles(cards_for(film))}
    assert len(shown) == 30
    assert titles(cards_for(films[0])) == titles(cards_for(films[0]))


def test_same_venue_is_a_reason():
    room = RoomFactory(venue=VenueFactory(name="The Rio"))
    film = FilmFactory()
    ScreeningFactory(films=[film], room=room, starts_at=NOW - timedelta(days=3))
    ScreeningFactory(films=[FilmFactory(title="There")], room=room, starts_at=NOW + timedelta(days=20))
    playing("Elsewhere", days=7 + 1 / 24)
    cards = cards_for(film)
    elsewhere = cards[-1]
    assert [(card.film.title, card.why) for card in cards] == [
        ("There", "Also at The Rio"),
        ("Elsewhere", f"In the programme of {elsewhere.screening.edition}"),
    ]


def test_no_more_than_two_of_a_series_while_there_is_anything_else():
    series = SeriesFactory()
    film = FilmFactory()
    film.series.add(series)
    for number in range(4):
        playing(f"Series {number}", days=1).series.add(series)
    playing("Other", days=30)
    shown = titles(cards_for(film))
    assert [title.split()[0] for title in shown] == ["Series", "Series", "Other", "Series", "Series"]


def test_language_is_a_reason():
    french = Language.objects.create(name="French")
    film = FilmFactory()
    film.languages.add(french)
    playing("Aussi").languages.add(french)
    assert [card.why for card in cards_for(film)] == ["Also spoken in French"]


def test_one_programme_never_gets_two_cards():
    main, short, double = (FilmFactory() for _number in range(3))
    screening = ScreeningFactory(films=[main])
    ScreeningFilm.objects.create(screening=screening, film=short, part=ScreeningFilm.Part.SHORT_BEFORE)
    ScreeningFilm.objects.create(screening=screening, film=double, part=ScreeningFilm.Part.DOUBLE_BILL)
    cards = cards_for(FilmFactory())
    assert len(cards) == 1
    assert cards[0].film != short


def test_card_names_every_room_it_will_play_in_once_and_the_next_beside_its_time(client):
    film = playing("Folktales", days=1)
    first = film.showings.get().screening.room
    second = RoomFactory()
    for room in (second, first):
        ScreeningFactory(films=[film], room=room, starts_at=NOW + timedelta(days=2))
    (card,) = cards_for(other := FilmFactory())
    assert card.rooms == [first.full_name, second.full_name]
    with time_machine.travel(NOW, tick=False):
        page = client.get(other.get_absolute_url()).content.decode()
    assert f"</time> {first.full_name}. Later: {second.full_name}</span>" in page


def test_past_film_is_offered_what_plays_in_the_year_round_programme():
    house = EditionFactory(kind="year-round", ends_on=None)
    playing("Lady Bird", edition=house)
    past = FilmFactory()
    ScreeningFactory(films=[past], starts_at=NOW - timedelta(days=900))
    assert titles(cards_for(past)) == ["Lady Bird"]


def test_cards_take_two_queries_and_no_more_than_were_asked_for(django_assert_num_queries):
    for number in range(12):
        playing(f"Film {number}")
    film = film_for_page(Film.objects.announced(NOW), NOW).get(pk=FilmFactory().pk)
    traits = traits_of(film, [], [])
    with django_assert_num_queries(2):
        assert len(also_playing(film, traits, NOW, limit=4)) == 4
