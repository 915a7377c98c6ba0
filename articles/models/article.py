"""Essays: the `Article` table and its manager."""

import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import markup, search, share_image
from articles.compiled_query import CompiledQuery
from articles.models.archive_year import ArchiveYear
from articles.models.author import Author
from articles.models.discussion import Discussion, DiscussionDefaults, DiscussionMixin
from articles.models.old_slug import OldSlug
from articles.models.queryset import ArticleQuerySet
from articles.models.section import known_blocks, sync_outline
from articles.models.slugs import free_slug
from articles.models.stamp import ListStamp
from articles.models.tag import Tag, Tagging
from articles.text.clean import clean_text, one_line

TIMES = ("published_at", "created_at", "closes_at")
TEXT_FIELDS = ("body", "body_html")
DISCUSSION_FIELDS = ("status", "published_at", "discussion", "discussion_note", "closes_at")


class ArticleManager(models.Manager.from_queryset(ArticleQuerySet)):
    def published_at(self, year, slug):
        """The published essay that has or had this address, else None. Its texts are deferred."""
        if row := BY_SLUG_QUERY.first(slug):
            article = Article.from_db(DEFAULT_DB_ALIAS, row._fields, row)
            if article.is_public and article.has_address(year, slug):
                return article
        return self.published().defer(*TEXT_FIELDS).at_address(year, slug)


