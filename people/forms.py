"""A picture in a form: checked, cut and kept when it is chosen, and cut anew when its focal point moves."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image

from people.images import HEADSHOT, Shape, open_image, originals, store_picture


class PictureField(forms.FileField):
    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"})

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", _("JPEG, PNG, WebP or AVIF, best at least 1600 pixels wide."))
        super().__init__(required=False, **kwargs)


class PictureForm(forms.ModelForm):
    """Fills `<picture>_original` and `<picture>_key` of its model from `<picture>_upload` and `<picture>_focus`."""

    picture: str
    shape: Shape

    def clean(self) -> dict:
        cleaned = super().clean()
        upload, text = f"{self.picture}_upload", f"{self.picture}_alt"
        if self._has_picture and self.describes_picture(cleaned) and not cleaned.get(text):
            self.add_error(text, _("Say in a few words what the picture shows, for those who do not see it."))
        try:
            if cleaned.get(upload):
                self._take(cleaned[upload])
            elif f"{self.picture}_focus" in self.changed_data and self._stored_original:
                self._cut_anew()
        except ValidationError as refusal:
            self.add_error(upload, refusal)
        return cleaned

    def describes_picture(self, cleaned: dict) -> bool:
        """Whether the public will see the picture, which then needs a text in its place."""
        return True

    def picture_taken(self, image: Image.Image) -> None:
        """What else follows from a new picture."""

    @property
    def _stored_original(self) -> str:
        return getattr(self.instance, f"{self.picture}_original")

    @property
    def _has_picture(self) -> bool:
        return bool(self.cleaned_data.get(f"{self.picture}_upload") or self._stored_original)

    def _take(self, upload: UploadedFile) -> None:
        image = open_image(upload)
        if self.errors:
            raise ValidationError(_("Please choose the picture again: it is kept once the rest is right."))
        self._store(upload)
        self.picture_taken(image)

    def _cut_anew(self) -> None:
        try:
            original = originals().open(self._stored_original)
        except FileNotFoundError as error:
            raise ValidationError(
                _("The original of this picture is missing, so it cannot be cut anew. Please choose it again.")
            ) from error
        with original:
            self._store(original)

    def _store(self, content) -> None:
        original, key = store_picture(content, self.shape, self.cleaned_data.get(f"{self.picture}_focus", ""))
        setattr(self.instance, f"{self.picture}_original", original)
        setattr(self.instance, f"{self.picture}_key", key)


class PersonForm(PictureForm):
    picture = "headshot"
    shape = HEADSHOT

    headshot_upload = PictureField(label=_("Headshot"))
