"""The index of names by trigrams moves with them, where the database has trigrams: 0014 says more of them."""

from django.db import migrations, models

CREATE = "CREATE INDEX search_names_trigrams ON films_searchnames USING gin (names gin_trgm_ops)"


def create_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            cursor.execute(CREATE)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS search_names_trigrams")


class Migration(migrations.Migration):
    dependencies = [("films", "0024_fill_search_names_and_words")]

    operations = [
        # So that the way back has something to put there until 0024 gives the names back.
        migrations.AlterField("searchtext", "names", models.TextField(default="")),
        migrations.RemoveField("searchtext", "names"),
        migrations.RunPython(create_index, drop_index),
    ]
