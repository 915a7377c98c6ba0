"""The moderators' log: every act in order, each with a mark that holds the mark before it.

A mark is taken over digests of the texts that may name a person, not over the texts: these are
erased together with the salt of their digest, and the chain can be verified all the same.
"""

import hashlib
import json
import secrets
from collections import defaultdict
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import ListStamp
from comments.counts import TreeLock

ESSAY_STATE = ("article__status", "article__published_at", "article__created_at")
LOCKS = ("locked", "unlocked")
VERB_OF = {"published": "publish", "held": "hold", "hidden": "hide", "spam": "spam"}


class Words(NamedTuple):
    """Who acts, and why: `by` is a user, or None where it is a rule."""

    by: object = None
    reason: str = ""
    public_reason: str = ""


class Change(NamedTuple):
    """What an act does with one comment."""

    comment: int | None = None  # a key
    before: str = ""
    after: str = ""
    undoes: int | None = None  # the key of the entry that this takes back


class CannotUndo(ValidationError):
    """The act is no longer the last word on its comment; the message says so."""


class ActQuerySet(models.QuerySet):
    def update(self, **values):
        raise TypeError("The log is only added to.")

    def delete(self):
        raise TypeError("The log is only added to.")

    def newest(self):
        return self.order_by("-number")

    def with_change(self):
        """Those that changed their comment: a ban because of one, and its end, did not."""
        return self.exclude(after="")

    def for_readers(self):
        """With the place of the comment that was changed, and nothing that its author wrote."""
        rows = self.select_related("comment__article", "undoes")
        place = ("number", "status", "article__title", "article__slug", *ESSAY_STATE)
        own = ("number", "at", "verb", "before", "after", "public_reason", "actor_name", "mark")
        return rows.only(
            *own, "by_rule", "undoes__number", *(f"comment__{name}" for name in place)
        )

    def erase_words(self) -> int:
        """Erases the reasons given, which may name a person; the marks stay."""
        return super().update(reason="", public_reason="", reason_salt="")


class Act(models.Model):
    """One act of a moderator, or of a rule, on one comment or on none."""

    class Verb(models.TextChoices):
        PUBLISH = "publish", _("published")
        HOLD = "hold", _("held")
        HIDE = "hide", _("hidden")
        SPAM = "spam", _("marked as spam")
        LOCK = "lock", _("locked")
        UNLOCK = "unlock", _("unlocked")
        UNDO = "undo", _("taken back")
        BAN = "ban", _("banned")
        LIFT = "lift", _("ban lifted")
        RULES = "rules", _("rules changed")
        EXPORT = "export", _("personal data exported")
        ERASE = "erase", _("personal data erased")

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    # All that one verb did has the number of its first entry.
    batch = models.PositiveBigIntegerField(db_index=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    verb = models.CharField(_("act"), max_length=10, choices=Verb.choices)
    comment = models.ForeignKey(
        "comments.Comment",
        models.PROTECT,
        null=True,
        related_name="acts",
        verbose_name=_("comment"),
    )
    before = models.CharField(_("before"), max_length=10, blank=True)
    after = models.CharField(_("after"), max_length=10, blank=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, verbose_name=_("takes back"))
    by_rule = models.BooleanField(_("by a rule"), default=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    actor_name = models.CharField(_("who"), max_length=150, blank=True)
    actor_salt = models.CharField(max_length=32, blank=True)
    actor_mark = models.CharField(max_length=64)
    reason = models.TextField(_("reason"), blank=True)
    public_reason = models.CharField(_("public reason"), max_length=200, blank=True)
    reason_salt = models.CharField(max_length=32, blank=True)
    reason_mark = models.CharField(max_length=64)
    mark = models.CharField(_("mark"), max_length=64)

    objects = ActQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["comment", "-number"], name="act_on_comment")]
        ordering = ["-number"]
        verbose_name = _("log entry")
        verbose_name_plural = _("log")

    def __str__(self):
        return f"{self.number}"

    def save(self, *args, **kwargs):
        raise TypeError("The log is only added to, by comments.log.record.")

    def delete(self, *args, **kwargs):
        raise TypeError("The log is only added to.")

    def seal(self, before: str):
        """Sets the marks of a new entry, of which `before` is the one before."""
        self.actor_salt, self.reason_salt = secrets.token_hex(16), secrets.token_hex(16)
        self.actor_mark, self.reason_mark = self.digest_actor(), self.digest_reason()
        self.mark = self.chain(before)

    def digest_actor(self) -> str:
        return digest(self.actor_salt, self.actor_name)

    def digest_reason(self) -> str:
        return digest(self.reason_salt, self.reason, self.public_reason)

    def chain(self, before: str) -> str:
        place = (self.number, self.batch, self.at.timestamp(), self.verb, self.comment_id)
        change = (self.before, self.after, self.undoes_id, self.by_rule)
        return digest(before, *place, *change, self.actor_mark, self.reason_mark)

    def undo(self, by=None, reason="") -> list[int]:
        """Takes this act back, and returns the ids of the comments that changed.

        Raises CannotUndo where there is nothing to restore, or something else has happened since.
        """
        changed, left = undo([self], by, reason)
        if left:
            raise left[0][1]
        return changed

    def find_obstacle(self, history, statuses) -> CannotUndo | None:
        """What keeps this from being taken back, by all that was done with its comment."""
        if self.comment_id is None or not self.after:
            return CannotUndo(_("This act cannot be taken back from the log."))
        if history[self.comment_id][-1].number != self.number:
            return CannotUndo(_("Something else has been done with this comment since."))
        if self.after in LOCKS:
            return None
        if self.comment_id not in statuses:
            return CannotUndo(_("This comment has been erased: there is nothing to bring back."))
        if statuses[self.comment_id] != self.after:
            return CannotUndo(_("This comment has another status by now."))
        return None


