"""Plain sheets: what a list shows as CSV or XLSX, and texts and figures edited there taken back, row by row.

What the world is told (publication, when, where and how a screening stands) and lists of other rows are written for
reading only; forms, the board and imports of programmes decide those.
"""

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Model
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from import_export import resources
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.forms import ExportForm
from import_export.resources import Diff
from import_export.results import Result
from import_export.widgets import Widget

from films.admin.sheet_formats import PlainCsv, PlainXlsx
from films.admin.sheet_uploads import ConfirmForm, SheetForm, SheetStorage
from films.interchange import BadPackage
from films.interchange.cells import BadCell
from films.interchange.report import told_apart
from films.interchange.tables import Keys, cell_of, value_of
from films.models import CreditRole, Edition, Film, Screening, WaitingSheet
from people.models import Person
from people.text import is_id
from venues.models import Venue


class FieldWidget(Widget):
    """A model's field in a cell, as exports of the programme write it; what is wrong is said in words."""

    def __init__(self, field: models.Field) -> None:
        super().__init__()
        self.field = field

    def clean(self, value: Any, row: dict | None = None, **kwargs) -> Any:
        if self.field.primary_key:
            return int(value) if value else None
        return value_of(self.field, "" if value is None else str(value), self.field.model())

    def render(self, value: Any, obj: Model | None = None, **kwargs) -> str:
        row = self.field.model()
        setattr(row, self.field.attname, value)
        return cell_of(row, self.field, Keys())


class EditionWidget(Widget):
    """An edition by its name."""

    def clean(self, value: Any, row: dict | None = None, **kwargs) -> Edition:
        edition = Edition.objects.filter(name=value).first()
        if edition is None:
            raise BadCell(_("There is no edition “%(name)s”.") % {"name": value or ""})
        return edition

    def render(self, value: Edition | None, obj: Model | None = None, **kwargs) -> str:
        return value.name if value else ""


class InWords(Diff):
    """What a row would change, field by field, without the styles that the library writes into its markup."""

    def __init__(self, resource: resources.Resource, instance: Model, new: bool) -> None:
        super().__init__(resource, instance, new)
        self.names = [field.column_name for field in resource.get_import_fields()]
        self.mark = resource.mark

    def as_html(self) -> list[str]:
        found = zip(self.names, self.left, self.right, strict=True)
        # A new row's id is not known before it is there.
        changed = [one for one in found if one[1] != one[2] and one[0] != "id"]
        if changed:
            self.mark.update(repr((self.left[self.names.index("id")], changed)).encode())
        return [_changed(*one) for one in changed]


def _changed(name: str, before: str, after: str) -> str:
    words = (name, *told_apart(before, after))
    return format_html("{}: <del>{}</del> → <ins>{}</ins>" if before else "{}: {} → <ins>{}</ins>", *words)


class Sheet(resources.ModelResource):
    """One row an object, known by the `id` that an export gave it; a row without one is new."""

    read_only: tuple[str, ...] = ()
    # What a row's own columns are told from, fetched for all rows at once.
    needs: tuple[str, ...] = ()

    class Meta:
        skip_unchanged = True
        report_skipped = False
        clean_model_instances = True
        use_transactions = True

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.mark = sha256()

    def import_data(self, dataset, **kwargs) -> Result:
        """With `mark`, the same for two results exactly when they change the same rows from the same to the same."""
        result = super().import_data(dataset, **kwargs)
        result.mark = self.mark.hexdigest()
        return result

    def get_diff_class(self) -> type[Diff]:
        return InWords

    def export(self, queryset: models.QuerySet | None = None, **kwargs):
        rows = self.get_queryset() if queryset is None else queryset
        return super().export(queryset=rows.prefetch_related(*self.needs), **kwargs)

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: models.Field, readonly: bool) -> Field:
        widget = EditionWidget() if django_field.related_model is Edition else FieldWidget(django_field)
        readonly = readonly or field_name in cls.read_only
        return Field(attribute=field_name, column_name=field_name, widget=widget, readonly=readonly)

    def get_instance(self, instance_loader, row: dict) -> Model | None:
        key = str(row.get("id") or "").strip()
        if not key:
            return None
        # Held until all is written: what is saved is the row as it was read, with the sheet's cells in it.
        rows = self._meta.model._base_manager.select_for_update()
        found = rows.filter(pk=key).first() if is_id(key) else None
        if found is None:
            sentence = _("There is nothing here with the id %(id)s; leave it empty for a new row.")
            raise BadCell(sentence % {"id": key[:40]})
        return found

    def before_import(self, dataset, **kwargs) -> None:
        known = {field.column_name for field in self.get_import_fields()} | {
            f.column_name for f in self.fields.values()
        }
        unknown = [name for name in dataset.headers if name not in known]
        if unknown or "id" not in dataset.headers:
            sentence = _("The first row needs the column id, and may name: %(known)s. Not known: %(unknown)s.")
            raise BadCell(sentence % {"unknown": ", ".join(unknown) or "–", "known": ", ".join(sorted(known))})

    def before_import_row(self, row: dict, **kwargs) -> None:
        if not str(row.get("id") or "").strip():
            row["id"] = None


