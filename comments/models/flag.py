"""What readers have against a comment: one flag each, without an account."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.log import ModerationAction


class FlagQuerySet(models.QuerySet):
    def open(self):
        """Those that no moderator has answered by a decision on the comment."""
        return self.filter(settled_in_batch=None)

    def follow_actions(self, acts):
        """Closes the flags on what a moderator has decided; opens them where that is undone."""
        decided = [
            act for act in acts if not act.by_rule and act.verb != ModerationAction.Verb.UNDO
        ]
        undone = ModerationAction.objects.filter(
            pk__in=[act.undoes_id for act in acts if act.undoes_id]
        )
        if undone:
            batches = undone.values("batch")
            self.filter(comment__in=undone.values("comment"), settled_in_batch__in=batches).update(
                settled_in_batch=None
            )
        if decided:
            of_these = self.open().filter(comment__in=[act.comment_id for act in decided])
            of_these.update(settled_in_batch=decided[0].batch)


class Flag(models.Model):
    """A reader is a network on one day: nothing else is known of who has no account."""

    class Category(models.TextChoices):
        SPAM = "spam", _("It is advertising or spam")
        ABUSE = "abuse", _("It insults or threatens somebody")
        PRIVATE = "private", _("It tells what is private")
        OFF_TOPIC = "off_topic", _("It has nothing to do with the essay")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, related_name="flags", verbose_name=_("comment")
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Category.choices)
    text = models.CharField(_("in words"), max_length=300, blank=True)
    reader = models.CharField(max_length=40, editable=False)
    created_at = models.DateTimeField(_("time"), default=timezone.now)
    # The log's batch in which a moderator decided on the comment.
    settled_in_batch = models.PositiveBigIntegerField(null=True, editable=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "reader"], name="flag_once_each")
        ]
        indexes = [
            models.Index(
                fields=["comment"], condition=models.Q(settled_in_batch=None), name="flag_open"
            )
        ]
        ordering = ["-created_at", "-pk"]
        verbose_name = _("flag")
        verbose_name_plural = _("flags")

    def __str__(self):
        return self.get_reason_display()
