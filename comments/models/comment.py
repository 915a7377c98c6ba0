"""Comments: a tree under each essay, in which nothing is ever deleted or numbered anew."""

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
        """As mptt's own, which has Django write the query anew for each comment."""
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
    # Stands in a tombstone: why a moderator has hidden it, in words for all.
    public_reason = models.CharField(_("public reason"), max_length=200, blank=True)
    locked = models.BooleanField(_("locked: its branch takes no replies"), default=False)
    email_hash = models.CharField(max_length=64, blank=True, editable=False)
    content_digest = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001
    # Its author has had name, address and words erased; its place stays. See comments.privacy.
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = CommentManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="comment_number_unique"),
            models.UniqueConstraint(
                fields=["article", "content_digest"], name="comment_digest_unique"
            ),
            # A trip-wire: a write that forgot the lock fails on PostgreSQL instead of breaking a
            # tree. SQLite has no such constraint, and needs none: its writers queue.
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
        """Whether this, or anything that it answers, takes no more replies."""
        return self.locked or bool(LOCKED_ANCESTOR_QUERY.rows(self.tree_id, self.lft, self.rght))

    def save(self, *args, **kwargs):
        """Stores a new comment in its place; what takes time is done before the lock is taken."""
        if self._state.adding:
            self.render()
        with transaction.atomic():
            TreeLock.take()
            self.store(*args, **kwargs)

    def store(self, *args, **kwargs):
        """The part of `save` for which the caller holds the lock, after `render`."""
        is_new = self._state.adding
        if is_new:
            self.insert_into_tree()
        super().save(*args, **kwargs)
        search.index_comments([self])
        if not is_new:
            recount([self.article_id])
            return
        Thread.count_new(self)
        if self.is_published:
            # What nobody sees changes no page: a burst of spam leaves all of them ready.
            touch([self.article_id])

    def insert_into_tree(self):
        if self.parent:
            self.parent = Comment.objects.thread_order().get(pk=self.parent.pk)
        for target in (self.parent, self.point):
            if target and target.article_id != self.article_id:
                raise ValidationError(_("What this answers is not under this essay."))
        self.assign_number()

    def render(self):
        self.name = one_line(self.name)
        is_rendered = self._state.adding and self.body_version == markup.VERSION
        if not is_rendered:
            self.body_html = markup.render(self.body)
            self.body_version = markup.VERSION
        self.point_text = self.point_text or (self.point.text if self.point_id else "")
        self.size = compressed_size(self)
        if self._state.adding and self.email:
            self.email_hash = identity.email_hash(self.email)

    def assign_number(self):
        """The next number among its siblings. No row is ever deleted, so none comes twice."""
        if self.parent_id:
            last = LAST_REPLY_QUERY.value(self.article_id, self.parent_id)
        else:
            last = LAST_ROOT_QUERY.value(self.article_id)
        self.ordinal = (last or 0) + 1
        self.number = (
            f"{self.parent.number}.{self.ordinal}" if self.parent_id else str(self.ordinal)
        )

    def compute_content_digest(self) -> str:
        """A keyed digest of what was sent, by which the same reply sent again is known."""
        parts = (self.article_id, self.parent_id, self.point_id, self.name, self.email, self.body)
        return salted_hmac(
            "comments.reply", "\0".join(map(str, parts)), algorithm="sha256"
        ).hexdigest()


def last_ordinal(**siblings):
    """The ordinal of the last of these."""
    rows = Comment.objects.filter(**siblings).order_by("-ordinal")
    return rows.values_list("ordinal")[:1]


LAST_TREE_QUERY = CompiledQuery(
    lambda: Comment.objects.order_by("-tree_id").values_list("tree_id")[:1], 0
)
LAST_ROOT_QUERY = CompiledQuery(lambda article: last_ordinal(article=article, parent=None))
LAST_REPLY_QUERY = CompiledQuery(
    lambda article, parent: last_ordinal(article=article, parent=parent), 2
)


def locked_ancestor(tree_id, lft, rght):
    heads = Comment.objects.filter(tree_id=tree_id, lft__lt=lft, rght__gt=rght, locked=True)
    return heads.order_by().values_list("pk")[:1]


LOCKED_ANCESTOR_QUERY = CompiledQuery(locked_ancestor, 3)


def compressed_size(comment) -> int:
    """About the bytes that a comment adds to a compressed page; never more than a page holds."""
    words = f"{comment.name}{comment.point_text}{comment.body_html}".encode()
    return min(PAGE_BYTES, max(MIN_COMMENT_BYTES, 40 + len(zlib.compress(words, 1)) * 7 // 10))


def short_number(number: str) -> str:
    """A number to show: the middle of a very deep one is left out."""
    parts = number.split(".")
    return number if len(parts) <= 10 else ".".join([*parts[:4], "\u2026", *parts[-4:]])
