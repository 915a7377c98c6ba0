"""Renders stored bodies again from their Markdown, where an older version rendered them."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction

from articles import markup as essay_markup
from articles.models import Article
from comments import markup as reply_markup
from comments import search
from comments.models import Comment, TreeLock
from comments.models.thread import recount

BATCH = 200
FIELDS = ["body_html", "body_version", "size"]


class Command(BaseCommand):
    help = "Renders essays and comments again. It can be interrupted and run again."

    def add_arguments(self, parser):
        parser.add_argument(
            "--all", action="store_true", help="include what this version has rendered"
        )

    def handle(self, all, **options):  # noqa: A002
        essays, comments = Article.objects.all(), Comment.objects.order_by("pk").defer("email")
        if not all:
            essays = essays.exclude(body_version=essay_markup.VERSION)
            comments = comments.exclude(body_version=reply_markup.VERSION)
        self.stdout.write(f"{self.rerender_essays(essays)} essays rendered")
        self.stdout.write(f"{self.rerender_comments(comments)} comments rendered")

    def rerender_essays(self, essays) -> int:
        count = 0
        for pk in list(essays.values_list("pk", flat=True)):
            try:
                Article.objects.get(pk=pk).rerender()
                count += 1
            except ValidationError as error:
                self.warn(f"essay {pk}", error)
        return count

    def rerender_comments(self, comments) -> int:
        """Commits each batch, so that an interrupted run keeps what it has done."""
        count = last = 0
        while batch := list(comments.filter(pk__gt=last)[:BATCH]):
            last = batch[-1].pk
            rendered = [comment for comment in batch if self.render(comment)]
            with transaction.atomic():
                TreeLock.take()
                Comment.objects.bulk_update(rendered, FIELDS)
                search.index_comments(rendered)
                recount([comment.article_id for comment in rendered])
            count += len(rendered)
        return count

    def render(self, comment) -> bool:
        try:
            comment.render()
        except ValidationError as error:
            self.warn(f"comment {comment.pk}", error)
            return False
        return True

    def warn(self, name, error):
        """A body that today's limits refuse keeps its HTML."""
        self.stderr.write(f"{name} stays as it is: {' '.join(error.messages)}")
