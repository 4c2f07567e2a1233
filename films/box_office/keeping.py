"""What many boards ask for at the same moment is read and written once, in each process, for as long as it is true.

A row is true for one revision of its screening and of what many screenings show, in one language and one minute: its
key holds them all, so that nothing ever has to be thrown away for being wrong.
"""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from films.box_office.board import for_board, turn_of
from films.box_office.row import Row, row_of
from films.models import Revision, Screening

# More than boards ask for in a minute; what is older was never asked again.
MOST = 2000
_screenings: dict[tuple, Screening] = {}
_written: dict[tuple, SafeString] = {}


def rows_changed(
    since: int, besides: Collection[int], revision: Revision, at: datetime, user: AbstractBaseUser
) -> list[Row]:
    """The rows of the screenings that changed themselves after revision `since`, and `besides`: one query, or three."""
    changed = Screening.objects.filter(Q(revision__gt=since) | Q(pk__in=besides)).values_list("pk", "revision")
    keys = {pk: (pk, number, *_moment(revision.whole, at)) for pk, number in changed}
    unread = [pk for pk, key in keys.items() if key not in _screenings]
    read = (
        {screening.pk: screening for screening in for_board(Screening.objects.filter(pk__in=unread))} if unread else {}
    )
    _keep(_screenings, {keys[pk]: screening for pk, screening in read.items()})
    screenings = (read.get(pk) or _screenings.get(key) for pk, key in keys.items())
    return [row_of(screening, at, user) for screening in screenings if screening]


def html_of(row: Row, group: str, whole: int | None = None) -> SafeString:
    """The row as HTML; with `whole`, the revision of what many show, it may come from what was written before.

    What only its reader sees, an undo or a note, is written for them.
    """
    screening = row.screening
    is_for_all = whole is not None and row.note is None and not (row.last and row.last.undo)
    key = (screening.pk, screening.revision, row.seen, row.sales, group, *_moment(whole or 0, row.at))
    if is_for_all and key in _written:
        return _written[key]
    context = {"row": row, "screening": screening, "group": group, "turns": turn_of(row)}
    html = get_template("box_office/_row.html").render(context)
    if is_for_all:
        _keep(_written, {key: html})
    return html


def _moment(whole: int, at: datetime) -> tuple:
    return whole, at.replace(second=0, microsecond=0), get_language()


def _keep(kept: dict, new: dict) -> None:
    if len(kept) > MOST:
        kept.clear()
    kept |= new
