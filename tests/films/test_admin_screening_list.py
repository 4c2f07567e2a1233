"""The lists of screenings and of their changes."""

from datetime import UTC, datetime, timedelta

from films.models import Film, StatusChange
from tests.factories import (
    EditionFactory,
    FilmFactory,
    PersonFactory,
    RoomFactory,
    ScreeningFactory,
    SeriesFactory,
)
from tests.queries import queries_of

LIST = "/admin/films/screening/"
CHANGES = "/admin/films/statuschange/"
SEVEN = datetime(2026, 10, 3, 2, 0, tzinfo=UTC)  # Fri 2 October, 19:00 in Vancouver


def list_of(client, **query) -> list:
    return list(client.get(LIST, query).context["cl"].result_list)


def found(client, words: str) -> list:
    return list_of(client, q=words)


def test_the_log_is_read_only_and_in_words(admin_client):
    screening = ScreeningFactory(starts_at=SEVEN)
    screening.starts_at += timedelta(hours=2)
    screening.room = RoomFactory(venue__name="The Rio", name="Balcony")
    screening.sales = "sold_out"
    screening.save()
    logged = StatusChange.objects.first()

    page = admin_client.get(CHANGES).content.decode()
    for words in ("Fri 2 Oct 2026, 19:00", "Fri 2 Oct 2026, 21:00", "The Rio, Balcony", "Sold out"):
        assert words in page
    assert admin_client.get(f"{CHANGES}add/").status_code == 403
    assert admin_client.post(f"{CHANGES}{logged.pk}/delete/").status_code == 403
    assert b'name="_save"' not in admin_client.get(f"{CHANGES}{logged.pk}/change/").content


def test_the_list_shows_the_venues_own_clock(admin_client):
    ScreeningFactory(starts_at=SEVEN, room=RoomFactory(venue__time_zone="America/Toronto"))

    assert "Fri 2 Oct 2026, 22:00" in admin_client.get(LIST).content.decode()


def test_screenings_are_found_by_the_folded_title_of_what_they_show(admin_client):
    ScreeningFactory()
    screening = ScreeningFactory(films=[FilmFactory(title="Łódź After Rain")])

    assert found(admin_client, "lodz") == [screening]


def test_a_short_is_found_inside_its_programme(admin_client):
    programme = FilmFactory(title="Shorts 1", kind=Film.Kind.PROGRAMME)
    programme.parts.create(film=FilmFactory(title="Mango Season"))
    ScreeningFactory()
    screening = ScreeningFactory(films=[programme])

    assert found(admin_client, "mango") == [screening]


def test_the_lists_take_a_constant_number_of_queries(admin_client):
    urls = [LIST, f"{LIST}?q=film", f"{LIST}?day=2026-10-02", CHANGES, f"{CHANGES}?q=film", "/admin/films/film/"]
    first = ScreeningFactory()

    def add(count: int) -> None:
        for _ in range(count):
            room = RoomFactory(venue=first.room.venue)
            screening = ScreeningFactory(edition=first.edition, films=[FilmFactory(edition=first.edition)])
            screening.room, screening.sales = room, "sold_out"
            screening.save()

    def counted() -> dict[str, int]:
        return {url: queries_of(admin_client, url) for url in urls}

    add(1)
    counted()  # what a process asks once
    with_one = counted()
    add(29)
    assert counted() == with_one


def test_screenings_are_filtered_by_festival_day_on_each_venues_clock(admin_client):
    edition = EditionFactory()
    late = ScreeningFactory(edition=edition, starts_at=datetime(2026, 10, 3, 11, 59, tzinfo=UTC))  # Sat 3 Oct, 04:59
    ScreeningFactory(edition=edition, starts_at=datetime(2026, 10, 3, 12, 0, tzinfo=UTC))  # 05:00, the next day
    toronto = RoomFactory(venue__time_zone="America/Toronto")
    ScreeningFactory(edition=edition, room=toronto, starts_at=datetime(2026, 10, 3, 11, 59, tzinfo=UTC))

    assert list_of(admin_client, day="2026-10-02") == [late]
    assert len(list_of(admin_client, day="2026-10-03")) == 2
    assert len(list_of(admin_client, day="soon")) == 3


def test_the_day_filter_offers_the_days_of_the_edition_and_keeps_other_choices(admin_client):
    screening = ScreeningFactory(starts_at=SEVEN)
    ScreeningFactory(starts_at=SEVEN + timedelta(days=2))

    page = admin_client.get(LIST, {"edition__id__exact": screening.edition_id, "sales__exact": "unknown"})
    (spec,) = [spec for spec in page.context["cl"].filter_specs if spec.title == "festival day"]
    assert spec.lookup_choices == [("2026-10-02", "Fri 2 Oct 2026")]
    assert '<input type="hidden" name="sales__exact" value="unknown">' in page.content.decode()


def test_screenings_are_filtered_by_the_series_of_their_films_without_doubles(admin_client):
    panorama = SeriesFactory()
    films = [FilmFactory(), FilmFactory()]
    for film in films:
        film.series.add(panorama)
    screening = ScreeningFactory(films=films)
    ScreeningFactory()

    assert list_of(admin_client, items__film__series__id__exact=panorama.pk) == [screening]


def test_films_are_filtered_by_day_and_venue_inside_their_programmes_too(admin_client):
    short, programme, other = FilmFactory(), FilmFactory(kind=Film.Kind.PROGRAMME), FilmFactory()
    programme.parts.create(film=short)
    screening = ScreeningFactory(films=[programme], starts_at=SEVEN)
    ScreeningFactory(films=[other], starts_at=SEVEN + timedelta(days=1))

    venue = {"showings__screening__room__venue__id__exact": screening.room.venue_id}
    for query in ({"day": "2026-10-02"}, venue):
        found = admin_client.get("/admin/films/film/", query).context["cl"].result_list
        assert {film.pk for film in found} == {short.pk, programme.pk}
    assert admin_client.get("/admin/films/film/", {**venue, "day": "2026-10-03"}).context["cl"].result_list == []


def test_the_log_is_found_by_title_and_by_person(admin_client):
    person = PersonFactory(name="Łucja Nowak")
    screening = ScreeningFactory(films=[FilmFactory(title="Đorđe", directors=[person])])
    for one in (screening, ScreeningFactory()):
        one.sales = "sold_out"
        one.save()

    for words in ("dorde", "lucja now", "sold"):
        changes = admin_client.get(CHANGES, {"q": words}).context["cl"].result_list
        assert [change.screening for change in changes] == ([screening] if words != "sold" else [])


def test_a_page_of_a_hundred_screenings_stays_light(admin_client):
    first = ScreeningFactory(films=[FilmFactory(title="What the River Told My Grandmother")])
    for _ in range(100):
        ScreeningFactory(edition=first.edition, room=first.room, films=[first.items.get().film])

    page = admin_client.get(LIST)
    assert len(page.context["cl"].result_list) == 100
    assert len(page.content) < 150 * 1024
