"""The French catalog: whole, true to its source, compiled; and the pages that speak it."""

import io
import re
from datetime import date, timedelta

import pytest
import time_machine
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from films import wording
from films.models import CreditRole, Screening
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    PersonFactory,
    ScreeningFactory,
    VenueFactory,
)

MESSAGES = settings.BASE_DIR / "festival" / "locale" / "fr" / "LC_MESSAGES"
APPS = ("festival", "films", "people", "venues")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|<[^>]+>")


def catalog() -> Catalog:
    return read_po(io.BytesIO((MESSAGES / "django.po").read_bytes()))


def entries() -> list:
    return [message for message in catalog() if message.id]


def forms(words) -> tuple[str, ...]:
    """The singular and the plural; of a message without plural, itself alone."""
    return (words,) if isinstance(words, str) else tuple(words)


def said(compiled: bytes) -> dict:
    return {(each.context, forms(each.id)): forms(each.string) for each in read_mo(io.BytesIO(compiled)) if each.id}


def marked() -> set[tuple[str | None, str]]:
    """(context, words) of everything that is marked for translation in Python and in templates."""
    sources = [
        source.read_text()
        for app in APPS
        for source in (settings.BASE_DIR / app).rglob("*.py")
        if "demo" not in source.parts
    ]
    pages = [templatize(page.read_text()) for page in (settings.BASE_DIR / "templates").rglob("*.html")]
    # A page's indentation is not Python's, which extraction would choke on.
    sources += [re.sub(r"^[ \t]+", "", page, flags=re.MULTILINE) for page in pages]
    return {
        (context, forms(words)[0])
        for source in sources
        for _line, words, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS)
    }


def test_french_says_everything():
    assert [message.id for message in entries() if message.fuzzy or not all(forms(message.string))] == []


def test_french_knows_exactly_what_is_marked():
    """After a change of words: `manage.py makemessages -l fr --no-wrap --no-obsolete --add-location=file -i .venv`,
    translate what is new, `manage.py compilemessages -l fr -i .venv`; both need gettext."""
    assert {(message.context, forms(message.id)[0]) for message in entries()} == marked()


def test_french_keeps_placeholders_and_markup():
    changed = [
        (source, french)
        for message in entries()
        for source, french in zip(forms(message.id), forms(message.string), strict=True)
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(french))
    ]
    assert changed == []


def test_french_is_compiled_as_it_is_written():
    fresh = io.BytesIO()
    write_mo(fresh, catalog())
    assert said(fresh.getvalue()) == said((MESSAGES / "django.mo").read_bytes())


def test_french_spaces_do_not_break_before_marks():
    loose = re.compile(r" [:;?!»]|« ")
    assert [message.string for message in entries() if any(map(loose.search, forms(message.string)))] == []


@pytest.fixture
def evening():
    """6 pm on Friday 2 October 2026."""
    with time_machine.travel(NOW, tick=False):
        yield


def page_at(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    page = response.content.decode()
    assert '<html lang="fr"' in page
    return page


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (NOW.replace(hour=19, minute=30), "19 h 30"),
        (NOW.replace(hour=19, minute=0), "19 h"),
        (NOW.replace(hour=0, minute=5), "0 h 05"),
    ],
)
def test_french_writes_times_by_the_24_hour_clock(moment, written):
    with translation.override("fr"):
        assert wording.clock(moment) == written.replace(" ", wording.NO_BREAK)


def test_french_writes_days_and_the_first_of_a_month():
    first, second = date(2026, 10, 1), date(2026, 10, 2)
    with translation.override("fr"):
        assert [wording.day(first), wording.day(second)] == ["jeu. 1er oct.", "ven. 2 oct."]
        assert wording.day_with_year(second) == "ven. 2 oct. 2026"
        assert wording.long_day(first) == "1er octobre 2026"
        assert wording.weekday(second) == "vendredi 2 octobre"
        assert wording.weekday_with_year(first) == "jeudi 1er octobre 2026"
    assert wording.day(first) == "Thu 1 Oct"


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 9, 28), date(2026, 10, 8), "du 28 septembre au 8 octobre 2026"),
        (date(2026, 10, 1), date(2026, 10, 8), "du 1er au 8 octobre 2026"),
        (date(2026, 12, 30), date(2027, 1, 2), "du 30 décembre 2026 au 2 janvier 2027"),
    ],
)
def test_french_writes_the_dates_of_a_festival(first, last, written):
    with translation.override("fr"):
        assert wording.dates(EditionFactory.build(starts_on=first, ends_on=last)) == written


@pytest.mark.parametrize(("number", "words"), [(0, "film"), (1, "film"), (2, "films")])
def test_french_counts_nothing_and_one_in_the_singular(number, words):
    with translation.override("fr"):
        assert translation.ngettext("film", "films", number) == words


