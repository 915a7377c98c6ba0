"""Measures the CPU time of a page that is not in the page cache, in the site's own process."""

import gzip
import io
import time
from functools import cache

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blogsite.serving.page_cache import GZIP_LEVEL

ROUNDS = 7
# The bar in milliseconds: for any page, and for each comment on it.
PAGE_MS, COMMENT_MS = 5, 0.05
YEAR = f"/archive/{timezone.now().year}/"
LISTS = ("/", "/?page=4", "/feed/", "/comments/feed/", "/tags/towns/", "/tags/towns/?page=4")
LISTS += ("/authors/ada-lark/", "/authors/ada-lark/?page=4", "/archive/", YEAR, "/feed.json")
LISTS += ("/tags/towns/feed/", "/authors/ada-lark/feed/")
DEEP = ("/?page=400", "/tags/towns/?page=400", "/authors/ada-lark/?page=400")
SEARCHES = ("/search/?q=bench", "/search/?q=bench+clock+street", "/search/?q=nothing")


def read_cold(path: str) -> tuple[float, bytes]:
    """Milliseconds of CPU time to render and compress the page, and its body."""
    path, _, query = path.partition("?")
    environ = RequestFactory()._base_environ(PATH_INFO=path, QUERY_STRING=query)
    environ["wsgi.input"] = io.BytesIO()
    started = time.process_time()
    response = site()(environ, check_status)
    body = b"".join(response)
    response.close()
    gzip.compress(body, GZIP_LEVEL, mtime=0)
    return (time.process_time() - started) * 1000, body


def check_status(status: str, _headers):
    assert status.startswith("200"), status


@cache
def site():
    settings.ALLOWED_HOSTS = ["testserver"]
    return get_wsgi_application()


def cost(path: str) -> float:
    """Milliseconds of CPU time for the page, the lowest of some rounds."""
    return min(read_cold(path)[0] for _ in range(ROUNDS))


def show(path: str):
    """Prints two lines, for the page after a reply and after an edit of its essay.

    A line holds the number of comments, the cost and the bar, of the best round.
    """
    from articles.models import Article
    from benchmarks import posting

    article = Article.objects.get(slug=path.strip("/").split("/")[1])
    first = article.comments.thread_order().first().pk
    read_cold(path)
    for change in (lambda: posting.save(article, first), Article.objects.get(pk=article.pk).save):
        rounds = []
        for _ in range(ROUNDS):
            change()
            milliseconds, body = read_cold(path)
            comments = body.count(b'id="comment-')
            bar = PAGE_MS + COMMENT_MS * comments
            rounds.append((milliseconds / bar, comments, milliseconds, bar))
        print(*min(rounds)[1:])


def lists(paths=LISTS):
    """Prints for each list its cost and its number of queries."""
    settings.ALLOWED_HOSTS = ["testserver"]
    figures = {}
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        count = len(queries)  # now, because the next request empties the list
        figures[path] = round(cost(path), 2), count
    print(figures)
