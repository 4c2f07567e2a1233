"""The truth about a visitor's picks at one moment, as the page of their schedule asks for it, words included."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from films import wording
from films.festival_day import festival_day
from films.models import Screening
from films.planner import (
    LEAVE_AND_SIT,
    Alternative,
    Leg,
    Ways,
    alternatives,
    by_start,
    legs_of,
    other_showings,
    overlapping,
)
from films.showing import Showing, for_page, showing_at
from films.status import Status, statuses

# Around a title within a sentence, so that its direction does not turn the sentence's.
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
Pair = frozenset[int]


@dataclass(frozen=True)
class Plan:
    """The public screenings among `ids` at `at`; the visitor lives with the overlaps of the pairs in `settled`."""

    ids: list[int]
    at: datetime
    settled: frozenset[Pair] = frozenset()

    @cached_property
    def showings(self) -> list[Showing]:
        screenings = for_page(Screening.objects.public(self.at).filter(pk__in=self.ids), self.at)
        return [showing_at(screening, self.at) for screening in sorted(screenings, key=by_start)]

    @cached_property
    def by_day(self) -> dict[date, list[Showing]]:
        """The festival days in order, each with its screenings in order."""
        days: dict[date, list[Showing]] = {}
        for showing in self.showings:
            days.setdefault(showing.screening.festival_day, []).append(showing)
        return dict(sorted(days.items()))

    @cached_property
    def to_go_to(self) -> list[Screening]:
        return [showing.screening for showing in self.showings if not showing.is_off]

    @cached_property
    def elsewhen(self) -> dict[int, list[Screening]]:
        return other_showings([showing.screening for showing in self.showings], self.at)

    @cached_property
    def ways(self) -> Ways:
        others = (screening for found in self.elsewhen.values() for screening in found)
        screenings = [*(showing.screening for showing in self.showings), *others]
        return Ways.between_all(screening.room.venue for screening in screenings)

    @cached_property
    def legs(self) -> list[Leg]:
        return legs_of(self.to_go_to, self.ways)

    def is_settled(self, leg: Leg) -> bool:
        return frozenset((leg.before.pk, leg.after.pk)) in self.settled

    def alternatives_to(self, screening: Screening) -> list[Alternative]:
        return alternatives(screening, self.to_go_to, self.elsewhen[screening.pk], self.ways, self.at)


def plan_json(plan: Plan) -> dict:
    """What the page draws: the picks by day, the legs between them, and the ids that lead nowhere any more."""
    names = {showing.screening.pk: name_of(showing) for showing in plan.showings}
    clashes = overlapping(plan.to_go_to)
    known = {showing.screening.pk for showing in plan.showings}
    return {
        "asked_at": plan.at.isoformat(),
        "summary": _summary(plan),
        "trouble": _trouble(plan),
        "days": [_day(day, showings, plan) for day, showings in plan.by_day.items()],
        "screenings": {showing.screening.pk: _screening(showing, plan, names, clashes) for showing in plan.showings},
        "legs": [_leg(leg, names) | {"settled": plan.is_settled(leg)} for leg in plan.legs],
        "gone": [pk for pk in plan.ids if pk not in known],
    }


def name_of(showing: Showing) -> str:
    """What a sentence calls a screening: its own title, else those of its public films."""
    return showing.screening.title or " + ".join(item.film.title for item in showing.items)


def length(minutes: int) -> str:
    """“44 min”, “1 h”, “1 h 41 min”, never broken between lines."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return wording.minutes(minutes)
    in_hours = _("%(hours)s h").replace(" ", wording.NO_BREAK) % {"hours": hours}
    return f"{in_hours}\u00a0{wording.minutes(rest)}" if rest else in_hours


def _summary(plan: Plan) -> str:
    days = len({screening.festival_day for screening in plan.to_go_to})
    count = len(plan.to_go_to)
    if not count:
        return _("Nothing to come in this plan.")
    over = ngettext("over %(days)d day", "over %(days)d days", days) % {"days": days}
    screenings = ngettext("%(count)d screening to come", "%(count)d screenings to come", count) % {"count": count}
    return f"{screenings} {over}."


def _trouble(plan: Plan) -> str:
    kinds = [leg.kind for leg in plan.legs if not plan.is_settled(leg)]
    clashes, tight = kinds.count(Leg.Kind.CLASH), kinds.count(Leg.Kind.TIGHT)
    in_words = [
        ngettext("%(count)d clash", "%(count)d clashes", clashes) % {"count": clashes} if clashes else "",
        ngettext("%(count)d tight change", "%(count)d tight changes", tight) % {"count": tight} if tight else "",
    ]
    found = [words for words in in_words if words]
    return _("%(troubles)s to look at.") % {"troubles": _(" and ").join(found)} if found else ""


def _day(day: date, showings: list[Showing], plan: Plan) -> dict:
    screening = showings[0].screening
    today = festival_day(plan.at, screening.zone, screening.edition.day_starts_at)
    words = wording.weekday(day) if day.year == today.year else wording.weekday_with_year(day)
    return {
        "day": day.isoformat(),
        "words": capfirst(words),
        "today": capfirst(_("Today, %(day)s") % {"day": words}) if day == today else "",
        "url": reverse("schedule_day", args=[day]),
        "is_over": all(showing.is_past for showing in showings),
        "ids": [showing.screening.pk for showing in showings],
    }


