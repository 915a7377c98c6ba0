"""What readers have against a comment: one flag each, without an account."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import keys, limits
from comments.counts import TreeLock
from comments.log import Act
from comments.reasons import Reason, reason
from comments.rules import Rules

FLAG_WEIGHT = 25
MOST_AN_HOUR = 10
DECISIONS = ("publish", "hold", "hide", "spam", "undo")


class FlagQuerySet(models.QuerySet):
    def open(self):
        """Those that no moderator has answered by a decision on the comment."""
        return self.filter(settled=None)

    def follow(self, acts):
        """Closes the flags on what a moderator has decided; opens them where that is undone."""
        decided = [act for act in acts if not act.by_rule and act.verb != Act.Verb.UNDO]
        undone = Act.objects.filter(pk__in=[act.undoes_id for act in acts if act.undoes_id])
        if undone:
            batches = undone.values("batch")
            self.filter(comment__in=undone.values("comment"), settled__in=batches).update(
                settled=None
            )
        if decided:
            of_these = self.open().filter(comment__in=[act.comment_id for act in decided])
            of_these.update(settled=decided[0].batch)


class Flag(models.Model):
    """A reader is a network on one day: nothing else is known of who has no account."""

    class Why(models.TextChoices):
        SPAM = "spam", _("It is advertising or spam")
        ABUSE = "abuse", _("It insults or threatens somebody")
        PRIVATE = "private", _("It tells what is private")
        OFF_TOPIC = "off_topic", _("It has nothing to do with the essay")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, related_name="flags", verbose_name=_("comment")
    )
    why = models.CharField(_("reason"), max_length=10, choices=Why.choices)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    reader = models.CharField(max_length=40, editable=False)
    at = models.DateTimeField(_("time"), default=timezone.now)
    # The log's batch in which a moderator decided on the comment.
    settled = models.PositiveBigIntegerField(null=True, editable=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "reader"], name="flag_once_each")
        ]
        indexes = [
            models.Index(fields=["comment"], condition=models.Q(settled=None), name="flag_open")
        ]
        ordering = ["-at", "-pk"]
        verbose_name = _("flag")
        verbose_name_plural = _("flags")

    def __str__(self):
        return self.get_why_display()

    @classmethod
    def take(cls, comment, why: str, words: str, address: str) -> bool:
        """Stores a reader's flag, and holds the comment when there are enough of them.

        Returns whether it was this reader's first on the comment; raises limits.TooMany.
        """
        with transaction.atomic():
            TreeLock.take()
            given = {"why": why, "words": words}
            key = keys.daily_key(address)
            _flag, is_new = cls.objects.get_or_create(comment=comment, reader=key, defaults=given)
            if is_new:
                limits.count_flag(address, MOST_AN_HOUR)
                hold_flagged(comment)
        return is_new


def hold_flagged(comment) -> None:
    """Tells the moderators of the flags; holds the comment unless one of them has decided."""
    count = Flag.objects.filter(comment=comment).count()
    words = ngettext("%(count)s reader flagged it", "%(count)s readers flagged it", count)
    told = reason("flags", words % {"count": count}, FLAG_WEIGHT * count)
    Reason.objects.filter(comment=comment, rule="flags").delete()
    Reason.keep(comment, [told])
    enough = Rules.current().flags_to_hold
    if enough and count >= enough and not is_decided(comment):
        rows = type(comment).objects.filter(pk=comment.pk, status=comment.Status.PUBLISHED)
        rows.hold(reason=told.words)


def is_decided(comment) -> bool:
    """Whether a moderator, and not a rule, has decided on the comment before."""
    return Act.objects.filter(comment=comment, verb__in=DECISIONS, by_rule=False).exists()
