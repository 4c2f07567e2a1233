"""A plain sheet between its upload and its confirmation: where it waits, and what is asked of both."""

from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.tmp_storages import BaseStorage

from films.interchange.packages import MOST_BYTES
from films.models import WaitingSheet


class SheetStorage(BaseStorage):
    """In the database, until it is confirmed or a day has gone by."""

    def save(self, data: bytes) -> None:
        WaitingSheet.objects.exclude(pk__in=WaitingSheet.objects.waiting().values("pk")).delete()
        self.name = WaitingSheet.objects.create(content=data).key.hex

    def read(self) -> bytes:
        return bytes(WaitingSheet.objects.waiting().get(pk=self.name).content)


class SheetForm(ImportForm):
    def clean_import_file(self) -> UploadedFile:
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
            most = MOST_BYTES // 1024 // 1024
            raise ValidationError(_("More than %(most)d MB, which is no list.") % {"most": most})
        return file


class ConfirmForm(ConfirmImportForm):
    """`shown` is the mark of the difference that was looked at."""

    import_file_name = forms.UUIDField(widget=forms.HiddenInput())
    format = forms.TypedChoiceField(choices=[("0", ""), ("1", "")], widget=forms.HiddenInput())
    shown = forms.CharField(widget=forms.HiddenInput())

    def clean_import_file_name(self) -> UUID:
        """A key and no name of a file, which the library's own form would make of it."""
        return self.cleaned_data["import_file_name"]
