"""Takes readers' flags, and holds a comment that has enough of them."""

from django.db import transaction
from django.utils.translation import ngettext

from comments import identity
from comments.models import Comment, Flag, ModerationAction, Reason, Rules, TreeLock, rate_limit
from comments.models.reason import make_reason

FLAG_WEIGHT = 25


MAX_FLAGS_PER_HOUR = 10


DECISIONS = ("publish", "hold", "hide", "spam", "undo")


def hold_flagged(comment) -> None:
    """Tells the moderators of the flags; holds the comment unless one of them has decided."""
    count = Flag.objects.filter(comment=comment).count()
    words = ngettext("%(count)s reader flagged it", "%(count)s readers flagged it", count)
    told = make_reason("flags", words % {"count": count}, FLAG_WEIGHT * count)
    Reason.objects.filter(comment=comment, rule="flags").delete()
    Reason.create_for(comment, [told])
    enough = Rules.current().flags_to_hold
    if enough and count >= enough and not is_decided(comment):
        rows = Comment.objects.filter(pk=comment.pk, status=comment.Status.PUBLISHED)
        rows.hold(reason=told.text)


def is_decided(comment) -> bool:
    """Whether a moderator, and not a rule, has decided on the comment before."""
    return ModerationAction.objects.filter(
        comment=comment, verb__in=DECISIONS, by_rule=False
    ).exists()


def flag(comment, reason: str, text: str, address: str) -> bool:
    """Stores a reader's flag, and holds the comment when there are enough of them.

    Returns whether it was this reader's first on the comment; raises limits.TooMany.
    """
    with transaction.atomic():
        TreeLock.take()
        given = {"reason": reason, "text": text}
        key = identity.daily_client_hash(address)
        _flag, is_new = Flag.objects.get_or_create(comment=comment, reader=key, defaults=given)
        if is_new:
            rate_limit.count_flag(address, MAX_FLAGS_PER_HOUR)
            hold_flagged(comment)
    return is_new
