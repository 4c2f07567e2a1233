from django.contrib.auth.views import LogoutView
from django.urls import path

from films.views import box_office, box_office_screening
from films.views.box_office_login import BoxOfficeLogin, second_factor_page

urlpatterns = [
    path("", box_office.board, name="box_office"),
    path("live/", box_office.live, name="box_office_live"),
    path("press/", box_office.press, name="box_office_press"),
    path("screenings/<int:pk>/", box_office_screening.screening, name="box_office_screening"),
    path("login/", BoxOfficeLogin.as_view(), name="box_office_login"),
    path("second-factor/", second_factor_page, name="box_office_second_factor"),
    path("logout/", LogoutView.as_view(next_page="box_office_login"), name="box_office_logout"),
]
