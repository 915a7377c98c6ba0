"""Stores readers' flags, and holds a comment that has enough of them."""

from django.db import transaction
from django.utils.translation import ngettext

from comments import identity
from comments.models import Comment, Flag, ModerationAction, Reason, Rules, TreeLock, rate_limit
from comments.models.reason import make_reason

FLAG_WEIGHT = 25
MAX_FLAGS_PER_HOUR = 10
DECISIONS = ("publish", "hold", "hide", "spam", "undo")


def flag(comment, reason: str, text: str, address: str) -> bool:
    """Stores a reader's flag, and holds the comment when there are enough of them.

    Returns whether it was this reader's first on the comment; raises RateLimited.
    """
    with transaction.atomic():
        TreeLock.take()
        _flag, is_new = Flag.objects.get_or_create(
            comment=comment,
            reader=identity.daily_client_hash(address),
            defaults={"reason": reason, "text": text},
        )
        if is_new:
            rate_limit.count_flag(address, MAX_FLAGS_PER_HOUR)
            hold_flagged(comment)
    return is_new


def hold_flagged(comment) -> None:
    """Records the number of flags as a reason; holds the comment if no moderator has decided."""
    count = Flag.objects.filter(comment=comment).count()
    text = ngettext("%(count)s reader flagged it", "%(count)s readers flagged it", count)
    reason = make_reason("flags", text % {"count": count}, FLAG_WEIGHT * count)
    Reason.objects.filter(comment=comment, rule="flags").delete()
    Reason.create_for(comment, [reason])
    threshold = Rules.current().flags_to_hold
    if threshold and count >= threshold and not is_decided(comment):
        published = Comment.objects.filter(pk=comment.pk, status=comment.Status.PUBLISHED)
        published.hold(reason=reason.text)


def is_decided(comment) -> bool:
    """Whether a moderator, and not a rule, has decided on the comment before."""
    return ModerationAction.objects.filter(
        comment=comment, verb__in=DECISIONS, by_rule=False
    ).exists()
