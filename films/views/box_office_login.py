"""The staff's way in, and the second factor that each may set up for themselves."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from films.box_office import second_factor
from films.box_office.second_factor import LoginForm


@method_decorator(never_cache, name="dispatch")
class BoxOfficeLogin(LoginView):
    """The box office's own way in; too many failures lock it, and the admin's, for a while (django-axes)."""

    template_name = "box_office/login.html"
    next_page = "box_office"
    authentication_form = LoginForm

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(ended="ended" in self.request.GET, **kwargs)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@sensitive_post_parameters("code")
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Set up, renew the backup codes of, or turn off one's own second factor; the latter two ask for a code."""
    user, code, do = request.user, request.POST.get("code", "")[:20], request.POST.get("do", "")
    is_on = second_factor.has_second_factor(user)
    context = {"error": "", "codes": None}
    if request.method == "POST":
        wrong = _("That code is not right, or was used, or was tried too often. Wait for the next one.")
        if not is_on:
            context["codes"] = second_factor.set_up(user, code)
            context["error"] = "" if context["codes"] else wrong
        elif not second_factor.is_right(user, code):
            context["error"] = wrong
        elif do == "off":
            second_factor.turn_off(user)
            return redirect("box_office_second_factor")
        else:
            context["codes"] = second_factor.new_backup_codes(user)
    context["is_on"] = is_on or bool(context["codes"])
    if not context["is_on"]:
        device = second_factor.device_to_set_up(user)
        context |= {"picture": second_factor.picture_of(device), "secret": second_factor.secret_of(device)}
    return render(request, "box_office/second_factor.html", context, status=400 if context["error"] else 200)
