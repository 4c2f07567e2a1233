from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from films.admin.read_only import ReadOnly
from films.models import FeedMessage, TicketFeed


@admin.register(TicketFeed)
class TicketFeedAdmin(admin.ModelAdmin):
    list_display = ["name", "is_open", "heard_at", "token_made_at", "token_made_by"]
    list_select_related = ["token_made_by"]
    search_fields = ["name"]
    autocomplete_fields = ["venues"]
    fields = ["name", "is_open", "venues", "source", "token_made_at", "made_by", "heard_at"]
    readonly_fields = ["token_made_at", "made_by", "heard_at"]

    @admin.display(description=_("by"))
    def made_by(self, feed: TicketFeed) -> str:
        return str(feed.token_made_by or "")

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        return self._show_new_token(request, obj)

    def response_change(self, request, obj) -> HttpResponse:
        if "_new_token" in request.POST:
            return self._show_new_token(request, obj)
        return super().response_change(request, obj)

    def _show_new_token(self, request: HttpRequest, feed: TicketFeed) -> HttpResponse:
        """The only page that ever shows it; the admin lets no cache keep its pages."""
        context = self.admin_site.each_context(request) | {
            "title": _("Token of %(feed)s") % {"feed": feed},
            "opts": self.opts,
            "feed": feed,
            "token": feed.new_token(request.user, timezone.now()),
            "address": request.build_absolute_uri(reverse("ticket_feed")),
        }
        return TemplateResponse(request, "admin/films/ticketfeed/token.html", context)


@admin.register(FeedMessage)
class FeedMessageAdmin(ReadOnly, admin.ModelAdmin):
    """What feeds sent in the last days, and what they were answered; to look at."""

    list_display = ["received_at", "feed", "key", "answered_at"]
    list_filter = ["feed"]
    list_select_related = ["feed"]
    list_per_page = 100
    fields = ["feed", "key", "received_at", "answered_at", "answer"]
