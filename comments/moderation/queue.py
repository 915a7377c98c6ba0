"""What waits for a moderator: held comments, and published ones with flags not answered yet."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Flag, Reason

PER_PAGE = 30
MAX_AT_ONCE = 5_000
# The rule by whose name the spam filter gives its reasons.
SPAM_RULE = "spam"
KINDS = {"all": _("All"), "held": _("Held"), "flagged": _("Flagged"), "spam": _("Likely spam")}


@dataclass
class QueuePage:
    """Some comments, and the key of the one after which the next page begins."""

    rows: list
    next: int | None = None


def held():
    return Comment.objects.filter(status=Comment.Status.HELD)


def flagged():
    """Published comments with open flags: by way of the flags, which are few.

    What is not published is left out among the flags, since it is little too; asked for the status
    of comments, both databases would walk through all that is published.
    """
    others = [status for status in Comment.Status if status != Comment.Status.PUBLISHED]
    decided = Comment.objects.filter(status__in=others).order_by().values("pk")
    open_flags = Flag.objects.open().exclude(comment__in=decided)
    return Comment.objects.filter(pk__in=open_flags.order_by().values("comment"))


def likely_spam():
    """Those that are held, and that the filter has a reason against."""
    return held().filter(Exists(Reason.objects.filter(comment=OuterRef("pk"), rule=SPAM_RULE)))


PARTS = {"all": (held, flagged), "held": (held,), "flagged": (flagged,), "spam": (likely_spam,)}


def count_waiting() -> dict[str, int]:
    """How many wait, by kind."""
    counts = {kind: PARTS[kind][0]().count() for kind in ("held", "flagged", "spam")}
    return {"all": counts["held"] + counts["flagged"], **counts}


def waiting_page(kind="all", after: int | None = None) -> QueuePage:
    """The oldest that wait, or those that come after a comment: at the same cost for any number.

    Keys first, a page of each part from an index that has them in order; then their rows.
    """
    keys = []
    for part in PARTS[kind]:
        rows = part() if after is None else posted_after(part(), after)
        ordered = rows.order_by("posted_at", "pk").values_list("posted_at", "pk")
        keys += ordered[: PER_PAGE + 1]
    return page_of_ids([pk for _time, pk in sorted(keys)[: PER_PAGE + 1]])


def page_of_ids(keys) -> QueuePage:
    """The page of the comments of these keys; one more than it holds says that there are more."""
    rows = read_rows(keys[:PER_PAGE])
    return QueuePage(rows, rows[-1].pk if len(keys) > PER_PAGE else None)


def posted_after(rows, key: int):
    """Those of the rows that were posted after a comment of that key."""
    last = Comment.objects.filter(pk=key).values_list("posted_at", flat=True).first()
    if last is None:
        return rows
    return rows.filter(posted_at__gte=last).exclude(Q(posted_at=last) & Q(pk__lte=key))


def read_rows(keys) -> list[Comment]:
    """The comments of these keys, in this order, with all that a moderator decides by."""
    rows = Comment.objects.select_related("article", "parent")
    rows = rows.prefetch_related("reasons", "flags").defer(
        *("article__body", "article__body_html", "parent__body_html", "parent__email", "body")
    )
    found = rows.in_bulk(keys)
    for row in found.values():
        # It has nothing left to be published for, and no flag to be kept against.
        flagged = any(flag.settled_in_batch is None for flag in row.flags.all())
        row.is_kept = row.is_published and not flagged
    return [found[key] for key in keys]


def by_ids(keys):
    return Comment.objects.filter(pk__in=[key for key in keys if key is not None])


def whole_queue(kind):
    """All that wait of one kind, the oldest first, up to what one action takes."""
    chosen = Q()
    for part in PARTS[kind]:
        oldest = part().order_by("posted_at", "pk").values("pk")[:MAX_AT_ONCE]
        chosen |= Q(pk__in=oldest)
    return Comment.objects.filter(chosen)
