"""Fields that an import leaves alone: those it would write, in words, to be locked one by one."""

from django import forms
from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from films.interchange import films, screenings
from films.interchange.merging import AXES
from films.models import Film

LOCKED_HELP = _("Locked: an import leaves it alone.")


def lockable(model: type[models.Model]) -> dict[str, str]:
    """What an import writes in a film or in a screening: the names of locks, and what staff call each."""
    if model is Film:
        names = [*films.COLUMNS.values(), *films.FURTHER_COLUMNS.values(), "languages", "series", "genres"]
        rows = {"countries": _("Countries of origin"), "credits": _("Credits")}
    else:
        names = [name.removesuffix("_id") for name in AXES]
        names += [*screenings.COLUMNS.values(), *screenings.FURTHER_COLUMNS.values(), "entered_end", "audience"]
        rows = {"films": _("Films in the screening")}
    return {name: capfirst(model._meta.get_field(name).verbose_name) for name in names} | rows


class LockingForm(forms.ModelForm):
    """The form of a film or of a screening, with its locks; a field that is locked says so."""

    locked_fields = forms.MultipleChoiceField(
        label=_("An import leaves alone"), required=False, widget=forms.CheckboxSelectMultiple
    )
    # Fields of the model that are entered under another name.
    entered_as = {"starts_at": "local_start", "entered_end": "local_end"}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        locks = self.fields.get("locked_fields")
        if locks is None:
            return  # Somebody who may only look.
        locks.choices = list(lockable(self._meta.model).items())
        self.initial["locked_fields"] = [name.removesuffix("_id") for name in self.instance.locked_fields]
        for name in self.initial["locked_fields"]:
            if field := self.fields.get(self.entered_as.get(name, name)):
                field.help_text = format_lazy("{} {}", LOCKED_HELP, field.help_text) if field.help_text else LOCKED_HELP

    def clean_locked_fields(self) -> list[str]:
        """A lock that has no box here is kept."""
        known = dict(self.fields["locked_fields"].choices)
        others = [name for name in self.instance.locked_fields if name.removesuffix("_id") not in known]
        return [*self.cleaned_data["locked_fields"], *others]
