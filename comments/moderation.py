"""What happens to a new comment, and why: the rules, in order."""

from django.conf import settings
from django.db.models.functions import Upper

from comments.models import Comment


def decide(comment: Comment) -> tuple[str, list[str]]:
    """The status that a new comment gets, and the reasons for it (none when it is published)."""
    reasons = [reason for rule in (hold_all, hold_first) if (reason := rule(comment))]
    status = Comment.Status.HELD if reasons else Comment.Status.PUBLISHED
    return status, reasons


def hold_all(comment: Comment) -> str:
    return "every reply is held" if settings.HOLD_REPLIES == "all" else ""


def hold_first(comment: Comment) -> str:
    if settings.HOLD_REPLIES != "first":
        return ""
    # Found by an index: a site with 100,000 comments asks this at every reply.
    same_address = Comment.objects.annotate(address=Upper("email")).filter(
        address=comment.email.upper()
    )
    known = same_address.published().filter(name__iexact=comment.name)
    return "" if known.exists() else "the first reply of this name and address"
