from django.db import migrations

from people.text import fold

AT_ONCE = 500


def fill(apps, schema_editor):
    """What saving each film writes: see films/models/search_text.py, and read there what the columns hold."""
    Film, SearchText = apps.get_model("films", "Film"), apps.get_model("films", "SearchText")
    credits = {}
    for film, *names in (
        apps.get_model("films", "Credit")
        .objects.order_by("film", "role__position", "position", "pk")
        .values_list("film", "person__name", "credited_as")
    ):
        credits.setdefault(film, []).extend(names)
    words = {
        field: _by_film(Film.objects.filter(**{f"{field}__isnull": False}), f"{field}__name")
        for field in ("series", "countries", "genres")
    }
    rows = []
    for film in Film.objects.only("title", "original_title", "sort_title", "search_text").iterator(AT_ONCE):
        groups = (
            [film.title, film.original_title[:120], film.sort_title],
            credits.get(film.pk, []),
            words["series"].get(film.pk, []),
            words["countries"].get(film.pk, []) + words["genres"].get(film.pk, []),
        )
        lines = ("\n".join(f" {name}" for name in dict.fromkeys(map(fold, names)) if name) for names in groups)
        rows.append(SearchText(film_id=film.pk, names="\n\n".join(lines), text=f" {film.search_text}"))
    SearchText.objects.bulk_create(rows, batch_size=AT_ONCE)


def _by_film(films, name):
    names = {}
    for film, text in films.order_by("pk").values_list("pk", name):
        names.setdefault(film, []).append(text)
    return names


class Migration(migrations.Migration):
    dependencies = [("films", "0012_search_texts")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
