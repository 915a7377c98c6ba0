"""What happens to a new comment, and why: the rules, in order."""

from django.conf import settings
from django.db.models.functions import Upper

from comments import spam
from comments.models import Comment

DOUBTFUL = "may be spam, and came without a proof of work"


def decide(comment: Comment) -> tuple[str, list[str]]:
    """The status that a new comment gets, and the reasons for it (none when it is published)."""
    reasons = [reason for rule in (hold_all, hold_first, hold_spam) if (reason := rule(comment))]
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


def hold_spam(comment: Comment) -> str:
    """Judged by the trap in the form, by the filter, and by the proof where there is doubt."""
    if getattr(comment, "is_trapped", False):
        return "filled in a field that people do not see"
    score = spam.score(comment.name, comment.email, comment.body)
    if score >= spam.HOLD_AT:
        return f"the spam filter is {score:.0%} sure"
    is_proven = getattr(comment, "is_proven", False)
    return DOUBTFUL if score >= spam.PROVE_AT and not is_proven else ""


def is_doubtful(comment: Comment) -> bool:
    """Whether a proof of work is all that keeps the comment from being published."""
    return decide(comment)[1] == [DOUBTFUL]
