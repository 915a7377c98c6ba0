"""What may be read after an essay: its neighbours in time, and others on the same subject."""

from collections import Counter
from functools import lru_cache

from django.db import connection

from articles.models import Article, Tagging
from articles.pagination import fetch_in_order
from articles.share_image import image_url

MAX_CACHED = 64  # essays
MAX_RELATED = 3
# Of each tag, so that the cost does not grow with the site.
MAX_READ = 100
# A shorter essay needs no outline.
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
        "share_image": image_url(article),
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
    """Those published before it, the last first."""
    # A range and an exception, which one index answers; two alternatives would not be one range.
    same_time = {"published_at": article.published_at, "pk__gte": article.pk}
    return titles().filter(published_at__lte=article.published_at).exclude(**same_time).newest()


def newer(article):
    """Those published after it, the first first."""
    same_time = {"published_at": article.published_at, "pk__lte": article.pk}
    rows = titles().filter(published_at__gte=article.published_at).exclude(**same_time)
    return rows.order_by("published_at", "pk")


def find_related(article, tags) -> list[Article]:
    """Those that share most tags with it, of equals the newest first."""
    shared, times = Counter(), {}
    for key, published_at in newest_tagged(tags):
        if key != article.pk:
            shared[key] += 1
            times[key] = published_at
    keys = sorted(shared, key=lambda key: (shared[key], times[key], key), reverse=True)
    return fetch_in_order(titles(), keys[:MAX_RELATED])


def newest_tagged(tags) -> list[tuple]:
    """The key and time of each tag's newest essays, in one query."""
    if not tags:
        return []
    parts, values = [], []
    for number, tag in enumerate(tags):
        # Django's union() takes no slices on SQLite, which wants each in brackets of its own.
        rows = Tagging.objects.article_ids(tag).values_list("article", "published_at")[:MAX_READ]
        sql, params = rows.query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS part_{number}")
        values += params
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return cursor.fetchall()
