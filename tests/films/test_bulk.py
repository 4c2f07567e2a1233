"""Changing many rows at once: the summary says what will be, and just that is done, or nothing."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from films.bulk import Changed, mark_of, publication_of_films, series_of_films, standing_of_screenings
from films.models import Film, Screening
from tests.admin_pages import fields_of
from tests.factories import NOW, FilmFactory, ScreeningFactory, SeriesFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

FILMS, SCREENINGS = "/admin/films/film/", "/admin/films/screening/"
DRAFT, SCHEDULED, PUBLISHED, WITHDRAWN = Film.State


def ask(client, url: str, action: str, rows, **typed):
    """The action's page, after what is `typed` was entered into it."""
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    page = client.post(url, chosen)
    return client.post(url, fields_of(page) | typed | {"look": "yes"}) if typed else page


def apply(client, url: str, page, **typed):
    return client.post(url, fields_of(page) | {"apply": "yes", "why": "The jury asked."} | typed)


def summary(page) -> dict[str, tuple[str, str, str]]:
    lines = page.context["changing"] + page.context["staying"]
    return {line.name: (line.before, line.after if line.changes else "", line.refusal) for line in lines}


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_films_are_published_as_the_summary_says(admin_client, admin_user):
    draft, bare = FilmFactory(title="A", state=DRAFT), FilmFactory(title="B", state=DRAFT, still_key="0" * 24)
    gone, open_already = FilmFactory(title="C", state=WITHDRAWN), FilmFactory(title="D")
    films = [draft, bare, gone, open_already]

    page = ask(admin_client, FILMS, "publish_films", films)

    assert summary(page) == {
        "A": ("Draft", "Published", ""),
        "C": ("Withdrawn", "Published", ""),
        "B": ("Draft", "", "Its picture has no alternative text."),
        "D": ("Published", "", ""),
    }
    done = apply(admin_client, FILMS, page)
    assert said(done) == ["2 rows were changed."]
    assert list(Film.objects.order_by("title").values_list("state", flat=True)) == [
        PUBLISHED, DRAFT, PUBLISHED, PUBLISHED,
    ]  # fmt: skip
    logged = {(entry.object_id, entry.user, entry.change_message) for entry in LogEntry.objects.all()}
    assert logged == {
        (str(draft.pk), admin_user, "Publish films: Draft → Published"),
        (str(gone.pk), admin_user, "Publish films: Withdrawn → Published"),
    }
    history = draft.history.first()
    assert (history.history_user, history.history_change_reason, history.state) == (
        admin_user, "The jury asked.", PUBLISHED,
    )  # fmt: skip
    assert history.occasion == gone.history.first().occasion


def test_films_are_scheduled_for_a_moment(admin_client):
    draft, seen = FilmFactory(title="A", state=DRAFT), FilmFactory(title="B")
    page = ask(admin_client, FILMS, "schedule_films", [draft, seen], moment="2026-10-02T19:00")
    assert summary(page) == {
        "A": ("Draft", "Scheduled for 2 Oct 2026, 19:00", ""),
        "B": ("Published", "", "The world sees its page already. Withdraw it, and the page says so."),
    }
    apply(admin_client, FILMS, page)
    draft.refresh_from_db()
    assert (draft.state, draft.embargo_until) == (SCHEDULED, NOW + timedelta(hours=1))


@pytest.mark.parametrize(("moment", "sentence"), [("soon", "Write the date and time like"), ("", "required")])
def test_a_moment_that_is_none_plans_nothing(admin_client, moment, sentence):
    page = ask(admin_client, FILMS, "schedule_films", [FilmFactory(state=DRAFT)], moment=moment)
    assert sentence in str(page.context["form"].errors["moment"])
    assert not page.context["is_planned"]


def test_films_are_withdrawn_when_the_world_has_seen_them(admin_client):
    seen, draft = FilmFactory(title="A"), FilmFactory(title="B", state=DRAFT)
    page = ask(admin_client, FILMS, "withdraw_films", [seen, draft])
    assert summary(page) == {
        "A": ("Published", "Withdrawn", ""),
        "B": ("Draft", "", "Nobody has seen it yet, so there is nothing to withdraw."),
    }
    apply(admin_client, FILMS, page)
    assert list(Film.objects.order_by("title").values_list("state", flat=True)) == [WITHDRAWN, DRAFT]


@pytest.mark.parametrize(("how", "then"), [("add", ["Gala", "Night"]), ("set", ["Night"])])
def test_films_are_put_into_series(admin_client, how, then):
    film, night = FilmFactory(title="A"), SeriesFactory(name="Night")
    film.series.add(SeriesFactory(name="Gala"))
    page = ask(admin_client, FILMS, "set_series", [film], series=[night.pk], how=how)
    assert summary(page) == {"A": ("Gala", ", ".join(then), "")}
    apply(admin_client, FILMS, page)
    assert sorted(film.series.values_list("name", flat=True)) == then
    assert list(Film.objects.matching("night")) == [film]


