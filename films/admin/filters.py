"""What the lists of the desk are narrowed by, where Django's own filters do not know the field's terms."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from films.admin.listing_check import moment_of
from films.festival_day import day_bounds, day_named, festival_day
from films.models import Edition, Film, Screening, ScreeningFilm
from people.text import is_id

# As many days as one list offers beside the field for any other.
OFFERED = 14


class DayFilter(admin.SimpleListFilter):
    """Screenings of one festival day, by each venue's own clock."""

    title = _("festival day")
    parameter_name = "day"
    template = "admin/films/filter_day.html"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        screenings = Screening.objects.all()
        if edition := request.GET.get("edition__id__exact", ""):
            screenings = screenings.filter(edition=edition) if is_id(edition) else screenings.none()
        else:
            screenings = screenings.filter(edition__in=Edition.objects.in_the_making(moment_of(request)))
        starts = screenings.order_by().values_list("starts_at", "room__venue__time_zone", "edition__day_starts_at")
        days = sorted({festival_day(start, ZoneInfo(zone), rollover) for start, zone, rollover in starts.distinct()})
        first = self._chosen() or moment_of(request).date()
        # Those that begin a little before the day that one is about, else the last.
        later = [day for day in days if day >= first - timedelta(days=OFFERED // 2)]
        offered = later[:OFFERED] if len(later) >= OFFERED else days[-OFFERED:]
        return [(day.isoformat(), date_format(day, "D j M Y")) for day in offered]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        day = self._chosen()
        return queryset.filter(self.rows_with(screenings_on(day))) if day else queryset

    def rows_with(self, screenings: QuerySet[Screening]) -> Q:
        return Q(pk__in=screenings.values("pk"))

    def choices(self, changelist):
        self.kept = [(name, value) for name, value in changelist.params.items() if name not in ("day", "p", "e")]
        return super().choices(changelist)

    def _chosen(self) -> date | None:
        return day_named(self.value() or "")


class FilmDayFilter(DayFilter):
    """Films that a screening of one festival day shows, by themselves or in a programme."""

    def rows_with(self, screenings: QuerySet[Screening]) -> Q:
        return films_shown_in(screenings)


class FilmVenueFilter(admin.RelatedFieldListFilter):
    """By a venue where a film is shown, by itself or in a programme."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not (self.lookup_val and is_id(str(self.lookup_val[0]))):
            return queryset
        return queryset.filter(films_shown_in(Screening.objects.filter(room__venue=self.lookup_val[0])))


def screenings_on(day: date, last: date | None = None) -> QuerySet[Screening]:
    """Those of a festival day, or of all days to the `last`, by the clock of each venue and its edition's rollover."""
    clocks = Screening.objects.order_by().values_list("room__venue__time_zone", "edition__day_starts_at").distinct()
    on_that_day = Q(pk__in=[])
    for zone, rollover in clocks:
        start, end = (day_bounds(one, ZoneInfo(zone), rollover)[which] for which, one in enumerate((day, last or day)))
        on_that_day |= Q(
            room__venue__time_zone=zone, edition__day_starts_at=rollover, starts_at__gte=start, starts_at__lt=end
        )
    return Screening.objects.filter(on_that_day)


def screenings_found_by(words: str) -> QuerySet[Screening]:
    """Those in whose own title, or in what their films are found by, every one of `words` occurs."""
    named = Screening.objects.filter(title__icontains=words)
    return named | Screening.objects.showing_any_of(Film.objects.matching(words))


def films_shown_in(screenings: QuerySet[Screening]) -> Q:
    shown = ScreeningFilm.objects.filter(screening__in=screenings.values("pk"))
    return Q(pk__in=shown.values("film")) | Q(part_of__programme__in=shown.values("film"))
