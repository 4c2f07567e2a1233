"""Indexes that find words inside search texts on PostgreSQL, where the database lets us have them.

Trigrams need the extension pg_trgm, which not every role may create. Where it cannot be had, search works all the same
and reads every text; `CREATE EXTENSION pg_trgm`, run by someone who may, and then by hand the CREATE INDEX for `text`
below and that of 0025 for `names`, make up for it. SQLite has no such index and needs nothing here.
"""

from django.db import DatabaseError, migrations, transaction

COLUMNS = ("names", "text")


def create_indexes(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for column in COLUMNS:
                cursor.execute(
                    f"CREATE INDEX search_{column}_trigrams ON films_searchtext USING gin ({column} gin_trgm_ops)"
                )
    except DatabaseError as error:
        print(f"\n  Search goes without its trigram indexes: {str(error).splitlines()[0]}")
        print("  It works, more slowly in large programmes. films/migrations/0014_index_search_texts.py says more.")


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for column in COLUMNS:
            schema_editor.execute(f"DROP INDEX IF EXISTS search_{column}_trigrams")


class Migration(migrations.Migration):
    dependencies = [("films", "0013_fill_search_texts")]

    operations = [migrations.RunPython(create_indexes, drop_indexes)]
