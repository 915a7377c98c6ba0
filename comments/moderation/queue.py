"""The moderation queue: held comments, and published ones with open flags, the oldest first."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Flag, Reason

PER_PAGE = 30
MAX_AT_ONCE = 5_000
# The name of the spam filter among the rules.
SPAM_RULE = "spam"
KINDS = {"all": _("All"), "held": _("Held"), "flagged": _("Flagged"), "spam": _("Likely spam")}


@dataclass
class QueuePage:
    """Comments, and the id after which the next page begins."""

    rows: list
    next: int | None = None


def held():
    return Comment.objects.filter(status=Comment.Status.HELD)


def flagged():
    """Published comments with open flags, found by the flags, which are few.

    Comments of other statuses are excluded from the flags: filtering comments by status, both
    databases would scan every published one.
    """
    others = [status for status in Comment.Status if status != Comment.Status.PUBLISHED]
    unpublished = Comment.objects.filter(status__in=others).order_by().values("pk")
    open_flags = Flag.objects.open().exclude(comment__in=unpublished)
    return Comment.objects.filter(pk__in=open_flags.order_by().values("comment"))


def likely_spam():
    """Held comments against which the spam filter has a reason."""
    return held().filter(Exists(Reason.objects.filter(comment=OuterRef("pk"), rule=SPAM_RULE)))


PARTS = {"all": (held, flagged), "held": (held,), "flagged": (flagged,), "spam": (likely_spam,)}


def count_waiting() -> dict[str, int]:
    """The number of waiting comments, by kind."""
    counts = {kind: PARTS[kind][0]().count() for kind in ("held", "flagged", "spam")}
    return {"all": counts["held"] + counts["flagged"], **counts}


def waiting_page(kind="all", after: int | None = None) -> QueuePage:
    """The first page of a kind, or the one after a comment's id, at the same cost for any.

    Reads a page of ids of each part from an index that has them in order, then the rows.
    """
    candidates = []
    for part in PARTS[kind]:
        comments = part() if after is None else posted_after(part(), after)
        ordered = comments.order_by("posted_at", "pk").values_list("posted_at", "pk")
        candidates += ordered[: PER_PAGE + 1]
    return page_of_ids([pk for _posted_at, pk in sorted(candidates)[: PER_PAGE + 1]])


def page_of_ids(ids) -> QueuePage:
    """The page of these comments; one more id than it holds says that there is a next page."""
    comments = read_comments(ids[:PER_PAGE])
    return QueuePage(comments, comments[-1].pk if len(ids) > PER_PAGE else None)


def posted_after(comments, pk: int):
    """The comments that were posted after the one of this id."""
    last = Comment.objects.filter(pk=pk).values_list("posted_at", flat=True).first()
    if last is None:
        return comments
    return comments.filter(posted_at__gte=last).exclude(Q(posted_at=last) & Q(pk__lte=pk))


def read_comments(ids) -> list[Comment]:
    """The comments of these ids, in this order, with everything that a queue row shows."""
    comments = Comment.objects.select_related("article", "parent")
    comments = comments.prefetch_related("reasons", "flags").defer(
        *("article__body", "article__body_html", "parent__body_html", "parent__email", "body")
    )
    by_id = comments.in_bulk(ids)
    for comment in by_id.values():
        is_flagged = any(flag.settled_in_batch is None for flag in comment.flags.all())
        comment.needs_decision = is_flagged or not comment.is_published
    return [by_id[pk] for pk in ids]


def by_ids(ids):
    return Comment.objects.filter(pk__in=[pk for pk in ids if pk is not None])


def whole_queue(kind):
    """Every waiting comment of a kind, the oldest first, up to MAX_AT_ONCE of each part."""
    oldest = Q()
    for part in PARTS[kind]:
        oldest |= Q(pk__in=part().order_by("posted_at", "pk").values("pk")[:MAX_AT_ONCE])
    return Comment.objects.filter(oldest)
