from django.contrib import admin
from django.db import models

from films.admin.history import WithHistory
from films.models import Classification, ClassificationScheme, UnclassifiedRule


class ClassInline(admin.TabularInline):
    model = Classification
    extra = 0


class UnclassifiedRuleInline(admin.TabularInline):
    model = UnclassifiedRule
    extra = 0


@admin.register(ClassificationScheme)
class ClassificationSchemeAdmin(WithHistory, admin.ModelAdmin):
    list_display = ["name", "jurisdiction", "website"]
    search_fields = ["name", "jurisdiction"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [ClassInline, UnclassifiedRuleInline]
