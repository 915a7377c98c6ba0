"""Whether an essay takes replies, how, and until when."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Discussion(models.TextChoices):
    OPEN = "open", gettext_lazy("open")
    MODERATED = "moderated", gettext_lazy("moderated: every reply waits for a moderator")
    READ_ONLY = "read_only", gettext_lazy("read-only: shown, takes no replies at present")
    CLOSED = "closed", gettext_lazy("closed: shown, takes no replies any more")


class DiscussionDefaults(models.Model):
    """One row: for how many days essays take replies; 0 is for ever.

    What comes of it is kept with each essay, as `closes_at`, so that no page asks for this row.
    """

    days = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return f"{self.days} days"

    @classmethod
    def current(cls) -> int:
        return cls.objects.filter(pk=1).values_list("days", flat=True).first() or 0

    @classmethod
    def closing_time(cls, published_at, before):
        """When an essay of that publication time closes, or None; `before` is its stored row."""
        if before and before.published_at == published_at:
            return before.closes_at
        days = cls.current()
        return published_at + timedelta(days=days) if days and published_at else None


class DiscussionMixin:
    """What an essay knows of its own discussion."""

    @property
    def is_open(self) -> bool:
        """Whether it takes replies."""
        takes = self.discussion in (Discussion.OPEN, Discussion.MODERATED)
        return self.is_public and takes and not self.has_closed

    @property
    def has_closed(self) -> bool:
        """Whether the days are over for which it took replies."""
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def next_change_at(self):
        """When its page changes by itself, or None."""
        return self.closes_at if self.is_open else None

    @property
    def form_note(self) -> str:
        """The sentence that stands above the form, or nothing."""
        if not self.discussion_note and self.discussion == Discussion.MODERATED:
            return _("Every reply to this essay waits for a moderator before it is shown.")
        return self.discussion_note

    @property
    def closed_message(self) -> str:
        """The sentence that stands in the form's place."""
        if self.discussion_note:
            return self.discussion_note
        if self.discussion == Discussion.READ_ONLY and not self.has_closed:
            return _("This essay takes no replies at present.")
        return _("This essay takes no replies any more.")
