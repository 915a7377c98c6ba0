"""Rebuilds what is kept beside essays and comments for search, tags and the archive."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Case, F, OuterRef, Subquery, When

from articles import search as essays
from articles.models import ArchiveYear, Article, ListStamp, Tagging
from comments import search as comments
from comments.models import Comment, TreeLock

BATCH = 200


class Command(BaseCommand):
    help = "Rebuilds the search indexes and the counts of lists. Safe to stop and run again."

    def handle(self, **options):
        with transaction.atomic():
            ListStamp.touch("essays")
            done = self.fill(essays.essays, essays.index_essays, self.essays())
            self.recount()
        self.stdout.write(f"{done} essays indexed")
        with transaction.atomic():
            TreeLock.take()
            done = self.fill(comments.comments, comments.index_comments, self.comments())
        self.stdout.write(f"{done} comments indexed")

    def essays(self):
        shown = Article.objects.filter(status=Article.Status.PUBLISHED).order_by("pk")
        return shown.only("status", "published_at", "title", "dek", "body_html")

    def comments(self):
        shown = Comment.objects.filter(status=Comment.Status.PUBLISHED).order_by("pk")
        return shown.only("status", "body_html")

    def fill(self, index, store, rows) -> int:
        """The old index is there until the new one is whole: both in one transaction."""
        index.clear()
        done = last = 0
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            store(batch)
            last = batch[-1].pk
            done += len(batch)
        return done

    def recount(self):
        times = Article.objects.filter(status=Article.Status.PUBLISHED).order_by()
        ArchiveYear.objects.all().delete()
        years = times.dates("published_at", "year")
        ArchiveYear.recount(Article.objects, {day.year for day in years})
        own = Article.objects.filter(pk=OuterRef("article"))
        listed = own.values(at=Case(When(status=Article.Status.PUBLISHED, then=F("published_at"))))
        Tagging.objects.update(published_at=Subquery(listed))
