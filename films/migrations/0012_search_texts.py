import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("films", "0011_preview_links")]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "film",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="films.film",
                        verbose_name="film",
                    ),
                ),
                ("names", models.TextField()),
                ("text", models.TextField()),
            ],
            options={"verbose_name": "search text", "verbose_name_plural": "search texts"},
        ),
    ]