class Article(DiscussionMixin, models.Model):
    """An essay: one Markdown document, its rendering, and the outline that mirrors it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    Discussion = Discussion

    title = models.CharField(_("title"), max_length=200)
    dek = models.CharField(
        _("dek"), max_length=400, blank=True, help_text=_("The line under the title.")
    )
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_(
            "The last part of the essay's address. Leave empty to make it from the title."
        ),
    )
    author = models.ForeignKey(
        Author, models.PROTECT, related_name="articles", verbose_name=_("author")
    )
    body = models.TextField(_("body"))
    body_html = models.TextField(editable=False)
    body_version = models.PositiveSmallIntegerField(default=0, editable=False)
    word_count = models.PositiveIntegerField(default=0, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    discussion = models.CharField(
        _("discussion"), max_length=10, choices=Discussion.choices, default=Discussion.OPEN
    )
    discussion_note = models.CharField(
        _("sentence for readers"),
        max_length=300,
        blank=True,
        help_text=_("Shown above the reply form, or in its place."),
    )
    closes_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(
        _("publication time"),
        null=True,
        blank=True,
        help_text=_(
            "Leave empty for the moment of publication. With a future time, "
            "the essay appears then."
        ),
    )
    pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("Shown before all other essays on the first page.")
    )
    tags = models.ManyToManyField(Tag, through=Tagging, related_name="articles")
    stamp = models.BigIntegerField(default=0, editable=False)

    objects = ArticleManager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="article_newest"),
            models.Index(fields=["author", "status", "-published_at", "-id"], name="article_of"),
            models.Index(
                fields=["status", "-published_at", "-id"],
                condition=models.Q(pinned=True),
                name="article_pinned",
            ),
        ]
        verbose_name = _("essay")
        verbose_name_plural = _("essays")

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()
        self.normalise()
        self.changed_at = timezone.now()
        with transaction.atomic():
            # Other saves wait here, as a free slug is looked up before it is stored.
            ListStamp.touch("essays")
            self.slug = self.slug or free_slug(Article, self.title, "essay")
            stored = self.lock_stored_row()
            self.closes_at = DiscussionDefaults.closing_time(self.published_at, stored)
            self.stamp = max(time.time_ns() // 1000, stored.stamp + 1 if stored else 0)
            self.body_html, blocks = markup.render(self.body, known=known_blocks(self))
            self.body_version = markup.VERSION
            self.word_count = len(self.body.split())
            super().save(*args, **kwargs)
            sync_outline(self, blocks)
            search.index_essays([self])
            self.update_derived_rows(stored)

    def get_absolute_url(self):
        return reverse("articles:detail", args=[f"{self.year:04}", self.slug])

    def update_derived_rows(self, before):
        """Updates the tables that depend on an essay's address, publication time and status.

        `before` is its row before it was saved, or None.
        """
        # Even if it is a draft now: it may have been public before it was withdrawn.
        was_public = before and before.published_at and before.published_at <= timezone.now()
        if was_public and not self.has_address(f"{before.year:04}", before.slug):
            OldSlug.create_for(before.year, before.slug, self)
        times = {self.listed_at, before.listed_at if before else None}
        if len(times) > 1:
            ArchiveYear.recount(Article.objects, {time.year for time in times if time})
            self.taggings.update(published_at=self.listed_at)

    def set_tags(self, names):
        """Replaces the essay's tags by those of these names, in their order."""
        with transaction.atomic():
            ListStamp.touch("essays")
            tags = Tag.objects.get_or_create_named(names)
            self.taggings.all().delete()
            Tagging.objects.bulk_create(
                Tagging(article=self, tag=tag, position=position, published_at=self.listed_at)
                for position, tag in enumerate(tags)
            )
            Article.objects.filter(pk=self.pk).touch()

    @property
    def ordered_tags(self):
        return self.tags.order_by("taggings__position", "taggings")

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            ListStamp.touch("essays")
            search.essays.drop([self.pk])
            deleted = super().delete(*args, **kwargs)
            ArchiveYear.recount(Article.objects, {self.year})
        return deleted

    def normalise(self):
        self.title, self.dek = one_line(self.title), one_line(self.dek)
        self.discussion_note = one_line(self.discussion_note)
        self.body = clean_text(self.body)

    def lock_stored_row(self):
        """The essay as stored, or None, without texts; replies that touch it wait for the lock."""
        rows = Article.objects.select_for_update().filter(pk=self.pk)
        return rows.only("stamp", "slug", "status", *TIMES).first()

    def refresh_discussion(self):
        """Reads again the fields that say whether and how the essay takes replies.

        An essay that was deleted takes none.
        """
        row = DISCUSSION_QUERY.first(self.pk)
        vars(self).update(row._asdict() if row else {"status": self.Status.DRAFT})

    def get_reply_url(self):
        return self.get_absolute_url() + "reply/"

    def get_share_image_url(self):
        # A hash of its content, as social networks keep what they fetched for an address.
        texts = (self.title, self.dek, self.author.name, settings.SITE_NAME)
        path = reverse("articles:card", args=[f"{self.year:04}", self.slug])
        return f"{path}?v={share_image.content_hash(*texts)}"

    @property
    def year(self):
        return (self.published_at or self.created_at).year

    @property
    def listed_at(self):
        """The time by which lists sort it, or None for a draft."""
        return self.published_at if self.status == self.Status.PUBLISHED else None

    def has_address(self, year, slug):
        return (f"{self.year:04}", self.slug) == (year, slug)

    @property
    def is_public(self):
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def reading_minutes(self):
        """Reading time at 230 words a minute, at least one."""
        return max(1, round(self.word_count / 230))

    def clean_fields(self, exclude=None):
        # Before lengths are checked, as Unicode normalisation can make a text longer.
        self.normalise()
        super().clean_fields(exclude)

    def clean(self):
        try:
            markup.render(self.body)
        except ValidationError as error:
            raise ValidationError({"body": error}) from None

    def rerender(self):
        """Renders the body again, without a new time of change."""
        with transaction.atomic():
            ListStamp.lock("essays")
            # An editor may have saved the essay since this instance was loaded.
            self.refresh_from_db()
            changed_at = self.changed_at
            self.save()
            Article.objects.filter(pk=self.pk).update(changed_at=changed_at)


def query_by_slug(slug):
    names = [field.attname for field in Article._meta.concrete_fields]
    rows = Article.objects.order_by().filter(slug=slug)
    return rows.values_list(*(name for name in names if name not in TEXT_FIELDS))


BY_SLUG_QUERY = CompiledQuery(query_by_slug)
# Under the tree lock of every reply, of which it would take a tenth without.
DISCUSSION_QUERY = CompiledQuery(
    lambda pk: Article.objects.order_by().filter(pk=pk).values_list(*DISCUSSION_FIELDS)
)
