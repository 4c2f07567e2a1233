from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection

from films.highlight import excerpt, highlight
from films.models import Country, CreditRole, Film, FilmCountry, ProgrammePart, SearchNames, SearchText, SearchWord
from films.search import MOST
from films.views.search import PAGE_SIZE
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    GenreFactory,
    PersonFactory,
    ScreeningFactory,
    SeriesFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def search(client):
    """search("kiln") is what the search page has to show."""
    return lambda words: client.get("/search/", {"q": words}).context


def titles(context) -> list[str]:
    return [result.card.film.title for result in context["results"]]


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Straße nach Łódź", ["strasse", "lodz"], "<mark>Straße</mark> nach <mark>Łódź</mark>"),
        ("Straße", ["stras"], "<mark>Straß</mark>e"),
        ("Re\u0301union", ["re"], "<mark>Re\u0301</mark>union"),
        ("Æon", ["ae"], "<mark>Æ</mark>on"),
        ("台北電影", ["電影"], "台北<mark>電影</mark>"),
        ("The automobile gathering", ["the"], "<mark>The</mark> automobile gathering"),
        ("Gathering", ["the"], "Ga<mark>the</mark>ring"),
        ("<b> & co", ["co"], "&lt;b&gt; &amp; <mark>co</mark>"),
        ("Kiln", ["salt"], "Kiln"),
        ("", ["salt"], ""),
    ],
)
def test_highlight_marks_the_letters_as_they_are_printed(text, words, marked):
    assert highlight(text, words) == marked


def test_excerpt_is_cut_between_words_around_the_first_match():
    text = "Before. " * 30 + "A lantern burns. " + "After. " * 30
    found = excerpt(text, ["lantern"])
    assert found.startswith("… Before. ")
    assert "A <mark>lantern</mark> burns." in found
    assert found.endswith("After. …")
    assert excerpt(text, ["salt"]) == ""


def test_search_puts_the_film_first_whose_whole_title_was_typed(search):
    FilmFactory(title="The Great Arch", edition=EditionFactory(starts_on=date(2027, 9, 26), ends_on=date(2027, 10, 6)))
    FilmFactory(title="The G")
    assert titles(search("the g")) == ["The G", "The Great Arch"]


def test_search_ranks_title_start_then_title_word_then_person_then_series_then_text(search):
    FilmFactory(title="Zero", synopsis="A lantern burns.")
    SeriesFactory(name="Lantern nights").films.add(FilmFactory(title="Yes"))
    CreditFactory(film=FilmFactory(title="X"), person=PersonFactory(name="Ann Lantern"))
    FilmFactory(title="Bluelantern")
    FilmFactory(title="Old Lantern")
    FilmFactory(title="The Lantern")
    assert titles(search("lantern")) == ["The Lantern", "Old Lantern", "Bluelantern", "X", "Yes", "Zero"]


@pytest.mark.parametrize(
    "words",
    ["håkon", "HAKON", "oy", "lodz", "noć", "noc", "chile", "kiln ann", "“Łódź” (kiln)", "«ŁÓDŹ", "lodz & kiln!"],
)
def test_search_finds_folded_words_wherever_they_stand(search, words):
    film = FilmFactory(title="Łódź Kiln", original_title="Noć u Łodzi", synopsis="Shot in Chile.")
    for name in ("Håkon Øy", "Ann Berg"):
        CreditFactory(film=film, person=PersonFactory(name=name))
    FilmFactory(title="Salt")
    assert titles(search(words)) == ["Łódź Kiln"]


@pytest.mark.parametrize("words", ["ann", "panorama", "noir"])
def test_search_follows_the_names_of_what_a_film_belongs_to(search, words):
    person, series, genre = PersonFactory(name="Bo"), SeriesFactory(name="Showcase"), GenreFactory(name="Drama")
    film = FilmFactory(title="Kiln", directors=[person])
    film.genres.add(genre)
    series.films.add(film)
    for named, name in ((person, "Ann"), (series, "Panorama"), (genre, "Noir")):
        named.name = name
        named.save()
    assert titles(search(words)) == ["Kiln"]
    series.films.remove(film)
    assert titles(search("panorama")) == []


def test_search_names_people_and_text_that_it_found_but_the_title_does_not_say(search):
    film = FilmFactory(title="Kiln", synopsis="She *burns* a lantern.")
    CreditFactory(film=film, person=PersonFactory(name="Ann Berg"), role=CreditRole.objects.get(slug="editor"))
    CreditFactory(film=film, person=PersonFactory(name="Bo Li"))
    [result] = search("berg lantern kiln")["results"]
    assert result.title == "<mark>Kiln</mark>"
    assert result.people == ["Ann <mark>Berg</mark>"]
    assert result.excerpt == "She burns a <mark>lantern</mark>."


