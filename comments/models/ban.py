"""Ban: an e-mail address, host, network or name whose replies are held, for a time or for good.

A banned person's reply is held like any doubtful reply and looks held to its author, so nobody
learns that there is a ban to get around. Addresses and networks are stored as keyed hashes.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.compiled_query import CompiledQuery
from comments import identity
from comments.models.log import record_single
from comments.models.thread import TreeLock


class BanQuerySet(models.QuerySet):
    def live(self):
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))

    def matching(self, email_hash, host_hash, subnet_hash, wider_subnet_hash, name_hash):
        """The bans whose hash is one of these, and all name patterns."""
        kinds = Ban.Kind
        fits = Q(kind=kinds.EMAIL, target_hash=email_hash)
        fits |= Q(kind=kinds.HOST, target_hash=host_hash)
        fits |= Q(kind=kinds.NETWORK, target_hash=subnet_hash)
        fits |= Q(kind=kinds.NETWORK, wider_subnet_hash=wider_subnet_hash)
        # A ban by name without a hash has a pattern, which is compared in Python.
        fits |= Q(kind=kinds.NAME, target_hash=name_hash) | Q(kind=kinds.NAME, target_hash="")
        return self.filter(fits)


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
        """Whether a ban from `matching` is about this name, where it is a ban by name.

        A ban by name with a hash has lost its pattern: its person was erased (privacy.erase).
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
                record_single("lift", by, reason, self.comment_id)


def query_bans(*hashes):
    bans = Ban.objects.matching(*hashes).order_by("-created_at", "-pk")
    return bans.values_list("id", "kind", "target_hash", "name_pattern", "until", "reason")


BANS_QUERY = CompiledQuery(query_bans, 5)


def find_bans(name: str, email: str, address: str) -> list[Ban]:
    """The live bans on this name, e-mail address or client; those by name come last."""
    rows = BANS_QUERY.rows(
        identity.email_hash(email),
        identity.host_hash(email),
        *identity.network_hashes(address),
        identity.name_hash(name),
    )
    candidates = (Ban(**row._asdict()) for row in rows)
    bans = [ban for ban in candidates if ban.is_live and ban.matches(name)]
    return sorted(bans, key=lambda ban: ban.kind == Ban.Kind.NAME)


def create_ban(
    kind, *, email="", name_pattern="", comment=None, until=None, reason="", by=None
) -> Ban:
    """Stores a ban and logs it; raises ValidationError where its target is not known.

    E-mail address and name are those given, else the comment's. A network is the comment's, and is
    known on the day on which the comment was posted.
    """
    ban = Ban(kind=kind, comment=comment, until=until, reason=reason, by=by)
    if kind == Ban.Kind.NAME:
        ban.name_pattern = name_pattern or (comment.name if comment else "")
        if not identity.canonical_name(ban.name_pattern.replace("*", "")):
            raise ValidationError(_("Please give a name with at least one letter."))
    elif kind == Ban.Kind.NETWORK:
        ban.target_hash, ban.wider_subnet_hash = network_hashes_of(comment)
    else:
        ban.target_hash = email_or_host_hash(kind, email, comment)
    with transaction.atomic():
        ban.save()
        record_single("ban", by, reason, comment and comment.pk)
    return ban


def network_hashes_of(comment) -> tuple[str, str]:
    trace = getattr(comment, "network_trace", None)
    hashes = trace.network_hashes if trace else None
    if hashes is None:
        raise ValidationError(
            _("The network that this came from is known for one day, which is over.")
        )
    return hashes


def email_or_host_hash(kind, email: str, comment) -> str:
    email = email or (comment.email if comment else "")
    # The hash outlives the address, which is emptied after a time.
    if kind == Ban.Kind.EMAIL and comment and comment.email_hash and comment.email == email:
        return comment.email_hash
    if not email:
        raise ValidationError(_("Please give an address."))
    return identity.email_hash(email) if kind == Ban.Kind.EMAIL else identity.host_hash(email)
