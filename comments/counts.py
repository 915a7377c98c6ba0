"""What an essay's thread comes to, kept beside it, and the lock under which it changes."""

import fcntl
from contextlib import ExitStack, contextmanager, suppress

from django.db import connection, models
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from articles.models import Article, ListStamp
from articles.stamps import next_stamp

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
        if not cls.objects.select_for_update().filter(pk=1).exists():
            cls.objects.get_or_create(pk=1)
            cls.objects.select_for_update().get(pk=1)


@contextmanager
def in_turn():
    """Lets SQLite's writers wait for each other in turn, before their transaction begins: SQLite
    itself has each of them sleep and try again, ever longer, while nobody writes."""
    with ExitStack() as stack:
        if not connection.features.has_select_for_update and not connection.in_atomic_block:
            join_queue(stack)
        yield


def join_queue(stack: ExitStack):
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
    published = models.PositiveIntegerField(default=0)
    weight = models.PositiveBigIntegerField(default=0)
    newest_at = models.DateTimeField(null=True)  # of those that can be read

    def __str__(self):
        return f"{self.published} comments"

    @classmethod
    def of(cls, article):
        """The essay's own, read once for each page; an empty one where nobody has replied."""
        try:
            return article.thread
        except cls.DoesNotExist:
            return cls(article=article)

    @classmethod
    def add(cls, comment):
        """Counts one new comment; whatever stands above it had its place before."""
        rows = cls.objects.filter(article=comment.article_id)
        posted_at = models.Value(comment.posted_at)
        if comment.is_published and not rows.update(
            published=F("published") + 1,
            weight=F("weight") + comment.weight,
            newest_at=Greatest(Coalesce("newest_at", posted_at), posted_at),
        ):
            cls.recount([comment.article_id])

    @classmethod
    def recount(cls, articles):
        for article in articles:
            cls.objects.update_or_create(article_id=article, defaults=cls.count(article))

    @staticmethod
    def count(article):
        rows = Article(pk=article).comments.with_place().order_by()
        readable = models.Q(status=PUBLISHED)
        return rows.aggregate(
            published=models.Count("pk", filter=readable),
            weight=Coalesce(models.Sum("weight"), 0),
            newest_at=models.Max("posted_at", filter=readable),
        )


def touch(articles):
    """Gives new stamps to the pages of these essays, named by id, and to the lists."""
    if articles := set(articles):
        rows = Article.objects.filter(pk__in=articles)
        # One row needs no order in which it is locked.
        rows.update(stamp=next_stamp()) if len(articles) == 1 else rows.touch()
        ListStamp.touch("replies")


def recount(articles):
    """For whatever changed more of these essays' threads than one new comment."""
    Thread.recount(set(articles))
    touch(articles)
