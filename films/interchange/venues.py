"""Venues and rooms of a programme, found again or made."""

from collections import Counter

from django.utils.translation import gettext as _

from films.interchange.ledger import Ledger, Sheet
from films.interchange.programme import Programme
from films.interchange.report import Report
from films.interchange.sheets import Row
from films.models import Edition
from films.recording import set_recorded
from venues.models import Room, Venue

RoomKey = tuple[str, str]


def store_venues(
    programme: Programme, edition: Edition, ledger: Ledger, report: Report
) -> tuple[dict[str, Venue], dict[RoomKey, Room]]:
    """The venues by the source's key, and the rooms by that key and the name that the source gives them."""
    zones = {row["key"]: Counter() for row in programme.venues}
    for row in programme.screenings:
        zones[row["venue"]][row["tz"]] += 1
    here = Venue.objects.in_bulk(list(ledger.known(Sheet.VENUE).values()))
    venues: dict[str, Venue] = {}
    for row in programme.venues:
        zone = _zone(row, zones[row["key"]], edition, report)
        venue = here.get(ledger.known(Sheet.VENUE).get(row["key"]))
        if venue is None:
            venue = Venue.objects.create(name=row["name"], address=row["address"], time_zone=zone)
            ledger.add(Sheet.VENUE, {row["key"]: venue.pk})
            report.count("venues", "created")
            report.creation(row.file, row.line, venue.name)
        else:
            _update(venue, row, zone, bool(zones[row["key"]]), report)
        venues[row["key"]] = venue
    return venues, _store_rooms(programme, venues, ledger, report)


def _zone(row: Row, zones: Counter, edition: Edition, report: Report) -> str:
    """The time zone of most of its screenings; a venue's clock shows only one."""
    if not zones:
        return edition.time_zone
    zone = zones.most_common(1)[0][0]
    if len(zones) > 1:
        sentence = _(
            "Its screenings name several time zones (%(zones)s); its clock shows %(zone)s, "
            "and each screening keeps its start_utc."
        ) % {"zones": ", ".join(sorted(zones)), "zone": zone}
        report.doubtful.add(row.file, row.line, "key", sentence)
    return zone


def _update(venue: Venue, row: Row, zone: str, is_used: bool, report: Report) -> None:
    wanted = {"name": row["name"]}
    wanted |= {"address": row["address"]} if row["address"] else {}
    wanted |= {"time_zone": zone} if is_used else {}
    changed = {field: value for field, value in wanted.items() if getattr(venue, field) != value}
    for field, value in changed.items():
        report.change_value(row.file, row.line, venue.name, field, getattr(venue, field), value)
    if "name" in changed and not venue.rooms.filter(name=row["name"]).exists():
        # The room of the venue's own name goes on bearing it.
        set_recorded(venue.rooms.filter(name=venue.name), name=row["name"])
    for field, value in changed.items():
        setattr(venue, field, value)
    if changed:
        venue.save(update_fields=list(changed))
    report.count("venues", "updated" if changed else "unchanged")


def _store_rooms(programme: Programme, venues: dict[str, Venue], ledger: Ledger, report: Report) -> dict[RoomKey, Room]:
    known = ledger.known(Sheet.ROOM)
    by_pk = Room.objects.in_bulk(list(known.values()))
    by_name = {(room.venue_id, room.name): room for room in Room.objects.filter(venue__in=venues.values())}
    rooms: dict[RoomKey, Room] = {}
    new: dict[str, int] = {}
    for row in programme.venues:
        venue = venues[row["key"]]
        for name in row["rooms"]:
            key = room_key(row["key"], name)
            room = by_pk.get(known.get(key)) or by_name.get((venue.pk, name or venue.name))
            report.count("rooms", "unchanged" if room else "created")
            room = room or Room.objects.create(venue=venue, name=name or venue.name)
            rooms[row["key"], name] = room
            # A venue with a key of this site's own has no room that its source would know by another.
            if known.get(key) != room.pk and row["key"] in ledger.listed(Sheet.VENUE):
                new[key] = room.pk
    ledger.add(Sheet.ROOM, new)
    return rooms


def room_key(venue: str, room: str) -> str:
    return f"{venue}|{room}"
