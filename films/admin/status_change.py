import csv
from collections.abc import Iterator

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from films.admin.filters import screenings_found_by
from films.admin.read_only import ReadOnly
from films.conflicts import title_of
from films.interchange.spreadsheet_text import guarded
from films.models import Screening, StatusChange
from venues.models import Room

Axis = StatusChange.Axis


def _room_in(column: str) -> Subquery:
    """The name of the room whose id a log row holds, as text, in `column`."""
    rooms = Room.objects.annotate(key=Cast("pk", CharField())).filter(key=OuterRef(column)).order_by()
    return Subquery(rooms.values(full=Concat(F("venue__name"), Value(", "), F("name")))[:1])


class LogOnly(ReadOnly):
    """A log, which saving a screening writes."""

    def get_queryset(self, request):
        changes = super().get_queryset(request).select_related("screening__room__venue")
        return changes.annotate(room_before=_room_in("before"), room_after=_room_in("after"))

    @admin.display(description=_("from where"), ordering="source")
    def origin(self, change: StatusChange) -> str:
        named = (change.get_source_display(), change.source_name)
        return ": ".join(str(name) for name in named if name)

    @admin.display(description=_("from"))
    def before_in_words(self, change: StatusChange) -> str:
        return in_words(change, change.before, change.room_before)

    @admin.display(description=_("to"))
    def after_in_words(self, change: StatusChange) -> str:
        return in_words(change, change.after, change.room_after)


def in_words(change: StatusChange, value: str, room: str | None) -> str:
    if change.axis == Axis.START and value:
        return date_format(parse_datetime(value).astimezone(change.screening.zone), "D j M Y, H:i")
    if change.axis == Axis.ROOM:
        return room or value
    words = {Axis.OCCURRENCE: Screening.Occurrence, Axis.SALES: Screening.Sales}.get(change.axis)
    return dict(words.choices).get(value, value) if words else value


@admin.register(StatusChange)
class StatusChangeAdmin(LogOnly, admin.ModelAdmin):
    fields = [
        "changed_at",
        "screening",
        "axis",
        "before_in_words",
        "after_in_words",
        "who",
        "reason",
        "origin",
    ]
    readonly_fields = ["before_in_words", "after_in_words", "origin"]
    list_display = ["changed_at", "title", *fields[1:]]
    list_filter = [
        "axis",
        "source",
        ("changed_by", admin.RelatedOnlyFieldListFilter),
        "screening__edition",
        "screening__room__venue",
    ]
    list_per_page = 100
    date_hierarchy = "changed_at"
    search_fields = ["reason"]
    search_help_text = _("A film's title, or anybody or anything it is found by; accents do not matter.")

    @admin.display(description=_("title"))
    def title(self, change: StatusChange) -> str:
        return title_of(change.screening)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("screening__items__film")

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        return queryset.filter(screening__in=screenings_found_by(search_term).values("pk")), False

    def get_urls(self) -> list:
        own = path("csv/", self.admin_site.admin_view(self.as_csv), name="films_statuschange_csv")
        return [own, *super().get_urls()]

    def as_csv(self, request: HttpRequest) -> StreamingHttpResponse:
        """The rows that the list shows with the same filters, all its pages, sent as they are read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        changes = self.get_changelist_instance(request).get_queryset(request)
        lines = csv.writer(Line())
        rows = (lines.writerow([guarded(str(cell)) for cell in row]) for row in self._rows(changes))
        headers = {"Content-Disposition": 'attachment; filename="log.csv"'}
        return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)

    def _rows(self, changes: QuerySet) -> Iterator[list]:
        yield [
            "changed_at",
            "screening",
            "title",
            "starts_at",
            "room",
            "what",
            "from",
            "to",
            "who",
            "why",
            "from_where",
        ]
        for change in changes.iterator(chunk_size=1000):
            screening = change.screening
            yield [
                change.changed_at.isoformat(),
                screening.pk,
                title_of(screening),
                screening.local_start.isoformat(),
                screening.room.full_name,
                change.get_axis_display(),
                self.before_in_words(change),
                self.after_in_words(change),
                change.who,
                change.reason,
                self.origin(change),
            ]


class Line:
    """What csv writes a row to: it is given back as it is."""

    def write(self, line: str) -> str:
        return line


class StatusChangeInline(LogOnly, admin.TabularInline):
    model = StatusChange
    fields = ["changed_at", "axis", "before_in_words", "after_in_words", "who", "reason", "origin"]
    readonly_fields = fields
    extra = 0
