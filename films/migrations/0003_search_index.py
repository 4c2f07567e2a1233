"""An index that finds words inside films' search texts on PostgreSQL, where the database lets us have one.

Trigrams need the extension pg_trgm, which not every role may create. Where it cannot be had, search works all the same
and reads every text; `CREATE EXTENSION pg_trgm`, run by someone who may, and this migration once more
(`migrate films 0002`, `migrate`), make up for it. SQLite has no such index and needs nothing here.
"""

from django.db import DatabaseError, migrations, transaction

INDEX = "film_search_trigrams"


def create_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(f"CREATE INDEX {INDEX} ON films_film USING gin (search_text gin_trgm_ops)")
    except DatabaseError as error:
        print(f"\n  Search goes without its trigram index: {str(error).splitlines()[0]}")
        print("  It works, more slowly in large programmes. films/migrations/0003_search_index.py says how to add it.")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("films", "0002_credit_roles")]

    operations = [migrations.RunPython(create_index, drop_index)]
