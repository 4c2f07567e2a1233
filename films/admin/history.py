"""The history of an object in the admin: what was done to it and its rows, newest first."""

from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from films.admin.together import Together
from films.history import History
from films.reverting import Plan, plan, put_back
from people.text import is_id

PER_PAGE = 20
# A revert leaves these as they are for whoever may not decide them; every other limit forbids it.
DECIDED_BY_OTHERS = {"state", "embargo_until"}


class WithHistory(Together, admin.ModelAdmin):
    """The page behind “History” of an object, there or gone; and forms that overwrite nothing of it."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_revert"
        revert = self.admin_site.admin_view(self.revert_view)
        return [path("<path:object_id>/history/<uuid:occasion>/", revert, name=name), *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        pk = unquote(object_id)
        there = self.get_object(request, pk)
        if not self.has_view_or_change_permission(request, there):
            raise PermissionDenied
        history = History(self.model, int(pk)) if is_id(pk) else ()
        if not history:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = Paginator(history.newest_first(), PER_PAGE).get_page(request.GET.get("p"))
        name = there or history.last_name
        context = self.admin_site.each_context(request) | {
            "title": _("History: %(name)s") % {"name": name},
            "opts": self.opts,
            "object": there,
            "object_id": pk,
            "name": name,
            "page": page,
            "entries": history.entries(page.object_list),
            "revertible": self._revertible(request, history, there, page.object_list),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def _revertible(self, request, history: History, there, occasions: list[UUID]) -> set[UUID]:
        """After which of `occasions` the object stood otherwise than now, for those who may put it back."""
        if not self._may_revert(request, there):
            return set()
        latest = history.newest_first()[0]
        return {some for some in occasions if history.is_there_after(some) and not (there and some == latest)}

    def _may_revert(self, request, there) -> bool:
        if there is None:
            return self.has_add_permission(request) and self.has_change_permission(request)
        is_limited = set(self.get_readonly_fields(request, there)) - set(self.readonly_fields) - DECIDED_BY_OTHERS
        return self.has_change_permission(request, there) and not is_limited

    def revert_view(self, request, object_id, occasion):
        """What going back would change; and, once somebody has looked at that, the way back."""
        pk = unquote(object_id)
        there = self.get_object(request, pk)
        if not self._may_revert(request, there):
            raise PermissionDenied
        if not is_id(pk):
            raise Http404
        try:
            planned = plan(self.model, int(pk), occasion, request.user)
        except (KeyError, ValueError) as error:
            raise Http404 from error
        refusals = planned.problems
        if request.method == "POST" and not refusals:
            if request.POST.get("seal") != planned.seal:
                refusals = [_("It was changed after this page was opened. Look at the difference as it is now.")]
            elif not (refusals := self._put_back(request, planned)):
                return redirect(self._page_of(planned.pk))
        entry = History(self.model, planned.pk).entries([occasion])[0]
        context = self.admin_site.each_context(request) | {
            "title": _("Go back to an earlier state?"),
            "opts": self.opts,
            "object": there,
            "object_id": planned.pk,
            "name": there or planned.root.get("title") or planned.root.get("name") or f"#{planned.pk}",
            "entry": entry,
            "planned": planned,
            "refusals": refusals,
        }
        return TemplateResponse(request, "admin/revert.html", context)

    def _put_back(self, request, planned: Plan) -> list[str]:
        why = request.POST.get("why", "").strip()[:300] or _("Put back to an earlier state")
        try:
            put_back(planned, request.user, why)
        except ValidationError as refusal:
            return refusal.messages
        there = self.model._base_manager.get(pk=planned.pk)
        self.log_change(request, there, why)
        self.message_user(request, _("“%(name)s” stands again as it did then.") % {"name": there}, messages.SUCCESS)
        return []

    def _page_of(self, pk: int) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
