import io
import re
from datetime import UTC, date, datetime

import pytest
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from films.models import (
    Classification,
    ClassificationScheme,
    Country,
    Credit,
    CreditRole,
    Edition,
    Film,
    Genre,
    Language,
    OldSlug,
    Series,
    WarningKind,
)
from people.images import STILL, Picture, originals
from people.models import Person
from tests.admin_pages import errors_of, fields_of, fill_in
from venues.models import Licence, Room, Venue

ADD = "/admin/films/film/add/"
LIST = "/admin/films/film/"


@pytest.fixture
def edition(db):
    return Edition.objects.create(name="2026", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 11))


@pytest.fixture
def room(db):
    venue = Venue.objects.create(name="The Rio", time_zone="America/Vancouver")
    return Room.objects.create(venue=venue, name="The Rio")


def change(film: Film) -> str:
    return reverse("admin:films_film_change", args=[film.pk])


def still(colour=(200, 40, 30)) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 360), colour).save(buffer, "JPEG")
    return SimpleUploadedFile("still.jpg", buffer.getvalue(), "image/jpeg")


# Entering


def test_a_film_is_entered_with_all_that_its_page_shows(admin_client, edition):
    director = CreditRole.objects.get(slug="director")
    people = [Person.objects.create(name=name) for name in ("Mona Fastvold", "Radu Jude")]
    france = Country.objects.create(name="France", code="FR")
    scheme = ClassificationScheme.objects.create(jurisdiction="CA-BC", name="British Columbia")
    mature = Classification.objects.create(scheme=scheme, code="14A", minimum_age=14)
    strobe = WarningKind.objects.create(name="Strobe")
    drama, french = Genre.objects.create(name="Drama"), Language.objects.create(name="French")
    insights = Series.objects.create(name="Insights")

    response = fill_in(
        admin_client,
        ADD,
        {
            "title": "La Haine du soir",
            "title_language": "fr",
            "year": "2025",
            "runtime": "97",
            "synopsis": "A *quiet* film.",
            "genres": [drama.pk],
            "languages": [french.pk],
            "series": [insights.pk],
            "credits-TOTAL_FORMS": 2,
            "credits-0-role": director.pk,
            "credits-0-person": people[1].pk,
            "credits-0-position": 0,
            "credits-1-role": director.pk,
            "credits-1-person": people[0].pk,
            "credits-1-position": 1,
            "origins-TOTAL_FORMS": 1,
            "origins-0-country": france.pk,
            "origins-0-position": 0,
            "quotes-TOTAL_FORMS": 1,
            "quotes-0-text": "Luminous.",
            "quotes-0-source": "The Courier",
            "quotes-0-position": 0,
            "warnings-TOTAL_FORMS": 1,
            "warnings-0-kind": strobe.pk,
            "warnings-0-position": 0,
            "classifications-TOTAL_FORMS": 1,
            "classifications-0-classification": mature.pk,
        },
    )

    assert errors_of(response) == {}
    film = Film.objects.get()
    assert (film.edition, film.slug, film.state) == (edition, "la-haine-du-soir", Film.State.DRAFT)
    assert film.sort_key == "haine du soir"
    assert film.synopsis_html == "<p>A <em>quiet</em> film.</p>\n"
    assert [credit.person.name for credit in film.credits.in_order()] == ["Radu Jude", "Mona Fastvold"]
    assert [row.country for row in film.origins.all()] == [france]
    assert film.classifications.get().scheme == scheme
    assert film.warnings.get().kind == strobe
    assert film.quotes.get().source == "The Courier"
    assert (film.genres.get(), film.languages.get(), film.series.get()) == (drama, french, insights)
    for word in ("fastvold", "france", "insights", "quiet"):
        assert list(Film.objects.matching(word)) == [film]


def test_credits_stand_in_the_films_own_order_when_entered_again(admin_client, edition):
    film = Film.objects.create(edition=edition, title="Salt Hours")
    director = CreditRole.objects.get(slug="director")
    for position, name in enumerate(["Radu Jude", "Mona Fastvold"]):
        Credit.objects.create(film=film, role=director, person=Person.objects.create(name=name), position=position)

    page = fields_of(admin_client.get(change(film)))

    names = [Person.objects.get(pk=page[f"credits-{row}-person"][0]).name for row in (0, 1)]
    assert names == ["Radu Jude", "Mona Fastvold"]


def test_html_in_a_synopsis_is_only_text(admin_client, edition):
    fill_in(admin_client, ADD, {"title": "Oy", "synopsis": "<script>alert(1)</script> [x](javascript:alert(1))"})

    html = Film.objects.get().synopsis_html
    assert "<script" not in html
    assert "href" not in html
    assert "&lt;script&gt;" in html


def test_a_scheduled_film_needs_its_instant(admin_client, edition):
    errors = errors_of(fill_in(admin_client, ADD, {"title": "Oy", "state": "scheduled"}))

    assert errors == {"__all__": ["A scheduled film needs the instant at which it becomes public."]}


