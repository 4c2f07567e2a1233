"""An export taken in again, and what two databases must have in common then, told without the code that exports."""

from datetime import datetime
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.apps import apps
from django.db import connection, models

from films.interchange import import_programme, uploaded_package
from films.interchange.exporting import export_everything, zip_of
from films.interchange.report import Report
from films.interchange.tables import TABLES
from films.models import Film, Screening, SearchNames, SearchText, SourceRow, StatusChange
from people.models import Person
from venues.models import Room, Venue

log = import_module("films.migrations.0010_seal_the_log")

# Whose they are, or when: of the installation and of the moment, not of the programme. And files of pictures.
NOT_COMPARED = {
    "id", "created_at", "updated_at", "still_original", "still_key", "headshot_original", "headshot_key", "changed_by",
    "beside", "revision",
}  # fmt: skip
NOT_CARRIED = {
    "EditingPresence", "FeedMessage", "ImportRun", "PreviewLink", "ReplacedPicture", "Revision", "SearchNames",
    "SearchText", "SearchWord", "TicketFeed", "TicketFeed_venues", "WaitingSheet",
}  # fmt: skip


def compared_models() -> list[type[models.Model]]:
    found = [
        model
        for label in ("films", "people", "venues")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return [
        model for model in found if not model.__name__.startswith("Historical") and model.__name__ not in NOT_CARRIED
    ]


def content() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table in the order it was made; what it refers to is told by its place in that order."""
    places = {
        model: {pk: place for place, pk in enumerate(model._base_manager.order_by("pk").values_list("pk", flat=True))}
        for model in compared_models()
    }
    sheets = {"venue": Venue, "room": Room, "film": Film, "person": Person, "screening": Screening}

    def told(row: models.Model, field: models.Field) -> Any:
        value = field.value_from_object(row)
        if field.is_relation:
            return None if value is None else (field.related_model.__name__, places[field.related_model][value])
        if isinstance(row, SourceRow) and field.name == "object_id":
            return places[sheets[row.sheet]][value]
        if isinstance(row, StatusChange) and row.axis == "room_id" and field.name in ("before", "after"):
            return places[Room].get(int(value))
        return value.isoformat() if isinstance(value, datetime) else value

    return {
        model._meta.label: [
            {field.name: told(row, field) for field in model._meta.concrete_fields if field.name not in NOT_COMPARED}
            for row in model._base_manager.order_by("pk")
        ]
        for model in compared_models()
    }


def empty_database() -> None:
    """Without the history, which is the installation's. The log lets nobody delete it, so its seal is lifted."""
    connection.check_constraints()
    _execute(log.BREAK_SEAL)
    for model in (SearchNames, SearchText, *(table.model for table in reversed(TABLES))):
        rows = model._base_manager.all()
        rows._raw_delete(rows.db)
    _execute(log.SEAL)


def _execute(statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def take_in(exported: bytes) -> Report:
    return import_programme(uploaded_package(exported), source="fest", edition="Fest 2026")


def assert_round_trip(as_file=zip_of, source: str = "") -> None:
    exported = as_file(export_everything(source))
    before = content()
    empty_database()
    take_in(exported)
    assert content() == before
    # A workbook also says when it was written.
    if as_file is zip_of:
        assert files_in(zip_of(export_everything(source))) == files_in(exported)


def files_in(exported: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(exported)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
