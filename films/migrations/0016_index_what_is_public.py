from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("films", "0015_drop_search_text_of_films")]

    operations = [
        migrations.RemoveIndex(model_name="film", name="film_listing"),
        migrations.AddIndex(
            model_name="film",
            index=models.Index(fields=["edition", "state", "sort_key", "id", "embargo_until"], name="film_listing"),
        ),
    ]
