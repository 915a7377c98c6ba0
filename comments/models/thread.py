"""What an essay's thread comes to, kept beside it, and the lock under which it changes."""

import fcntl
from contextlib import ExitStack, contextmanager, suppress

from django.db import connection, models
from django.db.models.functions import Coalesce

from articles.compiled_query import CompiledQuery
from articles.models import Article, ListStamp
from articles.models.stamp import raise_stamp

PUBLISHED = "published"


class TreeLock(models.Model):
    """One row that whoever changes comments holds: mptt numbers trees by what it reads."""

    def __str__(self):
        return "the lock of all trees"

    @classmethod
    def take(cls):
        """Waits for the lock and holds it to the end of the transaction.

        On SQLite the immediate transaction is the lock already.
        """
        if not LOCK_QUERY.rows():
            cls.objects.get_or_create(pk=1)
            LOCK_QUERY.rows()


LOCK_QUERY = CompiledQuery(
    lambda: TreeLock.objects.select_for_update().filter(pk=1).values_list("pk"), 0
)


@contextmanager
def sqlite_write_queue():
    """Lets SQLite's writers wait for each other in turn, before their transaction begins: SQLite
    itself has each of them sleep and try again, ever longer, while nobody writes."""
    with ExitStack() as stack:
        if not connection.features.has_select_for_update and not connection.in_atomic_block:
            lock_queue_file(stack)
        yield


def lock_queue_file(stack: ExitStack):
    if connection.is_in_memory_db():
        return
    # Where no such file can be made, SQLite's own waiting has to do.
    with suppress(OSError):
        path = f"{connection.settings_dict['NAME']}.queue"
        file = stack.enter_context(open(path, "a"))  # noqa: SIM115
        fcntl.flock(file, fcntl.LOCK_EX)


class Thread(models.Model):
    """What all comments of an essay come to, so that no page has to count them.

    Written by whoever holds the lock and changes comments; `check_threads` verifies it.
    """

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True)
    published_count = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    newest_at = models.DateTimeField(null=True)  # of those that can be read

    def __str__(self):
        return f"{self.published_count} comments"

    @classmethod
    def for_article(cls, article):
        """The essay's own, read once for each page; an empty one where nobody has replied."""
        if "thread" not in article._state.fields_cache:
            row = THREAD_QUERY.first(article.pk)
            cls(article=article, **(row._asdict() if row else {}))  # the essay keeps it
        return article.thread

    @classmethod
    def count_new(cls, comment):
        """Counts one new comment; whatever stands above it had its place before."""
        if not comment.is_published:
            return
        posted = connection.ops.adapt_datetimefield_value(comment.posted_at)
        with connection.cursor() as cursor:
            cursor.execute(ADD_SQL, [comment.size, posted, posted, comment.article_id])
            if cursor.rowcount == 0:
                cls.recount([comment.article_id])

    @classmethod
    def recount(cls, articles):
        for article in articles:
            cls.objects.update_or_create(article_id=article, defaults=cls.count(article))

    @staticmethod
    def count(article):
        rows = Article(pk=article).comments.visible_in_thread().order_by()
        readable = models.Q(status=PUBLISHED)
        return rows.aggregate(
            published_count=models.Count("pk", filter=readable),
            size=Coalesce(models.Sum("size"), 0),
            newest_at=models.Max("posted_at", filter=readable),
        )


ADD_SQL = """
    UPDATE comments_thread SET published_count = published_count + 1, size = size + %s,
        newest_at = CASE WHEN newest_at > %s THEN newest_at ELSE %s END WHERE article_id = %s
"""
COUNT_FIELDS = ("published_count", "size", "newest_at")
THREAD_QUERY = CompiledQuery(
    lambda article: Thread.objects.filter(article=article).values_list(*COUNT_FIELDS)
)


def touch(articles):
    """Gives new stamps to the pages of these essays, named by id, and to the lists."""
    if articles := set(articles):
        if len(articles) == 1:
            # One row needs no order in which it is locked.
            raise_stamp("articles_article", "id", *articles)
        else:
            Article.objects.filter(pk__in=articles).touch()
        ListStamp.touch("replies")


def recount(articles):
    """For whatever changed more of these essays' threads than one new comment."""
    Thread.recount(set(articles))
    touch(articles)
