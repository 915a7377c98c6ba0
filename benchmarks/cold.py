"""The CPU that a page costs when it has to be made anew, measured in the site's own process."""

import gzip
import time

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blogsite.pagecache import ZIP_LEVEL

ROUNDS = 7
YEAR = f"/archive/{timezone.now().year}/"
LISTS = ("/", "/?page=4", "/feed/", "/comments/feed/", "/tags/towns/", "/tags/towns/?page=4")
LISTS += ("/authors/ada-lark/", "/authors/ada-lark/?page=4", "/archive/", YEAR, "/feed.json")
LISTS += ("/tags/towns/feed/", "/authors/ada-lark/feed/")
DEEP = ("/?page=400", "/tags/towns/?page=400", "/authors/ada-lark/?page=400")
SEARCHES = ("/search/?q=bench", "/search/?q=bench+clock+street", "/search/?q=nothing")


def cost(path: str) -> tuple[float, bytes]:
    """Milliseconds of CPU for the whole answer, the least of some rounds, and its body."""
    settings.ALLOWED_HOSTS = ["testserver"]
    client, times = Client(), []
    for _ in range(ROUNDS):
        began = time.process_time()
        body = client.get(path).content
        gzip.compress(body, ZIP_LEVEL, mtime=0)
        times.append(time.process_time() - began)
    return min(times) * 1000, body


def show(path: str):
    milliseconds, body = cost(path)
    print(body.count(b'id="comment-'), round(milliseconds, 2))


def lists(paths=LISTS):
    """Prints for each list its cost and its number of queries."""
    settings.ALLOWED_HOSTS = ["testserver"]
    figures = {}
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        # Counted at once: the next request empties the list.
        count = len(queries)
        figures[path] = round(cost(path)[0], 2), count
    print(figures)
