from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from festival.as_at import choose
from films.admin.listing_check import check_page
from films.admin.week import week_page
from films.box_office.second_factor import AdminLoginForm
from films.views.media import picture
from people import views as desk

handler400 = "festival.errors.bad_request"
handler404 = "festival.errors.not_found"
handler500 = "festival.errors.server_error"

# One way in for all staff: throttled, and with a second factor for who has one.
admin.site.login_form = AdminLoginForm
admin.site.login_template = "box_office/login.html"

urlpatterns = [
    path("admin/films/week/", admin.site.admin_view(week_page), name="week_entry"),
    path("admin/films/check/", admin.site.admin_view(check_page), name="listing_check"),
    path("admin/markdown/", desk.markdown_preview, name="markdown_preview"),
    path("admin/pictures/whole/<path:signed>", desk.whole, name="whole_picture"),
    path("admin/pictures/original/<path:signed>", desk.original, name="original_picture"),
    path("admin/", admin.site.urls),
    path("as-at/", admin.site.admin_view(choose), name="as_at"),
    path("media/<path:path>", picture, name="media"),
    *i18n_patterns(path("", include("films.urls")), prefix_default_language=False),
]
