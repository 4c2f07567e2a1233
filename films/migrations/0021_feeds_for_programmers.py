from django.db import migrations

from films.roles import BOX_OFFICE, PROGRAMMERS, grant

TO_SEE = ["films.view_ticketfeed", "films.view_feedmessage"]


def let_staff_see_feeds(apps, schema_editor) -> None:
    grant(apps, BOX_OFFICE, TO_SEE)
    grant(apps, PROGRAMMERS, [*TO_SEE, *(f"films.{do}_ticketfeed" for do in ("add", "change", "delete"))])


class Migration(migrations.Migration):
    dependencies = [("films", "0020_ticket_feeds")]

    operations = [migrations.RunPython(let_staff_see_feeds, migrations.RunPython.noop)]
