"""Who may do what with the programme: the groups that migrations fill, and what their permissions mean for one film."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser

from films.models import Film
from people.models import Person

PROGRAMMERS = "Programmers"
BOX_OFFICE = "Box office"
TRAINEES = "Editors-in-training"


def may_publish(user: AbstractBaseUser) -> bool:
    """Whether `user` decides what the world sees: publication, its instant, and what was public once."""
    return user.has_perm("films.publish_film")


def may_touch(user: AbstractBaseUser, film: Film | None) -> bool:
    """Whether `film` is one that `user` may work on at all: a draft is, for everybody who edits films."""
    return film is None or film.state == Film.State.DRAFT or may_publish(user)


def may_touch_person(user: AbstractBaseUser, person: Person | None) -> bool:
    """Whether `person` stands in drafts alone, or `user` decides what the world sees."""
    if person is None or may_publish(user):
        return True
    return not person.credits.exclude(film__state=Film.State.DRAFT).exists()


def grant(apps, group_name: str, codenames: Iterable[str]) -> None:
    """For migrations: let a group do what `codenames` say, as in "films.change_film"; makes the group if need be.

    Django writes permissions only after the last migration, so those that are not there yet are written here, as it
    would. `apps` is the migration's own. Raises LookupError for a permission that no model in it has.
    """
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)
    for label in codenames:
        app, codename = label.split(".")
        options, name = _what_has(apps, app, codename)
        content_type, _created = content_types.get_or_create(app_label=app, model=options.model_name)
        permission, _created = permissions.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def _what_has(apps, app: str, codename: str) -> tuple:
    """The options of the model whose permission `codename` is, and the permission's name."""
    for model in apps.get_app_config(app).get_models():
        options = model._meta
        names = {f"{do}_{options.model_name}": f"Can {do} {options.verbose_name}" for do in options.default_permissions}
        names.update(options.permissions)
        if codename in names:
            return options, names[codename]
    raise LookupError(f"No model of {app} has the permission {codename}.")
