from uuid import uuid4

from django.db import migrations
from django.utils import timezone

WHY = "As it stood when its history began"


def write(apps, schema_editor):
    """Give each row that is there its first row of history, so that the first change has something to differ from."""
    common = {
        "history_date": timezone.now(),
        "history_type": "+",
        "history_change_reason": WHY,
        "occasion": uuid4(),
    }
    models = {
        model._meta.model_name: model
        for app in ("people", "venues", "films")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    for name, model in models.items():
        history = models.get(f"historical{name}")
        if history is None:
            continue
        columns = {field.attname for field in history._meta.fields}
        names = [field.attname for field in model._meta.fields if field.attname in columns]
        rows = []
        for values in model._base_manager.order_by("pk").values(*names).iterator(chunk_size=500):
            rows.append(history(**common, **values))
            if len(rows) == 500:
                history._base_manager.bulk_create(rows)
                rows = []
        history._base_manager.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("films", "0006_history")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
