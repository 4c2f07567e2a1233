from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Who has not confirmed a sheet by then uploads it again.
WAITS = timedelta(days=1)


class WaitingSheetQuerySet(models.QuerySet):
    def waiting(self) -> "WaitingSheetQuerySet":
        return self.filter(uploaded_at__gt=timezone.now() - WAITS)


class WaitingSheet(models.Model):
    """A plain sheet whose difference was shown, and that waits to be confirmed, on whichever application node that is.

    Only whoever uploaded it learns its key.
    """

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    content = models.BinaryField(editable=False)
    uploaded_at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)

    objects = WaitingSheetQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("waiting sheet")
        verbose_name_plural = _("waiting sheets")

    def __str__(self) -> str:
        return str(self.key)
