"""How moments and lengths are written for the audience. Every function takes the venue's own wall time."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_currency
from django.conf import settings
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from films.models import Edition, Screening

NO_BREAK = "\u00a0"


def clock(moment: datetime) -> str:
    """The time on the wall: “9:15 pm”, never broken between lines."""
    return _clock(time(moment.hour, moment.minute), get_language())


@lru_cache(maxsize=4096)
def _clock(wall: time, language: str | None) -> str:
    """Kept for every minute of a day, in each language: a schedule writes hundreds of times."""
    pattern = _("g:i A") if wall.minute else pgettext("on the hour", "g:i A")
    return time_format(wall, pattern, use_l10n=False).lower().replace(" ", NO_BREAK)


def place_of(zone: ZoneInfo) -> str:
    """The place that a time zone is named for, like “Hong Kong”; an abbreviation like PST means several."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def hour(moment: datetime) -> str:
    """“9 pm”, over an hour of a schedule."""
    return date_format(moment, _("g A"), use_l10n=False).lower().replace(" ", NO_BREAK)


def _date(moment: date, pattern: str) -> str:
    """Some languages have a form of their own for the first of a month: “1er octobre”."""
    if moment.day == 1:
        pattern = pattern.replace("j", pgettext("first of a month", "j"))
    return date_format(moment, pattern, use_l10n=False)


def day_of_month(moment: date) -> str:
    """“2 Oct”"""
    return _date(moment, _("j M"))


def day(moment: date) -> str:
    """“Mon 2 Oct”"""
    return _date(moment, _("D j M"))


def day_with_year(moment: date) -> str:
    """“Mon 2 Oct 2023”"""
    return _date(moment, _("D j M Y"))


def long_day(moment: date) -> str:
    """“2 October 2023”"""
    return _date(moment, _("j F Y"))


def weekday(moment: date) -> str:
    """“Monday 2 October”"""
    return _date(moment, _("l j F"))


def weekday_with_year(moment: date) -> str:
    """“Monday 2 October 2023”"""
    return _date(moment, _("l j F Y"))


def unknown(kind: str, value: str) -> str:
    """A choice that no name is known for, as its address spells it: “Series “nope””."""
    return f"{kind} {_('“%(words)s”') % {'words': value}}"


def dates(edition: Edition) -> str:
    """From a festival's first day to its last: “28 September to 8 October 2023”."""
    first, last = edition.starts_on, edition.ends_on
    if first == last:
        return long_day(last)
    begins = long_day(first)
    if first.year == last.year:
        begins = _date(first, _("j") if first.month == last.month else _("j F"))
    return _("%(first)s to %(last)s") % {"first": begins, "last": long_day(last)}


def showday(screening: Screening, *, with_year: bool = False) -> str:
    """The festival day: “Fri 6 Oct”, and “Fri 6 Oct, late night” for a show after that day's midnight."""
    name = (day_with_year if with_year else day)(screening.festival_day)
    return _("%(day)s, late night") % {"day": name} if screening.is_late_night else name


def showtime(screening: Screening) -> str:
    """The start; after midnight with its true weekday: “Sat 12:15 am”."""
    if not screening.is_late_night:
        return clock(screening.local_start)
    weekday = _date(screening.local_start, _("D"))
    return f"{weekday} {clock(screening.local_start)}"


def minutes(runtime: int) -> str:
    """“118 min”, never broken between lines."""
    written = ngettext("%(minutes)s min", "%(minutes)s min", runtime) % {"minutes": runtime}
    return written.replace(" ", NO_BREAK)


def standby(screening: Screening) -> str:
    """“Sold out. Standby line opens 30 minutes before.”"""
    before = screening.standby_minutes
    if before is None:
        return _("Sold out. A standby line forms at the door.")
    if before == 0:
        return _("Sold out. Standby line opens at the start.")
    return ngettext(
        "Sold out. Standby line opens %(minutes)s minute before.",
        "Sold out. Standby line opens %(minutes)s minutes before.",
        before,
    ) % {"minutes": before}


def standby_line(screening: Screening) -> str:
    """“12 people were in line at 6:40 pm.”; empty where nobody counted."""
    if screening.standby_line is None:
        return ""
    counted = clock(screening.standby_counted_at.astimezone(screening.zone))
    return ngettext(
        "%(people)s person was in line at %(time)s.",
        "%(people)s people were in line at %(time)s.",
        screening.standby_line,
    ) % {"people": screening.standby_line, "time": counted}


def money(amount: Decimal, currency: str) -> str:
    """“CA$17.00”; a currency that no standard knows stands as it was entered."""
    return format_currency(amount, currency, locale=Locale.parse(get_language() or settings.LANGUAGE_CODE, sep="-"))
