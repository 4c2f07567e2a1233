from django.db import migrations

# slug, name, plural, department
ROLES = [
    ("director", "Director", "Directors", "direction"),
    ("cast", "Cast", "Cast", "cast"),
    ("speaker", "Speaker", "Speakers", "cast"),
    ("executive-producer", "Executive Producer", "Executive Producers", "crew"),
    ("producer", "Producer", "Producers", "crew"),
    ("screenwriter", "Screenwriter", "Screenwriters", "crew"),
    ("screenplay", "Screenplay", "Screenplay", "crew"),
    ("cinematography", "Cinematography", "Cinematography", "crew"),
    ("editor", "Editor", "Editors", "crew"),
    ("production-design", "Production Design", "Production Design", "crew"),
    ("music", "Original Music", "Original Music", "crew"),
    ("sound", "Sound", "Sound", "crew"),
]


def add_roles(apps, schema_editor) -> None:
    role = apps.get_model("films", "CreditRole")
    for number, (slug, name, plural, department) in enumerate(ROLES, start=1):
        role.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "plural": plural,
                "department": department,
                "position": number * 10,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("films", "0001_initial")]

    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
