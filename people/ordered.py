"""Rows below a form that have an order of their own, by a number that a hand, a button or a keyboard may set."""

from django import forms
from django.utils.translation import gettext_lazy as _


class OrderedRow(forms.ModelForm):
    """A row with a `position`; a new one with nothing but a position is an empty one."""

    def has_changed(self) -> bool:
        changed = set(self.changed_data)
        return bool(changed if self.instance.pk else changed - {"position"})


class OrderedRows(forms.BaseInlineFormSet):
    """Rows of OrderedRow. One without a position goes to the end, in the order in which they were entered."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        position = form.fields.get("position")
        if position is None:
            return  # Somebody who may only look.
        position.required = False
        position.widget.attrs |= {"class": "row-order", "aria-label": _("Order")}
        if not form.instance.pk:
            position.initial = form.initial["position"] = None

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms and "position" in form.fields]
        filled = [form for form in kept if hasattr(form, "cleaned_data") and (form.instance.pk or form.has_changed())]
        positions = [form.cleaned_data.get("position") for form in filled]
        last = max([position for position in positions if position is not None], default=-1)
        for form, position in zip(filled, positions, strict=True):
            if position is None:
                last += 1
                form.cleaned_data["position"] = form.instance.position = last
