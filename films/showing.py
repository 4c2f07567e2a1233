"""A screening as a page prints it at one moment: its states, who may come in, and what to do about a ticket."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from films.admission import Admission, admission_of, items_with_classes, with_admission_rules
from films.models import AccessFeature, ContentWarning, Film, Screening, ScreeningFilm
from films.rows import Rows
from films.status import Status, statuses
from films.wording import clock, day, money, standby, standby_line

Sales = Screening.Sales
Feature = AccessFeature.Feature
# The short form that a legend, a print sheet and a badge on the door use.
SHORT_MARKS = {
    Feature.OPEN_CAPTIONS: "OC",
    Feature.CAPTION_DEVICES: "CC",
    Feature.SDH: "SDH",
    Feature.AUDIO_DESCRIPTION: "AD",
    Feature.SIGNED_TALK: "SL",
    Feature.RELAXED: "R",
}


@dataclass(frozen=True)
class Mark:
    """An access feature of a screening or its room; an empty `short` is the wheelchair sign."""

    short: str
    name: str
    is_confirmed: bool = True


@dataclass(frozen=True)
class Showing:
    screening: Screening
    items: list[ScreeningFilm]
    statuses: list[Status]
    admission: Admission
    is_past: bool
    # Whether it offers nothing to go to: over, cancelled or put off.
    is_off: bool
    is_bookable: bool
    sales: str
    film: Film | None = None

    @property
    def together(self) -> list[ScreeningFilm]:
        """What else is shown, on the page of one film; the programme that contains it is not beside it."""
        return [item for item in self.items if item.film != self.film and not self._holds_film(item)]

    @property
    def programmes(self) -> list[Film]:
        """The programmes in this screening of which the page's film is a part."""
        return [item.film for item in self.items if self._holds_film(item)]

    def _holds_film(self, item: ScreeningFilm) -> bool:
        return self.film is not None and any(row["film"] == self.film.pk for row in item.part_rows)

    @property
    def marks(self) -> list[Mark]:
        room = self.screening.room
        marks = [
            Mark(SHORT_MARKS[row["feature"]], Feature(row["feature"]).label, bool(row["is_confirmed"]))
            for row in self.screening.access_rows
        ]
        if room.hearing_loop:
            marks.append(Mark("T", _("Hearing loop")))
        if room.wheelchair_places:
            marks.append(Mark("", _("Wheelchair places")))
        if room.step_free:
            marks.append(Mark("", _("Step-free route")))
        return marks

    @property
    def act(self) -> str:
        """What to do about a ticket: the words of the button where it can be booked, else a sentence."""
        if self.is_bookable:
            return _("Register, free") if self.sales == Sales.FREE_REGISTRATION else _("Book Tickets")
        if self.statuses[0].tone == "now":
            return _("It has begun. Ask at the door whether you can still come in.")
        return self._without_a_button()

    def _without_a_button(self) -> str:
        screening, venue = self.screening, self.screening.room.venue
        if self.sales == Sales.NOT_YET:
            if not screening.on_sale_at:
                return _("Tickets are not on sale yet.")
            opens = screening.on_sale_at.astimezone(screening.zone)
            return _("Tickets go on sale %(day)s at %(time)s.") % {"day": day(opens), "time": clock(opens)}
        sentences = {
            Sales.STANDBY: " ".join(
                filter(None, (standby(screening), standby_line(screening), venue.standby_note)),
            ),
            Sales.SOLD_OUT: _("Returned tickets go back on sale here."),
            Sales.OFF_SALE: _("Tickets are not sold here any more. Ask at the box office."),
            Sales.FREE: _("Free. No ticket needed: come early."),
            Sales.PASS_ONLY: _("For holders of a festival pass."),
        }
        return sentences.get(self.sales, _("Ask the venue about tickets."))

    @property
    def price(self) -> str:
        """“CA$17.00”; empty when no price is known, or when being free is already said."""
        price = self.screening.price
        if price is None or self.sales in (Sales.FREE, Sales.FREE_REGISTRATION):
            return ""
        return money(price, self.screening.edition.currency)

    @property
    def checked(self) -> datetime | None:
        """When a sold-out state was last checked, on the venue's clock: it may have changed since."""
        if self.sales != Sales.SOLD_OUT or not self.screening.sales_checked_at:
            return None
        return self.screening.sales_checked_at.astimezone(self.screening.zone)


def for_page(screenings: QuerySet, at: datetime) -> QuerySet:
    """`screenings` with all that a page says about each, in two queries however many there are."""
    items = items_with_classes(ScreeningFilm.objects.all()).annotate(
        is_public=Exists(Film.objects.public(at).filter(pk=OuterRef("film"))),
        warning_rows=warning_rows(ContentWarning.objects.filter(film=OuterRef("film"))),
        part_warning_rows=warning_rows(ContentWarning.objects.filter(film__part_of__programme=OuterRef("film"))),
    )
    return (
        with_admission_rules(screenings)
        .select_related("previous_room__venue")
        .annotate(
            access_rows=Rows(
                AccessFeature.objects.filter(screening=OuterRef("pk")).order_by("feature"),
                feature=F("feature"),
                is_confirmed=F("is_confirmed"),
            )
        )
        .prefetch_related(None)
        .prefetch_related(Prefetch("items", items))
    )


def warning_rows(warnings: QuerySet) -> Rows:
    return Rows(warnings.order_by("position", "pk"), kind=F("kind__name"), detail=F("detail"), spoiler=F("spoiler"))


def showing_at(screening: Screening, at: datetime, film: Film | None = None) -> Showing:
    """A screening that came `for_page` as it stands at `at`, on the page of `film` or of no film."""
    return Showing(
        screening=screening,
        items=[item for item in screening.items.all() if item.is_public],
        statuses=statuses(screening, at),
        admission=admission_of(screening),
        is_past=screening.is_past(at),
        is_off=not screening.can_be_gone_to(at),
        is_bookable=screening.is_bookable(at),
        sales=screening.sales_state(at),
        film=film,
    )