@pytest.mark.parametrize(("words", "series"), [("kiln nocturn", ["<mark>Nocturn</mark>es &amp; Co"]), ("kiln", [])])
def test_search_names_the_series_that_it_found(search, words, series):
    film = FilmFactory(title="Kiln", synopsis="A nocturne.")
    for name in ("Nocturnes & Co", "Panorama"):
        SeriesFactory(name=name).films.add(film)
    [result] = search(words)["results"]
    assert (result.series, result.excerpt) == (series, "")


def test_search_newest_edition_comes_first_and_past_films_are_found(search):
    older = EditionFactory(name="Northlight 2024", starts_on=date(2024, 9, 26), ends_on=date(2024, 10, 6))
    past = FilmFactory(title="Kiln", edition=older)
    ScreeningFactory(films=[past], starts_at=NOW - timedelta(days=730))
    new = FilmFactory(title="Kiln")
    assert [result.card.film for result in search("kiln")["results"]] == [new, past]


def test_short_leads_to_the_public_programmes_it_is_shown_in(search, client):
    short = FilmFactory(title="Match", kind=Film.Kind.SHORT)
    shown, hidden = FilmFactory(title="Shorts 1"), FilmFactory(title="Shorts 2", state=Film.State.DRAFT)
    for programme in (shown, hidden):
        ProgrammePart.objects.create(programme=programme, film=short)
    [result] = search("match")["results"]
    assert [programme.title for programme in result.programmes] == ["Shorts 1"]
    assert '<a class="within" href="/films/shorts-1/"' in client.get("/search/?q=match").content.decode()


def test_search_groups_people_series_and_venues_that_the_world_may_see(search):
    shown, hidden = FilmFactory(title="Kiln"), FilmFactory(state=Film.State.DRAFT)
    for film, name in ((shown, "Rio Berg"), (hidden, "Rio Hidden")):
        CreditFactory(film=film, person=PersonFactory(name=name))
        SeriesFactory(name=f"{name} nights").films.add(film)
    VenueFactory(name="The Rio")
    groups = {group.key: [name.name for name in group.names] for group in search("rio")["groups"]}
    assert groups == {
        "people": ["<mark>Rio</mark> Berg"],
        "series": ["<mark>Rio</mark> Berg nights"],
        "venues": ["The <mark>Rio</mark>"],
    }


def test_secret_screening_is_not_found_by_what_it_stands_for(search):
    real = FilmFactory(title="Red Rooms", state=Film.State.DRAFT)
    FilmFactory(title="Secret screening", kind=Film.Kind.SECRET, stands_for=real)
    assert (titles(search("rooms")), search("red roms")["meant"]) == ([], "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("salt huors", "Salt Hours"),
        ("salthours", "Salt Hours"),
        ("hakn oy", "Håkon Øy"),
        ("panoramma", "Panorama"),
        ("cinematheqe", "Cinematheque"),
        ("hours salr", "hours salt"),
        ("salt hou rs", "Salt Hours"),
        ("salt lantren", "salt lantern"),
        ("zzzzzz", ""),
        ("q", ""),
    ],
)
def test_search_that_finds_nothing_says_what_may_have_been_meant(search, typed, meant):
    film = FilmFactory(title="Salt Hours", synopsis="A lantern burns.")
    FilmFactory(title="Lantern, off!")
    CreditFactory(film=film, person=PersonFactory(name="Håkon Øy"))
    SeriesFactory(name="Panorama").films.add(film)
    VenueFactory(name="Cinematheque")
    assert search(typed)["meant"] == meant


def test_what_may_have_been_meant_follows_the_programme(search):
    film = FilmFactory(title="Salt Hours")
    assert search("salt huors")["meant"] == "Salt Hours"
    film.state = Film.State.WITHDRAWN
    film.save()
    assert search("salt huors")["meant"] == ""
    Film.objects.filter(pk=film.pk).update(state=Film.State.SCHEDULED, embargo_until=NOW + timedelta(seconds=1))
    assert search("salt huors")["meant"] == ""
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        assert search("salt huors")["meant"] == "Salt Hours"


def test_of_words_as_near_as_each_other_the_one_that_most_films_have_is_meant(search):
    FilmFactory(title="Lino")
    for number in range(2):
        FilmFactory(title=f"Lion {number}")
    assert search("liom")["meant"] == "lion"
    assert search("lin0")["meant"] == "Lino"


def test_hidden_film_neither_gives_a_word_away_nor_stands_before_one_that_can_be_found(search):
    FilmFactory(title="Lantern")
    FilmFactory(title="Lanters", state=Film.State.DRAFT)
    assert search("lanters")["meant"] == "Lantern"


