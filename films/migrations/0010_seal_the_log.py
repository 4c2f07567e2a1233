"""From here on the database itself refuses to change or delete a row of the log.

A later migration that alters the table `films_statuschange` breaks the seal on SQLite, which makes the table anew:
it then runs `seal` again. One that has to rewrite rows runs `break_seal` before and `seal` after.
"""

from django.db import migrations

SEAL = {
    "postgresql": [
        """
        CREATE OR REPLACE FUNCTION films_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'The log of changes is append-only.' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        "DROP TRIGGER IF EXISTS films_log_stays ON films_statuschange",
        """
        CREATE TRIGGER films_log_stays BEFORE UPDATE OR DELETE ON films_statuschange
        FOR EACH ROW EXECUTE FUNCTION films_log_is_append_only()
        """,
    ],
    "sqlite": [
        f"""
        CREATE TRIGGER IF NOT EXISTS films_log_no_{event} BEFORE {event} ON films_statuschange
        BEGIN SELECT RAISE(ABORT, 'The log of changes is append-only.'); END
        """
        for event in ("update", "delete")
    ],
}
BREAK_SEAL = {
    "postgresql": ["DROP TRIGGER IF EXISTS films_log_stays ON films_statuschange"],
    "sqlite": [f"DROP TRIGGER IF EXISTS films_log_no_{event}" for event in ("update", "delete")],
}


def seal(apps, schema_editor) -> None:
    for statement in SEAL[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def break_seal(apps, schema_editor) -> None:
    for statement in BREAK_SEAL[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("films", "0009_name_who_changed_what")]

    operations = [migrations.RunPython(seal, break_seal)]
