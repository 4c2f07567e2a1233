"""Names apart from texts, in both the countries' names in every language of the site, and the words of all names.

Films stored before those languages were looked at are found by them from now on without being saved. Rows are
made from rows, and no prose is read: 30,000 films take some seconds.
"""

from babel import Locale
from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Concat

from people.text import fold, words_in

AT_ONCE = 500
LANGUAGES = ("en", "fr")


def fill(apps, schema_editor):
    SearchText, SearchNames, SearchWord = (
        apps.get_model("films", name) for name in ("SearchText", "SearchNames", "SearchWord")
    )
    abroad = _names_of_countries(apps)
    missing, rows, words = {}, [], set()
    for film, names in SearchText.objects.order_by("pk").values_list("pk", "names"):
        lines = set(names.split("\n"))
        added = [f" {name}" for name in abroad.get(film, ()) if f" {name}" not in lines]
        if added:
            names += "\n".join(added if names.endswith("\n\n") else ["", *added])
            missing.setdefault("".join(added), []).append(film)
        rows.append(SearchNames(film_id=film, names=names))
        words.update(word for word in words_in(names) if 3 <= len(word) <= 40)
    SearchNames.objects.bulk_create(rows, batch_size=AT_ONCE)
    SearchWord.objects.bulk_create((SearchWord(word=word) for word in sorted(words)), batch_size=AT_ONCE)
    for added, films in missing.items():
        for start in range(0, len(films), AT_ONCE):
            some = SearchText.objects.filter(pk__in=films[start : start + AT_ONCE])
            some.update(text=Concat(F("text"), Value(added)))


def give_names_back(apps, schema_editor):
    SearchText = apps.get_model("films", "SearchText")
    rows = apps.get_model("films", "SearchNames").objects.order_by("pk").values_list("pk", "names")
    texts = [SearchText(film_id=film, names=names) for film, names in rows]
    SearchText.objects.bulk_update(texts, ["names"], batch_size=AT_ONCE)


def _names_of_countries(apps):
    """By film, what the standards call its countries, folded."""
    standards = [Locale.parse(language).territories for language in LANGUAGES]
    countries = {
        pk: [fold(names[code]) for names in standards if code in names]
        for pk, code in apps.get_model("films", "Country").objects.values_list("pk", "code")
    }
    names = {}
    for film, country in apps.get_model("films", "FilmCountry").objects.order_by("pk").values_list("film", "country"):
        names.setdefault(film, []).extend(countries[country])
    return {film: list(dict.fromkeys(those)) for film, those in names.items()}


class Migration(migrations.Migration):
    dependencies = [("films", "0023_search_names_and_words")]

    operations = [migrations.RunPython(fill, give_names_back, elidable=True)]
