from django.contrib import admin

from films.admin.history import WithHistory
from films.roles import may_touch_person
from people import admin as of_people
from people.models import Person

admin.site.unregister(Person)


@admin.register(Person)
class PersonAdmin(WithHistory, of_people.PersonAdmin):
    """People as their app edits them; who is in a film that is no draft is for those who may publish."""

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and may_touch_person(request.user, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch_person(request.user, obj)
