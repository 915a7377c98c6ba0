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

ESSAY_FIELDS = ("article__status", "article__published_at", "article__created_at")
LOCK_STATES = ("locked", "unlocked")
VERB_FOR_STATUS = {"published": "publish", "held": "hold", "hidden": "hide", "spam": "spam"}


class Justification(NamedTuple):
    """Who acts, and why: `by` is a user, or None where it is a rule."""

    by: object = None
    reason: str = ""
    public_reason: str = ""


class StatusChange(NamedTuple):
    """What an act does with one comment."""

    comment: int | None = None  # a key
    before: str = ""
    after: str = ""
    undoes: int | None = None  # the key of the entry that this takes back


class ModerationActionQuerySet(models.QuerySet):
    def update(self, **values):
        raise TypeError("The moderation log is append-only.")

    def delete(self):
        raise TypeError("The moderation log is append-only.")

    def newest(self):
        return self.order_by("-number")

    def with_status_change(self):
        """Those that changed their comment: a ban because of one, and its end, did not."""
        return self.exclude(after="")

    def for_public_log(self):
        """With the place of the comment that was changed, and nothing that its author wrote."""
        rows = self.select_related("comment__article", "undoes")
        place = ("number", "status", "article__title", "article__slug", *ESSAY_FIELDS)
        own = (
            "number",
            "created_at",
            "verb",
            "before",
            "after",
            "public_reason",
            "actor_name",
            "hash",
        )
        return rows.only(
            *own, "by_rule", "undoes__number", *(f"comment__{name}" for name in place)
        )

    def erase_texts(self) -> int:
        """Erases the reasons given, which may name a person; the marks stay."""
        return super().update(reason="", public_reason="", reason_salt="")


class ModerationAction(models.Model):
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
    created_at = models.DateTimeField(_("time"), default=timezone.now)
    verb = models.CharField(_("act"), max_length=10, choices=Verb.choices)
    comment = models.ForeignKey(
        "comments.Comment",
        models.PROTECT,
        null=True,
        related_name="actions",
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
    actor_hash = models.CharField(max_length=64)
    reason = models.TextField(_("reason"), blank=True)
    public_reason = models.CharField(_("public reason"), max_length=200, blank=True)
    reason_salt = models.CharField(max_length=32, blank=True)
    reason_hash = models.CharField(max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    objects = ModerationActionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["comment", "-number"], name="action_on_comment")]
        ordering = ["-number"]
        verbose_name = _("log entry")
        verbose_name_plural = _("log")

    def __str__(self):
        return f"{self.number}"

    def save(self, *args, **kwargs):
        raise TypeError("The moderation log is append-only: use record().")

    def delete(self, *args, **kwargs):
        raise TypeError("The moderation log is append-only.")

    def set_hashes(self, before: str):
        """Sets the marks of a new entry, of which `before` is the one before."""
        self.actor_salt, self.reason_salt = secrets.token_hex(16), secrets.token_hex(16)
        self.actor_hash, self.reason_hash = self.hash_actor(), self.hash_reason()
        self.hash = self.compute_hash(before)

    def hash_actor(self) -> str:
        return digest(self.actor_salt, self.actor_name)

    def hash_reason(self) -> str:
        return digest(self.reason_salt, self.reason, self.public_reason)

    def compute_hash(self, before: str) -> str:
        place = (self.number, self.batch, self.created_at.timestamp(), self.verb, self.comment_id)
        change = (self.before, self.after, self.undoes_id, self.by_rule)
        return digest(before, *place, *change, self.actor_hash, self.reason_hash)


def digest(*parts) -> str:
    """SHA-256 in hex over the parts, which no other parts come to."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def record(verb, words=Justification(), changes=(StatusChange(),)) -> list[ModerationAction]:  # noqa: B008
    """Adds an entry for each change; call it in the transaction that makes the changes."""
    if not changes:
        return []
    with transaction.atomic():
        TreeLock.take()
        last = ModerationAction.objects.newest().values_list("number", "hash").first()
        number, previous = last or (0, "")
        given = {"verb": verb, "batch": number + 1, "created_at": timezone.now()}
        given |= {"by_rule": words.by is None, "actor": words.by}
        given |= {"actor_name": words.by.get_username() if words.by else ""}
        given |= {"reason": str(words.reason), "public_reason": str(words.public_reason)}
        acts = []
        for change in changes:
            number += 1
            place = {"comment_id": change.comment, "before": change.before, "after": change.after}
            act = ModerationAction(number=number, undoes_id=change.undoes, **place, **given)
            act.set_hashes(previous)
            previous = act.hash
            acts.append(act)
        ModerationAction.objects.bulk_create(acts, batch_size=500)
    return acts


def record_single(verb, by=None, reason="", comment=None) -> None:
    """Adds an entry for what changes no comment; the page of the log gets its new stamp here."""
    with transaction.atomic():
        record(verb, Justification(by, reason), [StatusChange(comment)])
        ListStamp.touch("replies")


def find_faults() -> list[str]:
    """What was edited, removed or put elsewhere since it was written; a sentence each."""
    faults, number, previous = [], 0, ""
    for act in ModerationAction.objects.order_by("number").iterator():
        if act.number != number + 1:
            faults.append(f"entries {number + 1} to {act.number - 1} are missing")
        if act.compute_hash(previous) != act.hash:
            faults.append(f"entry {act.number} is not what was written after entry {number}")
        if act.actor_salt and act.hash_actor() != act.actor_hash:
            faults.append(f"entry {act.number}: its actor was changed")
        if act.reason_salt and act.hash_reason() != act.reason_hash:
            faults.append(f"entry {act.number}: its reasons were changed")
        if not act.actor_salt and act.actor_name:
            faults.append(f"entry {act.number}: an actor stands where one was erased")
        if not act.reason_salt and (act.reason or act.public_reason):
            faults.append(f"entry {act.number}: reasons stand where some were erased")
        number, previous = act.number, act.hash
    return faults


def count_erased() -> int:
    return ModerationAction.objects.filter(
        models.Q(actor_salt="") | models.Q(reason_salt="")
    ).count()
