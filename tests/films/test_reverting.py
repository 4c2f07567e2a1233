"""An object put back, with its rows, as it stood after an earlier occasion."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from films.history import History, present_state
from films.models import Credit, CreditRole, Film, Quote, Screening, ScreeningFilm, StatusChange
from films.recording import recorded
from films.reverting import plan, put_back
from films.roles import BOX_OFFICE, TRAINEES
from tests.factories import (
    NOW,
    CreditFactory,
    FilmFactory,
    GenreFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
    VenueFactory,
)
from tests.films.test_recording import assert_history_tells_everything
from tests.staff import member_of
from venues.models import Licence, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(django_user_model):
    return django_user_model.objects.create_superuser("ann")


@pytest.fixture
def film(db):
    with recorded():
        film = FilmFactory(title="Tide", runtime=90, directors=[PersonFactory(name="Ana"), PersonFactory(name="Bo")])
        film.series.add(SeriesFactory(name="Gala"))
        Quote.objects.create(film=film, text="Fine.", source="The Sea")
    return film


def first(it):
    return list(History(type(it), it.pk).occasions)[0]


def address(it, occasion) -> str:
    return reverse(f"admin:{it._meta.app_label}_{it._meta.model_name}_revert", args=[it.pk, occasion])


def state(it) -> dict:
    return present_state(type(it), it.pk)


def spoil(film: Film) -> None:
    with recorded():
        film.title, film.slug, film.runtime = "Ebb", "ebb", 60
        film.save()
        film.series.set([SeriesFactory(name="Shorts")])
        film.quotes.all().delete()
        one, two = film.credits.order_by("position")
        one.delete()
        two.position = 7
        two.save()
        CreditFactory(film=film, role=CreditRole.objects.get(slug="cast"))


def test_film_comes_back_with_all_its_rows(film, ann):
    before = state(film)
    spoil(film)
    put_back(plan(Film, film.pk, first(film), ann), ann, "A mistake")
    assert state(film) == before
    film.refresh_from_db()
    assert (film.slug, film.sort_key) == ("tide", "tide")
    assert Film.objects.matching("ana gala").get() == film
    assert_history_tells_everything()
    latest = film.history.latest()
    assert (latest.history_user, latest.history_change_reason) == (ann, "A mistake")


def test_revert_can_itself_be_reverted(film, ann):
    spoil(film)
    after = state(film)
    spoiled = History(Film, film.pk).newest_first()[0]
    put_back(plan(Film, film.pk, first(film), ann), ann, "")
    put_back(plan(Film, film.pk, spoiled, ann), ann, "")
    assert state(film) == after


def test_page_shows_what_would_change_and_does_it_when_told(client, ann, film):
    client.force_login(ann)
    before = state(film)
    spoil(film)
    page = client.get(address(film, first(film)))
    changes = page.context["planned"].changes
    lines = {line.label: (line.before, line.after) for line in changes[0].lines}
    assert lines == {"Title": ("Ebb", "Tide"), "Address": ("ebb", "tide"), "Runtime (minutes)": ("60", "90")}
    assert [(change.kind, change.what, change.name) for change in changes[1:]] == [
        ("removed", "Series", "Shorts"),
        ("added", "Series", "Gala"),
        ("added", "Quote", "Fine."),
        ("removed", "Credit", f"Cast: {film.credits.get(role__slug='cast').person.name}"),
        ("added", "Credit", "Director: Ana"),
    ]
    sent = {"seal": page.context["planned"].seal, "why": "A mistake"}
    assert client.post(address(film, first(film)), sent).status_code == 302
    assert state(film) == before


def test_page_that_is_looked_at_changes_nothing(client, ann, film):
    client.force_login(ann)
    spoil(film)
    before, rows = state(film), film.history.count()
    client.get(address(film, first(film)))
    assert (state(film), film.history.count()) == (before, rows)


def test_revert_of_what_changed_since_is_refused_and_shown_anew(client, ann, film):
    client.force_login(ann)
    spoil(film)
    seal = client.get(address(film, first(film))).context["planned"].seal
    film.refresh_from_db()
    film.title = "Flow"
    film.save()
    response = client.post(address(film, first(film)), {"seal": seal})
    assert "It was changed after this page was opened" in response.text
    film.refresh_from_db()
    assert film.title == "Flow"


def test_unknown_occasion_or_object_is_not_found(client, ann, film):
    client.force_login(ann)
    assert client.get(address(film, uuid4())).status_code == 404
    occasion = first(film)
    film.pk += 1000
    assert client.get(address(film, occasion)).status_code == 404


def test_published_film_goes_back_to_an_earlier_text_and_stays_published(ann):
    film = FilmFactory(title="Tide", state=Film.State.DRAFT)
    film.state, film.title = Film.State.PUBLISHED, "Ebb"
    film.save()
    planned = plan(Film, film.pk, first(film), ann)
    assert planned.kept == [
        "Its publication stays as it is. The world sees its page already. Withdraw it, and the page says so."
    ]
    put_back(planned, ann, "")
    film.refresh_from_db()
    assert (film.title, film.state) == ("Tide", Film.State.PUBLISHED)


def test_trainee_does_not_publish_by_going_back(client):
    film = FilmFactory(title="Tide", state=Film.State.PUBLISHED)
    occasion = first(film)
    client.force_login(member_of(TRAINEES))
    assert client.get(address(film, occasion)).status_code == 403
    film.state, film.title = Film.State.DRAFT, "Ebb"
    film.save()
    planned = client.get(address(film, occasion)).context["planned"]
    assert planned.kept == ["Its publication stays as it is. You may not decide what the world sees."]
    assert client.post(address(film, occasion), {"seal": planned.seal}).status_code == 302
    film.refresh_from_db()
    assert (film.title, film.state) == ("Tide", Film.State.DRAFT)


def test_box_office_cannot_go_back(client):
    client.force_login(member_of(BOX_OFFICE))
    screening = ScreeningFactory()
    assert client.get(address(screening, first(screening))).status_code == 403


def test_row_whose_person_is_gone_stays_away_and_that_is_said(film, ann):
    credit = film.credits.first()
    person = credit.person
    credit.delete()
    person.delete()
    planned = plan(Film, film.pk, first(film), ann)
    assert planned.kept == ["Credit: one cannot come back, because its person was deleted."]


def test_screening_goes_back_and_the_log_says_so(ann):
    with recorded():
        screening = ScreeningFactory(sales=Screening.Sales.ON_SALE)
    occasion, before = first(screening), state(screening)
    with recorded():
        screening.sales = Screening.Sales.SOLD_OUT
        screening.starts_at += timedelta(hours=1)
        screening.save()
        screening.items.all().delete()
        ScreeningFilm.objects.create(screening=screening, film=FilmFactory(runtime=30))
    put_back(plan(Screening, screening.pk, occasion, ann), ann, "A mistake")
    assert state(screening) == before
    screening.refresh_from_db()
    assert screening.ends_at == NOW + timedelta(hours=2, minutes=100)
    logged = StatusChange.objects.filter(changed_by=ann, reason="A mistake").order_by("axis")
    assert [(row.axis, row.after) for row in logged] == [
        ("sales", "on_sale"),
        ("starts_at", (NOW + timedelta(hours=2)).isoformat()),
    ]


def test_counts_of_a_screening_stay_as_they_are(ann):
    screening = ScreeningFactory()
    occasion = list(History(Screening, screening.pk).occasions)[-1]
    screening.note, screening.seats_left, screening.standby_line = "Bring a coat", 35, 12
    screening.save()
    planned = plan(Screening, screening.pk, occasion, ann)
    assert [line.label for line in planned.changes[0].lines] == ["Note to the audience"]
    put_back(planned, ann, "")
    screening.refresh_from_db()
    assert (screening.note, screening.seats_left, screening.standby_line) == ("", 35, 12)


def test_screening_does_not_go_back_into_a_room_that_is_taken(client, ann):
    screening, room = ScreeningFactory(), RoomFactory()
    occasion, old = first(screening), screening.room
    screening.room = room
    screening.save()
    ScreeningFactory(room=old)
    client.force_login(ann)
    page = client.get(address(screening, occasion))
    assert "holds this room at that time" in page.context["refusals"][0]
    client.post(address(screening, occasion), {"seal": page.context["planned"].seal})
    screening.refresh_from_db()
    assert screening.room == room


def test_venue_comes_back_with_rooms_and_licences_unless_a_room_is_in_use(ann):
    with recorded():
        room = RoomFactory(venue=VenueFactory(name="Rio"), name="One")
        Licence.objects.create(venue=room.venue, room=room, minimum_age=19)
    venue, before = room.venue, state(room.venue)
    with recorded():
        venue.name = "The Rio"
        venue.save()
        room.delete()
        other = Room.objects.create(venue=venue, name="Two")
    put_back(plan(type(venue), venue.pk, first(venue), ann), ann, "")
    assert state(venue) == before
    other = RoomFactory(venue=venue, name="Three")
    ScreeningFactory(room=other)
    assert "is in use" in plan(type(venue), venue.pk, first(venue), ann).problems[0]


def test_what_would_break_a_rule_is_said_in_words(ann):
    film, role = FilmFactory(), CreditRole.objects.get(slug="director")
    credit = CreditFactory(film=film, role=role)
    genre = GenreFactory()
    film.genres.add(genre)
    occasion = History(Film, film.pk).newest_first()[0]
    film.slug = "another"
    film.save()
    taken = FilmFactory(title="Taken")
    film.old_slugs.all().delete()
    taken.slug = film.history.earliest().slug
    taken.save()
    planned = plan(Film, film.pk, occasion, ann)
    assert planned.problems == ["Address: Film with this Address already exists."]
    assert credit in Credit.objects.all()


def test_deleted_film_comes_back_at_its_address_with_its_rows(client, ann, film):
    client.force_login(ann)
    before, page = state(film), reverse("admin:films_film_history", args=[film.pk])
    occasion, pk = first(film), film.pk
    with recorded():
        film.delete()
    film.pk = pk
    assert client.get(page).context["revertible"] == {occasion}
    planned = client.get(address(film, occasion)).context["planned"]
    assert client.post(address(film, occasion), {"seal": planned.seal}).status_code == 302
    assert state(film) == before
    assert client.get(film.get_absolute_url()).status_code == 200
    assert_history_tells_everything()
