"""Renders every stored body again from its source, where an older version made it."""

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
    help = "Renders essays and comments again from their Markdown. Can be stopped and run again."

    def add_arguments(self, parser):
        parser.add_argument(
            "--all", action="store_true", help="also what this version has rendered"
        )

    def handle(self, all, **options):  # noqa: A002
        essays, comments = Article.objects.all(), Comment.objects.order_by("pk").defer("email")
        if not all:
            essays = essays.exclude(body_version=essay_markup.VERSION)
            comments = comments.exclude(body_version=reply_markup.VERSION)
        self.stdout.write(f"{self.rerender_essays(essays)} essays rendered")
        self.stdout.write(f"{self.rerender_comments(comments)} comments rendered")

    def rerender_essays(self, essays) -> int:
        done = 0
        for key in list(essays.values_list("pk", flat=True)):
            article = Article.objects.get(pk=key)
            try:
                article.rerender()
                done += 1
            except ValidationError as error:
                self.complain(f"essay {key}", error)
        return done

    def rerender_comments(self, comments) -> int:
        """A batch at a time, so that what is done stays done when it is stopped."""
        done = last = 0
        while batch := list(comments.filter(pk__gt=last)[:BATCH]):
            last = batch[-1].pk
            rendered = [comment for comment in batch if self.render(comment)]
            with transaction.atomic():
                TreeLock.take()
                Comment.objects.bulk_update(rendered, FIELDS)
                search.index_comments(rendered)
                recount([comment.article_id for comment in rendered])
            done += len(rendered)
        return done

    def render(self, comment) -> bool:
        try:
            comment.render()
        except ValidationError as error:
            self.complain(f"comment {comment.pk}", error)
            return False
        return True

    def complain(self, what, error):
        """What today's limits refuse keeps the HTML that it has."""
        self.stderr.write(f"{what} stays as it is: {' '.join(error.messages)}")
