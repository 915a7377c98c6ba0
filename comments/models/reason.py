"""Reason: what a rule has against a comment, for the moderators."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A reason of this weight or more holds a comment; a lighter one is only shown.
HOLD_WEIGHT = 50


class Reason(models.Model):
    """The result of one rule for one comment, with a weight from 0 to 100."""

    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, related_name="reasons", verbose_name=_("comment")
    )
    rule = models.CharField(_("rule"), max_length=20)
    text = models.CharField(_("in words"), max_length=300)
    weight = models.PositiveSmallIntegerField(_("weight"), help_text=_("From 0 to 100."))
    created_at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        ordering = ["-weight", "pk"]
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")

    def __str__(self):
        return f"{self.text} ({self.weight})"

    @classmethod
    def create_for(cls, comment, reasons) -> None:
        """Stores the reasons of a Decision with its comment."""
        for reason in reasons:
            reason.comment = comment
        cls.objects.bulk_create(reasons)


def make_reason(rule: str, text, weight: int) -> Reason:
    """A reason that is not stored yet; its text is translated now."""
    return Reason(rule=rule, text=str(text)[:300], weight=max(0, min(100, weight)))
