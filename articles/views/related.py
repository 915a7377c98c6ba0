"""The context of an essay's page: its text, outline and tags, and what to read next."""

from collections import Counter
from functools import lru_cache

from django.db import connection

from articles.models import Article, Tagging
from articles.pagination import fetch_in_order

MAX_CACHED = 64  # essays
MAX_RELATED = 3
# Of each tag, so that the cost does not grow with the number of essays.
MAX_READ = 100
# An essay with fewer shows no outline.
MIN_HEADINGS = 3


@lru_cache(MAX_CACHED)
def essay_context(article, _version: str) -> dict:
    """The text, tags and headings of an essay's page, what to read next, the picture to share.

    `_version` changes with the essay and with its neighbours, so that no entry is stale.
    """
    tags = list(article.ordered_tags)
    headings = article.sections.current().filter(kind="heading")
    headings = list(headings.only("anchor", "text", "level"))
    return {
        "tags": tags,
        "sections": headings if len(headings) >= MIN_HEADINGS else [],
        "body_html": article.body_html,
        "share_image": article.get_share_image_url(),
        # Not behind a draft: it has no position among the published essays.
        **(next_essays(article, tags) if article.is_public else {}),
    }


def next_essays(article, tags) -> dict:
    return {
        "previous": older(article).first(),
        "next": newer(article).first(),
        "related": find_related(article, tags),
    }


def titles():
    return Article.objects.published().only("title", "slug", "published_at")


def older(article):
    """The essays published before it, the newest first."""
    # A range without its end is one scan of the index; two alternatives would not be.
    same_time = {"published_at": article.published_at, "pk__gte": article.pk}
    return titles().filter(published_at__lte=article.published_at).exclude(**same_time).newest()


def newer(article):
    """The essays published after it, the oldest first."""
    same_time = {"published_at": article.published_at, "pk__lte": article.pk}
    rows = titles().filter(published_at__gte=article.published_at).exclude(**same_time)
    return rows.order_by("published_at", "pk")


def find_related(article, tags) -> list[Article]:
    """The essays that share most tags with it, then the newest."""
    shared, times = Counter(), {}
    for pk, published_at in newest_tagged(tags):
        if pk != article.pk:
            shared[pk] += 1
            times[pk] = published_at
    ids = sorted(shared, key=lambda pk: (shared[pk], times[pk], pk), reverse=True)
    return fetch_in_order(titles(), ids[:MAX_RELATED])


def newest_tagged(tags) -> list[tuple]:
    """The id and publication time of each tag's newest essays, in one query."""
    if not tags:
        return []
    parts, values = [], []
    for number, tag in enumerate(tags):
        # Django's union() takes no slices on SQLite.
        rows = Tagging.objects.article_ids(tag).values_list("article", "published_at")[:MAX_READ]
        sql, params = rows.query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS part_{number}")
        values += params
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return cursor.fetchall()
