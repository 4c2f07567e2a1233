from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("films", "0014_index_search_texts")]

    operations = [migrations.RemoveField("film", "search_text")]
