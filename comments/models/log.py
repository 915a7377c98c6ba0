"""The moderators' log: every act in order, each with a mark that holds the mark before it.

A mark is taken over digests of the texts that may name a person, not over the texts: these are
erased together with the salt of their digest, and the chain can be verified all the same.
"""

import hashlib
import json
import secrets
from typing import NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import ListStamp
from comments.models.thread import TreeLock

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
        raise TypeError("The log is only added to, by comments.models.log.record.")

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
