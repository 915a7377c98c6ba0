"""Flag: a reader's complaint about a comment, one for each reader, without an account."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.log import ModerationAction


class FlagQuerySet(models.QuerySet):
    def open(self):
        """The flags that no moderator has answered by a decision on the comment."""
        return self.filter(settled_in_batch=None)

    def follow_actions(self, actions):
        """Settles the flags on comments that a moderator decided; reopens them on undo."""
        decided = [
            action
            for action in actions
            if not action.by_rule and action.verb != ModerationAction.Verb.UNDO
        ]
        undone = ModerationAction.objects.filter(
            pk__in=[action.undoes_id for action in actions if action.undoes_id]
        )
        if undone:
            self.filter(
                comment__in=undone.values("comment"), settled_in_batch__in=undone.values("batch")
            ).update(settled_in_batch=None)
        if decided:
            self.open().filter(comment__in=[action.comment_id for action in decided]).update(
                settled_in_batch=decided[0].batch
            )


class Flag(models.Model):
    """`reader` is the keyed hash of a client on one day, as readers have no accounts."""

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
    # The batch of the moderation log in which a moderator decided on the comment.
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
