from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext_lazy as _

# An open form says so three times in this long; who has closed it, or lost the network, is forgotten after it.
FRESH = timedelta(seconds=90)


class EditingPresenceQuerySet(models.QuerySet):
    def of(self, instance: models.Model) -> Self:
        return self.filter(model=instance._meta.label_lower, object_id=instance.pk)

    def note(self, user: AbstractBaseUser, instance: models.Model, at: datetime) -> None:
        """`user` has the form of `instance` open at `at`."""
        self.filter(seen_at__lt=at - 10 * FRESH).delete()
        self.update_or_create(
            user=user, model=instance._meta.label_lower, object_id=instance.pk, defaults={"seen_at": at}
        )

    def beside(self, user: AbstractBaseUser, at: datetime) -> Self:
        """The others who are there at `at`."""
        fresh = self.filter(seen_at__gt=at - FRESH).exclude(user=user)
        return fresh.select_related("user").order_by("user__username")


class EditingPresence(models.Model):
    """Who has the form of which object open: in the database, for there may be several application nodes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who"))
    model = models.CharField(max_length=100)
    object_id = models.PositiveBigIntegerField()
    seen_at = models.DateTimeField(_("seen"), db_index=True)

    objects = EditingPresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["model", "object_id", "user"], name="form_open_once_per_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.model} {self.object_id}"
