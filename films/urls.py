from django.urls import include, path, re_path, register_converter

from films.views import (
    changes,
    detail,
    editions,
    foyer,
    home,
    indexes,
    listing,
    planner,
    preview,
    programme,
    schedule,
    search,
    ticket_feed,
)

register_converter(schedule.DayConverter, "day")

urlpatterns = [
    path("", home.home, name="home"),
    path("films/", listing.programme, name="films"),
    path("search/", search.search, name="search"),
    path("films/<slug:slug>/", detail.film_detail, name="film"),
    path("preview/<str:token>/", preview.film_preview, name="preview"),
    path("preview/<str:token>/<path:path>", preview.preview_picture, name="preview_picture"),
    path("series/", indexes.series_list, name="series_index"),
    path("series/<slug:slug>/", programme.series_detail, name="series"),
    path("people/", indexes.person_list, name="people"),
    path("people/<slug:slug>/", programme.person_detail, name="person"),
    path("venues/", indexes.venue_list, name="venues"),
    path("venues/<slug:slug>/", programme.venue_detail, name="venue"),
    path("foyer/<slug:slug>/", foyer.foyer_screen, name="foyer"),
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/<day:day>/", schedule.schedule_day, name="schedule_day"),
    path("my-schedule/", planner.my_schedule, name="my_schedule"),
    path("my-schedule/screenings.json", planner.picked_screenings, name="picked_screenings"),
    path("my-schedule/offline/", planner.offline, name="offline"),
    path("service-worker.js", planner.service_worker, name="service_worker"),
    re_path(r"^calendar/plan/(?P<ids>[0-9,]{1,4000})\.ics$", planner.plan_calendar, name="plan_calendar"),
    path("calendar/film/<slug:slug>.ics", planner.film_calendar, name="film_calendar"),
    path("screenings/<int:pk>.ics", planner.screening_calendar, name="screening_calendar"),
    path("editions/", editions.edition_list, name="editions"),
    path("editions/<int:year>/", editions.edition_detail, name="edition"),
    path("box-office/", include("films.box_office.urls")),
    path("changes/", changes.changes_page, name="changes"),
    path("box-office/api/availability/", ticket_feed.availability, name="ticket_feed"),
]
