"""A day's schedule: which days have one, which screenings stand on it, and what it says of each."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, Q, TextField
from django.db.models.functions import Cast, Left
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from films.festival_day import ROLLOVER, festival_day
from films.models import AccessFeature, Edition, Film, Screening, ScreeningFilm
from films.models.screening_queryset import ScreeningQuerySet
from films.showing import SHORT_MARKS, Mark
from films.status import Status, statuses
from films.wording import clock, place_of, showtime
from films.wording import day as day_in_words
from venues.models import Room

# How far the strip of days looks, to either side of the day that is shown.
REACH = timedelta(days=20)
ONE_DAY = timedelta(days=1)
COLUMNS_IN_AN_HOUR = 12
# A start as both databases write it, in UTC, as far as the first digit of its hour: “2026-10-03 1”.
TEN_HOURS = Left(Cast("starts_at", TextField()), 12)


@dataclass(frozen=True)
class Place:
    """Where a block lies on the grid: its first five-minute column, how many it covers, its line from the top."""

    column: int
    span: int = 1
    line: int = 0

    @property
    def attributes(self) -> SafeString:
        """The same in the two digits each that the stylesheet has rules for: see the end of schedule.css."""
        (hours, columns), (long_hours, long_columns) = (divmod(n, COLUMNS_IN_AN_HOUR) for n in (self.column, self.span))
        tens, units = divmod(self.line, 10)
        return mark_safe(
            f'data-h="{hours:d}" data-m="{columns:d}" data-lh="{long_hours:d}" data-lm="{long_columns:d}" '
            f'data-rt="{tens:d}" data-ru="{units:d}"'
        )


@dataclass
class Show:
    """A screening on the schedule, as it stands at one moment; the grid sets its `place`, the page its `states`."""

    screening: Screening
    films: list[Film]
    statuses: list[Status]
    marks: list[Mark]
    is_past: bool
    can_be_gone_to: bool
    is_bookable: bool
    series: dict[str, str]
    genres: dict[str, str]
    access: dict[str, str]
    place: Place | None = None
    clock_name: str = ""
    states: str = ""

    @property
    def attributes(self) -> SafeString:
        """What the stylesheet goes by: its state, the hue of its film and its place on the grid; and the star."""
        past = " data-past" if self.is_past else ""
        star = f' data-showing="{self.screening.pk:d}"' if self.can_be_gone_to else ""
        grade = "" if self.films[0].grade is None else f' data-grade="{self.films[0].grade:d}"'
        # Numbers and our own words: nothing of it needs to be escaped, four hundred times on a full day.
        state = f'data-status="{self.statuses[0].tone}"'
        return mark_safe(f'id="show-{self.screening.pk:d}" {state}{past}{star}{grade} {self.place.attributes}')

    @property
    def title(self) -> SafeString:
        """The title of its own, else those of its films, each in its language."""
        if self.screening.title:
            return format_html('<span dir="auto">{}</span>', self.screening.title)
        titles = [
            format_html('<span lang="{}" dir="auto">{}</span>', film.title_language, film.title) for film in self.films
        ]
        return mark_safe(" + ".join(titles))

    @property
    def starts(self) -> str:
        """The start as machines read it, on the venue's clock."""
        return self.screening.local_start.isoformat()

    @property
    def time(self) -> str:
        return showtime(self.screening)

    @property
    def until(self) -> str:
        return clock(self.screening.local_end)

    @property
    def room(self) -> str:
        return self.screening.room.full_name

    @property
    def width_class(self) -> str:
        return self.films[0].width_class

    @property
    def was(self) -> str:
        """When and where it was to be, for a screening that was moved; of each only what is not as before."""
        screening = self.screening
        if screening.occurrence != Screening.Occurrence.MOVED:
            return ""
        start, room = screening.previous_local_start, screening.previous_room
        old = [day_in_words(start), clock(start)] if start else []
        return ", ".join([*old, room.full_name] if room else old)

    @property
    def has_guests(self) -> bool:
        return bool(self.screening.talk or self.screening.guest_note)

    @property
    def says(self) -> tuple:
        """What its line of states and marks depends on; many shows of a day say the same."""
        marks = tuple((mark.short, mark.is_confirmed) for mark in self.marks)
        return tuple(self.statuses), self.has_guests, marks

    @property
    def url(self) -> str:
        return f"{self.films[0].get_absolute_url()}#screening-{self.screening.pk}"


