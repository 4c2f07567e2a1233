from django.contrib.auth.views import LoginView


class BoxOfficeLogin(LoginView):
    """The box office's own way in; too many failures lock it, and the admin's, for a while (django-axes)."""

    template_name = "box_office/login.html"
    next_page = "box_office"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(ended="ended" in self.request.GET, **kwargs)