def test_two_classes_of_one_scheme_are_refused(admin_client, edition):
    scheme = ClassificationScheme.objects.create(jurisdiction="CA-BC", name="British Columbia")
    typed = {"title": "Oy", "classifications-TOTAL_FORMS": 2}
    for row, code in enumerate(["G", "PG"]):
        chosen = Classification.objects.create(scheme=scheme, code=code)
        typed[f"classifications-{row}-classification"] = chosen.pk

    errors = errors_of(fill_in(admin_client, ADD, typed))

    assert errors == {"classifications": ["Two classes are of one scheme, British Columbia."]}


def test_a_changed_address_redirects(admin_client, edition):
    film = Film.objects.create(edition=edition, title="Oy")

    fill_in(admin_client, change(film), {"slug": "oy-the-film"})

    assert OldSlug.objects.get(slug="oy").film == film


def test_no_menu_holds_all_films_or_people(admin_client, edition):
    other = Film.objects.create(edition=edition, title="Not in any menu")
    for model, name in ((Person, "Nor this person"), (Country, "Nor this land"), (Genre, "Nor this genre")):
        model.objects.create(name=name)

    page = admin_client.get(ADD).content.decode()

    for name in ("Not in any menu", "Nor this person", "Nor this land", "Nor this genre"):
        assert name not in page
    assert admin_client.get(change(other)).status_code == 200


def test_saving_what_nobody_touched_changes_nothing(admin_client, edition):
    film = Film.objects.create(edition=edition, title="Oy", synopsis="One.\n\nTwo.", runtime=None)
    before = Film.objects.values().get()

    assert errors_of(fill_in(admin_client, change(film), {})) == {}

    after = Film.objects.values().get()
    assert {name for name in after if after[name] != before[name]} <= {"updated_at", "synopsis"}
    assert after["synopsis"].replace("\r\n", "\n") == before["synopsis"]


# The still


def test_a_still_is_cut_and_gives_its_hue(admin_client, edition):
    response = fill_in(admin_client, ADD, {"title": "Oy", "still_upload": still(), "still_credit": "A. Person"})

    assert errors_of(response) == {}
    film = Film.objects.get()
    assert film.grade == 30
    (uncut,) = set(re.findall(r'src="(/admin/pictures/whole/[^"]+)"', admin_client.get(change(film)).content.decode()))
    shown = admin_client.get(uncut)
    assert Image.open(io.BytesIO(shown.content)).size == (640, 360)


def test_a_hue_that_was_chosen_stays(admin_client, edition):
    fill_in(admin_client, ADD, {"title": "Oy", "still_upload": still(), "grade": "255"})

    assert Film.objects.get().grade == 255


def test_a_broken_still_is_refused_and_nothing_typed_is_lost(admin_client, edition):
    broken = SimpleUploadedFile("still.jpg", b"not a picture at all", "image/jpeg")

    response = fill_in(admin_client, ADD, {"title": "Oy", "synopsis": "A long text.", "still_upload": broken})

    assert errors_of(response) == {
        "still_upload": ["This file is not a picture we can use. Please choose a JPEG, PNG, WebP or AVIF file."]
    }
    assert fields_of(response)["synopsis"] == ["A long text."]
    assert not Film.objects.exists()


def test_a_still_beside_another_mistake_need_not_be_chosen_again(admin_client, edition):
    response = fill_in(admin_client, ADD, {"title": "", "still_upload": still((1, 2, 3))})
    assert errors_of(response) == {"title": ["This field is required."]}

    response = admin_client.post(ADD, fields_of(response) | {"title": "Oy"})

    assert errors_of(response) == {}
    film = Film.objects.get()
    assert default_storage.exists(Picture(STILL, film.still_key).path(480, "jpg"))
    assert originals().exists(film.still_original)


def test_a_still_beside_a_wrong_row_need_not_be_chosen_again_either(admin_client, edition):
    wrong = {"quotes-TOTAL_FORMS": 1, "quotes-0-text": "Luminous."}
    response = fill_in(admin_client, ADD, {"title": "Oy", "still_upload": still((4, 5, 6)), **wrong})
    assert errors_of(response) == {"quotes-0-source": ["This field is required."]}

    admin_client.post(ADD, fields_of(response) | {"quotes-0-source": "The Courier"})

    assert Film.objects.get().still_key


def test_nobody_names_a_kept_picture_of_their_own_choice(admin_client, edition):
    originals().save("stills/somebody-elses.jpg", still())

    fill_in(admin_client, ADD, {"title": "Oy", "still_kept": "stills/somebody-elses.jpg"})

    assert Film.objects.get().still_key == ""


@pytest.mark.parametrize("state", ["published", "scheduled"])
def test_a_published_still_needs_words_for_those_who_do_not_see_it(admin_client, edition, state):
    typed = {"title": "Oy", "state": state, "embargo_until_0": "2096-09-01", "embargo_until_1": "10:00"}
    response = fill_in(admin_client, ADD, typed | {"still_upload": still()})
    assert errors_of(response)["still_alt"] == [
        "Say in a few words what the picture shows, for those who do not see it."
    ]

    response = fill_in(admin_client, ADD, typed | {"still_upload": still(), "still_alt": "A red room"})
    assert errors_of(response) == {}


