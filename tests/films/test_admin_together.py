"""Two people on one form: the second to save sees what the first changed, and loses and overwrites nothing."""

from datetime import UTC, datetime
from threading import Barrier, Event, Thread

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from films.models import Credit, CreditRole, EditingPresence, Film, Quote, Screening
from films.recording import recorded, set_recorded
from people.models import FilmographyEntry
from tests.admin_pages import errors_of, fields_of
from tests.factories import (
    NOW,
    CreditFactory,
    EditionFactory,
    FilmFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


def form(it) -> str:
    return reverse(f"admin:{it._meta.app_label}_{it._meta.model_name}_change", args=[it.pk])


def editor(name: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser(name.lower(), first_name=name))
    return client


@pytest.fixture
def ann(db):
    return editor("Ann")


@pytest.fixture
def bo(db):
    return editor("Bo")


@pytest.fixture
def film(db):
    return FilmFactory(title="Tide", synopsis="A boat.\n\nAt night.", directors=[PersonFactory(name="Ana Ruiz")])


def opened(client: Client, it) -> dict:
    return fields_of(client.get(form(it)))


def save(client: Client, it, fields: dict, **typed):
    return client.post(form(it), fields | typed)


def asked(response) -> list[tuple[str, str, str]]:
    """What both changed: the field, theirs and mine."""
    assert response.status_code == 200
    return [(some.label, some.theirs, some.mine) for some in response.context["meanwhile"].conflicts]


def test_form_that_nobody_else_touched_is_saved(ann, film):
    assert save(ann, film, opened(ann, film), title="Ebb").status_code == 302
    film.refresh_from_db()
    assert film.title == "Ebb"


def test_second_save_shows_what_the_first_changed_and_writes_nothing(ann, bo, film):
    hers, his = opened(ann, film), opened(bo, film)
    assert save(ann, film, hers, title="Ebb").status_code == 302
    response = save(bo, film, his, title="Flow", blurb="A boat goes out.")
    assert asked(response) == [("Title", "Ebb", "Flow")]
    (entry,) = response.context["meanwhile"].entries
    assert (entry.by, [(line.label, line.before, line.after) for line in entry.changes[0].lines]) == (
        "Ann",
        [("Title", "Tide", "Ebb")],
    )
    assert "Ann saved this while you had it open" in errors_of(response)["__all__"][0]
    shown = fields_of(response)
    assert (shown["title"], shown["blurb"]) == (["Flow"], ["A boat goes out."])
    film.refresh_from_db()
    assert (film.title, film.blurb) == ("Ebb", "")


@pytest.mark.parametrize(("answer", "title"), [("mine", "Flow"), ("theirs", "Ebb")])
def test_saving_again_takes_theirs_or_mine(ann, bo, film, answer, title):
    hers, his = opened(ann, film), opened(bo, film)
    save(ann, film, hers, title="Ebb")
    response = save(bo, film, his, title="Flow", blurb="A boat goes out.")
    assert save(bo, film, fields_of(response), **{"take-title": answer}).status_code == 302
    film.refresh_from_db()
    assert (film.title, film.blurb) == (title, "A boat goes out.")


def test_fields_that_only_one_of_us_touched_are_put_together(ann, bo, film):
    gala, shorts = SeriesFactory(), SeriesFactory()
    hers, his = opened(ann, film), opened(bo, film)
    save(ann, film, hers, title="Ebb", series=[gala.pk, shorts.pk], tba="on")
    response = save(bo, film, his, synopsis="Another\r\n\r\nboat.")
    assert asked(response) == []
    assert save(bo, film, fields_of(response)).status_code == 302
    film.refresh_from_db()
    assert (film.title, film.tba, film.synopsis.split()) == ("Ebb", True, ["Another", "boat."])
    assert set(film.series.all()) == {gala, shorts}


def test_the_same_change_twice_is_no_question(ann, bo, film):
    hers, his = opened(ann, film), opened(bo, film)
    save(ann, film, hers, title="Ebb")
    assert asked(save(bo, film, his, title="Ebb")) == []


def test_rows_are_put_together_field_by_field(ann, bo, film):
    cast, kept, gone = CreditRole.objects.get(slug="cast"), film.credits.get(), CreditFactory(film=film)
    new, hers, his = PersonFactory(), opened(ann, film), opened(bo, film)
    places = {hers[f"credits-{n}-id"][0]: n for n in range(2)}
    first, second = places[str(kept.pk)], places[str(gone.pk)]
    added = {"credits-2-role": cast.pk, "credits-2-person": new.pk}
    save(ann, film, hers, **{f"credits-{first}-credited_as": "A. R.", f"credits-{second}-DELETE": "on", **added})
    response = save(bo, film, his, **{f"credits-{first}-character": "The sea", "credits-2-role": cast.pk,
                                      "credits-2-person": PersonFactory(name="Cy").pk})  # fmt: skip
    assert asked(response) == []
    assert save(bo, film, fields_of(response)).status_code == 302
    rows = film.credits.order_by("pk").values_list("person__name", "credited_as", "character")
    assert list(rows) == [("Ana Ruiz", "A. R.", "The sea"), (new.name, "", ""), ("Cy", "", "")]


def test_field_of_a_row_that_both_changed_is_asked_for(ann, bo, film):
    hers, his = opened(ann, film), opened(bo, film)
    save(ann, film, hers, **{"credits-0-credited_as": "A. R."})
    response = save(bo, film, his, **{"credits-0-credited_as": "Ruiz"})
    assert asked(response) == [("Credit “Director: A. R.”: Credited as", "A. R.", "Ruiz")]
    save(bo, film, fields_of(response), **{"take-credits-0-credited_as": "theirs"})
    assert film.credits.get().credited_as == "A. R."


@pytest.mark.parametrize(("answer", "left"), [("mine", []), ("theirs", ["A. R."])])
def test_row_that_i_delete_and_they_changed_is_asked_for(ann, bo, film, answer, left):
    hers, his = opened(ann, film), opened(bo, film)
    save(ann, film, hers, **{"credits-0-credited_as": "A. R."})
    response = save(bo, film, his, **{"credits-0-DELETE": "on"})
    assert asked(response) == [("Credit “Director: A. R.”", "changed", "deleted")]
    save(bo, film, fields_of(response), **{"take-credits-0-DELETE": answer})
    assert [credit.credited_as for credit in film.credits.all()] == left


@pytest.mark.parametrize(("answer", "left"), [("mine", ["Ruiz"]), ("theirs", [])])
def test_row_that_i_changed_and_they_deleted_is_asked_for(ann, bo, film, answer, left):
    hers, his = opened(ann, film), opened(bo, film)
    save(ann, film, hers, **{"credits-0-DELETE": "on"})
    response = save(bo, film, his, **{"credits-0-credited_as": "Ruiz"})
    assert asked(response) == [("Credit “Director, Ana Ruiz, Ruiz, 0”", "deleted", "changed")]
    save(bo, film, fields_of(response), **{"take-credits-0-gone": answer})
    assert [credit.credited_as for credit in film.credits.all()] == left


def test_form_sent_twice_adds_its_rows_once(ann, film):
    quote = {"quotes-0-text": "Fine.", "quotes-0-source": "The Sea", "quotes-0-position": "0"}
    fields = opened(ann, film) | quote | {"quotes-TOTAL_FORMS": "1"}
    assert save(ann, film, fields).status_code == 302
    response = save(ann, film, fields)
    assert asked(response) == []
    assert "by yourself" in errors_of(response)["__all__"][0]
    assert save(ann, film, fields_of(response)).status_code == 302
    assert Quote.objects.count() == 1


def test_import_meanwhile_is_a_change_like_another(ann, film):
    fields = opened(ann, film)
    with recorded(why="Import from Planner"):
        set_recorded(Film.objects.filter(pk=film.pk), title="Ebb")
    response = save(ann, film, fields, title="Flow")
    assert asked(response) == [("Title", "Ebb", "Flow")]
    assert [entry.why for entry in response.context["meanwhile"].entries] == ["Import from Planner"]


@pytest.mark.parametrize("version", ["", "forged", None])
def test_form_without_its_version_is_asked_for_every_difference(ann, film, version):
    fields = opened(ann, film)
    fields |= {"form_version": opened(ann, FilmFactory())["form_version"] if version is None else version}
    response = save(ann, film, fields, title="Flow")
    assert asked(response) == [("Title", "Tide", "Flow")]
    assert save(ann, film, fields_of(response)).status_code == 302
    film.refresh_from_db()
    assert film.title == "Flow"


def test_film_deleted_meanwhile_loses_nothing_that_was_typed(ann, bo, film):
    his = opened(bo, film)
    Credit.objects.all().delete()
    ann.post(reverse("admin:films_film_delete", args=[film.pk]), {"post": "yes"})
    response = save(bo, film, his, title="Flow", **{"credits-0-credited_as": "Ruiz"})
    assert response.status_code == 410
    typed = dict(response.context["typed"])
    assert (typed["Title"], typed["Credit: Credited as"], typed["Credit: Person"]) == ("Flow", "Ruiz", "Ana Ruiz")
    assert "Ann deleted “Tide”" in response.text


def test_object_that_never_was_is_not_found(ann, film):
    assert ann.post(reverse("admin:films_film_change", args=[film.pk + 1000])).status_code == 302


def test_both_sides_broken_by_hand_are_no_error(ann, film):
    fields = opened(ann, film)
    save(ann, film, fields, title="Ebb")
    broken = {"credits-TOTAL_FORMS": "x", "quotes-TOTAL_FORMS": "99999999", "credits-0-id": "none", "edition": "none"}
    assert save(ann, film, fields, **broken).status_code == 200


def test_screening_person_venue_and_the_rest_are_guarded_alike(ann, bo):
    person = PersonFactory(name="Ana")
    FilmographyEntry.objects.create(person=person, title="Early")
    room = RoomFactory(venue=VenueFactory())
    for it, theirs, mine in (
        (ScreeningFactory(), {"guest_note": "With Ana"}, {"guest_note": "With Bo"}),
        (person, {"biography": "She."}, {"biography": "They."}),
        (person, {"filmography-0-title": "Late"}, {"filmography-0-title": "Later"}),
        (room.venue, {"rooms-0-capacity": "100"}, {"rooms-0-capacity": "120"}),
        (EditionFactory(), {"name": "One"}, {"name": "Two"}),
        (SeriesFactory(), {"blurb": "One"}, {"blurb": "Two"}),
    ):
        hers, his = opened(ann, it), opened(bo, it)
        assert save(ann, it, hers, **theirs).status_code == 302, errors_of(save(ann, it, hers, **theirs))
        response = save(bo, it, his, **mine)
        assert [row[1:] for row in asked(response)] == [(*theirs.values(), *mine.values())]


def test_times_of_a_screening_are_put_together(ann, bo):
    screening = ScreeningFactory()
    hers, his = opened(ann, screening), opened(bo, screening)
    start = hers["local_start"][0]
    assert start == "2026-10-02T20:00"
    save(ann, screening, hers, local_start="2026-10-02T21:00", change_reason="Later")
    response = save(bo, screening, his, sales="sold_out")
    assert asked(response) == []
    assert fields_of(response)["local_start"] == ["2026-10-02T21:00"]
    save(bo, screening, fields_of(response))
    screening.refresh_from_db()
    assert (screening.sales, screening.local_start.hour) == (Screening.Sales.SOLD_OUT, 21)


def test_seats_counted_meanwhile_are_kept_and_nobody_is_asked(ann):
    screening = ScreeningFactory()
    fields = opened(ann, screening)
    Screening.objects.filter(pk=screening.pk).update(seats_left=35, seats_checked_at=NOW)
    assert save(ann, screening, fields, note="Bring a coat").status_code == 302
    screening.refresh_from_db()
    assert (screening.note, screening.seats_left) == ("Bring a coat", 35)


def test_seats_that_both_counted_are_asked_for(ann):
    screening = ScreeningFactory()
    fields = opened(ann, screening)
    Screening.objects.filter(pk=screening.pk).update(seats_left=35, seats_checked_at=NOW)
    assert asked(save(ann, screening, fields, seats_left="20")) == [("Seats left", "35", "20")]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_asked():
    film = FilmFactory(title="Tide")
    clients = [editor("Ann"), editor("Bo")]
    forms = [opened(client, film) for client in clients]
    barrier, answers = Barrier(2), [None, None]

    def send(number: int) -> None:
        barrier.wait()
        answers[number] = save(clients[number], film, forms[number], title=f"Title {number}")
        connections.close_all()

    threads = [Thread(target=send, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    first = [answer.status_code for answer in answers].index(302)
    film.refresh_from_db()
    assert film.title == f"Title {first}"
    assert asked(answers[1 - first]) == [("Title", f"Title {first}", f"Title {1 - first}")]
    assert film.history.filter(history_type="~").count() == 1


@pytest.mark.django_db(transaction=True)
def test_save_that_the_database_refuses_keeps_what_was_typed():
    film, client = FilmFactory(title="Tide"), editor("Ann")
    fields, is_held, is_refused = opened(client, film), Event(), Event()

    def write_slowly() -> None:
        with transaction.atomic():
            Film.objects.filter(pk=film.pk).update(grade=15)
            is_held.set()
            is_refused.wait(30)
        connections.close_all()

    def notice_the_refusal(execute, *asked):
        try:
            return execute(*asked)
        except OperationalError:
            is_refused.set()
            raise

    patience = {"sqlite": "PRAGMA busy_timeout = 1000", "postgresql": "SET lock_timeout = '1000ms'"}
    with connection.cursor() as cursor:
        cursor.execute(patience[connection.vendor])
    writer = Thread(target=write_slowly)
    writer.start()
    is_held.wait()
    with connection.execute_wrapper(notice_the_refusal):
        response = save(client, film, fields, title="Ebb")
    writer.join()
    connection.close()
    assert "Somebody else wrote at the same moment" in errors_of(response)["__all__"][0]
    assert fields_of(response)["title"] == ["Ebb"]


def told(client: Client, it, **sent) -> list[str]:
    return client.post(f"{form(it).removesuffix('change/')}editing/", sent).json()["sentences"]


def test_who_opens_a_form_is_told_who_else_has_it_open(ann, bo, film):
    assert ann.get(form(film)).context["who_else"] == []
    sentence = "Ann has this open as well. Whoever saves second sees what the first changed."
    response = bo.get(form(film))
    assert response.context["who_else"] == [sentence]
    assert sentence in response.text
    assert told(ann, film) == ["Bo has this open as well. Whoever saves second sees what the first changed."]
    assert bo.get(form(FilmFactory())).context["who_else"] == []


@pytest.mark.parametrize(("seconds", "is_there"), [(89, True), (90, False)])
def test_who_is_not_heard_of_for_a_while_is_gone(ann, bo, film, seconds, is_there):
    with time_machine.travel(NOW, tick=False) as clock:
        ann.get(form(film))
        clock.shift(seconds)
        assert bool(told(bo, film)) is is_there


def test_who_leaves_is_gone_at_once(ann, bo, film):
    ann.get(form(film))
    assert told(ann, film, left="1") == []
    assert told(bo, film) == []
    assert EditingPresence.objects.count() == 1


def test_who_forgot_to_leave_is_forgotten(ann, bo, film):
    with time_machine.travel(NOW, tick=False) as clock:
        ann.get(form(FilmFactory()))
        clock.shift(901)
        bo.get(form(film))
    assert [row.user.first_name for row in EditingPresence.objects.all()] == ["Bo"]


def test_open_form_hears_that_somebody_else_saved(ann, bo, film):
    with time_machine.travel(datetime(2026, 10, 3, 18, tzinfo=UTC), tick=False) as clock:
        his = opened(bo, film)
        hers = opened(ann, film)
        clock.shift(60)
        save(ann, film, hers, title="Ebb")
        told(ann, film, left="1")
        clock.shift(60)
        assert told(bo, film, form_version=his["form_version"][0]) == [
            "Ann saved this at 11:01, after you opened it. When you save, you will see both."
        ]
        told(bo, film, left="1")
        assert told(ann, film, form_version=hers["form_version"][0]) == []
        clock.shift(500)
        assert bo.get(form(film)).context["who_else"] == ["Ann saved this at 11:01."]
        clock.shift(60)
        assert bo.get(form(film)).context["who_else"] == []


def test_open_form_of_what_was_deleted_is_told_so(ann, film):
    address = film.pk
    film.delete()
    film.pk = address
    assert told(ann, film) == ["Somebody deleted this. Copy what you still need."]


def test_who_may_not_change_it_hears_nothing(ann, film, django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("x", is_staff=True))
    assert client.post(f"{form(film).removesuffix('change/')}editing/").status_code == 403
    assert ann.get(f"{form(film).removesuffix('change/')}editing/").status_code == 405
