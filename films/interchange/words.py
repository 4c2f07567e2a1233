"""The words that films are filed under: found again however they are spelt, made when they are new."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _

from films.interchange import names
from films.interchange.report import Report
from films.interchange.sheets import Row
from films.models import Country, CreditRole, Genre, Language, Series, WarningKind
from people.models import unique_slug
from people.text import fold, slug_base


class Words:
    """Countries, languages, genres, kinds of warning and series by what is printed; each asked for once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._found: dict[tuple[type, str], models.Model] = {}
        for model in (Country, Language, Genre, WarningKind):
            self._found |= {(model, word.folded): word for word in model.objects.all()}
        self._found |= {(Series, fold(series.name)): series for series in Series.objects.all()}
        self._by_key = {(type(word), word.pk): word for word in self._found.values()}

    def all_of(self, model: type[models.Model], row: Row, column: str) -> list[models.Model]:
        """The words of a cell in its order, each once."""
        found = {}
        for word in row[column]:
            instance = self._one(model, word, row, column)
            found[instance.pk] = instance
        return list(found.values())

    def with_keys(self, model: type[models.Model], keys: Iterable[int]) -> list[models.Model]:
        """The words with these primary keys, in the same order."""
        return [self._by_key[model, key] for key in keys]

    def _one(self, model: type[models.Model], word: str, row: Row, column: str) -> models.Model:
        name, code = word, ""
        if model in (Country, Language):
            name, code = (names.country if model is Country else names.language)(word)
            if not code:
                of_country = _("“%(word)s” is no country known here; kept as it is written.")
                of_language = _("“%(word)s” is no language known here; kept as it is written.")
                sentence = of_country if model is Country else of_language
                self.report.doubtful.add(row.file, row.line, column, sentence % {"word": word})
        key = (model, fold(name)[:200])
        if key not in self._found:
            values = {"code": code} if model in (Country, Language) else {}
            word = self._found[key] = model.objects.create(name=name, **values)
            self._by_key[model, word.pk] = word
        return self._found[key]


class Roles:
    """Credit roles by their code or any of their names."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._found: dict[str, CreditRole] = {}
        for role in CreditRole.objects.all():
            self._know(role)

    def of(self, row: Row) -> CreditRole:
        printed = row["role"].replace("_", " ")
        key = _role_key(printed)
        if key not in self._found:
            sentence = _("“%(role)s” is a new role; it was added after the others.") % {"role": row["role"]}
            self.report.doubtful.add(row.file, row.line, "role", sentence)
            name = printed[:1].upper() + printed[1:]
            slug = unique_slug(CreditRole, slug_base(printed)[:50] or "role")
            self._know(CreditRole.objects.create(slug=slug, name=name, plural=name))
        return self._found[key]

    def _know(self, role: CreditRole) -> None:
        for name in (role.plural, role.name, role.slug):
            self._found[_role_key(name)] = role


def _role_key(printed: str) -> str:
    return slug_base(printed) or fold(printed)