# Days


def day_to_open(at: datetime) -> date | None:
    """Today while something runs or is still to come today, else the next day with a screening, else the last.

    None when there is no public screening at all.
    """
    screenings = Screening.objects.public(at).select_related("edition", "room__venue")
    going_on = screenings.taking_place().not_ended(at).order_by("starts_at", "pk").first()
    if going_on:
        # What began on an earlier day and still runs, like an exhibition, is on today.
        today = festival_day(at, going_on.zone, going_on.edition.day_starts_at)
        return max(today, going_on.festival_day)
    last = screenings.order_by("starts_at", "pk").last()
    return last and last.festival_day


def days_around(
    day: date, at: datetime, among: ScreeningQuerySet | None = None
) -> dict[date, tuple[datetime, datetime]]:
    """The festival days with screenings within REACH of `day`, in order, each with an interval that holds its starts.

    Those of public screenings, or of those `among` which one looks. An interval may hold a few starts of the days
    beside it, too.
    """
    screenings = Screening.objects.public(at) if among is None else among
    # The database tells only the first and the last start of every ten hours: in those, the day turns once at most.
    starts = (
        screenings.filter(starts_at__gte=span_of(day - REACH)[0], starts_at__lt=span_of(day + REACH)[1])
        .values_list("room__venue__time_zone", "edition__day_starts_at", TEN_HOURS)
        .annotate(first=Min("starts_at"), last=Max("starts_at"))
        .order_by()
    )
    days: dict[date, tuple[datetime, datetime]] = {}
    for zone, rollover, _ten_hours, first, last in starts:
        for its_day in {festival_day(start, ZoneInfo(zone), rollover) for start in (first, last)}:
            if abs(its_day - day) <= REACH:
                known_first, known_last = days.get(its_day, (first, last))
                days[its_day] = min(known_first, first), max(known_last, last)
    return dict(sorted(days.items()))


def neighbours(day: date, days: Iterable[date], at: datetime) -> tuple[date | None, date | None]:
    """The nearest days before and after `day` with public screenings; asks only for what `days` does not know."""
    screenings = Screening.objects.public(at).select_related("edition", "room__venue").order_by("starts_at", "pk")
    long_before, long_after = span_of(day - REACH - ONE_DAY)[1], span_of(day + REACH + ONE_DAY)[0]
    before = max((known for known in days if known < day), default=None)
    if before is None and (last := screenings.filter(starts_at__lt=long_before).last()):
        before = last.festival_day
    after = min((known for known in days if known > day), default=None)
    if after is None and (first := screenings.filter(starts_at__gte=long_after).first()):
        after = first.festival_day
    return before, after


def span_of(day: date) -> tuple[datetime, datetime]:
    """An interval in UTC wide enough for the festival day `day` at any venue on earth."""
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    return midnight - ONE_DAY, midnight + 3 * ONE_DAY


# Shows


def shows_among(screenings: Q, at: datetime) -> list[Show]:
    """The public ones among `screenings` by instant, in eight queries however many there are.

    Each row brings only the columns that a schedule prints: a festival's day has hundreds.
    """
    found = (
        Screening.objects.public(at)
        .filter(screenings)
        .only(
            *("title", "starts_at", "previous_starts_at", "ends_at", "talk", "guest_note", "occurrence"),
            *("sales", "on_sale_at", "ticket_url", "standby_opens", "edition", "room", "previous_room"),
        )
        .in_order()
    )
    # Rooms and editions are few: read once and shared, they need not come again with each screening.
    rooms, editions = Room.objects.select_related("venue").in_bulk(), Edition.objects.in_bulk()
    for screening in found:
        screening.room, screening.edition = rooms[screening.room_id], editions[screening.edition_id]
        screening.previous_room = rooms.get(screening.previous_room_id)
    facts = Facts.of(screenings, at)
    return [show_at(screening, facts, at) for screening in found]


