from django.urls import path
from django.views.generic import RedirectView

from films.views import detail, programme

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="films"), name="home"),
    path("films/", programme.programme, name="films"),
    path("films/<slug:slug>/", detail.film_detail, name="film"),
    path("series/<slug:slug>/", programme.series_detail, name="series"),
    path("people/<slug:slug>/", programme.person_detail, name="person"),
    path("venues/<slug:slug>/", programme.venue_detail, name="venue"),
]
