import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("films", "0022_counts_are_no_history")]

    operations = [
        migrations.CreateModel(
            name="SearchNames",
            fields=[
                (
                    "film",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_names",
                        serialize=False,
                        to="films.film",
                        verbose_name="film",
                    ),
                ),
                ("names", models.TextField()),
            ],
            options={"verbose_name": "search names", "verbose_name_plural": "search names"},
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(db_index=True, max_length=40, verbose_name="word")),
            ],
            options={"verbose_name": "word of names", "verbose_name_plural": "words of names"},
        ),
    ]
