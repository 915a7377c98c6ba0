"""Who may not post unseen: by e-mail address, network or name, for a time or for good.

What a banned person posts is held like any doubtful reply, and its author sees it as held: nothing
is dropped, and nobody is told that there is a ban to be got around. Addresses are kept as keys.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.compiled_query import CompiledQuery
from comments import identity
from comments.models import log
from comments.models.thread import TreeLock


class BanQuerySet(models.QuerySet):
    def live(self):
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))

    def matching(self, person: str, host: str, name: str, near: str, wide: str):
        """The bans by one of these keys, and all by a pattern of names."""
        kinds = Ban.Kind
        by_key = Q(kind=kinds.EMAIL, target_hash=person) | Q(kind=kinds.HOST, target_hash=host)
        by_key |= Q(kind=kinds.NETWORK, target_hash=near) | Q(
            kind=kinds.NETWORK, wider_subnet_hash=wide
        )
        return self.filter(
            by_key | Q(kind=kinds.NAME, target_hash=name) | Q(kind=kinds.NAME, target_hash="")
        )


class Ban(models.Model):
    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail address")
        HOST = "host", _("all addresses of one host")
        NETWORK = "network", _("network")
        NAME = "name", _("name")

    kind = models.CharField(_("by"), max_length=10, choices=Kind.choices)
    target_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    wider_subnet_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    name_pattern = models.CharField(
        _("name"), max_length=80, blank=True, help_text=_("A star stands for any letters.")
    )
    comment = models.ForeignKey(
        "comments.Comment",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="bans",
        verbose_name=_("because of"),
    )
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: for good.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )

    objects = BanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("ban")
        verbose_name_plural = _("bans")

    def __str__(self):
        return f"{self.get_kind_display()} {self.name_pattern}".strip()

    @property
    def is_live(self) -> bool:
        return self.until is None or self.until > timezone.now()

    def matches(self, name: str) -> bool:
        """Whether a ban that was found by a key, or by nothing, is about this name.

        A name of which only the key is left was erased with its person: see comments.privacy.find.
        """
        return (
            self.kind != self.Kind.NAME
            or bool(self.target_hash)
            or identity.matches_name(self.name_pattern, name)
        )

    def lift(self, by=None, reason=""):
        """Ends the ban now; it stays in the list."""
        with transaction.atomic():
            TreeLock.take()
            if Ban.objects.live().filter(pk=self.pk).update(until=timezone.now()):
                log.record_single("lift", by, reason, self.comment_id)


LIVE_FIELDS = ("id", "kind", "target_hash", "name_pattern", "until", "reason")
BANS_QUERY = CompiledQuery(
    lambda *found: (
        Ban.objects.matching(*found).order_by("-created_at", "-pk").values_list(*LIVE_FIELDS)
    ),
    5,
)


def find_bans(name: str, email: str, address: str) -> list[Ban]:
    """The live bans that mean this name, this address or this client; the nearest first."""
    person, host = identity.email_hash(email), identity.host_hash(email)
    rows = BANS_QUERY.rows(
        person, host, identity.name_hash(name), *identity.network_hashes(address)
    )
    found = [Ban(**row._asdict()) for row in rows]
    means = [ban for ban in found if ban.is_live and ban.matches(name)]
    return sorted(means, key=lambda ban: ban.kind == Ban.Kind.NAME)


def create_ban(
    kind, *, email="", name_pattern="", comment=None, until=None, reason="", by=None
) -> Ban:
    """Makes a ban and logs it; raises ValidationError where there is nothing to go by.

    An address and a name are those given, else the comment's. A network is the comment's, and is
    known for the day on which this was posted.
    """
    made = Ban(kind=kind, comment=comment, until=until, reason=reason, by=by)
    email = email or (comment.email if comment else "")
    # The key outlives the address, which is emptied after a time.
    person = comment.email_hash if comment and comment.email == email else ""
    if kind == Ban.Kind.NAME:
        made.name_pattern = name_pattern or (comment.name if comment else "")
        if not identity.canonical_name(made.name_pattern.replace("*", "")):
            raise ValidationError(_("Please give a name with at least one letter."))
    elif kind == Ban.Kind.NETWORK:
        trace = getattr(comment, "network_trace", None)
        networks = trace.networks if trace else None
        if networks is None:
            raise ValidationError(
                _("The network that this came from is known for one day, which is over.")
            )
        made.target_hash, made.wider_subnet_hash = networks
    elif kind == Ban.Kind.EMAIL and person:
        made.target_hash = person
    elif not email:
        raise ValidationError(_("Please give an address."))
    elif kind == Ban.Kind.EMAIL:
        made.target_hash = identity.email_hash(email)
    else:
        made.target_hash = identity.host_hash(email)
    with transaction.atomic():
        made.save()
        log.record_single("ban", by, reason, comment and comment.pk)
    return made
