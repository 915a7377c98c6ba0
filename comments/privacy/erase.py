"""Erases the texts, names and addresses of a person for good."""

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
    """Erases a person's texts, names and addresses; returns the number of comments. Final.

    Trees, numbers and times stay, and bans as hashes. The hashes of the log stay, so that its
    chain can still be verified.
    """
    with transaction.atomic():
        TreeLock.take()
        articles = set(find_comments(email).order_by().values_list("article", flat=True))
        actions = find_actions(email).erase_texts()
        bans = erase_bans(find_bans(email).exclude(reason="", name_pattern=""))
        notes, _by_model = find_notes(email).delete()
        patterns = erase_patterns(find_patterns(email))
        erased = erase_comments(find_comments(email))
        if actions or bans or notes or patterns or erased:
            log.record_single("erase", by, _("Comments: %(count)s") % {"count": erased})
            recount(articles)
    return erased


def erase_comments(comments) -> int:
    """Rows about the comments go first, while the comments can still be found by their author."""
    comments = comments.order_by()
    own = comments.values("pk")
    feedback.train(comments.only("name", "body"), None)
    NetworkTrace.objects.filter(comment__in=own).delete()
    Reason.objects.filter(comment__in=own).delete()
    Flag.objects.filter(comment__in=own).update(text="")
    erase_history(Comment, own)
    search.comments.drop(list(own.values_list("pk", flat=True)))
    # In the body as well, so that rendering it again gives the same HTML.
    body = _("Erased at its author’s request.")
    return comments.update(
        name=_("erased"),
        email="",
        email_hash="",
        content_digest=None,
        body=body,
        body_html=markup.render(body),
        body_version=markup.VERSION,
        size=MIN_COMMENT_BYTES,
        status=Comment.Status.HIDDEN,
        public_reason="",
        erased_at=timezone.now(),
    )


def erase_bans(bans) -> int:
    """Bans continue by their hash; one by a name with a star has none, and ends."""
    bans = list(bans)
    for ban in bans:
        changed = {"reason": "", "name_pattern": ""}
        if ban.kind == Ban.Kind.NAME and "*" not in ban.name_pattern:
            changed["target_hash"] = ban.target_hash or identity.name_hash(ban.name_pattern)
        elif ban.kind == Ban.Kind.NAME and ban.is_live:
            changed["until"] = timezone.now()
        Ban.objects.filter(pk=ban.pk).update(**changed)
        erase_history(Ban, [ban.pk])
    return len(bans)


def erase_patterns(patterns) -> int:
    """Deletes the patterns and the reasons that quote them."""
    texts = dict(patterns.values_list("pk", "text"))
    erase_history(Pattern, list(texts))
    quoting = Reason.objects.filter(rule__in=("pattern", "slow_pattern"))
    for text in texts.values():
        quoting.filter(text__contains=text[:200]).delete()
    Pattern.objects.filter(pk__in=texts).delete()
    return len(texts)


def erase_history(model, ids) -> None:
    """The admin's history names rows by their text; replaces it by their id.

    `ids` is a list, or a queryset of the ids.
    """
    content_type = ContentType.objects.get_for_model(model)
    if not isinstance(ids, list):
        ids = ids.annotate(text=Cast("pk", TextField())).values("text")
    LogEntry.objects.filter(content_type=content_type, object_id__in=ids).update(
        object_repr=F("object_id")
    )