def test_word_is_noted_once_however_often_it_is_saved():
    film = FilmFactory(title="“Salt”, Hours & Co. (1999)")
    film.save()
    words = ["1999", "hours", "salt"]
    assert sorted(SearchWord.objects.filter(word__in=words).values_list("word", flat=True)) == words
    assert not SearchWord.objects.filter(word__in=["co", "&", "(1999)"]).exists()


def test_search_without_words_asks_for_some_and_lists_nothing(client):
    FilmFactory()
    page = client.get("/search/")
    assert page.context["results"] == []
    assert "What are you looking for?" in page.content.decode()


def test_search_page_is_not_indexed(client):
    page = client.get("/search/?q=x").content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert '<link rel="canonical" href="http://testserver/search/">' in page


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 5000, "q=a%00b", "q=%CC%81", "q=%25", "q=_", "q=" + "f+" * 2000, "page=-1&q=f", "page=x"]
)
def test_any_query_string_gives_a_page_and_never_the_whole_programme(client, query):
    FilmFactory(title="Film", synopsis="Nothing of that.")
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    assert len(response.context["results"]) == (query == "page=-1&q=f" or query.startswith("q=f+"))


def test_search_pages_keep_their_words(client):
    for number in range(PAGE_SIZE + 1):
        FilmFactory(title=f"Film {number}")
    response = client.get("/search/?q=film&page=2")
    assert len(response.context["results"]) == 1
    assert "?q=film&amp;page=1" in response.content.decode()


def test_search_texts_have_trigram_indexes_where_there_are_trigrams():
    for model, trigrams in ((SearchNames, {"search_names_trigrams"}), (SearchText, {"search_text_trigrams"})):
        with connection.cursor() as cursor:
            indexes = set(connection.introspection.get_constraints(cursor, model._meta.db_table))
        assert indexes & trigrams == (trigrams if connection.vendor == "postgresql" else set())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("of", ["Of Salt", "Ann"]),
        ("o", ["Of Salt", "Ann"]),
        ("ok", ["Ann"]),
        ("k", []),
        ("of boo", ["Ann", "Book"]),
        ("台北", ["台北電影"]),
        ("電影", ["台北電影"]),
    ],
)
def test_short_word_is_looked_for_where_words_begin_and_not_in_prose_alone(search, words, found):
    FilmFactory(title="Of Salt")
    CreditFactory(film=FilmFactory(title="Ann", synopsis="A boor."), person=PersonFactory(name="Bo of Ok"))
    FilmFactory(title="Book", synopsis="All of it.")
    FilmFactory(title="台北電影", title_language="zh")
    assert titles(search(words)) == found


@pytest.fixture
def very_many():
    """More films with “lantern” in their text than are ranked: as many of an older edition, and two of a newer one."""
    old, new = (
        EditionFactory(name=f"Northlight {year}", starts_on=date(year, 9, 26), ends_on=date(year, 10, 6))
        for year in (2024, 2025)
    )
    films = Film.objects.bulk_create(
        Film(edition=edition, title=title, slug=f"f-{n}", sort_key=title.lower(), state=Film.State.PUBLISHED)
        for n, (edition, title) in enumerate(
            [*([(old, "Dusk")] * (MOST + 1)), (new, "Beach"), (new, "Ash"), (old, "Lantern")]
        )
    )
    SearchNames.objects.bulk_create(SearchNames(film=film, names=f" {film.sort_key}\n\n\n\n\n\n") for film in films)
    SearchText.objects.bulk_create(SearchText(film=film, text=f" {film.sort_key} a lantern burns") for film in films)


def test_word_that_very_many_have_finds_every_name_first_then_the_newest_and_says_so(search, client, very_many):
    context = search("lantern")
    assert titles(context)[:3] == ["Lantern", "Ash", "Beach"]
    assert (context["page"].paginator.count, context["has_more"]) == (MOST, True)
    assert "Very many have it" in client.get("/search/?q=lantern").content.decode()
    assert "Very many have it" in client.get("/films/?q=lantern").content.decode()


def test_word_that_very_many_have_in_their_names_finds_the_first_of_the_newest(search, very_many):
    context = search("dusk")
    assert (titles(context)[0], context["page"].paginator.count, context["has_more"]) == ("Dusk", MOST, True)


def test_another_word_narrows_very_many_down_to_an_exact_number(search, very_many):
    context = search("lantern beach")
    assert (titles(context), context["has_more"]) == (["Beach"], False)


def test_country_is_found_by_its_name_in_every_language_of_the_site(client):
    film = FilmFactory(title="Kiln")
    FilmCountry.objects.create(film=film, country=Country.objects.create(name="South Korea", code="KR"))
    for words in ("south korea", "corée du sud", "coree"):
        assert [result.card.film for result in client.get("/search/", {"q": words}).context["results"]] == [film]