def test_french_finds_a_word_that_elsewhere_has_a_plural():
    with translation.override("fr"):
        assert translation.gettext("screening") == "séance"


@pytest.mark.django_db
@pytest.mark.usefixtures("evening")
def test_film_page_in_french_speaks_of_its_screenings(client):
    film = FilmFactory(title="Kiln", blurb="A potter’s last firing.", synopsis="It takes nine days.")
    screening = ScreeningFactory(films=[film], sales=Screening.Sales.SOLD_OUT)
    page = page_at(client, "/fr/films/kiln/")
    assert ">Séances</h2>" in page
    assert "ven. 2 oct.</p>" in page
    assert f'<time datetime="{screening.local_start.isoformat()}">20\u00a0h</time>' in page
    assert "Complet</span>" in page
    assert "Les billets rendus sont remis en vente ici." in page
    assert '<p class="hero-logline" lang="en">A potter’s last firing.</p>' in page
    assert '<div lang="en"><p>It takes nine days.</p>' in page


@pytest.mark.django_db
@pytest.mark.usefixtures("evening")
def test_film_page_in_english_needs_no_language_for_the_festivals_words(client):
    FilmFactory(title="Kiln", blurb="A potter’s last firing.")
    assert '<p class="hero-logline">A potter’s last firing.</p>' in client.get("/films/kiln/").content.decode()


@pytest.mark.django_db
def test_credits_in_french_translate_the_roles_that_come_with_the_site(client):
    film = FilmFactory(title="Kiln", directors=[PersonFactory()])
    own = CreditRole.objects.create(slug="colour", name="Colour", plural="Colours", department="crew")
    CreditFactory(film=film, role=own)
    terms = re.findall(r"<div><dt>([^<]+)</dt>", page_at(client, "/fr/films/kiln/").split('id="credits"')[1])
    assert terms == ["Réalisation", "Colour"]


@pytest.mark.django_db
@pytest.mark.usefixtures("evening")
def test_past_film_page_in_french_says_so(client):
    film = FilmFactory(title="Kiln", edition__name="Northlight 2026")
    ScreeningFactory(films=[film], starts_at=NOW - timedelta(days=1))
    page = page_at(client, "/fr/films/kiln/")
    assert "Cet événement est passé" in page
    assert "jeu. 1er oct. 2026, 18\u00a0h" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("evening")
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/fr/", 200, "<h1>Vendredi 2 octobre</h1>"),
        ("/fr/films/", 200, '<b class="num">1</b> film à venir'),
        ("/fr/films/?q=zz", 200, "Aucun film ne répond à tous ces choix"),
        ("/fr/search/?q=kiln", 200, '<b class="num">1</b> film trouvé pour «\u00a0kiln\u00a0»'),
        ("/fr/search/?q=zz", 200, '<b class="num">0</b> film trouvé pour «\u00a0zz\u00a0»'),
        ("/fr/schedule/2026-10-02/", 200, "Vendredi 2 octobre 2026</h1>"),
        ("/fr/schedule/2026-10-04/", 200, "Rien ne joue ce jour-là"),
        ("/fr/venues/", 200, "<h1>Lieux</h1>"),
        ("/fr/venues/the-rio/", 200, ">À l’affiche ici</h2>"),
        ("/fr/series/", 200, "Aucune section n’est encore annoncée"),
        ("/fr/people/", 200, "<h1>Artistes et artisans</h1>"),
        ("/fr/editions/", 200, "Aucun festival n’est encore terminé"),
        ("/fr/changes/", 200, "Rien n’a changé"),
        ("/fr/my-schedule/", 200, "Touchez l’étoile près d’une séance"),
        ("/fr/films/missing/", 404, "Cette bobine a disparu"),
        ("/fr/missing/", 404, "Cette bobine a disparu"),
    ],
)
def test_page_in_french_says(client, address, status, words):
    edition = EditionFactory()
    film = FilmFactory(title="Kiln", edition=edition)
    ScreeningFactory(films=[film], edition=edition, room__venue=VenueFactory(name="The Rio"))
    assert words in page_at(client, address, status)


@pytest.mark.django_db
def test_page_leads_to_itself_in_the_other_language(client):
    FilmFactory(title="Kiln")
    english, french = (client.get(address).content.decode() for address in ("/films/?q=kiln", "/fr/films/?q=kiln"))
    assert '<a href="/fr/films/?q=kiln" lang="fr" hreflang="fr" rel="alternate">Français</a>' in english
    assert '<a href="/films/?q=kiln" lang="en" hreflang="en" rel="alternate">English</a>' in french
    for page in (english, french):
        assert re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', page) == [
            ("en", "http://testserver/films/"),
            ("fr", "http://testserver/fr/films/"),
        ]


def test_address_that_leads_nowhere_has_no_other_language(client, db):
    assert "hreflang" not in client.get("/fr/missing/").content.decode()