def _screening(showing: Showing, plan: Plan, names: dict, clashes: dict) -> dict:
    screening, room = showing.screening, showing.screening.room
    film = showing.items[0].film
    return {
        "id": screening.pk,
        "name": names[screening.pk],
        "title": screening.title,
        "films": [
            {
                "title": item.film.title,
                "language": item.film.title_language,
                "url": item.film.get_absolute_url(),
            }
            for item in showing.items
        ],
        "width": film.width_class,
        "grade": film.grade,
        "picture": film.still.url(film.still.shape.widths[0], "webp") if film.still else "",
        "focus": film.still_focus,
        "day": screening.festival_day.isoformat(),
        "starts": screening.starts_at.isoformat(),
        "ends": screening.ends_at.isoformat(),
        "time": wording.showtime(screening),
        "until": _until(screening),
        "when": f"{wording.showday(screening)}, {wording.showtime(screening)}",
        "where": room.full_name,
        "room": room.pk,
        "occurrence": screening.occurrence,
        "sales": showing.sales,
        "is_off": showing.is_off,
        "statuses": _statuses(showing.statuses),
        "age": showing.admission.label if showing.admission.restrictions else "",
        "ticket": {"url": screening.ticket_url, "words": showing.act} if showing.is_bookable else None,
        "say": "" if showing.is_off or showing.is_bookable else showing.act,
        "calendar": reverse("screening_calendar", args=[screening.pk]),
        "clashes": clashes.get(screening.pk, []),
        "alternatives": [_alternative(each, plan.at) for each in plan.alternatives_to(screening)],
    }


def _until(screening: Screening) -> str:
    time = wording.clock(screening.local_end)
    words = _("to about %(time)s") if screening.end_is_approximate or screening.talk else _("to %(time)s")
    return words % {"time": time}


def _statuses(found: Iterable[Status]) -> list[dict]:
    return [{"tone": status.tone, "word": str(status.word)} for status in found]


def _alternative(alternative: Alternative, at: datetime) -> dict:
    screening = alternative.screening
    return {
        "id": screening.pk,
        "when": f"{wording.showday(screening)}, {wording.showtime(screening)}",
        "where": screening.room.full_name,
        "statuses": _statuses(statuses(screening, at)),
        "fits": alternative.fits,
    }


def _leg(leg: Leg, names: dict) -> dict:
    words, detail = _leg_words(leg, names)
    return {
        "before": leg.before.pk,
        "after": leg.after.pk,
        "kind": leg.kind,
        "gap": leg.gap,
        "travel": leg.way.minutes if leg.way else None,
        "words": words,
        "detail": detail,
    }


def _leg_words(leg: Leg, names: dict) -> tuple[str, str]:
    """What the leg is, and what follows from it."""
    first, second = (f"{ISOLATE}{names[screening.pk]}{END_ISOLATE}" for screening in (leg.before, leg.after))
    if leg.kind == Leg.Kind.CLASH:
        return (
            _("These two overlap by %(length)s") % {"length": length(_overlap(leg))},
            _("%(first)s ends at %(end)s; %(second)s starts at %(start)s.")
            % {
                "first": first,
                "end": _clock(leg.before.local_end, leg.after.local_start),
                "second": second,
                "start": _clock(leg.after.local_start, leg.before.local_end),
            },
        )
    if leg.kind == Leg.Kind.TIGHT:
        missed = ngettext(
            "You would miss the first minute of %(second)s.",
            "You would miss the first %(missed)d minutes of %(second)s.",
            leg.missed,
        ) % {"missed": leg.missed, "second": second}
        return _("Tight: %(gap)s, and %(way)s") % {"gap": length(leg.gap), "way": _needed_words(leg)}, missed
    free = _("%(gap)s free.") % {"gap": length(leg.gap)}
    if leg.kind == Leg.Kind.SAME_VENUE:
        return free, _("Same venue, so you can stay.")
    if leg.kind == Leg.Kind.FREE:
        return free, _("How far it is to %(venue)s is not known here.") % {"venue": leg.after.room.venue.name}
    return free, _("About %(way)s %(means)s to %(venue)s.") % {
        "way": length(leg.way.minutes),
        "means": leg.way.means or _("on foot"),
        "venue": leg.after.room.venue.name,
    }


def _clock(moment: datetime, other: datetime) -> str:
    """The time on the wall, and where that is when the clocks beside it show another."""
    time = wording.clock(moment)
    return time if moment.utcoffset() == other.utcoffset() else f"{time} ({wording.place_of(moment.tzinfo)})"


def _overlap(leg: Leg) -> int:
    """Minutes in both; a short screening within a long one overlaps by no more than itself."""
    return min(-leg.gap, int((leg.after.ends_at - leg.after.starts_at).total_seconds() // 60))


def _needed_words(leg: Leg) -> str:
    if leg.way is None or not leg.way.minutes:
        return _("leaving and finding a seat takes about %(needed)s.") % {"needed": length(LEAVE_AND_SIT)}
    return _("it is about %(way)s %(means)s, and %(needed)s to leave and sit.") % {
        "way": length(leg.way.minutes),
        "means": leg.way.means or _("on foot"),
        "needed": length(LEAVE_AND_SIT),
    }
