"""Takes moderators' actions back."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, ModerationAction, TreeLock
from comments.models.log import LOCK_STATES


class CannotUndo(ValidationError):
    """The act is no longer the last word on its comment; the message says so."""


def undo(acts, by=None, reason="") -> tuple[list[int], list[tuple[ModerationAction, CannotUndo]]]:
    """Takes these entries back, many at the cost of one.

    Returns the ids of the comments that changed, and what was left with the reason for it.
    """
    comments = Comment.objects
    changed, left, groups = [], [], defaultdict(dict)
    with transaction.atomic():
        TreeLock.take()
        keys = [act.comment_id for act in acts if act.comment_id]
        kept = comments.filter(pk__in=keys, erased_at=None)
        statuses = dict(kept.values_list("pk", "status"))
        history = defaultdict(list)
        for past in (
            ModerationAction.objects.filter(comment__in=keys)
            .with_status_change()
            .order_by("number")
        ):
            history[past.comment_id].append(past)
        for act in acts:
            if obstacle := find_obstacle(act, history, statuses):
                left.append((act, obstacle))
            else:
                told = [a.public_reason for a in history[act.comment_id] if a.after == act.before]
                groups[act.before, "".join(told[-1:])][act.comment_id] = act.pk
        for (before, told), undone in groups.items():
            rows = comments.filter(pk__in=undone)
            if before in LOCK_STATES:
                changed += rows.set_locked(before == "locked", by, reason, undone=undone)
            else:
                changed += rows.set_status(before, by, reason, told, undone=undone)
    return changed, left


def undo_batch(batch: int, by=None, reason="") -> tuple[list[int], list[str]]:
    """Takes back all that one verb did; the ids that changed, and a sentence for each left."""
    acts = (
        ModerationAction.objects.filter(batch=batch).order_by("number").select_related("comment")
    )
    changed, left = undo(acts.defer("comment__body", "comment__body_html"), by, reason)
    return changed, [
        f"{act.comment.short_number if act.comment else act}: {why.message}" for act, why in left
    ]


def find_obstacle(act, history, statuses) -> CannotUndo | None:
    """What keeps this from being taken back, by all that was done with its comment."""
    if act.comment_id is None or not act.after:
        return CannotUndo(_("This act cannot be taken back from the log."))
    if history[act.comment_id][-1].number != act.number:
        return CannotUndo(_("Something else has been done with this comment since."))
    if act.after in LOCK_STATES:
        return None
    if act.comment_id not in statuses:
        return CannotUndo(_("This comment has been erased: there is nothing to bring back."))
    if statuses[act.comment_id] != act.after:
        return CannotUndo(_("This comment has another status by now."))
    return None


def undo_action(act, by=None, reason="") -> list[int]:
    """Takes one act back, and returns the ids of the comments that changed.

    Raises CannotUndo where there is nothing to restore, or something else has happened since.
    """
    changed, left = undo([act], by, reason)
    if left:
        raise left[0][1]
    return changed
