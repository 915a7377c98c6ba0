"""Comment: one node of an essay's tree of replies, never deleted and never renumbered."""

import zlib

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey

from articles.compiled_query import CompiledQuery
from articles.models import Article, Point
from articles.text.clean import one_line
from comments import identity, markup, search
from comments.models.queryset import CommentQuerySet
from comments.models.thread import Thread, TreeLock, recount, touch

# A thread's page holds comments up to this size, which is about their bytes after compression.
PAGE_BYTES = 30_000
MAX_PER_PAGE = 300
MIN_COMMENT_BYTES = PAGE_BYTES // MAX_PER_PAGE
# PostgreSQL indexes values up to 2,704 bytes: enough for a chain of 1,000 replies.
MAX_NUMBER_LENGTH = 2_500


class CommentManager(TreeManager.from_queryset(CommentQuerySet)):  # type: ignore[misc]
    def _get_next_tree_id(self):
        """Overrides mptt's own, whose query Django compiles again for each comment."""
        return (LAST_TREE_QUERY.value() or 0) + 1


class Comment(MPTTModel):
    """A reader's reply to an essay, to a point of it, or to another comment."""

    class Status(models.TextChoices):
        PUBLISHED = "published", _("published")
        HELD = "held", _("held")
        HIDDEN = "hidden", _("hidden")
        SPAM = "spam", _("spam")

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="comments", verbose_name=_("essay")
    )
    parent = TreeForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("answers"),
    )
    point = models.ForeignKey(
        Point,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("point"),
    )
    point_text = models.TextField(_("point, as it read when answered"), blank=True, editable=False)
    ordinal = models.PositiveIntegerField(editable=False)
    number = models.CharField(_("number"), max_length=MAX_NUMBER_LENGTH, editable=False)
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"))
    body = models.TextField(_("words"))
    body_html = models.TextField(editable=False)
    body_version = models.PositiveSmallIntegerField(default=0, editable=False)
    size = models.PositiveIntegerField(default=MIN_COMMENT_BYTES, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PUBLISHED
    )
    posted_at = models.DateTimeField(_("posted"), default=timezone.now)
    # Why a moderator hid the comment; shown to everybody, in its tombstone.
    public_reason = models.CharField(_("public reason"), max_length=200, blank=True)
    locked = models.BooleanField(_("locked: its branch takes no replies"), default=False)
    email_hash = models.CharField(max_length=64, blank=True, editable=False)
    content_digest = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001
    # Set when name, address and text were erased at the author's request: comments.privacy.
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = CommentManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="comment_number_unique"),
            models.UniqueConstraint(
                fields=["article", "content_digest"], name="comment_digest_unique"
            ),
            # A write without the lock fails on PostgreSQL instead of corrupting a tree. SQLite
            # has no deferrable constraints and needs none: it has one writer at a time.
            models.UniqueConstraint(
                fields=["tree_id", "lft"],
                name="comment_tree_position_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        indexes = [
            models.Index(fields=["article", "tree_id", "lft"], name="comment_in_order"),
            models.Index(fields=["article", "parent", "ordinal"], name="comment_siblings"),
            models.Index(fields=["status", "-posted_at"], name="comment_newest"),
            models.Index(fields=["article", "status", "-posted_at"], name="comment_newest_under"),
            models.Index(Upper("email"), name="comment_by_email"),
            models.Index(fields=["email_hash", "-posted_at"], name="comment_by_email_hash"),
            models.Index(
                fields=["article", "point"],
                condition=Q(point__isnull=False),
                name="comment_on_point",
            ),
        ]
        permissions = [("erase_person", "Can export and erase all that is kept of a person")]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self):
        return f"{self.short_number} {self.name}"

    def get_absolute_url(self):
        return reverse("comments:comment", args=[self.pk])

    @property
    def short_number(self) -> str:
        return short_number(self.number)

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_locked(self) -> bool:
        """Whether a lock on this comment or on an ancestor closes it to replies."""
        return self.locked or bool(LOCKED_ANCESTOR_QUERY.rows(self.tree_id, self.lft, self.rght))

    def save(self, *args, **kwargs):
        """Stores the comment; a new one is rendered, numbered, placed in the tree and counted.

        Rendering comes before the lock because it takes time. A caller that has to check
        something under the lock takes it first, in its own transaction: it can be taken twice.
        Raises ValidationError where parent or point belong to another essay.
        """
        is_new = self._state.adding
        if is_new:
            self.check_targets()
            self.render()
        # Like Django's own save(), an error spoils the surrounding transaction: no savepoint.
        with transaction.atomic(savepoint=False):
            TreeLock.take()
            if is_new:
                self.insert_into_tree()
            super().save(*args, **kwargs)
            search.index_comments([self])
            if is_new:
                self.count_in_thread()
            else:
                recount([self.article_id])

    def check_targets(self):
        for target in (self.parent, self.point):
            if target and target.article_id != self.article_id:
                raise ValidationError(_("This comment answers something under another essay."))

    def render(self):
        """Fills every field that follows from what was typed; stored HTML of today is kept."""
        self.name = one_line(self.name)
        if not (self._state.adding and self.body_version == markup.VERSION):
            self.body_html = markup.render(self.body)
            self.body_version = markup.VERSION
        self.point_text = self.point_text or (self.point.text if self.point_id else "")
        self.size = compressed_size(self)
        if self._state.adding and self.email:
            self.email_hash = identity.email_hash(self.email)

    def insert_into_tree(self):
        """Reads the parent's current position, and takes the next number among its siblings."""
        if self.parent:
            self.parent = Comment.objects.thread_order().get(pk=self.parent.pk)
        # No row is ever deleted, so no ordinal comes twice.
        if self.parent_id:
            last = LAST_REPLY_QUERY.value(self.article_id, self.parent_id)
        else:
            last = LAST_ROOT_QUERY.value(self.article_id)
        self.assign_number((last or 0) + 1)

    def assign_number(self, ordinal: int):
        """Sets ordinal and number; the parent has its own already."""
        self.ordinal = ordinal
        self.number = f"{self.parent.number}.{ordinal}" if self.parent else str(ordinal)

    def count_in_thread(self):
        """A comment that nobody can read changes no page, so cached pages stay valid."""
        if self.is_published:
            Thread.count_new(self)
            touch([self.article_id])

    def compute_content_digest(self) -> str:
        """A keyed hash of what was typed, by which a reply that is sent twice is recognised."""
        parts = (self.article_id, self.parent_id, self.point_id, self.name, self.email, self.body)
        return salted_hmac(
            "comments.reply", "\0".join(map(str, parts)), algorithm="sha256"
        ).hexdigest()


