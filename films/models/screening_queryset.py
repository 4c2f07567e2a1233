"""Which screenings: the questions that are asked of many of them, each a method that composes with the others."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.db import models, transaction
from django.db.models import Case, Q, QuerySet, Value, When

from films.models.film import Film
from films.models.lineup import ProgrammePart, ScreeningFilm
from films.models.revision import Revision
from films.recording import update_each
from venues.models import Venue

# More changed screenings than this are not named one by one: whoever looks reads everything anew.
MANY = 500


class ScreeningQuerySet(models.QuerySet):
    def public(self, at: datetime | None = None) -> Self:
        """Screenings the world may see at `at`: for the public, of at least one film that is public itself."""
        shown = ScreeningFilm.objects.filter(film__in=Film.objects.public(at))
        return self.open_to_all().filter(pk__in=shown.values("screening"))

    def open_to_all(self) -> Self:
        """Screenings that are not for press and industry alone; whether their films are public is not asked."""
        return self.filter(audience=self.model.Audience.PUBLIC)

    def showing(self, film: Film | models.OuterRef) -> Self:
        """Screenings in which `film` is shown by itself or beside others."""
        return self.filter(items__film=film)

    def showing_programme_with(self, film: Film | models.OuterRef) -> Self:
        """Screenings of a programme of which `film` is a part."""
        return self.filter(items__film__parts__film=film)

    def showing_any_of(self, films: QuerySet | Collection[int]) -> Self:
        """Screenings in which one of `films` is shown, by itself or inside a programme."""
        items = ScreeningFilm.objects.filter(Q(film__in=films) | Q(film__parts__film__in=films))
        return self.filter(pk__in=items.values("screening"))

    def upcoming(self, at: datetime) -> Self:
        """Screenings that have not begun at `at` and will take place, as far as anyone knows."""
        return self.taking_place().filter(starts_at__gt=at)

    def not_ended(self, at: datetime) -> Self:
        """The opposite of `Screening.is_past`, cancelled ones left out."""
        return self.not_cancelled().filter(self._is_to_end(at))

    def next_first(self, at: datetime) -> Self:
        """Those `not_ended`: what is to come, then what runs, then what waits for a new date; each in order."""
        turn = Case(
            When(occurrence=self.model.Occurrence.POSTPONED, then=Value(2)),
            When(starts_at__lte=at, then=Value(1)),
            default=Value(0),
        )
        return self.not_ended(at).order_by(turn, "starts_at", "pk")

    def _is_to_end(self, at: datetime) -> Q:
        return Q(occurrence=self.model.Occurrence.POSTPONED) | Q(ends_at__gt=at)

    def not_cancelled(self) -> Self:
        return self.exclude(occurrence=self.model.Occurrence.CANCELLED)

    def most_telling_first(self, at: datetime) -> Self:
        """Screenings with `tells`: which Film.Standing a film would have that had only this one; the greatest first."""
        tells = Case(
            When(occurrence=self.model.Occurrence.CANCELLED, then=Value(Film.Standing.CANCELLED)),
            When(self._is_to_end(at), then=Value(Film.Standing.TO_COME)),
            default=Value(Film.Standing.PAST),
        )
        return self.annotate(tells=tells).order_by("-tells")

    def taking_place(self) -> Self:
        return self.filter(occurrence__in=self.model.TAKING_PLACE)

    def bookable(self, at: datetime) -> Self:
        """The screenings that `Screening.is_bookable`."""
        return self.upcoming(at).selling(self.model.SOLD_BY_ADDRESS, at).exclude(ticket_url="")

    def selling(self, states: Collection[str], at: datetime) -> Self:
        """The screenings whose `Screening.sales_state` is one of `states`, which name ON_SALE."""
        on_sale_by_now = Q(sales=self.model.Sales.NOT_YET, on_sale_at__lte=at)
        return self.filter(Q(sales__in=states) | on_sale_by_now)

    def at(self, venue: Venue) -> Self:
        return self.filter(room__venue=venue)

    def in_room_between(self, room_id: int, start: datetime, end: datetime) -> Self:
        """Screenings that hold the room at some instant of the half-open interval `[start, end)`."""
        return self.taking_place().filter(room_id=room_id, starts_at__lt=end, ends_at__gt=start)

    def in_order(self) -> Self:
        """By instant; two at the same instant by room."""
        return self.order_by("starts_at", "room__venue__name", "room__name", "pk")

    def refresh_ends(self) -> int:
        """Work the ends out anew after a runtime, a film in the screening or a default slot has changed.

        Returns how many screenings changed.
        """
        wrong = sorted(screening.pk for screening in self._with_what_plays() if _ends_otherwise(screening))
        if not wrong:
            return 0
        with transaction.atomic():
            # Who moves one at this moment is waited for, and then seen.
            for begin in range(0, len(wrong), MANY):
                rows = self.model.objects.filter(pk__in=wrong[begin : begin + MANY])
                held = rows._with_what_plays().select_for_update(of=("self",)).order_by("pk")
                changed = [screening for screening in held if _ends_otherwise(screening)]
                if changed:
                    update_each(changed, ["ends_at", "end_is_approximate"])
            if len(wrong) > MANY:
                Revision.bump(whole=True)
            else:
                self.model.objects.filter(pk__in=wrong).mark_changed()
        return len(wrong)

    def _with_what_plays(self) -> Self:
        # Joined: looking up more than 1,000 films by their keys is more than SQLite takes.
        items = models.Prefetch("items", ScreeningFilm.objects.select_related("film"))
        parts = models.Prefetch("items__film__parts", ProgrammePart.objects.select_related("film"))
        return self.select_related("edition").prefetch_related(items, parts)

    def mark_changed(self) -> int:
        """Let the board, and whatever keeps pages, know that these screenings changed. Returns the new revision.

        Whoever changes more than one screening locks them first (in the order of their keys) and calls this after,
        so that two who do never wait for each other.
        """
        number = Revision.bump()
        self.update(revision=number)
        return number


def _ends_otherwise(screening) -> bool:
    """Works its end out anew, and says whether it changed."""
    before = (screening.ends_at, screening.end_is_approximate)
    screening.work_out_end()
    return before != (screening.ends_at, screening.end_is_approximate)
