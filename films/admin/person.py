from django.contrib import admin

from films.admin.history import WithHistory
from films.admin.sheets import PersonSheet, WithSheet
from films.models import Film
from films.roles import may_touch_person
from people import admin as of_people
from people.forms import PersonForm
from people.models import Person

admin.site.unregister(Person)


class CreditedPersonForm(PersonForm):
    def works_of(self, person: Person) -> list[str]:
        """Films here, and else elsewhere: what tells two people of one name apart."""
        credited = Film.objects.filter(credits__person=person).order_by("-year", "sort_key").distinct()
        return [str(film) for film in credited[:3]] or super().works_of(person)


@admin.register(Person)
class PersonAdmin(WithSheet, WithHistory, of_people.PersonAdmin):
    """People as their app edits them; who is in a film that is no draft is for those who may publish."""

    resource_classes = [PersonSheet]

    form = CreditedPersonForm

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and may_touch_person(request.user, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and may_touch_person(request.user, obj)