def last_ordinal(**siblings):
    rows = Comment.objects.filter(**siblings).order_by("-ordinal")
    return rows.values_list("ordinal")[:1]


def locked_ancestor(tree_id, lft, rght):
    locked = Comment.objects.filter(tree_id=tree_id, lft__lt=lft, rght__gt=rght, locked=True)
    return locked.order_by().values_list("pk")[:1]


LOCKED_ANCESTOR_QUERY = CompiledQuery(locked_ancestor, 3)
LAST_TREE_QUERY = CompiledQuery(
    lambda: Comment.objects.order_by("-tree_id").values_list("tree_id")[:1], 0
)
LAST_ROOT_QUERY = CompiledQuery(lambda article: last_ordinal(article=article, parent=None))
LAST_REPLY_QUERY = CompiledQuery(
    lambda article, parent: last_ordinal(article=article, parent=parent), 2
)


def compressed_size(comment) -> int:
    """About how many bytes a comment adds to a compressed page; at most PAGE_BYTES."""
    text = f"{comment.name}{comment.point_text}{comment.body_html}".encode()
    return min(PAGE_BYTES, max(MIN_COMMENT_BYTES, 40 + len(zlib.compress(text, 1)) * 7 // 10))


def short_number(number: str) -> str:
    """The number as it is shown: without the middle parts where there are more than ten."""
    parts = number.split(".")
    return number if len(parts) <= 10 else ".".join([*parts[:4], "\u2026", *parts[-4:]])
