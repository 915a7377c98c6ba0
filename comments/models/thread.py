"""Thread: the counts of an essay's comments; TreeLock: the lock under which comments change."""

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest

from articles.compiled_query import CompiledQuery
from articles.models import Article, ListStamp
from articles.models.stamp import raise_stamp

PUBLISHED = "published"


class TreeLock(models.Model):
    """One row, locked by every transaction that changes comments.

    mptt numbers trees by reading the largest number so far: two transactions at once would take
    the same one.
    """

    def __str__(self):
        return "the lock of all trees"

    @classmethod
    def take(cls):
        """Waits for the lock and holds it to the end of the transaction; may be called again.

        On SQLite the immediate transaction is the lock already.
        """
        if not LOCK_QUERY.rows():
            cls.objects.get_or_create(pk=1)
            LOCK_QUERY.rows()


LOCK_QUERY = CompiledQuery(
    lambda: TreeLock.objects.select_for_update().filter(pk=1).values_list("pk"), 0
)


class Thread(models.Model):
    """Counts of an essay's comments, so that no page has to count them.

    Written under the tree lock, with the comments; `check_threads` verifies them.
    """

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True)
    published_count = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    newest_at = models.DateTimeField(null=True)  # of published comments

    def __str__(self):
        return f"{self.published_count} comments"

    @classmethod
    def for_article(cls, article):
        """The essay's thread, read once for each page; an empty one before the first reply."""
        if "thread" not in article._state.fields_cache:
            row = THREAD_QUERY.first(article.pk)
            cls(article=article, **(row._asdict() if row else {}))  # cached as `article.thread`
        return article.thread

    @classmethod
    def count_new(cls, comment):
        """Counts one new published comment."""
        posted_at = Value(comment.posted_at, models.DateTimeField())
        updated = cls.objects.filter(pk=comment.article_id).update(
            published_count=F("published_count") + 1,
            size=F("size") + comment.size,
            newest_at=Greatest(Coalesce("newest_at", posted_at), posted_at),
        )
        if not updated:
            cls.recount([comment.article_id])

    @classmethod
    def recount(cls, articles):
        for article in articles:
            cls.objects.update_or_create(article_id=article, defaults=cls.count(article))

    @staticmethod
    def count(article):
        rows = Article(pk=article).comments.visible_in_thread().order_by()
        is_published = models.Q(status=PUBLISHED)
        return rows.aggregate(
            published_count=models.Count("pk", filter=is_published),
            size=Coalesce(models.Sum("size"), 0),
            newest_at=models.Max("posted_at", filter=is_published),
        )


COUNT_FIELDS = ("published_count", "size", "newest_at")
THREAD_QUERY = CompiledQuery(
    lambda article: Thread.objects.filter(article=article).values_list(*COUNT_FIELDS)
)


def touch(articles):
    """Raises the stamps of these essays, given by id, and of the lists of replies."""
    if articles := set(articles):
        if len(articles) == 1:
            # Rows must be locked in one order; a single row needs none.
            raise_stamp("articles_article", "id", *articles)
        else:
            Article.objects.filter(pk__in=articles).touch()
        ListStamp.touch("replies")


def recount(articles):
    """Counts these essays' comments again, given by id, and raises their stamps."""
    Thread.recount(set(articles))
    touch(articles)
