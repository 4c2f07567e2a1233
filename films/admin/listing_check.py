"""Where staff see what the listing check finds: in the lists, on the forms, and on a page over all of it."""

from collections import Counter, defaultdict
from datetime import datetime

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from films.admin.marks import by_level, mark
from films.conflicts import title_of
from films.listing_check import Level, Rule, check, facts_of, found_in, name_the_others, rules_for
from films.models import Edition, Film, Screening

EXAMPLES = 12


class FoundFilter(admin.SimpleListFilter):
    """Rows in which something was found: of a level, or by one rule. Stands last, so that it asks only of the
    rows that the other filters leave; of editions that are over, only when one of them is chosen."""

    title = _("listing check")
    parameter_name = "found"
    template = "admin/films/filter_found.html"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        levels = [
            (Level.ERROR, _("With errors")),
            (Level.WARNING, _("With warnings")),
            (Level.HINT, _("With hints")),
        ]
        return levels + [(rule.code, rule.label) for rule in rules_for(model_admin.model)]

    def choices(self, changelist):
        for number, choice in enumerate(super().choices(changelist)):
            yield choice | {"is_rule": number > len(Level)}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = self.value()
        if not wanted:
            return queryset
        at = moment_of(request)
        rows = queryset
        if not any(name.startswith("edition") for name in request.GET):
            rows = rows.filter(edition__in=Edition.objects.in_the_making(at))
        rows = queryset.model.objects.filter(pk__in=rows.order_by().values("pk"))
        rules, request.facts = rules_for(queryset.model), {facts.row.pk: facts for facts in facts_of(rows, at)}
        return queryset.filter(pk__in=[pk for pk, facts in request.facts.items() if rules.finds(facts, wanted)])


class CheckedList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """Checks the rows of this page, all at once, unless the filter has read them already."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        facts = getattr(request, "facts", None)
        if facts is None:
            rows = self.model.objects.filter(pk__in=[row.pk for row in self.result_list])
            facts = {facts.row.pk: facts for facts in facts_of(rows, moment_of(request))}
        for row in self.result_list:
            row.findings = rules_for(self.model).findings(facts[row.pk]) if row.pk in facts else []


class Checked:
    """For the admin of films and of screenings: the column, and the findings at the top of the form."""

    def get_changelist(self, request, **kwargs) -> type[ChangeList]:
        return CheckedList

    @admin.display(description=_("listing check"))
    def found(self, row: Film | Screening) -> str:
        counts = by_level(row.findings)
        return format_html_join(" ", "{}", ((mark(level, in_words(level, count)),) for level, count in counts)) or "–"

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj:
            rows = self.model.objects.filter(pk=obj.pk)
            context["findings"] = [finding for _row, found in check(rows, moment_of(request)) for finding in found]
        return super().render_change_form(request, context, add, change, form_url, obj)


def moment_of(request: HttpRequest) -> datetime:
    """The instant that this request speaks of, the same for all of it."""
    if not hasattr(request, "checked_at"):
        request.checked_at = timezone.now()
    return request.checked_at


def in_words(level: Level, count: int) -> str:
    if level == Level.ERROR:
        words = ngettext("%(count)d error", "%(count)d errors", count)
    elif level == Level.WARNING:
        words = ngettext("%(count)d warning", "%(count)d warnings", count)
    else:
        words = ngettext("%(count)d hint", "%(count)d hints", count)
    return words % {"count": count}


def check_page(request: HttpRequest) -> HttpResponse:
    """All that is found in the editions in the making, or in the one chosen: how often, and where."""
    models = [model for model in (Film, Screening) if request.user.has_perm(f"films.view_{model._meta.model_name}")]
    if not models:
        raise PermissionDenied
    at = moment_of(request)
    every = list(Edition.objects.order_by("-starts_on", "pk"))
    chosen = [edition for edition in every if str(edition.pk) == request.GET.get("edition")]
    editions = chosen or Edition.objects.in_the_making(at)
    sections, totals = [], Counter()
    for model in models:
        rows, counted = _tally(model, editions, at)
        sections.append({"name": model._meta.verbose_name_plural, "rows": rows})
        totals += counted
    context = admin.site.each_context(request) | {
        "title": gettext("Listing check"),
        "editions": editions,
        "every_edition": every,
        "chosen": chosen[0] if chosen else None,
        "sections": sections,
        "totals": [(level, mark(level, in_words(level, totals[level]))) for level in Level if totals[level]],
    }
    return TemplateResponse(request, "admin/films/listing_check.html", context)


def _tally(model: type[Film] | type[Screening], editions: list[Edition], at: datetime) -> tuple[list[dict], Counter]:
    """A row for each rule that found something, worst first, with counts by edition and examples; and the sum."""
    counts, where = defaultdict(Counter), defaultdict(list)
    levels: dict[str, Level] = {}
    for row, findings in found_in(model.objects.filter(edition__in=editions), at):
        for finding in {finding.code: finding for finding in findings}.values():
            counts[finding.code][row.edition_id] += 1
            where[finding.code].append((row, finding))
            levels[finding.code] = min(levels.get(finding.code, Level.HINT), finding.level, key=lambda it: it.rank)
    rules = sorted((rule for rule in rules_for(model) if rule.code in counts), key=lambda it: levels[it.code].rank)
    shown = [one for found in where.values() for one in found[:EXAMPLES]]
    if model is Screening:
        prefetch_related_objects(list({row.pk: row for row, _finding in shown}.values()), "items__film")
        name_the_others(finding for _row, finding in shown)
    rows = [
        _row(model, rule, levels[rule.code], [(edition, counts[rule.code][edition.pk]) for edition in editions])
        | {"examples": [_example(*one) for one in where[rule.code][:EXAMPLES]]}
        for rule in rules
    ]
    return rows, Counter(finding.level for found in where.values() for _row, finding in found)


def _row(model: type, rule: Rule, level: Level, counts: list[tuple[Edition, int]]) -> dict:
    rows = reverse(f"admin:films_{model._meta.model_name}_changelist")
    cells = [(count, f"{rows}?edition__id__exact={edition.pk}&found={rule.code}") for edition, count in counts]
    return {
        "label": rule.label,
        "mark": mark(level),
        "cells": cells,
        "further": max(0, sum(count for count, _url in cells) - EXAMPLES),
    }


def _example(row: Film | Screening, finding) -> dict:
    name = str(row) if isinstance(row, Film) else f"{title_of(row)}, {row}"
    url = reverse(f"admin:films_{row._meta.model_name}_change", args=[row.pk])
    return {"name": name, "url": url, "sentence": finding.sentence}
