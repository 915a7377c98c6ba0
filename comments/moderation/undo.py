"""Undo: takes moderators' actions back, where nothing has happened to the comment since."""

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Comment, ModerationAction, TreeLock
from comments.models.log import LOCK_STATES


def undo(actions, by=None, reason="") -> tuple[list[int], list[tuple[ModerationAction, str]]]:
    """Takes these entries of the log back, any number in few queries.

    Returns the ids of the comments that changed, and each entry that stays with its obstacle.
    """
    changed, obstacles, groups = [], [], defaultdict(dict)
    with transaction.atomic():
        TreeLock.take()
        ids = [action.comment_id for action in actions if action.comment_id]
        present = Comment.objects.filter(pk__in=ids, erased_at=None)
        statuses, history = dict(present.values_list("pk", "status")), read_history(ids)
        for action in actions:
            if obstacle := find_obstacle(action, history, statuses):
                obstacles.append((action, obstacle))
            else:
                restored = (action.before, earlier_public_reason(action, history))
                groups[restored][action.comment_id] = action.pk
        for (before, public_reason), undoes in groups.items():
            comments = Comment.objects.filter(pk__in=undoes)
            if before in LOCK_STATES:
                changed += comments.set_locked(before == "locked", by, reason, undoes=undoes)
            else:
                changed += comments.set_status(before, by, reason, public_reason, undoes=undoes)
    return changed, obstacles


def read_history(ids) -> dict[int, list[ModerationAction]]:
    """Every entry that changed one of these comments, by comment id, the oldest first."""
    actions = ModerationAction.objects.filter(comment__in=ids).with_status_change()
    history = defaultdict(list)
    for action in actions.order_by("number"):
        history[action.comment_id].append(action)
    return history


def earlier_public_reason(action, history) -> str:
    """The public reason that came with the status to which the comment returns."""
    reasons = [a.public_reason for a in history[action.comment_id] if a.after == action.before]
    return reasons[-1] if reasons else ""


def find_obstacle(action, history, statuses) -> str | None:
    """The reason why the action cannot be undone, or None."""
    if action.comment_id is None or not action.after:
        return _("This action cannot be undone from the log.")
    if history[action.comment_id][-1].number != action.number:
        return _("Something else has been done with this comment since.")
    if action.after in LOCK_STATES:
        return None
    if action.comment_id not in statuses:
        return _("This comment has been erased: there is nothing to bring back.")
    if statuses[action.comment_id] != action.after:
        return _("This comment has another status by now.")
    return None


def undo_batch(batch: int, by=None, reason="") -> tuple[list[int], list[str]]:
    """Takes a batch of entries back; the ids that changed, and a sentence for each obstacle."""
    actions = ModerationAction.objects.filter(batch=batch).order_by("number")
    actions = actions.select_related("comment").defer("comment__body", "comment__body_html")
    changed, obstacles = undo(actions, by, reason)
    return changed, [
        f"{action.comment.short_number if action.comment else action}: {obstacle}"
        for action, obstacle in obstacles
    ]
