"""Taking an import back: see `undo_plan` for what that is."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from films.conflicts import hold_room
from films.interchange.merging import AXES, undo_reason
from films.interchange.pieces import pieces
from films.interchange.undo_plan import OWNERS, Model, Plan, Written, plan_undo
from films.models import Film, Revision, Screening, SearchNames, SearchText, StatusChange
from films.models.history import TRACKED
from films.models.search_text import refresh_search_text
from films.models.status_change import Origin, in_words, log_row
from films.recording import create_recorded, delete_recorded, recorded, update_recorded
from people.models import Person
from venues.models import Venue


def undo(occasion: UUID, source: str, by: AbstractBaseUser | None) -> Plan:
    """Take back what was imported from `source` on `occasion`, in one transaction; returns what was done and left."""
    with transaction.atomic(), recorded(by=by, why=undo_reason(source)):
        _hold(occasion)
        plan = plan_undo(occasion)
        for room in sorted(_rooms(plan)):
            hold_room(room)
        films, screenings = _of_films_and_screenings(plan)
        _remove(plan)
        _restore(plan, Origin(by, undo_reason(source)[:300], StatusChange.Source.IMPORT, source[:100], timezone.now()))
        _recreate(plan)
        _derive(films, screenings)
        Revision.bump(whole=True)
    return plan


def _hold(occasion: UUID) -> None:
    """Let nobody change what the import wrote between the plan and its doing."""
    for model in (Person, Venue, Film, Screening):
        keys = model.history.filter(occasion=occasion).order_by("id").values_list("id", flat=True).distinct()
        for some in pieces(list(keys)):
            list(model._base_manager.select_for_update().filter(pk__in=some).order_by("pk").values_list("pk"))


def _rooms(plan: Plan) -> set[int]:
    rows = [row for row, _names in plan.restore if row.model is Screening]
    return {values["room_id"] for row in rows for values in (row.before, row.now)}


def _of_films_and_screenings(plan: Plan) -> tuple[set[int], set[int]]:
    """Films and screenings that stand afterwards and that anything is removed from, restored in or given back to."""
    found: dict[Model, set[int]] = defaultdict(set)
    for row in [*(row for row, _names in plan.restore), *plan.recreate]:
        model, column = OWNERS.get(row.model, (row.model, "id"))
        found[model].add(row.before[column])
    for child, keys in plan.remove.items():
        if child in OWNERS:
            model, column = OWNERS[child]
            for some in pieces(keys):
                found[model].update(child._base_manager.filter(pk__in=some).values_list(column, flat=True))
    films, screenings = found[Film], found[Screening]
    for some in pieces(sorted(films)):
        screenings.update(Screening.objects.showing_any_of(some).values_list("pk", flat=True))
    return films, screenings


def _remove(plan: Plan) -> None:
    """Nothing refers to these rows but one another, so that those that others name go last."""
    for model in reversed(TRACKED):
        for some in pieces(plan.remove.get(model, [])):
            rows = model._base_manager.filter(pk__in=some)
            if model is Film:
                for texts in (SearchNames.objects.filter(film__in=some), SearchText.objects.filter(film__in=some)):
                    texts._raw_delete(texts.db)
            # Not one by one: each would ask for everything that might refer to it, and work its film out anew.
            delete_recorded(rows)


def _restore(plan: Plan, origin: Origin) -> None:
    by_model: dict[Model, list[tuple[Written, list[str]]]] = defaultdict(list)
    for row, names in plan.restore:
        by_model[row.model].append((row, names))
    log = []
    for model, rows in by_model.items():
        stored = {}
        for some in pieces([row.pk for row, _names in rows]):
            stored |= model._base_manager.select_for_update().in_bulk(some)
        fields = {model._meta.get_field(name).name for _row, names in rows for name in names}
        for row, names in rows:
            instance = stored[row.pk]
            for name in names:
                if model is Screening and name in AXES:
                    words = in_words(getattr(instance, name)), in_words(row.before[name])
                    log.append(log_row(instance, name, *words, origin))
                setattr(instance, name, row.before[name])
            fields |= _derived(instance)
        update_recorded(stored.values(), fields)
    StatusChange.objects.bulk_create(log, batch_size=500)


def _derived(instance: models.Model) -> set[str]:
    """Work out what follows from the instance's own fields; returns the names of those columns."""
    if isinstance(instance, Film):
        instance.derive()
        return {"sort_key", "synopsis_html"}
    if isinstance(instance, Person):
        instance.derive()
        return {"sort_key", "search_name", "biography_html"}
    if isinstance(instance, Screening):
        instance.stand_in_for_end()
        return {"ends_at"}
    return set()


def _recreate(plan: Plan) -> None:
    """Rows that the import removed, unless somebody has put the same there since, or removed what they belong to."""
    for model in TRACKED:
        removed = sorted((row for row in plan.recreate if row.model is model), key=lambda row: row.pk)
        for some in pieces([model(**row.before) for row in removed]):
            if not _is_put_back(some):
                # One of them cannot stand there: the others are put back one by one.
                left = [instance for instance in some if not _is_put_back([instance])]
                sentence = _("%(what)s could not be put back: something stands in its place.")
                plan.stays += [sentence % {"what": f"{model._meta.verbose_name} {instance.pk}"} for instance in left]


def _is_put_back(instances: Sequence[models.Model]) -> bool:
    """Create all of these rows, if each can stand there."""
    try:
        with transaction.atomic():
            create_recorded(instances)
            # What they name as well: else only the end of the whole undo would tell that it is gone.
            connection.check_constraints([instances[0]._meta.db_table])
    except IntegrityError:
        return False
    return True


def _derive(films: set[int], screenings: set[int]) -> None:
    for some in pieces(sorted(films)):
        Film.objects.filter(pk__in=some).update(updated_at=timezone.now())
        refresh_search_text(Film.objects.filter(pk__in=some))
    for some in pieces(sorted(screenings)):
        Screening.objects.filter(pk__in=some).update(updated_at=timezone.now())
        Screening.objects.filter(pk__in=some).refresh_ends()
