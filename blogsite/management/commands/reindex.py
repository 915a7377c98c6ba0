"""Rebuilds the search indexes, and the derived rows of tags and the archive."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Case, F, OuterRef, Subquery, When

from articles import search as essays
from articles.models import ArchiveYear, Article, ListStamp, Tagging
from comments import search as comments
from comments.models import Comment, TreeLock

BATCH = 200


class Command(BaseCommand):
    help = (
        "Rebuilds the search indexes and the counts of lists. It can be interrupted and run again."
    )

    def handle(self, **options):
        with transaction.atomic():
            ListStamp.touch("essays")
            count = self.fill(essays.essays, essays.index_essays, self.essays())
            self.recount()
        self.stdout.write(f"{count} essays indexed")
        with transaction.atomic():
            TreeLock.take()
            count = self.fill(comments.comments, comments.index_comments, self.comments())
        self.stdout.write(f"{count} comments indexed")

    def essays(self):
        published = Article.objects.filter(status=Article.Status.PUBLISHED).order_by("pk")
        return published.only("status", "published_at", "title", "dek", "body_html")

    def comments(self):
        published = Comment.objects.filter(status=Comment.Status.PUBLISHED).order_by("pk")
        return published.only("status", "body_html")

    def fill(self, index, index_rows, rows) -> int:
        """Replaces the index and returns the number of rows.

        The caller's transaction keeps the old index visible until the new one is complete.
        """
        index.clear()
        count = last = 0
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            index_rows(batch)
            last = batch[-1].pk
            count += len(batch)
        return count

    def recount(self):
        published = Article.objects.filter(status=Article.Status.PUBLISHED).order_by()
        ArchiveYear.objects.all().delete()
        years = published.dates("published_at", "year")
        ArchiveYear.recount(Article.objects, {day.year for day in years})
        article = Article.objects.filter(pk=OuterRef("article"))
        time = Case(When(status=Article.Status.PUBLISHED, then=F("published_at")))
        Tagging.objects.update(published_at=Subquery(article.values(time=time)))
