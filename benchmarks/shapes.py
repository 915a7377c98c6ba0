"""Threads of every length and shape: are pages small, is every comment reached, what do they cost?

Run by `manage.py shell`; prints one line of figures for each shape.
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

SHOWN = re.compile(rb'id="comment-(\d+)"')
PERMALINKS, SAMPLE = 30, 24


def build(name: str, size: int, parent_of) -> str:
    """Stores a thread whose comments' parents a function chooses; returns the essay's path."""
    chance = random.Random(size)
    article = seed.essay(chance, name, timedelta(days=3))
    article.save()
    comments = seed.thread(article, size, chance)
    for place, comment in enumerate(comments):
        comment.parent = parent_of(comments, place)
    tree.load(comments)
    return article.get_absolute_url()


SHAPES = {
    "100,000 comments": (100_000, lambda rows, n: rows[n].parent),
    "10,000 replies to one comment": (10_001, lambda rows, n: rows[0] if n else None),
    "a chain 1,000 deep": (1_000, lambda rows, n: rows[n - 1] if n else None),
}


def measure(name: str):
    size, parent_of = SHAPES[name]
    # The words repeat, so that 100,000 comments are not rendered for minutes.
    markup.render = cache(markup.render)
    settings.ALLOWED_HOSTS = ["testserver"]
    path = build(name, size, parent_of)
    article = Article.objects.get(slug=path.split("/")[2])
    last = page_number_of(Comment.objects.filter(article=article).order_by("-tree_id", "-lft")[0])
    # A sample of a very long thread; all of the others.
    pages = [*range(1, last, max(1, last // SAMPLE)), last]
    figures = crawl(path, pages) | {"size": size, "pages": last, "sampled": len(pages)}
    figures["first"], figures["last"] = cost(path), cost(f"{path}?page={last}")
    figures["strays"] = stray_permalinks(path)
    print(json.dumps(figures))


def crawl(path: str, pages: list[int]) -> dict:
    """The largest of these pages; what they show and what the last link of each says remains."""
    client, seen = Client(), set()
    figures = {"most": 0, "bytes": 0, "queries": 0}
    for number in pages:
        with CaptureQueriesContext(connection) as queries:
            body = client.get(path, {"page": number}).content
        shown = {int(key) for key in SHOWN.findall(body)}
        assert shown and not shown & seen
        seen |= shown
        figures["most"] = max(figures["most"], len(shown))
        figures["bytes"] = max(figures["bytes"], len(gzip.compress(body, GZIP_LEVEL)))
        figures["queries"] = max(figures["queries"], len(queries))
    return figures | {"seen": len(seen)}


def cost(path: str) -> float:
    """Milliseconds of CPU of a page, the least of five."""
    times = []
    for _ in range(5):
        began = time.process_time()
        Client().get(path)
        times.append(time.process_time() - began)
    return round(min(times) * 1000, 1)


def stray_permalinks(path: str) -> int:
    """How many of some comments' lasting addresses do not lead to them."""
    keys = Comment.objects.filter(article__slug=path.split("/")[2]).order_by("?")
    strays = 0
    for key in keys.values_list("pk", flat=True)[:PERMALINKS]:
        place = Client().get(f"/comments/{key}/").url
        strays += f'id="comment-{key}"' not in Client().get(place.split("#")[0]).content.decode()
    return strays
