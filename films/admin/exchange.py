"""Import and export: a programme is uploaded, looked at, applied and undone; and written into files."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from films.admin.exchange_forms import ExportForm, UploadForm
from films.interchange import BadPackage
from films.interchange.exporting import TooLong, export_edition, export_everything, workbook_of, zip_of
from films.interchange.report import OUTCOMES, Kind
from films.interchange.runs import NotNow, apply, examine, undo_run
from films.interchange.undo_plan import counted, plan_undo
from films.models import Edition, ImportRun
from people.text import is_id

State = ImportRun.State
PER_PAGE = 100
KINDS = {
    "zip": ("application/zip", zip_of),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook_of),
}
SHEETS = {
    "venues": _("Venues"),
    "rooms": _("Rooms"),
    "films": _("Films"),
    "people": _("People"),
    "credits": _("Credits"),
    "screenings": _("Screenings"),
}


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    list_display = ["uploaded_at", "file_name", "source", "edition", "state", "uploaded_by"]
    list_filter = ["state", "edition"]
    list_select_related = ["uploaded_by"]
    list_per_page = 50
    search_fields = ["file_name", "source", "edition"]
    change_list_template = "admin/films/importrun/list.html"
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).light()

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        """By everything but the file itself, which no words can be compared with."""
        return not lookup.startswith("content") and super().lookup_allowed(lookup, value, request)

    def has_delete_permission(self, request, obj=None) -> bool:
        """What was applied is needed to undo it, and all of it to say who did what."""
        return False

    def get_urls(self):
        own = [
            path("export/", self.admin_site.admin_view(self.export_view), name="export_programme"),
            path("<int:pk>/apply/", self.admin_site.admin_view(self.apply_view), name="apply_import"),
            path("<int:pk>/undo/", self.admin_site.admin_view(self.undo_view), name="undo_import"),
        ]
        return own + super().get_urls()

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, initial=_as_last_time())
        if request.method == "POST" and form.is_valid():
            run = form.save(commit=False)
            run.content, run.uploaded_by = form.cleaned_data["files"], request.user
            try:
                examine(run)
            except BadPackage as reason:
                form.add_error("files", str(reason))
            except DatabaseError as fault:
                form.add_error(None, _refused_by_database(fault))
            else:
                self.log_addition(request, run, [{"added": {}}])
                return HttpResponseRedirect(_address(run))
        return self._page(request, "upload", _("Import a programme"), form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not is_id(object_id):
            raise Http404
        runs = ImportRun.objects.defer("content").select_related("uploaded_by", "applied_by", "undone_by")
        run = get_object_or_404(runs, pk=object_id)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        entries = run.report.get("entries", [])
        counts = {kind: sum(entry[0] == kind for entry in entries) for kind in Kind.values}
        kind = request.GET.get("kind") if request.GET.get("kind") in Kind.values else ""
        shown = [entry for entry in entries if kind in ("", entry[0])]
        page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
        return self._page(
            request,
            "run",
            str(run),
            run=run,
            kind=kind,
            kinds=[(value, Kind(value).label, counts[value]) for value in Kind.values if counts[value]],
            number=len(entries),
            page_obj=page,
            page_range=page.paginator.get_elided_page_range(page.number),
            rows=[(Kind(kind).label, kind, place, name, what) for kind, place, name, what in page],
            outcomes=_table(run),
            may_change=self.has_change_permission(request, run),
            can_be_undone=run.state == State.APPLIED and ImportRun.objects.light().last_applied() == run,
        )

    def apply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._must_change(request)
        if request.method == "POST":
            try:
                run = apply(pk, request.user)
            except NotNow:
                self.message_user(request, _("This import is no longer waiting to be applied."), messages.WARNING)
            except DatabaseError as fault:
                self.message_user(request, _refused_by_database(fault), messages.ERROR)
            else:
                self._say_what_became_of(request, run)
        return HttpResponseRedirect(reverse("admin:films_importrun_change", args=[pk]))

    def _say_what_became_of(self, request: HttpRequest, run: ImportRun) -> None:
        if run.state == State.APPLIED:
            self.log_change(request, run, [{"changed": {"fields": ["applied"]}}])
            self.message_user(request, _("The import was applied as it was shown."), messages.SUCCESS)
        else:
            sentence = _(
                "Nothing was applied: the programme was changed since the difference was shown. "
                "Here is the difference as it is now."
            )
            self.message_user(request, sentence, messages.WARNING)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._must_change(request)
        run = get_object_or_404(ImportRun.objects.light(), pk=pk)
        if run.state != State.APPLIED or ImportRun.objects.light().last_applied() != run:
            self.message_user(request, _("Only the last import that was applied can be undone."), messages.WARNING)
            return HttpResponseRedirect(_address(run))
        if request.method != "POST":
            plan = plan_undo(run.occasion)
            return self._page(request, "undo", _("Undo this import?"), run=run, plan=plan, removed=counted(plan))
        try:
            run, plan = undo_run(pk, request.user)
        except NotNow:
            self.message_user(request, _("Only the last import that was applied can be undone."), messages.WARNING)
        except DatabaseError as fault:
            self.message_user(request, _refused_by_database(fault), messages.ERROR)
        else:
            self.log_change(request, run, [{"changed": {"fields": ["undone"]}}])
            but = _("The import was undone, but for what is told below.")
            self.message_user(request, but if plan.stays else _("The import was undone."), messages.SUCCESS)
        return HttpResponseRedirect(_address(run))

    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = ExportForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                return _exported(**form.cleaned_data)
            except TooLong as reason:
                form.add_error("kind", str(reason))
        return self._page(request, "export", _("Export the programme"), form=form)

    def _must_change(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, title: str, **context) -> TemplateResponse:
        context |= self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/films/importrun/{name}.html", context)


def _as_last_time() -> dict[str, str]:
    last = ImportRun.objects.light().first()
    edition = last.edition if last else Edition.objects.values_list("name", flat=True).first()
    return {"source": last.source if last else "", "edition": edition or ""}


def _address(run: ImportRun) -> str:
    return reverse("admin:films_importrun_change", args=[run.pk])


def _table(run: ImportRun) -> list[tuple[str, list[int]]]:
    counts = run.report.get("counts", {})
    return [(label, [counts.get(sheet, {}).get(outcome, 0) for outcome in OUTCOMES]) for sheet, label in SHEETS.items()]


def _refused_by_database(fault: DatabaseError) -> str:
    return _("The database refused this, and nothing was written: %(why)s") % {"why": str(fault).splitlines()[0]}


def _exported(what: str, kind: str, source: str) -> HttpResponse:
    edition = None if what == "everything" else get_object_or_404(Edition, pk=what)
    files = export_edition(edition, source) if edition else export_everything(source)
    content_type, written = KINDS[kind]
    name = edition.slug if edition else what
    response = HttpResponse(written(files), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.{kind}"'
    return response
