"""The history of an object in the admin: what was done to it and its rows, newest first."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from films.admin.together import Together
from films.history import History

PER_PAGE = 20


class WithHistory(Together, admin.ModelAdmin):
    """The page behind “History” of an object, there or gone; and forms that overwrite nothing of it."""

    def history_view(self, request, object_id, extra_context=None):
        pk = unquote(object_id)
        there = self.get_object(request, pk)
        if not self.has_view_or_change_permission(request, there):
            raise PermissionDenied
        history = History(self.model, int(pk)) if pk.isdecimal() else ()
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
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)
