"""The preview links of one film: made, told once, and taken back."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from films.models import Film, PreviewLink
from films.previews import make_link
from films.roles import may_publish
from people.text import is_id

DAYS = [(1, _("One day")), (3, _("Three days")), (7, _("A week")), (30, _("A month"))]


class PreviewLinkForm(forms.ModelForm):
    days = forms.TypedChoiceField(label=_("Ends after"), choices=DAYS, coerce=int, initial=7)

    class Meta:
        model = PreviewLink
        fields = ["made_for"]
        help_texts = {"made_for": _("A name by which you know later which link to take back.")}
        widgets = {"made_for": forms.TextInput(attrs={"class": "vTextField"})}


def links_in_words(film: Film) -> str:
    """How many links are open, and the way to them."""
    if not film.pk:
        return gettext("Once it is saved.")
    count = film.preview_links.open(timezone.now()).count()
    words = ngettext("%(count)d link is open.", "%(count)d links are open.", count) % {"count": count}
    url = reverse("admin:films_film_previews", args=[film.pk])
    return format_html('{} <a href="{}">{}</a>', words, url, gettext("Make or take back a preview link"))


def preview_links(request: HttpRequest, object_id: str) -> HttpResponse:
    """The page: a new link's address stands on the answer to making it, and nowhere afterwards."""
    if not may_publish(request.user):
        raise PermissionDenied
    at = timezone.now()
    film = get_object_or_404(Film, pk=object_id)
    if "revoke" in request.POST:
        return revoke(request, film, at)
    form = PreviewLinkForm(request.POST if request.method == "POST" else None)
    address = ""
    if form.is_valid():
        lasts = timedelta(days=form.cleaned_data["days"])
        link, token = make_link(film, form.cleaned_data["made_for"], lasts, request.user, at)
        _log(request, film, gettext("Made a preview link for %(whom)s.") % {"whom": link.made_for})
        address = request.build_absolute_uri(reverse("preview", args=[token]))
        form = PreviewLinkForm()
    context = admin.site.each_context(request) | {
        "title": gettext("Preview links"),
        "subtitle": str(film),
        "opts": Film._meta,
        "film": film,
        "form": form,
        "address": address,
        "links": [(link, link.is_open(at)) for link in film.preview_links.select_related("made_by")],
    }
    return TemplateResponse(request, "admin/films/film/preview_links.html", context)


def revoke(request: HttpRequest, film: Film, at) -> HttpResponse:
    key = request.POST["revoke"]
    link = film.preview_links.filter(pk=key, revoked_at=None).first() if is_id(key) else None
    if link:
        PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at)
        _log(request, film, gettext("Took back the preview link for %(whom)s.") % {"whom": link.made_for})
        said = gettext("The link for %(whom)s leads nowhere any more.") % {"whom": link.made_for}
        messages.success(request, said)
    return redirect("admin:films_film_previews", film.pk)


def _log(request: HttpRequest, film: Film, message: str) -> None:
    admin.site.get_model_admin(Film).log_change(request, film, message)
