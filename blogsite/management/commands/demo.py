"""Loads sample essays and threads from the files in blogsite/demo/."""

from datetime import timedelta
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Author, Point
from articles.models.slugs import free_slug
from articles.models.tag import parse_tag_names
from comments import tree
from comments.models import Comment, Reason, TreeLock
from comments.models.reason import HOLD_WEIGHT, make_reason

FOLDER = Path(__file__).resolve().parents[2] / "demo"


class Command(BaseCommand):
    help = "Stores sample essays with their threads. Essays that exist already stay as they are."

    def handle(self, **options):
        for file in sorted(FOLDER.glob("*.md")):
            if Article.objects.filter(slug=file.stem).exists():
                self.stdout.write(f"  {file.stem} exists already")
                continue
            with transaction.atomic():
                # The first of all locks, as wherever comments are stored.
                TreeLock.take()
                article, tags = read_essay(file)
                article.save()
                article.set_tags(tags)
                thread = file.with_suffix(".thread.txt")
                comments = read_thread(thread.read_text(), article) if thread.exists() else []
                tree.load(comments)
                store_reasons(comments)
            self.stdout.write(f"  {article.title}: {len(comments)} comments")


def read_essay(file: Path) -> tuple[Article, list[str]]:
    """The essay of a file with `Key: value` lines, an empty line and the body; and its tags."""
    head, body = file.read_text().split("\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    author, _created = Author.objects.get_or_create(
        name=fields["Author"],
        defaults={
            "slug": free_slug(Author, fields["Author"], "author"),
            "biography": fields["Author-bio"],
        },
    )
    published = timezone.now() - timedelta(days=int(fields["Published-days-ago"]))
    article = Article(
        title=fields["Title"],
        dek=fields["Dek"],
        slug=file.stem,
        author=author,
        body=body.strip(),
        status=Article.Status.PUBLISHED,
        published_at=published,
        created_at=published,
    )
    return article, parse_tag_names(fields["Tags"])


def read_thread(text: str, article: Article) -> list[Comment]:
    """The comments of entries that are `=== NUMBER | NAME | HOURS | STATUS | POINT` and a body."""
    by_number: dict[str, Comment] = {}
    for entry in text.split("\n=== "):
        head, body = entry.removeprefix("=== ").split("\n", 1)
        number, name, hours, status, point = (part.strip() for part in head.split("|"))
        by_number[number] = Comment(
            article=article,
            parent=by_number[number.rpartition(".")[0]] if "." in number else None,
            point=find_point(article, point),
            name=name,
            email=f"reader{len(by_number)}@example.org",
            body=body.strip(),
            status=status,
            posted_at=article.published_at + timedelta(hours=float(hours)),
        )
    return list(by_number.values())


def store_reasons(comments: list[Comment]):
    """Stores why the held comments were held, as the rule for first replies would."""
    for comment in comments:
        if comment.status == Comment.Status.HELD:
            text = _("The first reply that is known of this commenter")
            Reason.create_for(comment, [make_reason("first", text, HOLD_WEIGHT)])


def find_point(article: Article, prefix: str) -> Point | None:
    """The essay's first current point whose text begins with the prefix; None for no prefix."""
    if not prefix:
        return None
    points = article.points.current()
    return next((point for point in points if point.text.startswith(prefix)), None)
