"""The import of a folder, from its files to the last derived column, in one transaction."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from films.conflicts import hold_room
from films.festival_day import festival_day
from films.interchange.advice import store_ratings, store_warnings
from films.interchange.editions import Editions, editions_of
from films.interchange.extras import store_access, store_guests
from films.interchange.films import StoredFilms, store_films
from films.interchange.ledger import Ledger, Sheet
from films.interchange.merging import reason
from films.interchange.overlaps import mark_overlaps
from films.interchange.packages import Package
from films.interchange.people import store_credits, store_people
from films.interchange.pieces import pieces
from films.interchange.programme import Programme, read_programme
from films.interchange.report import Report
from films.interchange.restoring import is_empty, is_whole, restore
from films.interchange.screenings import ScreeningStore, Stored
from films.interchange.venues import room_key, store_venues
from films.interchange.words import Words
from films.models import Edition, Film, Revision, Screening, SourceRow
from films.models.search_text import refresh_search_text
from films.recording import recorded
from venues.models import Room, Venue

_MERGED = gettext_lazy(
    "This is an export of everything, which only an empty database takes over whole. There is a programme here, so "
    "its venues, films, credits and screenings are merged, and its other files are left alone."
)

# What is being done, and with how many.
Progress = Callable[[str, int], None]


def import_programme(
    package: Package,
    *,
    source: str,
    edition: str,
    dry_run: bool = False,
    shift_to: date | None = None,
    by: AbstractBaseUser | None = None,
    progress: Progress = lambda step, number: None,
) -> Report:
    """Import the programme in `package` into the edition of that name, which is made unless it is there.

    `shift_to` moves the whole programme so that its first day is that date. A dry run does everything and then
    undoes it. The history of all it writes says that `by` did it, on the occasion `report.occasion`. Raises Refused
    when a row cannot be imported; nothing is written then.
    """
    report = Report(of_workbook=package.is_workbook)
    report.is_dry_run = dry_run
    if is_whole(package):
        with transaction.atomic():
            if is_empty():
                with recorded(by=by, why=reason(source)) as report.occasion:
                    restore(package, report)
                    Revision.bump(whole=True)
                transaction.set_rollback(dry_run)
                return report
        report.doubtful.add("", 0, "", str(_MERGED))
    _refuse_bad_names(source, edition, report)
    programme = read_programme(package, shift_to, report, progress)
    with transaction.atomic(), recorded(by=by, why=reason(source)) as report.occasion:
        _store(programme, source, edition, report, progress)
        if not report.changed_nothing:
            Revision.bump(whole=True)
        transaction.set_rollback(dry_run)
    return report


def _refuse_bad_names(source: str, edition: str, report: Report) -> None:
    for sentence, name, model, field in (
        (_("The source needs a name of 1 to %(limit)d characters."), source, SourceRow, "source"),
        (_("The edition needs a name of 1 to %(limit)d characters."), edition, Edition, "name"),
    ):
        limit = model._meta.get_field(field).max_length
        if not name.strip() or len(name) > limit:
            report.refused.add("", 0, "", sentence % {"limit": limit})
    report.refuse_if_any()


def _store(programme: Programme, source: str, edition_name: str, report: Report, progress: Progress) -> None:
    ledger = Ledger(source)
    editions = editions_of(programme, edition_name, ledger, report)
    edition = editions.default
    venues, rooms = store_venues(programme, edition, ledger, report)
    for room in sorted(room.pk for room in rooms.values()):
        hold_room(room)
    progress("venues stored", len(venues))
    words = Words(report)
    films = store_films(programme, editions, words, ledger, report)
    store_warnings(programme, films, words, report)
    store_ratings(programme, films, venues.values(), source, report)
    progress("films stored", len(films.by_key))
    people = store_people(programme, ledger, report)
    recredited = store_credits(programme, films.by_key, people, ledger, report)
    progress("credits stored", len(programme.credits))
    screenings = ScreeningStore(programme, editions, films.by_key, rooms, ledger, report).store()
    store_access(programme, screenings, report)
    store_guests(programme, screenings, people, report)
    progress("screenings stored", len(screenings.by_key))
    _derive(films, recredited, screenings)
    mark_overlaps(programme, screenings.by_key, report)
    progress("ends, search and overlaps worked out", len(screenings.by_key))
    _count(report, "films", len(films.by_key), films.new, films.touched)
    of_new = {screening.pk for screening in screenings.new.values()}
    _count(report, "screenings", len(screenings.by_key), of_new, set(screenings.changed))
    _flag(programme, edition, ledger, report)
    _warn_of_days_outside(programme, screenings, editions, report)


def _derive(films: StoredFilms, recredited: set[int], screenings: Stored) -> None:
    """What saving one by one would have worked out: ends of screenings, and what films are found by."""
    ends = set(screenings.changed)
    for some in pieces(sorted(films.with_new_runtime)):
        ends |= set(Screening.objects.showing_any_of(some).values_list("pk", flat=True))
    for some in pieces(sorted(ends)):
        Screening.objects.filter(pk__in=some).refresh_ends()
    # A page is as new as its latest part.
    for model, changed in ((Film, (films.touched | recredited) - films.new), (Screening, set(screenings.changed))):
        for some in pieces(sorted(changed)):
            model.objects.filter(pk__in=some).update(updated_at=timezone.now())
    for some in pieces(sorted(films.touched | recredited)):
        refresh_search_text(Film.objects.filter(pk__in=some))


def _count(report: Report, sheet: str, total: int, new: set[int], touched: set[int]) -> None:
    report.count(sheet, "created", len(new))
    report.count(sheet, "updated", len(touched - new))
    report.count(sheet, "unchanged", total - len(new | touched))


def _flag(programme: Programme, edition: Edition, ledger: Ledger, report: Report) -> None:
    """Flag what the source no longer lists, as far as it was this edition's, and unflag what is back."""
    rooms = {room_key(row["key"], room) for row in programme.venues for room in row["rooms"]}
    elsewhere = Screening.objects.exclude(edition=edition)
    for sheet, count, listed, mine in (
        (Sheet.VENUE, "venues", {row["key"] for row in programme.venues},
         Venue.objects.exclude(rooms__screenings__in=elsewhere)),
        (Sheet.ROOM, "rooms", rooms, Room.objects.exclude(screenings__in=elsewhere)),
        (Sheet.FILM, "films", {row["key"] for row in programme.films}, edition.films.all()),
        (Sheet.SCREENING, "screenings", {row["key"] for row in programme.screenings}, edition.screenings.all()),
    ):  # fmt: skip
        known = ledger.listed(sheet)
        missing = {known[key]: key for key in known if key not in listed}
        gone = {}
        for some in pieces(list(missing)):
            gone |= {missing[item.pk]: item for item in mine.filter(pk__in=some)}
        for key in ledger.mark_vanished(sheet, gone, timezone.now()):
            report.count(count, "vanished")
            sentence = _("%(sheet)s: “%(name)s” (%(key)s) vanished from the source; flagged, and kept")
            report.vanished.append(sentence % {"sheet": count, "name": gone[key], "key": key})
        for key in ledger.mark_returned(sheet, listed):
            report.note(count, _("%(key)s is back in the source; no longer flagged") % {"key": key})


def _warn_of_days_outside(programme: Programme, screenings: Stored, editions: Editions, report: Report) -> None:
    for row in programme.screenings:
        start, edition = screenings.by_key[row["key"]].starts_at, editions.of(row)
        day = festival_day(start, ZoneInfo(row["tz"]), edition.day_starts_at)
        if not edition.holds(day):
            sentence = _("%(day)s lies outside the edition “%(edition)s”.") % {"day": day, "edition": edition}
            report.doubtful.add(row.file, row.line, "start_utc", sentence)
