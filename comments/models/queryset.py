"""CommentQuerySet: the named queries for comments, and the verbs that moderate them."""

from collections import defaultdict
from functools import partial

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from articles.models import Article
from comments import search
from comments.models.flag import Flag
from comments.models.log import VERB_FOR_STATUS, Justification, StatusChange, record
from comments.models.thread import PUBLISHED, TreeLock, recount, touch
from comments.spam import feedback


def train_spam_filter(model, changes):
    """Trains the filter with a moderator's decisions; called after they are committed."""
    ids_by_label: dict[bool | None, list[int]] = defaultdict(list)
    for change in changes:
        is_label, is_spam = feedback.label_of(change.before, change.after)
        if is_label:
            ids_by_label[is_spam].append(change.comment_id)
    for is_spam, ids in ids_by_label.items():
        comments = model.objects.filter(pk__in=ids).only("name", "body")
        feedback.train(comments, is_spam)


class CommentQuerySet(models.QuerySet):
    """The verbs take `by`, the user who acts (None: a rule), and `reason`, for the log.

    In one transaction a verb changes the rows, the thread's counts, the stamps, the search index
    and the log. It returns the ids of the comments that changed.
    """

    def published(self):
        """The comments that readers may read; every public page, feed and count uses this.

        The e-mail address is not loaded.
        """
        return self.under_published_essays().filter(status=PUBLISHED).defer("email")

    def under_published_essays(self):
        """The comments of published essays, whatever their own status.

        Looks up the essay of each comment: a list of all essays would be made for each query.
        """
        return self.filter(Exists(Article.objects.published().filter(pk=OuterRef("article"))))

    def visible_in_thread(self, shown=Q(status=PUBLISHED)):  # noqa: B008
        """The comments with a place in a thread: those shown, and the ancestors of these.

        `shown` is the condition for comments that are shown; moderators see more than readers.
        The e-mail address is not loaded.
        """
        replies = self.model.objects.filter(
            tree_id=OuterRef("tree_id"),
            lft__gt=OuterRef("lft"),
            lft__lt=OuterRef("rght"),
        ).order_by()
        return self.filter(shown | Exists(replies.filter(shown))).defer("email")

    def thread_order(self):
        """Depth first, as a thread is read. The e-mail address is not loaded."""
        return self.order_by("tree_id", "lft").defer("email")

    def before(self, comment):
        return self.filter(
            Q(tree_id__lt=comment.tree_id) | Q(tree_id=comment.tree_id, lft__lt=comment.lft)
        )

    def annotate_locked(self):
        """Adds `is_in_locked_branch`: whether the comment or an ancestor is locked."""
        branch = self.model.objects.filter(
            tree_id=OuterRef("tree_id"), lft__lte=OuterRef("lft"), rght__gte=OuterRef("rght")
        )
        return self.annotate(is_in_locked_branch=Exists(branch.filter(locked=True).order_by()))

    def with_descendants(self):
        """These comments and all replies below them."""
        ancestors = self.order_by().filter(
            tree_id=OuterRef("tree_id"), lft__lte=OuterRef("lft"), rght__gte=OuterRef("rght")
        )
        return self.model.objects.filter(Exists(ancestors))

    def hide(self, by=None, reason="", public_reason=""):
        """`public_reason` is shown to everybody, in the tombstone and in the public log."""
        return self.set_status(self.model.Status.HIDDEN, by, reason, public_reason)

    def hide_branch(self, by=None, reason="", public_reason=""):
        """Hides these and the published replies below them; held replies stay held."""
        shown = Q(status=PUBLISHED) | Q(pk__in=self.order_by().values("pk"))
        return self.with_descendants().filter(shown).hide(by, reason, public_reason)

    def publish(self, by=None, reason="", public_reason=""):
        return self.set_status(PUBLISHED, by, reason, public_reason)

    def hold(self, by=None, reason="", public_reason=""):
        return self.set_status(self.model.Status.HELD, by, reason, public_reason)

    def mark_spam(self, by=None, reason="", public_reason=""):
        return self.set_status(self.model.Status.SPAM, by, reason, public_reason)

    def lock(self, by=None, reason="", public_reason=""):
        """Closes these comments and everything below them to replies."""
        return self.set_locked(True, by, reason, public_reason)

    def unlock(self, by=None, reason="", public_reason=""):
        return self.set_locked(False, by, reason, public_reason)

    def needing_decision(self, status, by):
        """The comments of another status; for a moderator, also those with open flags."""
        if by is None:
            return self.exclude(status=status)
        flagged = Flag.objects.open().values("comment")
        return self.filter(~Q(status=status) | Q(pk__in=flagged))

    def set_status(self, status, by=None, reason="", public_reason="", undoes=None):
        """`undoes` maps comment ids to the log entries that this takes back: moderation.undo."""
        with transaction.atomic():
            TreeLock.take()
            # An erased comment stays hidden: it has nothing left to publish.
            selected = self if undoes else self.needing_decision(status, by)
            selected = selected.filter(erased_at=None).order_by("pk")
            changed = list(selected.values_list("pk", "article_id", "status"))
            ids = [pk for pk, _article, _before in changed]
            rows = self.model.objects.filter(pk__in=ids)
            status = str(status)
            rows.update(status=status, public_reason=public_reason if status != PUBLISHED else "")
            search.index_comments(rows.only("status", "body_html"))
            changes = [
                StatusChange(pk, before, status, (undoes or {}).get(pk))
                for pk, _article, before in changed
            ]
            verb = "undo" if undoes else VERB_FOR_STATUS[status]
            actions = record(verb, Justification(by, reason, public_reason), changes)
            Flag.objects.follow_actions(actions)
            update_threads(changed, status)
            if by:
                transaction.on_commit(partial(train_spam_filter, self.model, changes), robust=True)
        return ids

    def set_locked(self, locked, by=None, reason="", public_reason="", undoes=None):
        """Locks or unlocks; `undoes` as for set_status."""
        with transaction.atomic():
            TreeLock.take()
            selected = self.filter(locked=not locked).order_by("pk")
            changed = list(selected.values_list("pk", "article_id"))
            ids = [pk for pk, _article in changed]
            self.model.objects.filter(pk__in=ids).update(locked=locked)
            before, after = ("unlocked", "locked") if locked else ("locked", "unlocked")
            changes = [StatusChange(pk, before, after, (undoes or {}).get(pk)) for pk in ids]
            verb = "undo" if undoes else "lock" if locked else "unlock"
            record(verb, Justification(by, reason, public_reason), changes)
            touch([article for _pk, article in changed])
        return ids


def update_threads(changed, status):
    """Counts again where a published comment was or is involved; raises every essay's stamp.

    `changed` are tuples of comment id, essay id and the status before. A comment that nobody could
    read counts for nothing, so a burst of spam is cleared at once.
    """
    counted = {article for _pk, article, before in changed if PUBLISHED in (before, status)}
    recount(counted)
    touch({article for _pk, article, _before in changed} - counted)