@dataclass(frozen=True)
class Facts:
    """What belongs to screenings and their films, each by its id: series by slug, genres by what they sort by."""

    films: dict[int, list[Film]]
    access: dict[int, list[tuple[AccessFeature.Feature, bool]]]
    series: dict[int, dict[str, str]]
    genres: dict[int, dict[str, str]]

    @classmethod
    def of(cls, screenings: Q, at: datetime) -> "Facts":
        """In five queries. They ask for `screenings` whole: that is quicker than naming hundreds of ids in each."""
        these = Screening.objects.filter(screenings).values("pk")
        items = ScreeningFilm.objects.filter(screening__in=these)
        shown = items.values("film")
        films = Film.objects.public(at).filter(pk__in=shown).only("title", "title_language", "slug", "grade")
        public = {film.pk: film for film in films}
        facts = cls(*(defaultdict(kind) for kind in (list, list, dict, dict)))
        for screening, film in items.order_by("position", "pk").values_list("screening", "film"):
            if film in public:
                facts.films[screening].append(public[film])
        features = AccessFeature.objects.filter(screening__in=these).order_by("feature")
        for screening, feature, is_confirmed in features.values_list("screening", "feature", "is_confirmed"):
            facts.access[screening].append((AccessFeature.Feature(feature), is_confirmed))
        series = Film.series.through.objects.filter(film__in=shown)
        for film, slug, name in series.values_list("film", "series__slug", "series__name"):
            facts.series[film][slug] = name
        genres = Film.genres.through.objects.filter(film__in=shown)
        for film, folded, name in genres.values_list("film", "genre__folded", "genre__name"):
            facts.genres[film][folded] = name
        return facts


def show_at(screening: Screening, facts: Facts, at: datetime) -> Show:
    films, features = facts.films[screening.pk], facts.access[screening.pk]
    return Show(
        screening=screening,
        films=films,
        statuses=statuses(screening, at),
        marks=[Mark(SHORT_MARKS[feature], feature.label, is_confirmed) for feature, is_confirmed in features],
        is_past=screening.is_past(at),
        can_be_gone_to=screening.can_be_gone_to(at),
        is_bookable=screening.is_bookable(at),
        series={slug: name for film in films for slug, name in facts.series[film.pk].items()},
        genres={folded: name for film in films for folded, name in facts.genres[film.pk].items()},
        access={feature.value: feature.label for feature, _is_confirmed in features},
    )


def clock_of(shows: list[Show]) -> tuple[ZoneInfo, time]:
    """The zone that the axis runs in and when its day begins: those of the festival most shows belong to.

    Without a festival the house's own, without a show the site's.
    """
    if not shows:
        return ZoneInfo(timezone.get_default_timezone_name()), ROLLOVER
    editions = Counter(show.screening.edition for show in shows)
    main = max(editions, key=lambda edition: (edition.kind == Edition.Kind.FESTIVAL, editions[edition]))
    return main.zone, main.day_starts_at


def next_show(shows: list[Show], at: datetime) -> Show | None:
    """The first that runs at `at`, else the first to come; None when nothing of the day has begun, or all is over."""
    if not any(show.is_past or show.screening.is_on_now(at) for show in shows):
        return None
    return next((show for show in shows if show.can_be_gone_to), None)


def other_clocks(shows: list[Show], zone: ZoneInfo) -> bool:
    """Whether some venue's clock differs from that of `zone`; their shows are marked with their own zone."""
    for show in shows:
        start = show.screening.local_start
        if start.utcoffset() != start.astimezone(zone).utcoffset():
            show.clock_name = place_of(show.screening.zone)
    return any(show.clock_name for show in shows)
