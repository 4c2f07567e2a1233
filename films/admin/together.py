"""Two people on one form of the admin: whoever saves second sees what the first changed, and overwrites nothing."""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction
from django.forms import BaseForm, Script
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from films.history import History
from films.models import EditingPresence
from films.presence import who_else
from films.recording import name_of
from films.stale_forms import VERSION, Conflict, Snapshot, Version, merge, take_theirs
from people.text import is_id

# Pressed to see a form once more as it was sent, when the login had run out; its value names the files left behind.
TYPED = "_typed"


class Meanwhile:
    """Why a form was not saved, and what to decide before it can be."""

    def __init__(self, why: str, entries: list = (), conflicts: list[Conflict] = ()) -> None:
        self.why, self.entries, self.conflicts = why, entries, conflicts


class Unsaved:
    """Mixed into a form that comes back whatever was entered."""

    why: str

    def clean(self) -> dict:
        # Before all other checks, so that they do nothing that cannot be undone, like keeping an upload.
        self.add_error(None, ValidationError(self.why, code="meanwhile"))
        return super().clean()


class Together(admin.ModelAdmin):
    # Fields that are counted elsewhere all day: whoever leaves them alone gets the latest, and is not asked.
    counts: tuple[str, ...] = ()

    class Media:
        css = {"all": ["admin-theme/history.css"]}
        js = [Script("admin-theme/together.js", type="module")]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_editing"
        editing = self.admin_site.admin_view(require_POST(self.editing_view))
        return [path("<path:object_id>/editing/", editing, name=name), *super().get_urls()]

    def editing_view(self, request, object_id) -> JsonResponse:
        """An open form says that it is open, or is being left; the answer is who else is there."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return JsonResponse({"sentences": [_("Somebody deleted this. Copy what you still need.")]})
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if "left" in request.POST:
            EditingPresence.objects.of(obj).filter(user=request.user).delete()
            return JsonResponse({"sentences": []})
        opened = Version.read(request.POST.get(VERSION, ""), self._salt(obj.pk))
        return JsonResponse({"sentences": who_else(request.user, obj, timezone.now(), opened and opened.at)})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if TYPED in request.POST:
            if object_id and not self.get_object(request, unquote(object_id)):
                return self._gone(request, unquote(object_id)) or super().changeform_view(request, object_id)
            request.form_version = request.POST.get(VERSION, "")
            request.meanwhile = Meanwhile(_typed_again(request.POST[TYPED]))
            return super().changeform_view(request, object_id, form_url, extra_context)
        if request.method != "POST" or object_id is None or "_saveasnew" in request.POST:
            return super().changeform_view(request, object_id, form_url, extra_context)
        sent = request.POST
        try:
            with transaction.atomic():
                if gone := self._hold(request, unquote(object_id)):
                    return gone
                return super().changeform_view(request, object_id, form_url, extra_context)
        except OperationalError:
            # The database let somebody else go first, as when an import writes the same rows.
            request.POST = sent
            request.form_version = sent.get(VERSION, "")
            request.meanwhile = Meanwhile(
                _("Somebody else wrote at the same moment, so this was not saved. Nothing is lost: save it again.")
            )
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs) -> type[BaseForm]:
        form = super().get_form(request, obj, change, **kwargs)
        meanwhile = getattr(request, "meanwhile", None)
        return type(form.__name__, (Unsaved, form), {"why": meanwhile.why}) if meanwhile else form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj:
            formsets = [some.formset for some in context["inline_admin_formsets"] if some.has_change_permission]
            version = getattr(request, "form_version", None)
            if version is None:
                version = Snapshot.of(context["adminform"].form, formsets).version(self._salt(obj.pk), timezone.now())
            context |= {"form_version": version, "meanwhile": getattr(request, "meanwhile", None)}
            if self.has_change_permission(request, obj):
                context["who_else"] = who_else(request.user, obj, timezone.now())
                context["editing_url"] = self._editing_url(obj.pk)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _hold(self, request, pk: str) -> TemplateResponse | None:
        """Make everybody else who would save this object wait, and compare what was sent with what stands now.

        Returns a page only when the object is gone.
        """
        obj = self.get_object(request, pk)
        if obj is None:
            return self._gone(request, pk)
        list(self.model._base_manager.select_for_update(no_key=True).filter(pk=obj.pk).values("pk"))
        obj = self.get_object(request, pk)
        if obj is None:
            return self._gone(request, pk)
        if self.has_change_permission(request, obj):
            self._compare(request, obj)
        return None

    def _compare(self, request, obj) -> None:
        at, salt = timezone.now(), self._salt(obj.pk)
        theirs = self._snapshot(request, obj)
        request.POST = take_theirs(request.POST, theirs)
        opened = Version.read(request.POST.get(VERSION, ""), salt)
        request.form_version = theirs.version(salt, at)
        if opened and opened.is_of(theirs):
            return
        merged = merge(request.POST, opened, theirs)
        if opened and opened.is_of(theirs, besides=self.counts) and not merged.conflicts:
            request.POST = merged.post
            return
        history = History(self.model, obj.pk)
        entries = history.entries(history.since(opened.at)[:10]) if opened else []
        request.POST = merged.post
        request.meanwhile = Meanwhile(_why(request.user, opened, entries), entries, merged.conflicts)

    def _snapshot(self, request, obj) -> Snapshot:
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        form = self.get_form(request, obj, change=True, fields=fields)(instance=obj)
        formsets, prefixes = [], {}
        for formset, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset.get_default_prefix()
            prefixes[prefix] = prefixes.get(prefix, 0) + 1
            if prefixes[prefix] > 1 or not prefix:
                prefix = f"{prefix}-{prefixes[prefix]}"
            if inline.has_change_permission(request, obj):
                formsets.append(formset(instance=obj, prefix=prefix, queryset=inline.get_queryset(request)))
        return Snapshot.of(form, formsets)

    def _editing_url(self, pk: int) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_editing", args=[pk])

    def _salt(self, pk: int) -> str:
        return f"{self.opts.label_lower}.{pk}"

    def _gone(self, request, pk: str) -> TemplateResponse | None:
        """What was typed about an object that somebody deleted meanwhile; None when it never was there."""
        history = History(self.model, int(pk)) if is_id(pk) else ()
        if not history or not self.has_view_or_change_permission(request):
            return None
        context = self.admin_site.each_context(request) | {
            "title": _("Deleted meanwhile"),
            "opts": self.opts,
            "object_id": pk,
            "name": history.last_name,
            "entry": history.entries(history.newest_first()[:1])[0],
            "typed": self._typed(request),
        }
        return TemplateResponse(request, "admin/deleted_meanwhile.html", context, status=410)

    def _typed(self, request) -> list[tuple[str, str]]:
        """What was sent, in words, with its labels."""
        form = self.get_form(request, None, change=True)()
        blank = Snapshot.of(form, [formset() for formset, _inline in self.get_formsets_with_inlines(request)])
        return [(label, words) for label, words in blank.said(request.POST) if words]


def _typed_again(files: str) -> str:
    sentence = _(
        "Your login had run out, so this was not saved. What you typed is still here: look at it, and save it."
    )
    if files:
        sentence += " " + _("A file could not be kept. Choose it again: %(files)s.") % {"files": files}
    return sentence


def _why(user, opened: Version | None, entries: list) -> str:
    if opened is None:
        return _(
            "This page does not say when it was opened, so nothing was saved. What you typed is still here: compare it "
            "with what stands now, and save it again."
        )
    who = {entry.by for entry in entries if entry.by} - {name_of(user)}
    if who:
        return _(
            "%(who)s saved this while you had it open, so yours was not saved yet. What you typed is still here, with "
            "what %(who)s changed beside it: look at both, and save again."
        ) % {"who": ", ".join(sorted(who))}
    return _(
        "This was saved after you opened this page: by yourself in another window, or by an import. What you typed is "
        "still here: look at both, and save again."
    )
