from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image

from films import publication
from films.forms import HiddenUntilAsked
from films.locks import LockingForm
from films.models import Film
from people.forms import KeptPictureField, Line, PictureField, PictureForm, Prose
from people.images import STILL, grade_of
from people.text import fold


class FilmForm(LockingForm, PictureForm):
    picture = "still"
    shape = STILL

    class Meta:
        widgets = {"synopsis": Prose, "blurb": Line, "guest_note": Line, "still_alt": Line}

    still_upload = PictureField(label=_("Still"))
    still_kept = KeptPictureField()
    take_away = forms.BooleanField(
        label=_("Take the page away"),
        required=False,
        widget=HiddenUntilAsked,
        help_text=_("For what was published by mistake: whoever follows a link to it finds no page."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.at = timezone.now()
        if "state" in self.fields:
            states = publication.may_become(self.instance, self.at)
            self.fields["state"].choices = [(state, publication.CHOICES[state]) for state in states]
            self.fields["state"].error_messages["invalid_choice"] = _(
                "From what it is now, the film cannot become that."
            )

    def clean(self) -> dict:
        cleaned = super().clean()
        if {"state", "embargo_until"} & set(self.changed_data) and cleaned.get("state"):
            self._check_publication(cleaned["state"], cleaned.get("embargo_until"))
        return cleaned

    def _check_publication(self, state: str, embargo_until: datetime | None) -> None:
        if embargo_until is None and state == Film.State.SCHEDULED:
            return  # The model says so itself.
        if refusal := publication.why_not_then(state, embargo_until, self.at):
            self.add_error("embargo_until", refusal)
        elif publication.hides_a_page(self.instance, state, embargo_until, self.at):
            self.fields["take_away"].widget = forms.CheckboxInput()
            if not self.cleaned_data.get("take_away"):
                refusal = _(
                    "The world sees its page already. Withdraw it, and the page says so; or take the page away."
                )
                self.add_error("state", refusal)

    def describes_picture(self, cleaned: dict) -> bool:
        return cleaned.get("state") in (Film.State.PUBLISHED, Film.State.SCHEDULED)

    def picture_taken(self, image: Image.Image) -> None:
        if self.cleaned_data.get("grade") is None:
            self.cleaned_data["grade"] = grade_of(image)


class WordForm(forms.ModelForm):
    def clean_name(self) -> str:
        """Refuse a word that is there already, with other accents or in another case."""
        name = self.cleaned_data["name"]
        known = self._meta.model.objects.filter(folded=fold(name)[:200]).exclude(pk=self.instance.pk).first()
        if known:
            raise ValidationError(_("“%(name)s” is there already."), params={"name": known.name})
        return name


class ClassificationFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """A film has one class in a scheme; the scheme itself is not entered, so rows are compared here."""
        super().clean()
        seen = set()
        for form in self.forms:
            chosen = getattr(form, "cleaned_data", {}).get("classification")
            if not chosen or form in self.deleted_forms:
                continue
            if chosen.scheme_id in seen:
                raise ValidationError(_("Two classes are of one scheme, %(scheme)s."), params={"scheme": chosen.scheme})
            seen.add(chosen.scheme_id)