def digest(*parts) -> str:
    """SHA-256 in hex over the parts, which no other parts come to."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def record(verb, words=Words(), changes=(Change(),)) -> list[Act]:  # noqa: B008
    """Adds an entry for each change; call it in the transaction that makes the changes."""
    if not changes:
        return []
    with transaction.atomic():
        TreeLock.take()
        last = Act.objects.newest().values_list("number", "mark").first()
        number, mark = last or (0, "")
        given = {"verb": verb, "batch": number + 1, "at": timezone.now()}
        given |= {"by_rule": words.by is None, "actor": words.by}
        given |= {"actor_name": words.by.get_username() if words.by else ""}
        given |= {"reason": str(words.reason), "public_reason": str(words.public_reason)}
        acts = []
        for change in changes:
            number += 1
            place = {"comment_id": change.comment, "before": change.before, "after": change.after}
            act = Act(number=number, undoes_id=change.undoes, **place, **given)
            act.seal(mark)
            mark = act.mark
            acts.append(act)
        Act.objects.bulk_create(acts, batch_size=500)
    return acts


def record_apart(verb, by=None, reason="", comment=None) -> None:
    """Adds an entry for what changes no comment; the page of the log gets its new stamp here."""
    with transaction.atomic():
        record(verb, Words(by, reason), [Change(comment)])
        ListStamp.touch("replies")


def undo(acts, by=None, reason="") -> tuple[list[int], list[tuple[Act, CannotUndo]]]:
    """Takes these entries back, many at the cost of one.

    Returns the ids of the comments that changed, and what was left with the reason for it.
    """
    comments = Act._meta.get_field("comment").related_model.objects
    changed, left, groups = [], [], defaultdict(dict)
    with transaction.atomic():
        TreeLock.take()
        keys = [act.comment_id for act in acts if act.comment_id]
        kept = comments.filter(pk__in=keys, erased_at=None)
        statuses = dict(kept.values_list("pk", "status"))
        history = defaultdict(list)
        for past in Act.objects.filter(comment__in=keys).with_change().order_by("number"):
            history[past.comment_id].append(past)
        for act in acts:
            if obstacle := act.find_obstacle(history, statuses):
                left.append((act, obstacle))
            else:
                told = [a.public_reason for a in history[act.comment_id] if a.after == act.before]
                groups[act.before, "".join(told[-1:])][act.comment_id] = act.pk
        for (before, told), undone in groups.items():
            rows = comments.filter(pk__in=undone)
            if before in LOCKS:
                changed += rows.set_locked(before == "locked", by, reason, undone=undone)
            else:
                changed += rows.set_status(before, by, reason, told, undone=undone)
    return changed, left


def undo_batch(batch: int, by=None, reason="") -> tuple[list[int], list[str]]:
    """Takes back all that one verb did; the ids that changed, and a sentence for each left."""
    acts = Act.objects.filter(batch=batch).order_by("number").select_related("comment")
    changed, left = undo(acts.defer("comment__body", "comment__body_html"), by, reason)
    return changed, [
        f"{act.comment.short_number if act.comment else act}: {why.message}" for act, why in left
    ]


def find_faults() -> list[str]:
    """What was edited, removed or put elsewhere since it was written; a sentence each."""
    faults, number, mark = [], 0, ""
    for act in Act.objects.order_by("number").iterator():
        if act.number != number + 1:
            faults.append(f"entries {number + 1} to {act.number - 1} are missing")
        if act.chain(mark) != act.mark:
            faults.append(f"entry {act.number} is not what was written after entry {number}")
        if act.actor_salt and act.digest_actor() != act.actor_mark:
            faults.append(f"entry {act.number}: its actor was changed")
        if act.reason_salt and act.digest_reason() != act.reason_mark:
            faults.append(f"entry {act.number}: its reasons were changed")
        if not act.actor_salt and act.actor_name:
            faults.append(f"entry {act.number}: an actor stands where one was erased")
        if not act.reason_salt and (act.reason or act.public_reason):
            faults.append(f"entry {act.number}: reasons stand where some were erased")
        number, mark = act.number, act.mark
    return faults


def count_erased() -> int:
    return Act.objects.filter(models.Q(actor_salt="") | models.Q(reason_salt="")).count()
