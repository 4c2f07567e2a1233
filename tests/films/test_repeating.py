"""One screening entered again: on another day, or in another room."""

from datetime import UTC, datetime, timedelta

import pytest

from films.models import Screening
from tests.admin_pages import fields_of
from tests.factories import NOW, FilmFactory, PersonFactory, RoomFactory, ScreeningFactory

ADD = "/admin/films/screening/add/"
WEEK = "/admin/films/week/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def screening(edition):
    return ScreeningFactory(
        edition=edition,
        films=[
            FilmFactory(edition=edition, title="Salt Hours"),
            FilmFactory(edition=edition, title="Łódź, After Rain", runtime=90),
        ],
        talk=15,
        price=12,
        starts_at=datetime(2026, 10, 3, 2, tzinfo=UTC),  # Fri 19:00 to 22:25
        sales="sold_out",
        is_premiere=True,
        ticket_url="https://tickets.example/1",
    )


def test_a_screening_is_entered_again_from_its_form_and_saved_only_then(admin_client, screening):
    page = admin_client.get(f"/admin/films/screening/{screening.pk}/change/").content.decode()
    address = f"{ADD}?copy={screening.pk}&amp;days=7"
    assert f'<a href="{address}">Again a week later</a>' in page

    form = admin_client.get(address.replace("&amp;", "&"))
    assert Screening.objects.count() == 1
    admin_client.post(address.replace("&amp;", "&"), fields_of(form) | {"confirm_warnings": "on"})
    again = Screening.objects.exclude(pk=screening.pk).get()
    assert [item.film.title for item in again.items.all()] == ["Salt Hours", "Łódź, After Rain"]
    assert (again.room, again.starts_at) == (screening.room, screening.starts_at + timedelta(days=7))
    assert (again.talk, again.price) == (15, 12)
    assert (again.sales, again.ticket_url, again.is_premiere) == ("unknown", "", False)


@pytest.mark.parametrize(("asked", "guests", "note"), [("days=1", True, "With Ada"), ("days=0&elsewhere=1", False, "")])
def test_guests_come_along_to_another_day_and_access_features_unconfirmed(
    admin_client, screening, edition, asked, guests, note
):
    ada = PersonFactory(name="Ada")
    screening.guest_rows.create(person=ada)
    screening.access_features.create(feature="relaxed", is_confirmed=True)
    screening.guest_note = "With Ada"
    screening.save()

    address = f"{ADD}?copy={screening.pk}&{asked}"
    form = fields_of(admin_client.get(address))
    where = {"room": RoomFactory().pk, "confirm_warnings": "on"}
    assert admin_client.post(address, form | where).status_code == 302

    again = Screening.objects.exclude(pk=screening.pk).get()
    assert [row.person for row in again.guest_rows.all()] == ([ada] if guests else [])
    assert again.guest_note == note
    assert [(one.feature, one.is_confirmed) for one in again.access_features.all()] == [("relaxed", False)]


def test_the_form_of_another_one_says_what_it_will_meet(admin_client, screening, edition):
    ScreeningFactory(edition=edition, room=screening.room, starts_at=screening.starts_at + timedelta(days=1))

    page = admin_client.get(ADD, {"copy": screening.pk, "days": 1})
    assert [finding.level for finding in page.context["findings"]] == ["error"]
    elsewhere = admin_client.get(ADD, {"copy": screening.pk, "days": 1, "elsewhere": 1})
    assert elsewhere.context["adminform"].form.initial["room"] is None
    assert "findings" not in elsewhere.context


@pytest.mark.parametrize("query", ["copy=x", "copy=999999", "copy=1&days=soon", "days=7"])
def test_an_odd_request_for_another_one_shows_an_empty_form(admin_client, edition, query):
    assert admin_client.get(f"{ADD}?{query}").status_code == 200


def test_the_action_leads_to_the_form_for_one_and_to_the_grid_for_several(admin_client, screening, edition):
    film = FilmFactory(edition=edition, title="Kiln")
    other = ScreeningFactory(edition=edition, room=screening.room, films=[film], starts_at=NOW + timedelta(hours=6))

    def act(action, *chosen):
        typed = {"action": action, "_selected_action": [one.pk for one in chosen]}
        return admin_client.post("/admin/films/screening/", typed)["Location"]

    assert act("repeat_next_day", screening) == f"{ADD}?copy={screening.pk}&days=1"
    assert act("repeat_elsewhere", screening) == f"{ADD}?copy={screening.pk}&days=0&elsewhere=1"
    grid = act("repeat_next_week", screening, other)
    assert grid == f"{WEEK}?copy={screening.pk}%2C{other.pk}&days=7"

    entries = admin_client.get(grid).context["entries"]
    assert [form.reads_as for form in entries.forms if not form.is_blank] == [
        "Salt Hours + Łódź, After Rain · Fri 9 Oct 2026, 19:00–22:25",
        "Kiln · Sat 10 Oct 2026, 00:00–01:40",
    ]
    assert Screening.objects.count() == 2
