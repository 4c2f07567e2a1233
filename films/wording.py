"""How moments and lengths are written for the audience. Every function takes the venue's own wall time."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from films.models import Screening

NO_BREAK = "\u00a0"


def clock(moment: datetime) -> str:
    """The time on the wall: “9:15 pm”, never broken between lines."""
    return date_format(moment, _("g:i A"), use_l10n=False).lower().replace(" ", NO_BREAK)


def day(moment: date) -> str:
    """“Mon 2 Oct”"""
    return date_format(moment, _("D j M"), use_l10n=False)


def day_with_year(moment: date) -> str:
    """“Mon 2 Oct 2023”"""
    return date_format(moment, _("D j M Y"), use_l10n=False)


def long_day(moment: date) -> str:
    """“2 October 2023”"""
    return date_format(moment, _("j F Y"), use_l10n=False)


def showday(screening: Screening, *, with_year: bool = False) -> str:
    """The festival day: “Fri 6 Oct”, and “Fri 6 Oct, late night” for a show after that day's midnight."""
    name = (day_with_year if with_year else day)(screening.festival_day)
    return _("%(day)s, late night") % {"day": name} if screening.is_late_night else name


def showtime(screening: Screening) -> str:
    """The start; after midnight with its true weekday: “Sat 12:15 am”."""
    if not screening.is_late_night:
        return clock(screening.local_start)
    weekday = date_format(screening.local_start, "D", use_l10n=False)
    return f"{weekday}{NO_BREAK}{clock(screening.local_start)}"


def minutes(runtime: int) -> str:
    """“118 min”, never broken between lines."""
    return ngettext("%(minutes)s\u00a0min", "%(minutes)s\u00a0min", runtime) % {"minutes": runtime}
