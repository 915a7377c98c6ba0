"""ModerationAction: the moderators' append-only log, a hash chain over all its entries.

An entry's hash covers salted hashes of the texts that may name a person, not the texts. A text is
erased together with its salt, and the chain can still be verified.
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
    """The actor of an entry, a user or None for a rule, and the reasons given."""

    by: object = None
    reason: str = ""
    public_reason: str = ""


class StatusChange(NamedTuple):
    """How an action changes one comment; before and after are a status or a lock state."""

    comment_id: int | None = None
    before: str = ""
    after: str = ""
    undoes_id: int | None = None  # the entry that this one takes back


class ModerationActionQuerySet(models.QuerySet):
    def update(self, **values):
        raise TypeError("The moderation log is append-only.")

    def delete(self):
        raise TypeError("The moderation log is append-only.")

    def newest(self):
        return self.order_by("-number")

    def with_status_change(self):
        """The entries that changed their comment; a ban because of a comment does not."""
        return self.exclude(after="")

    def for_public_log(self):
        """Loads number and essay of each entry's comment, and nothing that its author wrote."""
        own_fields = ("number", "created_at", "verb", "before", "after", "public_reason")
        own_fields += ("actor_name", "hash", "by_rule", "undoes__number")
        comment_fields = ("number", "status", "article__title", "article__slug", *ESSAY_FIELDS)
        return self.select_related("comment__article", "undoes").only(
            *own_fields, *(f"comment__{name}" for name in comment_fields)
        )

    def erase_texts(self) -> int:
        """Erases the reasons, which may name a person; the hashes stay. Returns how many rows."""
        return super().update(reason="", public_reason="", reason_salt="")


class ModerationAction(models.Model):
    """One action of a moderator, or of a rule, on one comment or on none."""

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
    # The number of the first entry that the same call wrote.
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
        verbose_name_plural = _("log entries")

    def __str__(self):
        return f"{self.number}"

    def save(self, *args, **kwargs):
        raise TypeError("The moderation log is append-only: use record().")

    def delete(self, *args, **kwargs):
        raise TypeError("The moderation log is append-only.")

    @property
    def is_by_command(self) -> bool:
        """Whether an administrator did it on the command line; no rule exports or erases."""
        return self.by_rule and self.verb in (self.Verb.EXPORT, self.Verb.ERASE)

    def set_hashes(self, previous: str):
        """Sets the hashes of a new entry; `previous` is the hash of the entry before it."""
        self.actor_salt, self.reason_salt = secrets.token_hex(16), secrets.token_hex(16)
        self.actor_hash, self.reason_hash = self.hash_actor(), self.hash_reason()
        self.hash = self.compute_hash(previous)

    def hash_actor(self) -> str:
        return digest(self.actor_salt, self.actor_name)

    def hash_reason(self) -> str:
        return digest(self.reason_salt, self.reason, self.public_reason)

    def compute_hash(self, previous: str) -> str:
        entry = (self.number, self.batch, self.created_at.timestamp(), self.verb, self.comment_id)
        change = (self.before, self.after, self.undoes_id, self.by_rule)
        return digest(previous, *entry, *change, self.actor_hash, self.reason_hash)


def digest(*parts) -> str:
    """SHA-256 in hex over the parts, as JSON: no other list of parts has the same text."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def record(
    verb,
    justification=Justification(),  # noqa: B008
    changes=(StatusChange(),),  # noqa: B008
) -> list[ModerationAction]:
    """Adds an entry for each change; call it in the transaction that makes the changes."""
    if not changes:
        return []
    by, reason, public_reason = justification
    with transaction.atomic():
        TreeLock.take()
        last = ModerationAction.objects.newest().values_list("number", "hash").first()
        number, previous = last or (0, "")
        shared_fields = {
            "verb": verb,
            "batch": number + 1,
            "created_at": timezone.now(),
            "by_rule": by is None,
            "actor": by,
            "actor_name": by.get_username() if by else "",
            "reason": str(reason),
            "public_reason": str(public_reason),
        }
        actions = []
        for change in changes:
            number += 1
            action = ModerationAction(number=number, **change._asdict(), **shared_fields)
            action.set_hashes(previous)
            previous = action.hash
            actions.append(action)
        ModerationAction.objects.bulk_create(actions, batch_size=500)
    return actions


def record_single(verb, by=None, reason="", comment=None) -> None:
    """Adds one entry that changes no comment, and raises the stamp of the public log."""
    with transaction.atomic():
        record(verb, Justification(by, reason), [StatusChange(comment)])
        ListStamp.touch("replies")


def find_faults() -> list[str]:
    """A sentence for each entry that was edited, removed or moved since it was written."""
    faults, number, previous = [], 0, ""
    for action in ModerationAction.objects.order_by("number").iterator():
        if action.number != number + 1:
            faults.append(f"entries {number + 1} to {action.number - 1} are missing")
        if action.compute_hash(previous) != action.hash:
            faults.append(f"entry {action.number} is not what was written after entry {number}")
        if action.actor_salt and action.hash_actor() != action.actor_hash:
            faults.append(f"entry {action.number}: its actor was changed")
        if action.reason_salt and action.hash_reason() != action.reason_hash:
            faults.append(f"entry {action.number}: its reasons were changed")
        if not action.actor_salt and action.actor_name:
            faults.append(f"entry {action.number}: an actor stands where one was erased")
        if not action.reason_salt and (action.reason or action.public_reason):
            faults.append(f"entry {action.number}: reasons stand where some were erased")
        number, previous = action.number, action.hash
    return faults


def count_erased() -> int:
    return ModerationAction.objects.filter(
        models.Q(actor_salt="") | models.Q(reason_salt="")
    ).count()
