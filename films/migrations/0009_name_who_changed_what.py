from django.db import migrations
from django.db.models import Q

REASON_OF_AN_IMPORT = "Import from "


def name_them(apps, schema_editor) -> None:
    """Write the names of those who made the changes that the log holds already, and from where they were made."""
    StatusChange = apps.get_model("films", "StatusChange")
    User = apps.get_model("auth", "User")
    for user in User.objects.filter(pk__in=StatusChange.objects.values("changed_by")):
        name = f"{user.first_name} {user.last_name}".strip() or user.username
        StatusChange.objects.filter(changed_by=user, who="").update(who=name, source="admin")
    imported = Q(changed_by=None, reason__startswith=REASON_OF_AN_IMPORT)
    StatusChange.objects.filter(imported).update(source="import")


def start_counting(apps, schema_editor) -> None:
    apps.get_model("films", "Revision").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [
        ("films", "0008_standby_seats_and_sources"),
        migrations.swappable_dependency("auth.User"),
    ]

    operations = [
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.RunPython(start_counting, migrations.RunPython.noop),
    ]
