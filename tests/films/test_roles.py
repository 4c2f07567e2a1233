"""Who may see, add, change, delete and publish what: one table, and every address of the site held to it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from films.admin.history import WithHistory
from films.models import (
    ClassificationScheme,
    Country,
    CreditRole,
    FeedMessage,
    Film,
    Genre,
    ImportRun,
    Language,
    StatusChange,
    TicketFeed,
    WarningKind,
)
from films.roles import BOX_OFFICE, PROGRAMMERS, TRAINEES, grant
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
from tests.staff import logged_in, member_of

pytestmark = pytest.mark.django_db

ROLES = (PROGRAMMERS, BOX_OFFICE, TRAINEES)


@dataclass(frozen=True)
class Row:
    """What each role may do with one kind of object: v(iew), a(dd), c(hange), d(elete); `-` for nothing."""

    model: str
    make: Callable[[], Model]
    programmers: str
    box_office: str
    trainees: str

    def may(self, role: str) -> set[str]:
        return set(dict(zip(ROLES, (self.programmers, self.box_office, self.trainees), strict=True))[role]) - {"-"}


def in_state(state: str) -> Callable[[], Film]:
    return lambda: FilmFactory(state=state, embargo_until="2026-10-01T00:00Z")


def person_in(state: str) -> Callable[[], Model]:
    return lambda: CreditFactory(film__state=state, film__embargo_until="2026-10-01T00:00Z").person


def change_of_status() -> StatusChange:
    screening = ScreeningFactory()
    screening.sales = "sold_out"
    screening.save()
    return screening.changes.get()


def message_of_a_feed() -> FeedMessage:
    feed = TicketFeed.objects.create(name="Other till")
    return FeedMessage.objects.create(feed=feed, key="1", received_at=NOW)


TABLE = [
    Row("films.film", in_state("draft"), "vacd", "v", "vac"),
    Row("films.film", in_state("scheduled"), "vacd", "v", "va"),
    Row("films.film", in_state("published"), "vacd", "v", "va"),
    Row("films.film", in_state("withdrawn"), "vacd", "v", "va"),
    Row("films.screening", ScreeningFactory, "vacd", "vc", "v"),
    Row("films.edition", EditionFactory, "vacd", "v", "v"),
    Row("films.series", SeriesFactory, "vacd", "v", "v"),
    Row("films.statuschange", change_of_status, "v", "v", "v"),
    Row("films.genre", lambda: Genre.objects.create(name="Drama"), "vacd", "v", "v"),
    Row("films.warningkind", lambda: WarningKind.objects.create(name="Strobe"), "vacd", "v", "v"),
    Row("films.country", lambda: Country.objects.create(name="France", code="FR"), "vacd", "v", "v"),
    Row("films.language", lambda: Language.objects.create(name="French", code="fr"), "vacd", "v", "v"),
    Row("films.creditrole", lambda: CreditRole.objects.create(name="Grip", slug="grip"), "vacd", "v", "v"),
    Row("films.classificationscheme", lambda: ClassificationScheme.objects.create(name="B"), "vacd", "v", "v"),
    Row("people.person", PersonFactory, "vacd", "v", "vac"),
    Row("people.person", person_in("draft"), "vac", "v", "vac"),
    Row("people.person", person_in("scheduled"), "vac", "v", "va"),
    Row("people.person", person_in("published"), "vac", "v", "va"),
    Row("venues.venue", VenueFactory, "vacd", "v", "v"),
    Row("venues.room", RoomFactory, "vacd", "v", "v"),
    Row("films.importrun", lambda: ImportRun.objects.create(content=b""), "vac", "-", "-"),
    Row("films.ticketfeed", lambda: TicketFeed.objects.create(name="Till"), "vacd", "v", "-"),
    Row("films.feedmessage", message_of_a_feed, "v", "v", "-"),
    Row("auth.user", lambda: User.objects.create_user("somebody"), "-", "-", "-"),
    Row("otp_totp.totpdevice", lambda: TOTPDevice.objects.create(user=User.objects.create_user("app")), "-", "-", "-"),
    Row(
        "otp_static.staticdevice",
        lambda: StaticDevice.objects.create(user=User.objects.create_user("code")),
        *("-", "-", "-"),
    ),
    Row("auth.group", lambda: Group.objects.create(name="Some"), "-", "-", "-"),
]


def found_out(client: Client, row: Row) -> set[str]:
    """What the admin lets this client do with such an object, by trying it."""
    made = row.make()
    model = row.model.replace(".", "_")
    may = set()
    if client.get(reverse(f"admin:{model}_change", args=[made.pk])).status_code == 200:
        assert client.get(reverse(f"admin:{model}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:{model}_history", args=[made.pk])).status_code == 200
        may.add("v")
    if client.get(reverse(f"admin:{model}_add")).status_code == 200:
        may.add("a")
    # A form that says nothing is sent back where it may be sent at all.
    if client.post(reverse(f"admin:{model}_change", args=[made.pk]), {}).status_code == 200:
        may.add("c")
    if client.post(reverse(f"admin:{model}_delete", args=[made.pk]), {"post": "yes"}).status_code == 302:
        assert not type(made).objects.filter(pk=made.pk).exists()
        may.add("d")
    return may


def test_every_model_in_the_admin_stands_in_the_table():
    assert {model._meta.label_lower for model in admin.site._registry} == {row.model for row in TABLE}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_the_table_says(role):
    client = logged_in(member_of(role))
    wrong = {
        f"{number}: {row.model}": "".join(sorted(found))
        for number, row in enumerate(TABLE)
        if (found := found_out(client, row)) != row.may(role)
    }
    assert wrong == {}


def test_staff_of_no_group_may_do_nothing():
    client = logged_in(member_of(None))
    assert {row.model: found_out(client, row) for row in TABLE if found_out(client, row)} == {}


def test_strangers_are_asked_who_they_are(client):
    for row in TABLE:
        url = reverse(f"admin:{row.model.replace('.', '_')}_changelist")
        assert client.get(url).headers["Location"] == f"/admin/login/?next={url}"


# Every other address

PUBLIC = {
    "home", "films", "search", "film", "series_index", "series", "people", "person", "venues", "venue", "schedule",
    "schedule_day", "my_schedule", "picked_screenings", "offline", "service_worker", "plan_calendar", "film_calendar",
    "screening_calendar", "editions", "edition", "changes", "foyer",
    "preview", "preview_picture",  # to whoever has a link: tests/films/test_previews.py
    "box_office_login", "box_office_logout", "box_office_press",  # tests/films/test_board_press.py
    "ticket_feed",  # to whoever has a token: tests/films/test_ticket_feed.py
    "media",  # which shows hidden pictures to staff alone: tests/films/test_media.py
}  # fmt: skip
OF_EVERY_MODEL = {"changelist", "add", "history", "delete", "change"}
# Of what has a history: tests/films/test_admin_together.py, tests/films/test_reverting.py.
OF_WHAT_HAS_A_HISTORY = {"editing", "revert"}
# What the admin has beside its models; each asks for staff, and autocomplete for the right to see what it lists.
WITH_SHEETS = ("films_film", "films_screening", "people_person", "venues_venue")
OF_THE_ADMIN = {
    "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site",
    "app_list",
    "otp_totp_totpdevice_config", "otp_totp_totpdevice_qrcode",  # django-otp's own, for whoever may see the device
    "markdown_preview", "whole_picture", "original_picture",  # tests/people/test_views.py
    "apply_import", "undo_import",  # tests/films/test_admin_import.py
    *(f"{model}_process_import" for model in WITH_SHEETS),  # tests/films/test_admin_sheets.py
}  # fmt: skip
# Pages of ours for staff: where, and for whom. The tests of each say what it shows.
OF_STAFF: dict[str, tuple[Callable[[], str], set[str]]] = {
    "films_film_previews": (lambda: reverse("admin:films_film_previews", args=[FilmFactory().pk]), {PROGRAMMERS}),
    "box_office": (lambda: reverse("box_office"), {PROGRAMMERS, BOX_OFFICE}),
    "box_office_live": (lambda: reverse("box_office_live"), {PROGRAMMERS, BOX_OFFICE}),
    "box_office_screening": (
        lambda: reverse("box_office_screening", args=[ScreeningFactory().pk]),
        {PROGRAMMERS, BOX_OFFICE},
    ),
    "export_programme": (lambda: reverse("admin:export_programme"), {PROGRAMMERS}),
    "films_statuschange_csv": (lambda: reverse("admin:films_statuschange_csv"), {PROGRAMMERS, BOX_OFFICE, TRAINEES}),
    "as_at": (lambda: reverse("as_at"), set(ROLES)),
    "week_entry": (lambda: reverse("week_entry"), {PROGRAMMERS}),
    "box_office_second_factor": (lambda: reverse("box_office_second_factor"), {*ROLES, None}),
    "listing_check": (lambda: reverse("listing_check"), set(ROLES)),
}


for model in WITH_SHEETS:
    OF_STAFF[f"{model}_import"] = (partial(reverse, f"admin:{model}_import"), {PROGRAMMERS})
    OF_STAFF[f"{model}_export"] = (partial(reverse, f"admin:{model}_export"), set(ROLES))


def names_of_addresses(resolver: URLResolver) -> set[str]:
    names = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            names |= names_of_addresses(pattern)
        elif pattern.name:
            names.add(pattern.name)
        else:
            # Two of Django's own have none: they lead on to a form, and to the login.
            assert pattern.lookup_str.startswith("django."), pattern
    return names


def test_every_address_stands_in_a_table():
    of_models = {f"{row.model.replace('.', '_')}_{view}" for row in TABLE for view in OF_EVERY_MODEL} | {
        "auth_user_password_change"
    }
    of_models |= {
        f"{model._meta.app_label}_{model._meta.model_name}_{view}"
        for model, its_admin in admin.site._registry.items()
        if isinstance(its_admin, WithHistory)
        for view in OF_WHAT_HAS_A_HISTORY
    }
    assert names_of_addresses(get_resolver()) - of_models == PUBLIC | OF_THE_ADMIN | set(OF_STAFF)


@pytest.mark.parametrize("role", [*ROLES, None])
def test_each_page_for_staff_is_open_to_whom_the_table_says(role):
    client = logged_in(member_of(role))
    found = {name: client.get(address()).status_code == 200 for name, (address, _roles) in OF_STAFF.items()}
    assert found == {name: role in roles for name, (_address, roles) in OF_STAFF.items()}


@pytest.mark.parametrize("role", [*ROLES, None])
def test_a_menu_that_completes_names_only_what_may_be_seen(role):
    client = logged_in(member_of(role))
    for model, field in [("credit", "person"), ("screeningfilm", "film"), ("screening", "room")]:
        asked = {"app_label": "films", "model_name": model, "field_name": field, "term": ""}
        assert client.get("/admin/autocomplete/", asked).status_code == (200 if role else 403)


# The groups


def test_permissions_made_by_migrations_are_those_that_django_makes():
    granted = Permission.objects.filter(group__isnull=False).distinct().order_by("pk")
    made = list(granted.values_list("content_type__app_label", "codename", "name"))
    assert Group.objects.count() == len(ROLES)
    granted.delete()

    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0)

    anew = Permission.objects.values_list("content_type__app_label", "codename", "name")
    assert set(made) - set(anew) == set()


def test_a_grant_to_a_database_that_has_the_permission_takes_that_one():
    before = Permission.objects.count()
    for _time in range(2):
        grant(apps, "Projection", ["films.view_film", "films.publish_film"])
    group = Group.objects.get(name="Projection")
    assert set(group.permissions.values_list("codename", flat=True)) == {"view_film", "publish_film"}
    assert Permission.objects.count() == before


def test_a_grant_of_what_no_model_has_is_refused():
    with pytest.raises(LookupError, match="films has the permission view_popcorn"):
        grant(apps, "Projection", ["films.view_popcorn"])
