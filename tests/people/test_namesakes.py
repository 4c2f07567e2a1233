"""One person is not made twice: whoever enters a name that is here is asked which one is meant."""

import pytest

from people.models import Person
from tests.admin_pages import errors_of, fields_of, fill_in
from tests.factories import FilmFactory, PersonFactory

ADD = "/admin/people/person/add/"
ASKED = {"namesake": ["Somebody of that name is here already. Is it one of these?"]}


@pytest.fixture
def person(db):
    return PersonFactory(name="Wiesława Łukasik")


def choices_of(response) -> list[str]:
    return [str(words) for _value, words in response.context["adminform"].form.fields["namesake"].widget.choices]


@pytest.mark.parametrize("name", ["Wiesława Łukasik", "wieslawa LUKASIK", "Łukasik Wiesława"])
def test_a_name_that_is_here_is_asked_about(admin_client, person, name):
    FilmFactory(title="Salt Hours", year=2025, directors=[person])

    response = fill_in(admin_client, ADD, {"name": name})

    assert errors_of(response) == ASKED
    assert choices_of(response) == [
        "Wiesława Łukasik (Salt Hours (2025))",
        "Another person of that name, to be added",
    ]
    assert Person.objects.count() == 1


@pytest.mark.parametrize("name", ["Wiesława", "Wiesława Anna Łukasik"])
def test_a_name_of_other_words_is_another(admin_client, person, name):
    assert errors_of(fill_in(admin_client, ADD, {"name": name})) == {}
    assert Person.objects.count() == 2


def test_another_person_of_the_name_is_added_when_that_is_meant(admin_client, person):
    asked = fill_in(admin_client, ADD, {"name": person.name})

    response = admin_client.post(ADD, fields_of(asked) | {"namesake": "another"})

    assert errors_of(response) == {}
    assert list(Person.objects.order_by("pk").values_list("slug", flat=True)) == [
        "wieslawa-lukasik",
        "wieslawa-lukasik-2",
    ]


def test_the_person_who_is_here_is_taken_instead(admin_client, person):
    asked = fill_in(admin_client, ADD, {"name": person.name})

    response = admin_client.post(ADD, fields_of(asked) | {"namesake": str(person.pk)}, follow=True)

    assert response.redirect_chain == [(f"/admin/people/person/{person.pk}/change/", 302)]
    assert "Wiesława Łukasik was here already; nobody was added." in response.content.decode()
    assert Person.objects.count() == 1


def test_the_person_who_is_here_goes_to_the_form_that_asked_in_passing(admin_client, person):
    asked = fill_in(admin_client, f"{ADD}?_popup=1", {"name": person.name})

    response = admin_client.post(f"{ADD}?_popup=1", fields_of(asked) | {"namesake": str(person.pk), "_popup": "1"})

    assert response.template_name[-1] == "admin/popup_response.html"
    assert f"&quot;value&quot;: &quot;{person.pk}&quot;" in response.content.decode()
    assert Person.objects.count() == 1


def test_somebody_of_another_name_cannot_be_taken(admin_client, person):
    other = PersonFactory(name="Radu Jude")

    response = fill_in(admin_client, ADD, {"name": person.name, "namesake": str(other.pk)})

    assert errors_of(response) == ASKED


def test_a_name_that_is_changed_asks_nothing(admin_client, person):
    other = PersonFactory(name="Radu Jude")

    assert errors_of(fill_in(admin_client, f"/admin/people/person/{other.pk}/change/", {"name": person.name})) == {}
