"""What can be asked of many comments, and what a moderator, or a rule, does with them."""

from collections import defaultdict
from functools import partial

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from articles.models import Article
from comments import search
from comments.models import log
from comments.models.flag import Flag
from comments.models.thread import PUBLISHED, TreeLock, recount, touch
from comments.spam import feedback


def train_spam_filter(model, changes):
    """Counts what a moderator decided; runs after the commit and cannot undo the decision."""
    pks_by_label: dict[bool | None, list[int]] = defaultdict(list)
    for change in changes:
        is_label, is_spam = feedback.label_of(change.before, change.after)
        if is_label:
            pks_by_label[is_spam].append(change.comment)
    for is_spam, pks in pks_by_label.items():
        comments = model.objects.filter(pk__in=pks).only("name", "body")
        feedback.train(comments, is_spam)


class CommentQuerySet(models.QuerySet):
    """Every verb takes `by`, the user who does it (None: a rule), and `reason`, for the log.

    In one transaction it changes the rows, the thread's counts, the stamps, the search index and
    the log. It returns the ids of the comments that changed.
    """

    def published(self):
        """What readers may read: every public page, feed and count goes through here."""
        return self.under_published_essays().filter(status=PUBLISHED)

    def under_published_essays(self):
        """Those whose essay readers may read, whether or not they may read these.

        Each asks for its own essay: a list of all essays would be made for each query.
        """
        return self.filter(Exists(Article.objects.published().filter(pk=OuterRef("article"))))

    def visible_in_thread(self, shown=Q(status=PUBLISHED)):  # noqa: B008
        """Those that have a place in a thread: the published, and those with such replies.

        `shown` says which ones are, for eyes that see more.
        """
        replies = self.model.objects.filter(
            tree_id=OuterRef("tree_id"),
            lft__gt=OuterRef("lft"),
            lft__lt=OuterRef("rght"),
        ).order_by()
        return self.filter(shown | Exists(replies.filter(shown)))

    def thread_order(self):
        """Depth first, as a thread is read. The e-mail address stays in the database."""
        return self.order_by("tree_id", "lft").defer("email")

    def before(self, comment):
        return self.filter(
            Q(tree_id__lt=comment.tree_id) | Q(tree_id=comment.tree_id, lft__lt=comment.lft)
        )

    def ancestors_of(self, comment):
        """What a comment answers, and what this answers in its turn."""
        return self.filter(
            tree_id=comment.tree_id, lft__lt=comment.lft, rght__gt=comment.rght
        ).order_by("lft")

    def annotate_locked(self):
        """Adds `is_in_locked_branch`: whether it, or a comment above it, takes no replies."""
        heads = self.model.objects.filter(
            tree_id=OuterRef("tree_id"), lft__lte=OuterRef("lft"), rght__gte=OuterRef("rght")
        )
        return self.annotate(is_in_locked_branch=Exists(heads.filter(locked=True).order_by()))

    def with_descendants(self):
        """These comments and all replies below them."""
        heads = self.order_by().filter(
            tree_id=OuterRef("tree_id"), lft__lte=OuterRef("lft"), rght__gte=OuterRef("rght")
        )
        return self.model.objects.filter(Exists(heads))

    def hide(self, by=None, reason="", public_reason=""):
        """`public_reason` is shown to all, where a tombstone is left and in the public log."""
        return self.set_status(self.model.Status.HIDDEN, by, reason, public_reason)

    def hide_branch(self, by=None, reason="", public_reason=""):
        """Hides these and whatever is published below them; what waits goes on waiting."""
        shown = Q(status=PUBLISHED) | Q(pk__in=self.order_by().values("pk"))
        return self.with_descendants().filter(shown).hide(by, reason, public_reason)

    def publish(self, by=None, reason="", public_reason=""):
        return self.set_status(PUBLISHED, by, reason, public_reason)

    def hold(self, by=None, reason="", public_reason=""):
        return self.set_status(self.model.Status.HELD, by, reason, public_reason)

    def mark_spam(self, by=None, reason="", public_reason=""):
        return self.set_status(self.model.Status.SPAM, by, reason, public_reason)

    def lock(self, by=None, reason="", public_reason=""):
        """The branches of these take no more replies."""
        return self.set_locked(True, by, reason, public_reason)

    def unlock(self, by=None, reason="", public_reason=""):
        return self.set_locked(False, by, reason, public_reason)

    def needing_decision(self, status, by):
        """Those of another status; for a moderator, also those whose flags nobody answered yet."""
        if by is None:
            return self.exclude(status=status)
        flagged = Flag.objects.open().values("comment")
        return self.filter(~Q(status=status) | Q(pk__in=flagged))

    def set_status(self, status, by=None, reason="", public_reason="", undone=None):
        """`undone` are the entries of the log that this takes back, by comment: see log.undo."""
        with transaction.atomic():
            TreeLock.take()
            # What was erased stays out of sight: there is nothing left to publish.
            chosen = (self if undone else self.needing_decision(status, by)).filter(erased_at=None)
            changed = list(chosen.order_by("pk").values_list("pk", "article_id", "status"))
            rows = self.model.objects.filter(pk__in=[pk for pk, _article, _was in changed])
            status = str(status)
            rows.update(status=status, public_reason=public_reason if status != PUBLISHED else "")
            search.index_comments(rows.only("status", "body_html"))
            words = log.Justification(by, reason, public_reason)
            verb = "undo" if undone else log.VERB_FOR_STATUS[status]
            changes = [
                log.StatusChange(pk, was, status, (undone or {}).get(pk)) for pk, _, was in changed
            ]
            acts = log.record(verb, words, changes)
            Flag.objects.follow_actions(acts)
            # What nobody could read counts for nothing: a burst of spam is cleared at once.
            read = {article for _pk, article, was in changed if PUBLISHED in (was, status)}
            recount(read)
            touch({article for _pk, article, _was in changed} - read)
            if by:
                transaction.on_commit(partial(train_spam_filter, self.model, changes), robust=True)
        return [pk for pk, _article, _was in changed]

    def set_locked(self, locked, by=None, reason="", public_reason="", undone=None):
        with transaction.atomic():
            TreeLock.take()
            changed = list(
                self.filter(locked=not locked).order_by("pk").values_list("pk", "article_id")
            )
            self.model.objects.filter(pk__in=[pk for pk, _article in changed]).update(
                locked=locked
            )
            words = log.Justification(by, reason, public_reason)
            verb = "undo" if undone else "lock" if locked else "unlock"
            before, after = ("locked", "unlocked")[:: -1 if locked else 1]
            taken = undone or {}
            changes = [log.StatusChange(pk, before, after, taken.get(pk)) for pk, _ in changed]
            log.record(verb, words, changes)
            touch([article for _pk, article in changed])
        return [pk for pk, _article in changed]
