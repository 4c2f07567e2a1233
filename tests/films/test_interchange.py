"""What an imported programme is: its films, people, venues, screenings, and all that is derived from them."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from films.festival_day import festival_day
from films.interchange.advice import ages
from films.models import (
    Classification,
    Country,
    Credit,
    CreditRole,
    Edition,
    Film,
    Language,
    Screening,
    Series,
)
from people.models import Person
from tests.factories import SchemeFactory
from tests.films.programmes import credit, everything, film, run, screening, venue, write
from venues.models import Room, Venue

pytestmark = pytest.mark.django_db


def test_import_makes_the_edition_of_the_programmes_days(tmp_path):
    late = screening("s2", start_utc="2026-10-04T08:30Z", tz="America/Vancouver")
    run(write(tmp_path, screenings=[screening(), late]))
    edition = Edition.objects.get()
    assert (edition.name, edition.kind, edition.starts_on, edition.ends_on, edition.time_zone) == (
        "Fest 2026", "festival", date(2026, 10, 1), date(2026, 10, 3), "America/Vancouver",
    )  # fmt: skip
    assert edition.announced_at is None


def test_import_into_an_edition_keeps_its_dates_and_warns(tmp_path):
    Edition.objects.create(name="Fest 2026", starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 9))
    report = run(write(tmp_path))
    assert Edition.objects.get().ends_on == date(2026, 9, 9)
    assert list(report.doubtful) == [
        "screenings.csv line 2, start_utc: 2026-10-01 lies outside the edition “Fest 2026”."
    ]


def test_import_takes_a_film_as_it_is(tmp_path):
    row = film(
        title="48", alt_title="四十八", kind="short", year="2014", runtime_min="21", countries="泰國|France",
        languages="th|en", sections="Asian Light|Shorts", synopsis="One *roll* of film.",
    )  # fmt: skip
    run(write(tmp_path, films=[row]))
    it = Film.objects.get()
    assert (it.title, it.original_title, it.kind, it.year, it.runtime, it.state) == (
        "48", "四十八", "short", 2014, 21, "published",
    )  # fmt: skip
    assert (it.slug, it.sort_key, it.title_language) == ("48", "48", "")
    assert it.synopsis_html == "<p>One <em>roll</em> of film.</p>\n"
    countries = [row.country for row in it.origins.all()]
    assert [(country.name, country.code) for country in countries] == [("泰國", "TH"), ("France", "FR")]
    assert sorted(it.languages.values_list("name", "code")) == [("English", "en"), ("Thai", "th")]
    assert sorted(it.series.values_list("name", flat=True)) == ["Asian Light", "Shorts"]


def test_imported_film_is_found_by_title_person_country_and_series(tmp_path):
    row = film(title="Łódź", alt_title="Boat", countries="Polska", sections="Cities")
    run(write(tmp_path, films=[row], credits=[credit("Agnieszka Żak")]))
    found = [Film.objects.matching(word).count() for word in ("lodz", "boat", "zak", "polska", "cities", "oslo")]
    assert found == [1, 1, 1, 1, 1, 0]


def test_unknown_runtime_stays_unknown_and_the_end_approximate(tmp_path):
    rows = [film(runtime_min=""), film("f2", runtime_min="75")]
    shows = [screening("s1", "f1"), screening("s2", "f2", start_utc="2026-10-03T02:00Z")]
    run(write(tmp_path, films=rows, screenings=shows))
    ends = Screening.objects.order_by("starts_at").values_list("ends_at", "end_is_approximate")
    assert [film.runtime for film in Film.objects.order_by("title")] == [None, 75]
    assert list(ends) == [
        (datetime(2026, 10, 2, 4, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 3, 3, 15, tzinfo=UTC), False),
    ]


def test_films_of_one_title_get_addresses_of_their_own(tmp_path):
    rows = [
        film("f1", title="Patience", year="1978"), film("f2", title="Patience", year="1978"),
        film("f3", title="Patience"), film("f4", title="忍耐"),
    ]  # fmt: skip
    run(write(tmp_path, films=rows))
    films = list(Film.objects.order_by("pk"))
    assert [it.slug for it in films] == ["patience", "patience-1978", "patience-2", f"film-{films[3].pk}"]


def test_address_that_a_film_had_once_is_not_given_away(tmp_path):
    edition = Edition.objects.create(name="Before", starts_on=date(2025, 9, 1), ends_on=date(2025, 9, 9))
    old = Film.objects.create(edition=edition, title="Undertow")
    old.slug = "undertow-restored"
    old.save()
    run(write(tmp_path, films=[film(title="Undertow")]))
    assert Film.objects.exclude(pk=old.pk).get().slug == "undertow-2"


def test_people_are_one_whatever_their_case_and_credits_print_them_as_the_source_does(tmp_path):
    rows = [credit("ANIL DESAI"), credit("Anil Desai", role="cast"), credit("林小雨", position=2)]
    run(write(tmp_path, credits=rows))
    people = list(Person.objects.order_by("pk"))
    assert [(it.name, it.slug, it.search_name) for it in people] == [
        ("Anil Desai", "anil-desai", "anil desai"),
        ("林小雨", f"person-{people[1].pk}", "林小雨"),
    ]
    printed = [(it.role.slug, it.printed_name) for it in Film.objects.get().credits.in_order()]
    assert printed == [("director", "ANIL DESAI"), ("director", "林小雨"), ("cast", "Anil Desai")]


def test_name_in_either_normal_form_is_one_person(tmp_path):
    rows = [credit("Ren\u00e9 Clair"), credit("Rene\u0301 Clair", role="editor")]
    run(write(tmp_path, credits=rows))
    assert Person.objects.count() == 1


def test_crowd_of_names_on_one_film_is_taken(tmp_path):
    rows = [credit(f"Extra {number}", role="cast", position=number) for number in range(1100)]
    run(write(tmp_path, credits=rows))
    assert Film.objects.matching("extra 1099").count() == 1


def test_people_of_another_source_are_others(tmp_path):
    Person.objects.create(name="Anil Desai")
    run(write(tmp_path, credits=[credit("Anil Desai")]))
    assert sorted(Person.objects.values_list("slug", flat=True)) == ["anil-desai", "anil-desai-2"]


def test_credits_stand_in_the_films_order_with_a_new_role_last(tmp_path):
    rows = [credit("B B", position=2), credit("A A", position=1), credit("C C", role="foley_artist")]
    report = run(write(tmp_path, credits=rows))
    in_order = [(it.role.name, it.person.name) for it in Film.objects.get().credits.in_order()]
    assert in_order == [("Director", "A A"), ("Director", "B B"), ("Foley artist", "C C")]
    assert CreditRole.objects.get(slug="foley-artist").plural == "Foley artist"
    assert list(report.doubtful) == [
        "credits.csv line 4, role: “foley_artist” is a new role; it was added after the others."
    ]


def test_venue_without_rooms_has_one_of_its_own_name(tmp_path):
    rows = [venue(rooms=""), venue("vic", name="Vic", rooms="Hall 1|Hall 2")]
    run(write(tmp_path, venues=rows, screenings=[screening(room="")]))
    assert [room.full_name for room in Room.objects.order_by("pk")] == ["Rio", "Vic, Hall 1", "Vic, Hall 2"]
    assert Venue.objects.get(name="Rio").time_zone == "America/Vancouver"


def test_room_that_only_a_screening_names_is_added_and_reported(tmp_path):
    report = run(write(tmp_path, venues=[venue(rooms="")], screenings=[screening(room="Hall 7")]))
    assert [room.full_name for room in Room.objects.all()] == ["Rio, Hall 7"]
    assert list(report.doubtful) == [
        "screenings.csv line 2, room: “Hall 7” is not among the rooms in venues.csv; it was added to the venue."
    ]


def test_screening_says_what_the_source_says(tmp_path):
    shows = [
        screening("s1", "f2|f1", title="Two at night", end_local="2026-10-01T22:30", flags="gala premiere"),
        screening("s2", start_utc="2026-10-03T02:00Z", public="0", cancelled="1", sold_out="1"),
    ]
    run(write(tmp_path, films=[film("f1"), film("f2")], screenings=shows))
    first, second = Screening.objects.order_by("starts_at")
    assert (first.title, first.note, first.audience, first.occurrence, first.sales) == (
        "Two at night", "gala premiere", "public", "scheduled", "unknown",
    )  # fmt: skip
    assert first.ends_at == datetime(2026, 10, 2, 5, 30, tzinfo=UTC)
    assert [(item.film.title, item.part) for item in first.items.all()] == [
        ("Film f2", "double_bill"),
        ("Film f1", "double_bill"),
    ]
    assert (second.audience, second.occurrence, second.sales) == ("press", "cancelled", "sold_out")


def test_shorts_stand_before_and_after_the_film(tmp_path):
    rows = [film("f1", kind="short"), film("f2"), film("f3", kind="short")]
    run(write(tmp_path, films=rows, screenings=[screening(films="f1|f2|f3")]))
    parts = [item.part for item in Screening.objects.get().items.all()]
    assert parts == ["short_before", "main", "short_after"]


def test_screening_past_midnight_stands_under_the_evening_before(tmp_path):
    run(write(tmp_path, screenings=[screening(start_utc="2026-10-03T07:15Z")]))
    it = Screening.objects.get()
    assert festival_day(it.starts_at, it.zone) == date(2026, 10, 2)
    assert it.is_late_night


def test_start_utc_decides_and_the_end_keeps_its_distance(tmp_path):
    show = screening(start_local="2026-10-01T20:00", end_local="2026-10-01T21:30")
    report = run(write(tmp_path, screenings=[show]))
    it = Screening.objects.get()
    assert (it.starts_at, it.ends_at) == (
        datetime(2026, 10, 2, 2, 0, tzinfo=UTC),
        datetime(2026, 10, 2, 3, 30, tzinfo=UTC),
    )
    assert list(report.doubtful) == [
        "screenings.csv line 2, start_local: Prints 2026-10-01 20:00, but start_utc is 2026-10-01 19:00 in "
        "America/Vancouver; start_utc decides."
    ]


def test_end_in_the_hour_that_comes_twice_is_after_the_start(tmp_path):
    show = screening(start_utc="2025-11-02T08:45Z", start_local="2025-11-02T01:45", end_local="2025-11-02T01:15")
    run(write(tmp_path, screenings=[show]))
    assert Screening.objects.get().ends_at == datetime(2025, 11, 2, 9, 15, tzinfo=UTC)


def test_two_screenings_in_one_room_at_one_time_are_kept_marked_and_reported(tmp_path):
    shows = [screening("s1"), screening("s2"), screening("s3", start_utc="2026-10-02T03:30Z")]
    report = run(write(tmp_path, screenings=shows))
    reasons = Screening.objects.order_by("pk").values_list("overlap_reason", flat=True)
    assert list(reasons) == ["As the source has it", "As the source has it", ""]
    assert list(report.doubtful) == [
        "screenings.csv line 3, room: Holds “Hall 1” at the same time as line 2; kept, and marked "
        "“As the source has it”."
    ]


def test_shift_keeps_wall_times_over_a_change_of_clocks(tmp_path):
    shows = [screening("s1"), screening("s2", start_utc="2026-10-04T08:30Z", end_local="2026-10-04T03:00")]
    run(write(tmp_path, screenings=shows), shift_to=date(2026, 10, 31))
    starts = [it.local_start.replace(tzinfo=None) for it in Screening.objects.order_by("starts_at")]
    assert starts == [datetime(2026, 10, 31, 19, 0), datetime(2026, 11, 3, 1, 30)]
    assert Screening.objects.earliest("starts_at").starts_at == datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
    assert Screening.objects.latest("starts_at").local_end.replace(tzinfo=None) == datetime(2026, 11, 3, 3, 0)


def test_shift_moves_a_skipped_time_on_and_says_so(tmp_path):
    shows = [screening(start_utc="2026-10-03T09:30Z", end_local="2026-10-03T03:15")]
    report = run(write(tmp_path, screenings=shows), shift_to=date(2026, 3, 8))
    it = Screening.objects.get()
    assert (it.local_start.replace(tzinfo=None), it.ends_at - it.starts_at) == (
        datetime(2026, 3, 8, 3, 30),
        datetime(2026, 3, 8, 3, 15) - datetime(2026, 3, 8, 2, 30),
    )
    assert list(report.doubtful) == [
        "screenings.csv line 2, start_utc: 02:30 does not exist on 2026-03-08 in America/Vancouver, where the "
        "clocks go forward; moved on by an hour."
    ]


def test_rating_becomes_a_class_of_the_sources_scheme_and_is_reported_once(tmp_path):
    rows = [film("f1", rating="N/C 15+"), film("f2", rating="N/C 15+"), film("f3", rating="12A")]
    report = run(write(tmp_path, films=rows))
    classes = Classification.objects.values_list("scheme__jurisdiction", "code", "minimum_age", "accompanied_under")
    assert list(classes) == [("fest", "N/C 15+", 15, 0), ("fest", "12A", 0, 12)]
    assert Venue.objects.get().jurisdiction == "fest"
    assert len([remark for remark in report.doubtful if "rating" in remark]) == 2
    assert list(run(tmp_path).doubtful) == ["films.csv: 2 films stand in no screening (see lines 3–4)."]


def test_rating_is_one_of_the_venues_own_jurisdiction_where_it_has_one(tmp_path):
    run(write(tmp_path))
    Venue.objects.update(jurisdiction="CA-BC")
    scheme = SchemeFactory()
    run(write(tmp_path, films=[film(rating="14a")]))
    assert [str(it.classification) for it in Film.objects.get().classifications.all()] == ["14A (CA-BC)"]
    assert scheme.classes.count() == Classification.objects.count() == 6


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("18", (18, 0)), ("N/C 15+", (15, 0)), ("U", (0, 0)), ("G", (0, 0)), ("PG", (0, 0)), ("PG-13", (0, 0)),
        ("12A", (0, 12)), ("14A", (0, 14)), ("NC-17", (17, 0)), ("R18", (18, 0)), ("Exempt", (0, 0)),
    ],
)  # fmt: skip
def test_ages_are_read_from_a_printed_rating(printed, expected):
    assert ages(printed) == expected


def test_warning_spelt_in_several_ways_is_one_kind(tmp_path):
    rows = [film("f1", warnings="Flashing Lights|violence"), film("f2", warnings="flashing  lights|racism/slurs")]
    run(write(tmp_path, films=rows, screenings=[screening(films="f1|f2")]))
    carried = [[str(it) for it in one.warnings.all()] for one in Film.objects.order_by("pk")]
    assert carried == [["Flashing Lights", "violence"], ["Flashing Lights", "racism/slurs"]]


def test_countries_parted_by_other_signs_are_a_list_and_reported(tmp_path):
    report = run(write(tmp_path, films=[film(countries="日本、法國"), film("f2", countries="USA/Atlantis")]))
    assert list(Country.objects.order_by("pk").values_list("name", "code")) == [
        ("日本", "JP"), ("法國", "FR"), ("USA", "US"), ("Atlantis", ""),
    ]  # fmt: skip
    assert [remark for remark in report.doubtful if "countries" in remark] == [
        "films.csv line 2, countries: “日本、法國” was read as a list: 日本, 法國.",
        "films.csv line 3, countries: “USA/Atlantis” was read as a list: USA, Atlantis.",
        "films.csv line 3, countries: “Atlantis” is no country known here; kept as it is written.",
    ]


def test_country_printed_in_capitals_has_its_usual_spelling(tmp_path):
    run(write(tmp_path, films=[film(countries="SOUTH KOREA", languages="Farsi")]))
    assert list(Country.objects.values_list("name", "code")) == [("South Korea", "KR")]
    assert list(Language.objects.values_list("name", "code")) == [("Farsi", "fa")]


def test_further_columns_of_our_own_are_read(tmp_path):
    films = [
        film(
            title="Les Grues", title_language="fr", original_language="fr", premiere="World Premiere", blurb="Cranes.",
            genres="Drama|Comedy", quote="A marvel.", quote_source="The Paper", guest_note="In person",
        )
    ]  # fmt: skip
    shows = [
        screening(
            ticket_url="https://tickets.example/1", price="12.5", sales="selling_fast", guests="Ana Ruiz",
            access="open_captions|relaxed?", subtitle_language="en", premiere="1", talk_min="20", preshow_min="10",
        )
    ]  # fmt: skip
    run(write(tmp_path, films=films, screenings=shows))
    it, show = Film.objects.get(), Screening.objects.get()
    assert (it.sort_key, it.premiere, it.blurb, it.guest_note) == ("grues", "world", "Cranes.", "In person")
    assert sorted(it.genres.values_list("name", flat=True)) == ["Comedy", "Drama"]
    assert list(it.quotes.values_list("text", "source")) == [("A marvel.", "The Paper")]
    assert (show.sales, f"{show.price}", show.is_premiere, show.subtitle_language) == (
        "selling_fast", "12.50", True, "en",
    )  # fmt: skip
    assert show.ends_at == datetime(2026, 10, 2, 4, 0, tzinfo=UTC)
    assert list(show.access_features.values_list("feature", "is_confirmed")) == [
        ("open_captions", True),
        ("relaxed", False),
    ]
    assert [person.name for person in show.guests.all()] == ["Ana Ruiz"]
    assert run(tmp_path).changed_nothing


def test_apostrophe_that_guards_a_formula_is_taken_away(tmp_path):
    run(write(tmp_path, films=[film(title="'=36"), film("f2", title="'Tis"), film("f3", title="'@home")]))
    assert list(Film.objects.order_by("pk").values_list("title", flat=True)) == ["=36", "'Tis", "@home"]


def test_columns_may_stand_in_any_order_after_a_byte_order_mark(tmp_path):
    write(tmp_path)
    rows = "rooms;address;name;key\nHall 1|Hall 2;;Rio;rio\n".replace(";", ",")
    (tmp_path / "venues.csv").write_text(rows, encoding="utf-8-sig")
    run(tmp_path)
    assert [room.full_name for room in Room.objects.order_by("pk")] == ["Rio, Hall 1", "Rio, Hall 2"]


def test_doubtful_rows_are_imported_and_told_with_their_lines(tmp_path):
    rows = [
        film("f1", kind="unmatched", runtime_min="700"),
        film("f2", kind="unmatched", title="Same"),
        film("f3", title="SAME", year="1066"),
    ]
    report = run(write(tmp_path, films=rows, screenings=[screening(films="f1|f1"), screening("s2", "", room="Hall 2")]))
    assert list(Film.objects.order_by("pk").values_list("kind", flat=True)) == ["other", "other", "film"]
    assert list(report.doubtful) == [
        "films.csv: 2 films stand in no screening (see lines 3–4).",
        "films.csv lines 2–3, kind: “unmatched” is no kind of film known here; filed under “Other”.",
        "films.csv line 2, runtime_min: 700 minutes is very long; taken as it is.",
        "films.csv line 3, title: “Same” is the title of 2 films, which stay apart.",
        "films.csv line 4, year: 1066 is an unlikely year; taken as it is.",
        "films.csv line 4, title: “SAME” is the title of 2 films, which stay apart.",
        "screenings.csv line 2, films: Names a film more than once; it stands there once.",
        "screenings.csv line 3, films: Shows no film; no page of the site will list it.",
    ]


def test_import_needs_no_more_queries_for_more_rows(tmp_path, django_assert_max_num_queries):
    films = [film(f"f{number}", title=f"Film {number}") for number in range(60)]
    shows = [
        screening(f"s{number}", f"f{number}", start_utc=f"2026-10-{number % 28 + 1:02}T{number // 28 * 4:02}:00Z")
        for number in range(60)
    ]
    credits = [credit(f"Name {number}", f"f{number % 60}") for number in range(120)]
    write(tmp_path, films=films, screenings=shows, credits=credits)
    # Six films take 94; the rest are the pieces in which SQLite takes wide rows and their history.
    with django_assert_max_num_queries(110):
        report = run(tmp_path)
    assert report.counts["credits"]["created"] == Credit.objects.count() == 120


def test_dry_run_tells_every_row_and_writes_nothing(tmp_path, capsys):
    write(tmp_path, credits=[credit("Ana Ruiz")])
    before = everything()
    call_command("import_programme", tmp_path, source="fest", edition="Fest 2026", dry_run=True)
    assert everything() == before
    assert capsys.readouterr().out.splitlines()[7:] == [
        "New (3):",
        "  venues.csv line 2: new, “Rio”",
        "  films.csv line 2: new, “Film f1”",
        "  screenings.csv line 2: new, “Film f1”",
        "Dry run: nothing was written.",
    ]


def test_series_of_one_name_is_kept_from_source_to_source(tmp_path):
    Series.objects.create(name="Altered States")
    run(write(tmp_path, films=[film(sections="altered states")]))
    assert list(Series.objects.values_list("name", flat=True)) == ["Altered States"]
