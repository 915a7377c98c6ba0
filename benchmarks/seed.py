"""Fills a database with essays and with threads of given sizes; run by `manage.py shell`."""

import random
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from articles import markup, search
from articles.models import ArchiveYear, Article, Author, ListStamp, Point, Section, Tag, Tagging
from comments import tree
from comments.models import Comment

WORDS = (
    "bench clock street market letter garden river winter bread window kitchen argument reason "
    "town evidence habit morning quiet public ladder honest apple basement stair paper map"
).split()


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words)).capitalize() + "."


def essay(rng: random.Random, title: str, age: timedelta, words: int = 700) -> Article:
    author, _ = Author.objects.get_or_create(slug="ada-lark", defaults={"name": "Ada Lark"})
    paragraphs = [" ".join(sentence(rng, 14) for _ in range(5)) for _ in range(words // 70)]
    points = "\n".join(f"- {sentence(rng, 12)}" for _ in range(8))
    paragraphs.insert(2, f"The reasons are these:\n\n{points}")
    time = timezone.now() - age
    return Article(
        title=title,
        dek=sentence(rng, 12),
        author=author,
        body="\n\n".join(paragraphs),
        status=Article.Status.PUBLISHED,
        published_at=time,
        created_at=time,
    )


def thread(article: Article, size: int, rng: random.Random) -> list[Comment]:
    """Comments of about 50 words; a fifth are top-level, the others reply to the last 60."""
    comments: list[Comment] = []
    bodies = [f"{sentence(rng, 20)}\n\n{sentence(rng, 30)}" for _ in range(500)]
    for number in range(size):
        parent = rng.choice(comments[-60:]) if comments and rng.random() < 0.8 else None
        comments.append(
            Comment(
                article=article,
                parent=parent,
                name=f"Reader {rng.randrange(400)}",
                email=f"reader{number}@example.org",
                body=rng.choice(bodies),
            )
        )
    return comments


def threads(*sizes: int):
    for size in sizes:
        rng = random.Random(size)
        article = essay(rng, f"Thread of {size}", timedelta(days=1))
        article.save()
        tree.load(thread(article, size, rng))


def essays(count: int, stock: int = 200, batch: int = 1_000):
    """Stores essays of one author, each with the tag Towns and one other tag.

    The rows equal those of `Article.save` and `set_tags`. The texts repeat after `stock` essays,
    so that few have to be rendered.
    """
    rng = random.Random(count)
    texts = [essay(rng, "", timedelta(), words=140) for _ in range(stock)]
    outlines = []
    for text in texts:
        text.body_html, blocks = markup.render(text.body)
        text.body_version, text.word_count = markup.VERSION, len(text.body.split())
        outlines.append(blocks)
    towns, *others = Tag.objects.get_or_create_named(["Towns", *WORDS])
    first = Article.objects.count()
    for start in range(first, first + count, batch):
        numbers = range(start, min(start + batch, first + count))
        with transaction.atomic():
            articles = Article.objects.bulk_create(copy(texts[n % stock], n) for n in numbers)
            store_outlines(
                [
                    (article, outlines[n % stock])
                    for article, n in zip(articles, numbers, strict=True)
                ]
            )
            Tagging.objects.bulk_create(
                Tagging(article=a, tag=tag, position=n, published_at=a.published_at)
                for a in articles
                for n, tag in enumerate((towns, rng.choice(others)))
            )
            search.index_essays(articles)
            ArchiveYear.recount(Article.objects, {article.year for article in articles})
            ListStamp.touch("essays")


def copy(text: Article, number: int) -> Article:
    fields = {
        field.attname: getattr(text, field.attname) for field in Article._meta.concrete_fields
    }
    time = timezone.now() - timedelta(hours=number)
    changes = {"id": None, "title": f"Essay {number}", "slug": f"essay-{number}"}
    return Article(**fields | changes | {"published_at": time, "created_at": time})


def store_outlines(outlines):
    """Stores sections and points as `sync_outline` does for a new essay."""
    sections, points = {}, []
    for article, blocks in outlines:
        for position, block in enumerate(blocks):
            row = {"article": article, "anchor": block.anchor, "text": block.text}
            row |= {"level": block.level, "position": position}
            if block.kind == "point":
                points.append((row, (article.pk, block.section and block.section.anchor)))
            else:
                sections[article.pk, block.anchor] = Section(kind=block.kind, **row)
    Section.objects.bulk_create(sections.values())
    Point.objects.bulk_create(Point(section=sections.get(key), **row) for row, key in points)
