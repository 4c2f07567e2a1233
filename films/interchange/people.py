"""People and credits of a programme. Within one source a name is a person, whatever its case; sources share nobody."""

from collections import defaultdict

from django.utils.translation import gettext as _

from films.interchange.addresses import create_with_addresses
from films.interchange.ledger import Ledger, Sheet
from films.interchange.pieces import pieces
from films.interchange.programme import Programme, person_key, same
from films.interchange.report import Report
from films.interchange.sheets import Row
from films.interchange.words import Roles
from films.models import Credit, Film
from films.recording import create_recorded, delete_recorded, update_recorded
from people.models import Person
from people.text import slug_base


def store_people(programme: Programme, ledger: Ledger, report: Report) -> dict[str, Person]:
    """The people by what `person_key` makes of a row."""
    printed = _printed_names(programme)
    known = ledger.known(Sheet.PERSON)
    here: dict[int, Person] = {}
    for some in pieces([known[key] for key in printed if key in known]):
        here |= Person.objects.only("pk", "name").in_bulk(some)
    people = {key: here[known[key]] for key in printed if known.get(key) in here}
    report.count("people", "unchanged", len(people))
    new = {key: Person(name=name) for key, name in printed.items() if key not in people}
    _create(list(new.values()))
    ledger.add(Sheet.PERSON, {key: person.pk for key, person in new.items()})
    report.count("people", "created", len(new))
    return people | new


def _printed_names(programme: Programme) -> dict[str, str]:
    """Each person's name as it is printed first; a spelling that is not all capitals is preferred."""
    names: dict[str, str] = {}
    listed = [(person_key(row), row["name"]) for row in programme.credits]
    listed += [guest for row in programme.screenings for guest in guests_of(row)]
    for key, name in listed:
        first = names.setdefault(key, name)
        if first.isupper() and not name.isupper():
            names[key] = name
    return names


def guests_of(row: Row) -> list[tuple[str, str]]:
    """The key and the name of each guest of a screening's row."""
    names, keys = list(row.get("guests", ())), list(row.get("guest_keys", ()))
    return list(zip(keys if len(keys) == len(names) else map(same, names), names, strict=True))


def _create(people: list[Person]) -> None:
    taken = set(Person.objects.values_list("slug", flat=True)) if people else set()
    for person in people:
        person.derive()
    create_with_addresses(people, lambda person: slug_base(person.name), "person", taken)


def store_credits(
    programme: Programme,
    films: dict[str, Film],
    people: dict[str, Person],
    ledger: Ledger,
    report: Report,
) -> set[int]:
    """Make the films' credits what the source lists; returns the primary keys of the films whose credits changed.

    Credits of people who are not the source's stay as they are.
    """
    roles = Roles(report)
    printed = _printed_names(programme)
    listed: dict[str, list[tuple[Row, Credit]]] = defaultdict(list)
    for row in programme.credits:
        key, film = person_key(row), films[row["film"]]
        credit = Credit(film=film, person=people[key], role=roles.of(row), position=row["position"])
        credit.credited_as = row["name"] if row["name"] not in (printed[key], people[key].name) else ""
        listed[row["film"]].append((row, credit))
    here: dict[int, dict[tuple, Credit]] = defaultdict(dict)
    for some in pieces([film.pk for film in films.values()]):
        for credit in Credit.objects.filter(film__in=some).select_related("role", "person"):
            here[credit.film_id][credit.role_id, credit.person_id] = credit
    sync = _Sync(report, set(ledger.listed(Sheet.PERSON).values()))
    for key, film in films.items():
        sync.film(film, listed.get(key, []), here.get(film.pk, {}))
    sync.write()
    return sync.touched


class _Sync:
    def __init__(self, report: Report, of_this_source: set[int]) -> None:
        self.report, self.of_this_source = report, of_this_source
        self.new: list[Credit] = []
        self.changed: list[Credit] = []
        self.gone: list[int] = []
        self.touched: set[int] = set()

    def film(self, film: Film, listed: list[tuple[Row, Credit]], here: dict[tuple, Credit]) -> None:
        wanted = {(credit.role_id, credit.person_id): (row, credit) for row, credit in listed}
        missing = [wanted[key] for key in wanted if key not in here]
        surplus = [credit for key, credit in here.items() if key not in wanted and key[1] in self.of_this_source]
        moved = [(*wanted[key], here[key]) for key in wanted if key in here and _differ(wanted[key][1], here[key])]
        if "credits" in film.locked_fields:
            if missing or surplus or moved:
                row = listed[0][0] if listed else Row({}, "credits.csv", 0)
                sentence = _("The credits of “%(film)s” are locked here; kept as they are.") % {"film": film}
                self.report.kept.add(row.file, row.line, "film", sentence)
            self.report.count("credits", "unchanged", len(wanted))
            return
        self.new += [credit for _row, credit in missing]
        for row, credit, present in moved:
            self._move(row, credit, present)
        self._remove(film, surplus)
        self.report.count("credits", "created", len(missing))
        self.report.count("credits", "updated", len(moved))
        self.report.count("credits", "unchanged", len(wanted) - len(missing) - len(moved))
        if missing or surplus or moved:
            self.touched.add(film.pk)

    def _move(self, row: Row, credit: Credit, present: Credit) -> None:
        name = row["name"]
        if present.position != credit.position:
            self.report.change_value(row.file, row.line, name, "position", present.position, credit.position)
        if credit.credited_as and present.credited_as != credit.credited_as:
            self.report.change_value(row.file, row.line, name, "credited_as", present.credited_as, credit.credited_as)
        present.position = credit.position
        present.credited_as = credit.credited_as or present.credited_as
        self.changed.append(present)

    def _remove(self, film: Film, surplus: list[Credit]) -> None:
        for credit in surplus:
            self.gone.append(credit.pk)
            sentence = _("“%(film)s” no longer credits %(credit)s; removed") % {"film": film, "credit": credit}
            self.report.note("credits.csv", sentence)
        self.report.count("credits", "vanished", len(surplus))

    def write(self) -> None:
        for some in pieces(self.gone):
            delete_recorded(Credit.objects.filter(pk__in=some))
        create_recorded(self.new)
        update_recorded(self.changed, ["position", "credited_as"])


def _differ(wanted: Credit, present: Credit) -> bool:
    """A credit's own name is left as somebody set it here, unless the source prints another than the person's."""
    is_named_otherwise = bool(wanted.credited_as) and wanted.credited_as != present.credited_as
    return wanted.position != present.position or is_named_otherwise
