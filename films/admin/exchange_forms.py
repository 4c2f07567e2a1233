from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from films.interchange.own_keys import sources
from films.interchange.packages import MOST_BYTES, zipped
from films.models import Edition, ImportRun


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several files, as a list."""

    widget = ManyFilesInput

    def clean(self, data, initial=None) -> list[UploadedFile]:
        return [super(ManyFilesField, self).clean(file, initial) for file in data or [None]]


class UploadForm(forms.ModelForm):
    files = ManyFilesField(
        label=_("Files"),
        help_text=_("A ZIP of the four CSV files, the four CSV files themselves, or one XLSX workbook. Up to 10 MB."),
    )

    class Meta:
        model = ImportRun
        fields = ["files", "source", "edition"]
        widgets = {
            "source": forms.TextInput({"list": "sources"}),
            "edition": forms.TextInput({"list": "editions"}),
        }

    def suggestions(self) -> dict[str, list[str]]:
        """What was entered before, to choose from."""
        return {"sources": sources(), "editions": list(Edition.objects.values_list("name", flat=True))}

    def clean_files(self) -> bytes:
        """One package: several CSV files become a ZIP of them."""
        files = self.cleaned_data["files"]
        if sum(file.size for file in files) > MOST_BYTES:
            raise ValidationError(
                _(
                    "More than %(most)d MB. Let somebody with access to the server import it: "
                    "manage.py import_programme."
                ),
                params={"most": MOST_BYTES // 1024 // 1024},
            )
        kinds = {file.name.rpartition(".")[2].casefold() for file in files}
        names = [file.name for file in files]
        self.instance.file_name = ", ".join(names)[:300]
        if len(files) == 1 and kinds <= {"zip", "xlsx"}:
            return files[0].read()
        if kinds == {"csv"} and len(set(names)) == len(names):
            return zipped((file.name, file.read()) for file in files)
        if kinds & {"xls", "ods", "numbers", "xlsm"}:
            raise ValidationError(_("A workbook has to be saved as XLSX first (without macros)."))
        raise ValidationError(_("Choose one ZIP, one XLSX workbook, or the CSV files of one programme."))


class ExportForm(forms.Form):
    what = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=_("As"),
        choices=[("zip", _("ZIP of CSV files")), ("xlsx", _("XLSX workbook"))],
        initial="zip",
        widget=forms.RadioSelect,
    )
    source = forms.ChoiceField(
        label=_("Keys"),
        required=False,
        help_text=_("Rows that came from this source bear its keys; all others get keys of our own, which stay."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        one = _("Only “%(name)s”")
        self.fields["what"].choices = [
            ("everything", _("Everything, to be taken into an empty database")),
            *((str(edition.pk), one % {"name": edition.name}) for edition in Edition.objects.all()),
        ]
        self.fields["what"].initial = "everything"
        known = sources()
        self.fields["source"].choices = [*((name, name) for name in known), ("", _("Our own"))]
        self.fields["source"].initial = next(iter(known), "")
