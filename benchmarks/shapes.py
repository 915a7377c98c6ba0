"""Measures long, wide and deep threads: page sizes, costs, and whether every comment is reached.

`manage.py shell` runs it; it prints one line of figures for a shape.
"""

import gzip
import json
import random
import re
import time
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from benchmarks import seed
from blogsite.serving.page_cache import GZIP_LEVEL
from comments import markup, tree
from comments.models import Comment
from comments.thread_page.read import page_number_of

COMMENT_ID = re.compile(rb'id="comment-(\d+)"')
PERMALINKS, SAMPLE = 30, 24


def build(name: str, size: int, parent_of) -> str:
    """Stores a thread with the parents that `parent_of` chooses; returns the essay's path."""
    rng = random.Random(size)
    article = seed.essay(rng, name, timedelta(days=3))
    article.save()
    comments = seed.thread(article, size, rng)
    for index, comment in enumerate(comments):
        comment.parent = parent_of(comments, index)
    tree.load(comments)
    return article.get_absolute_url()


SHAPES = {
    "100,000 comments": (100_000, lambda rows, n: rows[n].parent),
    "10,000 replies to one comment": (10_001, lambda rows, n: rows[0] if n else None),
    "a chain 1,000 deep": (1_000, lambda rows, n: rows[n - 1] if n else None),
}


def measure(name: str):
    size, parent_of = SHAPES[name]
    # Bodies repeat: rendering each of 100,000 comments would take minutes.
    markup.render = cache(markup.render)
    settings.ALLOWED_HOSTS = ["testserver"]
    path = build(name, size, parent_of)
    article = Article.objects.get(slug=path.split("/")[2])
    last = page_number_of(Comment.objects.filter(article=article).order_by("-tree_id", "-lft")[0])
    # All pages, but a sample of a very long thread.
    pages = [*range(1, last, max(1, last // SAMPLE)), last]
    figures = crawl(path, pages) | {"size": size, "pages": last, "sampled": len(pages)}
    figures["first"], figures["last"] = cost(path), cost(f"{path}?page={last}")
    figures["wrong_permalinks"] = wrong_permalinks(path)
    print(json.dumps(figures))


def crawl(path: str, pages: list[int]) -> dict:
    """The largest page in comments, bytes and queries, and the number of comments seen."""
    client, seen = Client(), set()
    figures = {"most": 0, "bytes": 0, "queries": 0}
    for number in pages:
        with CaptureQueriesContext(connection) as queries:
            body = client.get(path, {"page": number}).content
        ids = {int(pk) for pk in COMMENT_ID.findall(body)}
        assert ids and not ids & seen
        seen |= ids
        figures["most"] = max(figures["most"], len(ids))
        figures["bytes"] = max(figures["bytes"], len(gzip.compress(body, GZIP_LEVEL)))
        figures["queries"] = max(figures["queries"], len(queries))
    return figures | {"seen": len(seen)}


def cost(path: str) -> float:
    """Milliseconds of CPU time of a page, the lowest of five."""
    times = []
    for _ in range(5):
        started = time.process_time()
        Client().get(path)
        times.append(time.process_time() - started)
    return round(min(times) * 1000, 1)


def wrong_permalinks(path: str) -> int:
    """How many permalinks, of some random comments, redirect to a page without the comment."""
    comments = Comment.objects.filter(article__slug=path.split("/")[2]).order_by("?")
    wrong = 0
    for pk in comments.values_list("pk", flat=True)[:PERMALINKS]:
        page = Client().get(f"/comments/{pk}/").url.split("#")[0]
        wrong += f'id="comment-{pk}"' not in Client().get(page).content.decode()
    return wrong