class FilmSheet(Sheet):
    read_only = ("state", "embargo_until")
    needs = ("edition", "credits__role", "credits__person")

    directors = Field(column_name="directors", readonly=True)

    class Meta(Sheet.Meta):
        model = Film
        fields = [
            "id", "edition", "kind", "state", "embargo_until", "title", "title_language", "original_title",
            "original_language", "sort_title", "year", "runtime", "premiere", "language_line", "blurb", "guest_note",
            "synopsis", "directors",
        ]  # fmt: skip

    def dehydrate_directors(self, film: Film) -> str:
        directing = CreditRole.Department.DIRECTION
        return "|".join(one.printed_name for one in film.credits.all() if one.role.department == directing)


class ScreeningSheet(Sheet):
    """Of screenings that are there; new ones need their room and hour, which a form or an import looks after."""

    read_only = ("edition", "starts_at", "audience", "occurrence", "sales")
    needs = ("edition", "room__venue", "items__film")

    local_start = Field(column_name="local_start", readonly=True)
    room = Field(column_name="room", readonly=True)
    films = Field(column_name="films", readonly=True)

    class Meta(Sheet.Meta):
        model = Screening
        fields = [
            "id", "edition", "starts_at", "local_start", "room", "films", "title", "audience", "occurrence", "sales",
            "ticket_url", "price", "guest_note", "language_line", "subtitle_language", "note",
        ]  # fmt: skip

    def get_instance(self, instance_loader, row: dict) -> Model:
        found = super().get_instance(instance_loader, row)
        if found is None:
            sentence = _("A new screening is entered in its form, in the week's grid or by an import of the programme.")
            raise BadCell(sentence)
        return found

    def dehydrate_local_start(self, screening: Screening) -> str:
        return f"{screening.local_start:%Y-%m-%d %H:%M}"

    def dehydrate_room(self, screening: Screening) -> str:
        return screening.room.full_name

    def dehydrate_films(self, screening: Screening) -> str:
        return "|".join(item.film.title for item in screening.items.all())


class PersonSheet(Sheet):
    class Meta(Sheet.Meta):
        model = Person
        fields = ["id", "name", "sort_name", "family_name_first", "language", "biography"]


class VenueSheet(Sheet):
    class Meta(Sheet.Meta):
        model = Venue
        fields = [
            "id", "name", "address", "city", "region", "postal_code", "country", "latitude", "longitude", "time_zone",
            "jurisdiction", "directions", "access", "standby_note", "website",
        ]  # fmt: skip


class WithSheet(ImportExportMixin):
    """For an admin: its list as a sheet, which whoever sees it may have, and back, for those who import programmes."""

    formats = [PlainCsv, PlainXlsx]
    import_template_name = "admin/sheet_import.html"
    export_template_name = "admin/sheet_export.html"
    import_export_change_list_template = "admin/sheet_list.html"
    import_form_class = SheetForm
    confirm_form_class = ConfirmForm
    tmp_storage_class = SheetStorage
    export_form_class = ExportForm

    def has_import_permission(self, request) -> bool:
        return request.user.has_perm("films.add_importrun") and self.has_change_permission(request)

    def has_export_permission(self, request) -> bool:
        return self.has_view_permission(request)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("export_admin_action", None)
        return actions

    def import_action(self, request, **kwargs):
        response = super().import_action(request, **kwargs)
        page = getattr(response, "context_data", None) or {}
        if form := page.get("confirm_form"):
            form.initial["shown"] = page["result"].mark
        return response

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        """Import what was looked at, if it still would change just that; else show the difference anew."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        with transaction.atomic():
            # Held, so that of two presses on the button the second finds nothing.
            waiting = WaitingSheet.objects.waiting().select_for_update()
            sheet = waiting.filter(pk=form.cleaned_data["import_file_name"]).first() if form.is_valid() else None
            if sheet is None:
                gone = _("The sheet was confirmed already, or its difference is more than a day old. Upload it again.")
                self.message_user(request, gone, messages.WARNING)
                return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))
            dataset = self.formats[int(form.cleaned_data["format"])]().create_dataset(bytes(sheet.content))
            result = self.process_dataset(dataset, form, request, **kwargs)
            is_as_shown = result.mark == form.cleaned_data["shown"] and not result.has_validation_errors()
            if result.has_errors() or not is_as_shown:
                transaction.set_rollback(True)
                return self._shown_anew(request, form, result)
            sheet.delete()
            return self.process_result(result, request)

    def _shown_anew(self, request, form, result) -> TemplateResponse:
        sentence = _(
            "Nothing was changed: somebody changed these rows since the difference was shown. "
            "Here is the difference as it is now."
        )
        self.message_user(request, sentence, messages.WARNING)
        page = self.admin_site.each_context(request) | {"title": _("Import"), "opts": self.opts, "result": result}
        page["confirm_form"] = ConfirmForm(initial=form.cleaned_data | {"shown": result.mark})
        if result.has_errors() or result.has_validation_errors():
            page["confirm_form"] = None
            page["form"] = self.import_form_class(self.get_import_formats(), self.get_import_resource_classes(request))
        return TemplateResponse(request, [self.import_template_name], page)

    def add_data_read_fail_error_to_form(self, form, e) -> None:
        known = isinstance(e, BadPackage | BadCell)
        form.add_error("import_file", str(e) if known else _("The file cannot be read. Is it of the kind chosen?"))
