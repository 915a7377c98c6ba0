"""Erases a person's words, names and addresses for good."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import identity, markup, search
from comments.models import Ban, Comment, Flag, NetworkTrace, Pattern, Reason, TreeLock, log
from comments.models.comment import MIN_COMMENT_BYTES
from comments.models.thread import recount
from comments.privacy.find import find_actions, find_bans, find_comments, find_notes, find_patterns
from comments.spam import feedback


def erase(email: str, by=None) -> int:
    """Erases all words, names and addresses of a person; returns of how many comments.

    Tree, numbers and times stay, and so do bans, by keys alone. The log keeps its marks, so that
    its chain is still whole. Nothing of it can be taken back.
    """
    with transaction.atomic():
        TreeLock.take()
        articles = set(find_comments(email).order_by().values_list("article", flat=True))
        acts = find_actions(email).erase_texts()
        banned = erase_bans(find_bans(email).exclude(reason="", name_pattern=""))
        notes, _kinds = find_notes(email).delete()
        patterns = erase_patterns(find_patterns(email))
        erased = erase_comments(find_comments(email))
        if acts or banned or notes or patterns or erased:
            log.record_single("erase", by, _("Comments: %(count)s") % {"count": erased})
            recount(articles)
    return erased


def erase_comments(theirs) -> int:
    """What hangs on the comments goes first, while they can still be told by their author."""
    own = theirs.order_by().values("pk")
    # What the filter learned from these words is counted under them.
    feedback.train(theirs.order_by().only("name", "body"), None)
    NetworkTrace.objects.filter(comment__in=own).delete()
    Reason.objects.filter(comment__in=own).delete()
    Flag.objects.filter(comment__in=own).update(text="")
    erase_history(Comment, own)
    search.comments.drop(list(own.values_list("pk", flat=True)))
    # The words stand in the body as well, so that rendering it again makes the same.
    words = _("Erased at its author’s request.")
    return theirs.order_by().update(
        name=_("erased"),
        email="",
        email_hash="",
        content_digest=None,
        body=words,
        body_html=markup.render(words),
        body_version=markup.VERSION,
        size=MIN_COMMENT_BYTES,
        status=Comment.Status.HIDDEN,
        public_reason="",
        erased_at=timezone.now(),
    )


def erase_bans(bans) -> int:
    """They go on: a name is known again by its key. One with a star has no such, and ends."""
    found = list(bans)
    for ban in found:
        changed = {"reason": "", "name_pattern": ""}
        if ban.kind == Ban.Kind.NAME and "*" not in ban.name_pattern:
            changed["target_hash"] = ban.target_hash or identity.name_hash(ban.name_pattern)
        elif ban.kind == Ban.Kind.NAME and ban.is_live:
            changed["until"] = timezone.now()
        Ban.objects.filter(pk=ban.pk).update(**changed)
        erase_history(Ban, [ban.pk])
    return len(found)


def erase_patterns(patterns) -> int:
    """They end: without the address there is nothing that they could look for."""
    found = list(patterns)
    erase_history(Pattern, [pattern.pk for pattern in found])
    # What such a pattern held tells why, in the pattern's own words.
    for pattern in found:
        told = Reason.objects.filter(rule__in=("pattern", "slow_pattern"))
        told.filter(text__contains=pattern.text[:200]).delete()
    patterns.delete()
    return len(found)


def erase_history(model, keys_of_rows) -> None:
    """The admin's own history names what was changed by its text: by its key from now on."""
    kind = ContentType.objects.get_for_model(model)
    if not isinstance(keys_of_rows, list):
        keys_of_rows = keys_of_rows.annotate(text=Cast("pk", TextField())).values("text")
    LogEntry.objects.filter(content_type=kind, object_id__in=keys_of_rows).update(
        object_repr=F("object_id")
    )
