"""Into which edition a row goes: the one that the import is for, or another that its own cell names."""

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from films.festival_day import festival_day
from films.interchange.ledger import Ledger, Sheet
from films.interchange.pieces import pieces
from films.interchange.programme import Programme
from films.interchange.report import Report
from films.interchange.sheets import Row
from films.models import Edition, Film, Screening


@dataclass
class Editions:
    default: Edition
    others: dict[str, Edition]

    def of(self, row: Row) -> Edition:
        return self.others.get(row.get("edition"), self.default)


def editions_of(programme: Programme, name: str, ledger: Ledger, report: Report) -> Editions:
    """The edition of that name, made unless it is there, and those that rows name. Raises Refused."""
    rows = [*programme.films, *programme.screenings]
    named = {row.get("edition") for row in rows} - {None, "", name}
    others = {edition.name: edition for edition in Edition.objects.filter(name__in=named)}
    for row in rows:
        if row.get("edition") in named - set(others):
            sentence = _("There is no edition “%(named)s” here; taken into “%(edition)s”.")
            report.doubtful.add(row.file, row.line, "edition", sentence % {"named": row["edition"], "edition": name})
    _refuse_what_stands_elsewhere(programme, name, others, ledger, report)
    return Editions(_edition(name, programme, report), others)


def _refuse_what_stands_elsewhere(
    programme: Programme, name: str, others: dict[str, Edition], ledger: Ledger, report: Report
) -> None:
    """A key names its row for ever, so that it cannot stand for another film next year."""
    for model, sheet, rows, what in (
        (Film, Sheet.FILM, programme.films, _("The film with this key stands in the edition “%s” already.")),
        (
            Screening,
            Sheet.SCREENING,
            programme.screenings,
            _("The screening with this key stands in the edition “%s” already."),
        ),
    ):
        known = ledger.known(sheet)
        by_pk = {known[row["key"]]: row for row in rows if row["key"] in known}
        for some in pieces(list(by_pk)):
            for pk, edition in model.objects.filter(pk__in=some).values_list("pk", "edition__name"):
                row = by_pk[pk]
                wanted = row["edition"] if row.get("edition") in others else name
                if edition != wanted:
                    advice = _("Import into that edition, or name another source.")
                    report.refused.add(row.file, row.line, "key", f"{what % edition} {advice}")
    report.refuse_if_any()


def _edition(name: str, programme: Programme, report: Report) -> Edition:
    if edition := Edition.objects.filter(name=name).first():
        return edition
    if not programme.screenings:
        sentence = _("Holds no screening, so the dates of the new edition “%s” are unknown. Make the edition first.")
        report.refused.add("screenings.csv", 0, "", sentence % name)
        report.refuse_if_any()
    days = [festival_day(row["starts_at"], ZoneInfo(row["tz"])) for row in programme.screenings]
    zones = Counter(row["tz"] for row in programme.screenings)
    return Edition.objects.create(
        name=name, starts_on=min(days), ends_on=max(days), time_zone=zones.most_common(1)[0][0]
    )
