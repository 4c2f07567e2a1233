from django.db import connection, models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """One row that counts the changes of whatever the public or the board is shown.

    It goes up in the transaction of the change, so that who sees the new number sees the change as well, on every
    node. `whole` is the number at which last anything changed that many screenings may show, like a venue's name;
    a screening's own `revision` is the number at which it changed itself.
    """

    ONLY = 1

    number = models.BigIntegerField(default=0)
    whole = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="revision_is_one_row")]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> "Revision":
        # Every open board asks each second, and putting the question into SQL takes longer than the answer.
        with connection.cursor() as cursor:
            cursor.execute("SELECT number, whole FROM films_revision WHERE id = %s", [cls.ONLY])
            row = cursor.fetchone()
        return cls(cls.ONLY, *row) if row else cls(pk=cls.ONLY)

    @classmethod
    def bump(cls, *, whole: bool = False) -> int:
        """Count one more change; returns its number. Others who change something wait for this transaction.

        So it is the last thing that a long transaction does, and whoever writes in bulk calls it themselves.
        """
        row = cls.objects.filter(pk=cls.ONLY)
        number = F("number") + 1
        if not row.update(number=number, **({"whole": number} if whole else {})):
            cls.objects.get_or_create(pk=cls.ONLY)
            return cls.bump(whole=whole)
        return row.values_list("number", flat=True).get()
