from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

from films.models import Film
from people.forms import PictureField, PictureForm
from people.images import STILL, grade_of
from people.text import fold


class FilmForm(PictureForm):
    picture = "still"
    shape = STILL

    still_upload = PictureField(label=_("Still"))

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