def test_a_new_focal_point_cuts_the_kept_original_anew(admin_client, edition):
    fill_in(admin_client, ADD, {"title": "Oy", "still_upload": still((10, 90, 200))})
    film = Film.objects.get()
    key, original = film.still_key, film.still_original

    fill_in(admin_client, change(film), {"still_focus": "top left"})

    film.refresh_from_db()
    assert film.still_key != key
    assert film.still_original == original


def test_a_focal_point_without_its_original_says_so(admin_client, edition):
    film = Film.objects.create(edition=edition, title="Oy", still_original="stills/gone.jpg", still_key="gone")

    errors = errors_of(fill_in(admin_client, change(film), {"still_focus": "left"}))

    assert errors == {
        "still_upload": ["The original of this picture is missing, so it cannot be cut anew. Please choose it again."]
    }


# The list


def test_the_list_is_searched_by_folded_words_of_the_whole_film(admin_client, edition):
    film = Film.objects.create(edition=edition, title="Łódź After Rain", original_title="Łódź po deszczu")
    Film.objects.create(edition=edition, title="Oy")

    for words in ("lodz", "DESZCZU lodz"):
        assert list(admin_client.get(LIST, {"q": words}).context["cl"].result_list) == [film]


def test_the_list_says_when_a_scheduled_film_becomes_public(admin_client, edition):
    Film.objects.create(
        edition=edition, title="Oy", state="scheduled", embargo_until=datetime(2026, 9, 1, 17, tzinfo=UTC)
    )

    assert "Scheduled for 1 Sep 2026, 10:00" in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize("url", [LIST, f"{LIST}?q=salt", "/admin/people/person/", "/admin/venues/venue/"])
def test_the_lists_take_a_constant_number_of_queries(admin_client, edition, url, django_assert_num_queries):
    def fill(numbers: range) -> None:
        for number in numbers:
            Film.objects.create(edition=edition, title=f"Salt Hours {number}")
            Person.objects.create(name=f"Person {number}")
            Venue.objects.create(name=f"Venue {number}", time_zone="America/Vancouver")

    fill(range(1))
    admin_client.get(url)
    with CaptureQueriesContext(connection) as with_one:
        admin_client.get(url)
    fill(range(1, 30))
    with django_assert_num_queries(len(with_one)):
        admin_client.get(url)


@pytest.mark.parametrize(
    ("app", "model"),
    [
        ("films", "edition"),
        ("films", "series"),
        ("films", "country"),
        ("films", "language"),
        ("films", "genre"),
        ("films", "warningkind"),
        ("films", "creditrole"),
        ("films", "classificationscheme"),
        ("people", "person"),
        ("venues", "venue"),
        ("venues", "room"),
    ],
)
def test_every_list_and_form_opens(admin_client, db, app, model):
    assert admin_client.get(reverse(f"admin:{app}_{model}_changelist"), {"q": "x"}).status_code == 200
    assert admin_client.get(reverse(f"admin:{app}_{model}_add")).status_code == 200


def test_the_admin_bears_the_festivals_name(admin_client, settings):
    settings.FESTIVAL_NAME = "Nordlys"

    page = admin_client.get("/admin/").content.decode()

    assert "Nordlys" in page
    assert "Django" not in page


def test_a_word_that_is_there_already_is_refused_whatever_its_accents(admin_client, db):
    Genre.objects.create(name="Comédie")

    errors = errors_of(fill_in(admin_client, "/admin/films/genre/add/", {"name": "comedie"}))

    assert errors == {"name": ["“Comédie” is there already."]}


def test_a_licence_is_for_a_room_of_its_own_venue(admin_client, room):
    other = Venue.objects.create(name="Village", time_zone="America/Vancouver")

    response = admin_client.get(reverse("admin:venues_venue_change", args=[other.pk]))

    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    (licences,) = [formset for formset in formsets if formset.model is Licence]
    assert list(licences.empty_form.fields["room"].queryset) == []


def test_whoever_may_only_look_is_asked_nothing(client, edition, django_user_model):
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=["view_film", "view_person", "view_credit"]))
    client.force_login(reader)
    film = Film.objects.create(edition=edition, title="Oy")
    person = Person.objects.create(name="Radu Jude")
    Credit.objects.create(film=film, person=person, role=CreditRole.objects.get(slug="director"))

    for address in (change(film), reverse("admin:people_person_change", args=[person.pk])):
        response = client.get(address)
        shown = flatten_fieldsets(response.context["adminform"].fieldsets)
        assert {"still_upload", "still_kept", "take_away", "headshot_upload", "headshot_kept", "namesake"} & set(
            shown
        ) == set()
        assert {"title", "name"} & set(shown)
