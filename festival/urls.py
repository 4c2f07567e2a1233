from django.contrib import admin
from django.urls import include, path

handler404 = "festival.errors.not_found"
handler500 = "festival.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("films.urls")),
]
