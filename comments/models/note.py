"""Note: what moderators write about a commenter, read by moderators only."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 2_000


class Note(models.Model):
    """The commenter is known by the hash of the e-mail address (comments.identity)."""

    email_hash = models.CharField(max_length=64, editable=False)
    text = models.TextField(_("note"), max_length=MAX_LENGTH)
    created_at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["email_hash", "-created_at"], name="note_by_email_hash")]
        ordering = ["-created_at", "-pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self):
        return self.text
