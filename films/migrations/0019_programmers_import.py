from django.db import migrations

from films.roles import PROGRAMMERS, grant


def let_programmers_import(apps, schema_editor) -> None:
    """They upload, apply and undo; what was uploaded and done is nobody's to delete."""
    grant(apps, PROGRAMMERS, [f"films.{action}_importrun" for action in ("view", "add", "change")])


class Migration(migrations.Migration):
    dependencies = [("films", "0018_imports_through_the_admin")]

    operations = [migrations.RunPython(let_programmers_import, migrations.RunPython.noop)]
