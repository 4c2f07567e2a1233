from django.contrib import admin

from films.admin.forms import WordForm
from films.admin.history import WithHistory
from films.models import Country, CreditRole, Genre, Language, WarningKind
from people.text import fold


class WordAdmin(WithHistory, admin.ModelAdmin):
    form = WordForm
    list_display = ["name"]
    list_per_page = 100
    search_fields = ["name"]

    def get_search_results(self, request, queryset, search_term):
        return queryset.filter(folded__contains=fold(search_term)), False


admin.site.register([Genre, WarningKind], WordAdmin)


@admin.register(Country, Language)
class CodedWordAdmin(WordAdmin):
    list_display = ["name", "code"]


@admin.register(CreditRole)
class CreditRoleAdmin(WithHistory, admin.ModelAdmin):
    list_display = ["name", "plural", "department", "position"]
    list_filter = ["department"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
