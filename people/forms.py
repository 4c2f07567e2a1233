"""A picture in a form: checked, cut and kept when it is chosen, and cut anew when its focal point moves."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from PIL import Image

from people.images import HEADSHOT, Shape, open_image, original_of, originals, sign_original, store_picture
from people.models import Person


class Prose(AdminTextareaWidget):
    """A text in Markdown, shown beside it as the page will show it."""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"data-markdown": "", "rows": 14} | (attrs or {}))


class Line(AdminTextareaWidget):
    """A sentence or two of a limited length, which is counted; line breaks in it are spaces."""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"data-count": "", "rows": 2} | (attrs or {}))

    def value_from_datadict(self, data, files, name) -> str | None:
        typed = super().value_from_datadict(data, files, name)
        return typed if typed is None else " ".join(typed.splitlines())


class PictureField(forms.FileField):
    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"})

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", _("JPEG, PNG, WebP or AVIF, best at least 1600 pixels wide."))
        super().__init__(required=False, **kwargs)


class KeptPictureField(forms.CharField):
    """Which picture was chosen already, in a form that comes back for something else."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)


class PictureForm(forms.ModelForm):
    """Fills `<picture>_original` and `<picture>_key` of its model from `<picture>_upload` and `<picture>_focus`.

    A good picture in a form that is not right yet is kept, and `<picture>_kept` says which: it need not be chosen
    again.
    """

    picture: str
    shape: Shape

    def clean(self) -> dict:
        cleaned = super().clean()
        upload, text = f"{self.picture}_upload", f"{self.picture}_alt"
        try:
            self._read_picture(cleaned)
        except ValidationError as refusal:
            self.add_error(upload, refusal)
        if self._original and self.describes_picture(cleaned) and not cleaned.get(text):
            self.add_error(text, _("Say in a few words what the picture shows, for those who do not see it."))
        return cleaned

    def describes_picture(self, cleaned: dict) -> bool:
        """Whether the public will see the picture, which then needs a text in its place."""
        return True

    def picture_taken(self, image: Image.Image) -> None:
        """What else follows from a new picture."""

    @property
    def _original(self) -> str:
        return getattr(self.instance, f"{self.picture}_original")

    def _read_picture(self, cleaned: dict) -> None:
        kept = f"{self.picture}_kept"
        if chosen := cleaned.get(f"{self.picture}_upload"):
            self._take(chosen)
            self.data = self.data.copy()
            self.data[self.add_prefix(kept)] = sign_original(self._original)
        elif original := original_of(cleaned.get(kept, "")):
            with self._opened(original) as file:
                self._take(file)
        elif f"{self.picture}_focus" in self.changed_data and self._original:
            with self._opened(self._original) as file:
                self._store(file)

    def _take(self, content: File) -> None:
        image = open_image(content)
        self._store(content)
        self.picture_taken(image)

    def _opened(self, original: str) -> File:
        try:
            return originals().open(original)
        except FileNotFoundError as error:
            raise ValidationError(
                _("The original of this picture is missing, so it cannot be cut anew. Please choose it again.")
            ) from error

    def _store(self, content: File) -> None:
        original, key = store_picture(content, self.shape, self.cleaned_data.get(f"{self.picture}_focus", ""))
        setattr(self.instance, f"{self.picture}_original", original)
        setattr(self.instance, f"{self.picture}_key", key)


class PersonForm(PictureForm):
    """Asks before it makes a second person of one name, and offers the first."""

    picture = "headshot"
    shape = HEADSHOT
    ANOTHER = "another"

    headshot_upload = PictureField(label=_("Headshot"))
    headshot_kept = KeptPictureField()
    namesake = forms.CharField(label=_("Which one"), required=False, widget=forms.HiddenInput)

    class Meta:
        widgets = {"biography": Prose, "headshot_alt": Line}

    def clean(self) -> dict:
        cleaned = super().clean()
        known = [] if self.instance.pk else Person.objects.namesakes(cleaned.get("name", ""))
        if known:
            choices = [(person.pk, self.in_words(person)) for person in known]
            choices.append((self.ANOTHER, _("Another person of that name, to be added")))
            self.fields["namesake"].widget = forms.RadioSelect(choices=choices)
            if cleaned.get("namesake") != self.ANOTHER:
                self.add_error("namesake", _("Somebody of that name is here already. Is it one of these?"))
        return cleaned

    def in_words(self, person: Person) -> str:
        """Enough about a person to tell them from another of the same name."""
        known_for = ", ".join(self.works_of(person)[:3]) or Truncator(person.biography).words(12)
        return f"{person.name} ({known_for or person.slug})"

    def works_of(self, person: Person) -> list[str]:
        return [entry.title for entry in person.filmography.all()[:3]]
