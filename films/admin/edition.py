from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from films.admin.history import WithHistory
from films.models import Edition, Series
from people.forms import Line, Prose


@admin.register(Edition)
class EditionAdmin(WithHistory, admin.ModelAdmin):
    list_display = ["name", "kind", "starts_on", "ends_on", "time_zone"]
    list_filter = ["kind"]
    search_fields = ["name"]
    readonly_fields = ["slug"]
    fieldsets = [
        (None, {"fields": ["name", "kind", ("starts_on", "ends_on"), "announced_at", "slug"]}),
        (_("Its clock"), {"fields": ["time_zone", "day_starts_at", "default_slot", "standby_opens"]}),
        (_("What the audience reads"), {"fields": ["currency", "also_playing_heading"]}),
    ]


class SeriesForm(forms.ModelForm):
    class Meta:
        widgets = {"blurb": Line, "description": Prose}


@admin.register(Series)
class SeriesAdmin(WithHistory, admin.ModelAdmin):
    form = SeriesForm
    list_display = ["name", "blurb", "position"]
    search_fields = ["name"]
    readonly_fields = ["slug"]
    fields = ["name", "slug", "blurb", "description", "position"]
