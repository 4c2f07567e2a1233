from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.db import models

from people.ordered import OrderedRow, OrderedRows
from people.text import is_id


class Completing:
    """Completes what is typed. What cannot be a row's id was refused as it came, and is not asked of the database."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if one == "" or is_id(str(one))], attr)


class CompletingMany(Completing, AutocompleteSelectMultiple):
    def value_from_datadict(self, data, files, name):
        """The ids that were chosen; a number too long for one comes as 0, which no row has and SQLite can be asked."""
        chosen = super().value_from_datadict(data, files, name)
        return chosen and ["0" if str(one).isdecimal() and not is_id(str(one)) else one for one in chosen]


class KnownSelect(Completing, AutocompleteSelect):
    """Completes what is typed; of what its row names already, it need not ask the database once more for each row."""

    known: models.Model | None = None

    def optgroups(self, name, value, attr=None):
        if self.known is None or list(map(str, value)) != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        label = self.choices.field.label_from_instance(self.known)
        return [(None, [*options, self.create_option(name, self.known.pk, label, True, len(options))], 0)]


class KnownRows(OrderedRows):
    def add_fields(self, form, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", None)
            if isinstance(widget, KnownSelect) and form.instance.pk:
                widget.known = getattr(form.instance, name)


class Ordered:
    """For rows that have a `position`: by drag, by keyboard or by its number."""

    form = OrderedRow
    formset = KnownRows

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.autocomplete_fields) if self.autocomplete_fields else rows


class Menus:
    """For an admin or its rows: what its fields choose from.

    `short_lists` maps fields whose options fit a menu to what those options' names need; a menu is read once,
    not once for each row. No link beside a field deletes what the field names.
    """

    short_lists: dict[str, list[str]] = {}

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = CompletingMany(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownSelect(db_field, self.admin_site)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in self.short_lists:
            if related := self.short_lists[db_field.name]:
                field.queryset = field.queryset.select_related(*related)
            field.choices = list(field.choices)
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
            if db_field.name in self.short_lists:
                field.widget.can_add_related = field.widget.can_change_related = False
        return field


class InPageOrder:
    """For an admin whose rows stand among its fields: each after the part of the form that holds what it `follows`."""

    def render_change_form(self, request, context, *args, **kwargs):
        context |= in_page_order(list(context["adminform"]), context["inline_admin_formsets"])
        return super().render_change_form(request, context, *args, **kwargs)


def in_page_order(fieldsets: list, rows: list) -> dict[str, list]:
    """`sections`: each fieldset with the rows that follow one of its fields; `further_rows`: those that follow none."""
    sections = [
        (fieldset, [some for some in rows if getattr(some.opts, "follows", None) in fieldset.fields])
        for fieldset in fieldsets
    ]
    placed = [some for _fieldset, following in sections for some in following]
    return {"sections": sections, "further_rows": [some for some in rows if some not in placed]}
