"""Builds essays, comments and staff; defaults fill the fields that a test does not name."""

from datetime import timedelta
from itertools import count

from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles.models import ArchiveYear, Article, Author, ListStamp, Tag, Tagging
from comments.models import Comment

BODY = """Opening words.

The demands are these:

- Benches belong in every street of the town.
- Clocks ought to be seen from the market square.

Closing words.
"""
serial = count(1)


def build_author(name="Ada Lark") -> Author:
    return Author.objects.get_or_create(
        slug=name.lower().replace(" ", "-"), defaults={"name": name}
    )[0]


def build_article(title="On benches", body=BODY, *, published=True, tags=(), **fields) -> Article:
    """A saved essay; published a moment ago by default."""
    fields.setdefault("author", None)
    fields["author"] = fields["author"] or build_author()
    if published:
        fields.setdefault("published_at", timezone.now())
        fields.setdefault("status", Article.Status.PUBLISHED)
    article = Article(title=title, body=body, **fields)
    article.save()
    if tags:
        article.set_tags(tags)
    return article


def build_many(count, *, tag="Towns") -> list[Article]:
    """Published essays by one author with one tag, an hour apart, the newest first."""
    author, now = build_author(), timezone.now()
    articles = Article.objects.bulk_create(
        Article(
            title=f"Essay {n}",
            slug=f"essay-{n}",
            author=author,
            # The longest text that PostgreSQL keeps in the row itself, uncompressed.
            body=(words := " ".join(f"word{n * m}" for m in range(90))),
            body_html=f"<p>{words}</p>",
            status=Article.Status.PUBLISHED,
            published_at=now - timedelta(hours=n),
        )
        for n in range(count)
    )
    (about,) = Tag.objects.get_or_create_named([tag])
    Tagging.objects.bulk_create(
        Tagging(article=a, tag=about, position=0, published_at=a.published_at) for a in articles
    )
    ArchiveYear.recount(Article.objects, {article.year for article in articles})
    ListStamp.touch("essays")
    return articles


def build_comment(article, parent=None, *, name="Ben", body=None, **fields) -> Comment:
    """A saved comment; by default its text differs from every other comment's."""
    n = next(serial)
    fields.setdefault("email", f"secret{n}@private.example")
    comment = Comment(
        article=article, parent=parent, name=name, body=body or f"Words number {n}.", **fields
    )
    comment.save()
    return comment


def reply_data(**fields) -> dict:
    """The fields that the reply form posts."""
    return {"name": "Cleo", "email": "cleo@private.example", "body": "I beg to differ."} | fields


def build_staff(username="editor", group="Editors", **fields) -> User:
    user = User.objects.create_user(username, password="pw", is_staff=True, **fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user
