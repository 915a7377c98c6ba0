"""Fills a database: essays with threads of given sizes. Run by `manage.py shell`."""

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


def sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize() + "."


def essay(chance: random.Random, title: str, age: timedelta, words: int = 700) -> Article:
    author, _ = Author.objects.get_or_create(slug="ada-lark", defaults={"name": "Ada Lark"})
    paragraphs = [" ".join(sentence(chance, 14) for _ in range(5)) for _ in range(words // 70)]
    points = "\n".join(f"- {sentence(chance, 12)}" for _ in range(8))
    paragraphs.insert(2, f"The reasons are these:\n\n{points}")
    time = timezone.now() - age
    return Article(
        title=title,
        dek=sentence(chance, 12),
        author=author,
        body="\n\n".join(paragraphs),
        status=Article.Status.PUBLISHED,
        published_at=time,
        created_at=time,
    )


def thread(article: Article, size: int, chance: random.Random) -> list[Comment]:
    """About 50 words each, a fifth of them at the top, the others anywhere among the last 60."""
    comments: list[Comment] = []
    bodies = [f"{sentence(chance, 20)}\n\n{sentence(chance, 30)}" for _ in range(500)]
    for number in range(size):
        parent = chance.choice(comments[-60:]) if comments and chance.random() < 0.8 else None
        comments.append(
            Comment(
                article=article,
                parent=parent,
                name=f"Reader {chance.randrange(400)}",
                email=f"reader{number}@example.org",
                body=chance.choice(bodies),
            )
        )
    return comments


def threads(*sizes: int):
    for size in sizes:
        chance = random.Random(size)
        article = essay(chance, f"Thread of {size}", timedelta(days=1))
        article.save()
        tree.load(thread(article, size, chance))


def essays(count: int, stock: int = 200, batch: int = 1_000):
    """Many essays of one author, all tagged Towns and each with one tag more.

    Their rows are those that `Article.save` and `set_tags` would write; their texts are taken in
    turn from a stock, each rendered once.
    """
    chance = random.Random(count)
    texts = [essay(chance, "", timedelta(), words=140) for _ in range(stock)]
    outlines = []
    for text in texts:
        text.body_html, blocks = markup.render(text.body)
        text.body_version, text.word_count = markup.VERSION, len(text.body.split())
        outlines.append(blocks)
    towns, *others = Tag.objects.get_or_create_named(["Towns", *WORDS])
    have = Article.objects.count()
    for start in range(have, have + count, batch):
        numbers = range(start, min(start + batch, have + count))
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
                for n, tag in enumerate((towns, chance.choice(others)))
            )
            search.index_essays(articles)
            ArchiveYear.recount(Article.objects, {article.year for article in articles})
            ListStamp.touch("essays")


def copy(text: Article, number: int) -> Article:
    fields = {
        field.attname: getattr(text, field.attname) for field in Article._meta.concrete_fields
    }
    time = timezone.now() - timedelta(hours=number)
    own = {"id": None, "title": f"Essay {number}", "slug": f"essay-{number}"}
    return Article(**fields | own | {"published_at": time, "created_at": time})


def store_outlines(outlines):
    """What `sections.sync_outline` does for one new essay."""
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
