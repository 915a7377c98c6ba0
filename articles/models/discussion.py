"""Whether an essay takes replies, with or without moderation, and until when."""

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
    """One row: the number of days for which essays take replies, 0 for no end.

    Each essay stores the resulting time as `closes_at`, so pages need not read this row.
    """

    days = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return f"{self.days} days"

    @classmethod
    def current(cls):
        return cls.objects.filter(pk=1).values_list("days", flat=True).first() or 0

    @classmethod
    def closing_time(cls, published_at, stored):
        """When an essay published at that time closes, or None; `stored` is its row, if any."""
        if stored and stored.published_at == published_at:
            return stored.closes_at
        days = cls.current()
        return published_at + timedelta(days=days) if days and published_at else None


class DiscussionMixin:
    """The properties of an essay that say whether it takes replies, and what readers are told."""

    @property
    def is_open(self):
        """Whether it takes replies now."""
        takes_replies = self.discussion in (Discussion.OPEN, Discussion.MODERATED)
        return self.is_public and takes_replies and not self.has_closed

    @property
    def has_closed(self):
        """Whether its time for replies is over."""
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def next_change_at(self):
        """When its page changes without an edit, or None.

        A read-only essay has no form to lose, but its sentence is another one from then on.
        """
        will_close = self.closes_at is not None and not self.has_closed
        return self.closes_at if self.is_public and will_close else None

    @property
    def form_note(self):
        """The sentence above the reply form; may be empty."""
        if not self.discussion_note and self.discussion == Discussion.MODERATED:
            return _("Every reply to this essay waits for a moderator before it is shown.")
        return self.discussion_note

    @property
    def closed_message(self):
        """The sentence in place of the reply form."""
        if self.discussion_note:
            return self.discussion_note
        if self.discussion == Discussion.READ_ONLY and not self.has_closed:
            return _("This essay takes no replies at present.")
        return _("This essay takes no replies any more.")