def test_a_reason_is_asked_for(admin_client):
    film = FilmFactory(state=DRAFT)
    page = apply(admin_client, FILMS, ask(admin_client, FILMS, "publish_films", [film]), why=" ")
    assert page.context["form"].errors == {"why": ["Say in a few words why."]}
    assert summary(page)
    film.refresh_from_db()
    assert film.state == DRAFT


def test_nothing_is_done_when_a_row_changed_meanwhile(admin_client):
    films = [FilmFactory(title="A", state=DRAFT), FilmFactory(title="B", state=DRAFT)]
    page = ask(admin_client, FILMS, "publish_films", films)
    Film.objects.filter(title="B").update(still_key="0" * 24)

    again = apply(admin_client, FILMS, page)

    assert again.context["form"].non_field_errors() == [
        "Meanwhile something of this was changed. Look through it once more."
    ]
    assert summary(again)["B"] == ("Draft", "", "Its picture has no alternative text.")
    assert not Film.objects.exclude(state=DRAFT).exists()
    assert said(apply(admin_client, FILMS, again)) == ["1 row was changed."]


def test_too_many_rows_are_refused(admin_client, monkeypatch):
    monkeypatch.setattr("films.admin.bulk.MOST", 1)
    response = ask(admin_client, FILMS, "publish_films", [FilmFactory(state=DRAFT), FilmFactory(state=DRAFT)])
    assert said(response) == ["Choose at most 1 rows at once."]


def test_sales_of_screenings_are_set_and_logged(admin_client, admin_user):
    first = ScreeningFactory(sales="on_sale", films=[FilmFactory(title="A")])
    second = ScreeningFactory(sales="sold_out", films=[FilmFactory(title="B")])
    page = ask(admin_client, SCREENINGS, "set_sales", [first, second], sales="sold_out")
    assert list(summary(page).values()) == [("On sale", "Sold out", ""), ("Sold out", "", "")]
    assert said(apply(admin_client, SCREENINGS, page)) == ["1 row was changed."]
    change = first.changes.get()
    assert (change.before, change.after, change.changed_by, change.reason, change.source) == (
        "on_sale", "sold_out", admin_user, "The jury asked.", "admin",
    )  # fmt: skip
    assert not second.changes.exists()


def test_screenings_are_cancelled_and_brought_back_where_their_room_is_free(admin_client):
    free, taken = ScreeningFactory(), ScreeningFactory(films=[FilmFactory(title="B")])
    page = ask(admin_client, SCREENINGS, "set_occurrence", [free, taken], occurrence="cancelled")
    apply(admin_client, SCREENINGS, page)
    assert set(Screening.objects.values_list("occurrence", flat=True)) == {"cancelled"}
    ScreeningFactory(room=taken.room, films=[FilmFactory(title="Salt Hours")])

    page = ask(admin_client, SCREENINGS, "set_occurrence", [free, taken], occurrence="scheduled")

    assert [line.row for line in page.context["changing"]] == [free]
    assert "“Salt Hours” holds this room at that time" in page.context["staying"][0].refusal
    apply(admin_client, SCREENINGS, page)
    states = {free.pk: "scheduled", taken.pk: "cancelled"}
    assert dict(Screening.objects.filter(pk__in=states).values_list("pk", "occurrence")) == states


def test_two_that_would_share_a_room_are_both_left_as_they_are(admin_client):
    one = ScreeningFactory(occurrence="cancelled")
    other = ScreeningFactory(occurrence="cancelled", room=one.room)
    page = ask(admin_client, SCREENINGS, "set_occurrence", [one, other], occurrence="scheduled")
    again = apply(admin_client, SCREENINGS, page)
    assert again.context["form"].non_field_errors()[0] == "Nothing was changed: two of these get in each other's way."
    assert set(Screening.objects.values_list("occurrence", flat=True)) == {"cancelled"}


def test_the_mark_of_a_summary_is_of_all_that_it_says():
    film = FilmFactory(state=DRAFT)
    bulk = publication_of_films(PUBLISHED)
    seen = mark_of(bulk.look([film.pk], NOW))
    with pytest.raises(Changed):
        publication_of_films(SCHEDULED, NOW + timedelta(days=1)).apply([film.pk], seen, None, "", NOW)
    Film.objects.update(title="Another")
    with pytest.raises(Changed):
        bulk.apply([film.pk], seen, None, "", NOW)


@pytest.mark.parametrize(
    "bulk",
    [
        lambda: publication_of_films(PUBLISHED),
        lambda: series_of_films([SeriesFactory()], add=True),
        lambda: standing_of_screenings("sales", "sold_out"),
        lambda: standing_of_screenings("occurrence", "cancelled"),
    ],
    ids=["publication", "series", "sales", "occurrence"],
)
def test_a_summary_costs_the_same_for_one_row_and_for_thirty(bulk):
    bulk = bulk()
    make = FilmFactory if bulk.model is Film else ScreeningFactory
    keys = [make().pk for _number in range(30)]

    def queries(some: list[int]) -> int:
        with CaptureQueriesContext(connection) as asked:
            bulk.look(some, NOW)
        return len(asked)

    assert queries(keys) == queries(keys[:1])
