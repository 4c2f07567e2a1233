"""What our own further columns add to screenings: access features and guests. Nothing is taken away."""

from django.utils.translation import gettext as _

from films.interchange.people import guests_of
from films.interchange.pieces import pieces
from films.interchange.programme import Programme
from films.interchange.report import Report
from films.interchange.screenings import Stored
from films.models import AccessFeature, ScreeningGuest
from films.recording import create_recorded, update_recorded
from people.models import Person


def store_access(programme: Programme, screenings: Stored, report: Report) -> None:
    rows = [row for row in programme.screenings if row.get("access")]
    here: dict[tuple[int, str], AccessFeature] = {}
    for some in pieces([screenings.by_key[row["key"]].pk for row in rows]):
        features = AccessFeature.objects.filter(screening__in=some)
        here |= {(feature.screening_id, feature.feature): feature for feature in features}
    new, changed = [], []
    for row in rows:
        screening = screenings.by_key[row["key"]]
        for name, is_confirmed in row["access"].items():
            feature = here.get((screening.pk, name))
            if feature is None:
                new.append(AccessFeature(screening=screening, feature=name, is_confirmed=is_confirmed))
            elif feature.is_confirmed != is_confirmed:
                feature.is_confirmed = is_confirmed
                changed.append(feature)
            else:
                continue
            sentence = _("%(feature)s is confirmed") if is_confirmed else _("%(feature)s is not confirmed yet")
            what = sentence % {"feature": AccessFeature.Feature(name).label}
            screenings.note_change(screening, row, what, report)
    create_recorded(new)
    update_recorded(changed, ["is_confirmed"])


def store_guests(programme: Programme, screenings: Stored, people: dict[str, Person], report: Report) -> None:
    rows = [row for row in programme.screenings if row.get("guests")]
    here = set()
    for some in pieces([screenings.by_key[row["key"]].pk for row in rows]):
        here |= set(ScreeningGuest.objects.filter(screening__in=some).values_list("screening_id", "person_id"))
    new = []
    for row in rows:
        screening = screenings.by_key[row["key"]]
        for person in {people[key].pk: people[key] for key, _name in guests_of(row)}.values():
            if (screening.pk, person.pk) not in here:
                new.append(ScreeningGuest(screening=screening, person=person))
                screenings.note_change(screening, row, _("guest added: %(name)s") % {"name": person}, report)
    create_recorded(new)
