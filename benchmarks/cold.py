"""The CPU that a page costs when it has to be made anew, measured in the site's own process."""

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
# The bar in milliseconds: of any page, and for each comment that it shows.
BASE, EACH = 5, 0.05
YEAR = f"/archive/{timezone.now().year}/"
LISTS = ("/", "/?page=4", "/feed/", "/comments/feed/", "/tags/towns/", "/tags/towns/?page=4")
LISTS += ("/authors/ada-lark/", "/authors/ada-lark/?page=4", "/archive/", YEAR, "/feed.json")
LISTS += ("/tags/towns/feed/", "/authors/ada-lark/feed/")
DEEP = ("/?page=400", "/tags/towns/?page=400", "/authors/ada-lark/?page=400")
SEARCHES = ("/search/?q=bench", "/search/?q=bench+clock+street", "/search/?q=nothing")


def read_cold(path: str) -> tuple[float, bytes]:
    """Milliseconds of CPU for a page that Django answers, compressed as it is kept; its body."""
    path, _, query = path.partition("?")
    environ = RequestFactory()._base_environ(PATH_INFO=path, QUERY_STRING=query)
    environ["wsgi.input"] = io.BytesIO()
    began = time.process_time()
    answer = site()(environ, check_status)
    body = b"".join(answer)
    answer.close()
    gzip.compress(body, GZIP_LEVEL, mtime=0)
    return (time.process_time() - began) * 1000, body


def check_status(status: str, _headers):
    assert status.startswith("200"), status


@cache
def site():
    settings.ALLOWED_HOSTS = ["testserver"]
    return get_wsgi_application()


def cost(path: str) -> float:
    """The same, the least of some rounds."""
    return min(read_cold(path)[0] for _ in range(ROUNDS))


def show(path: str):
    """Prints what the page costs after a reply that it shows, and after an edit of its essay.

    Each with the number of comments shown before it and the bar behind it, of the best round.
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
            shown = body.count(b'id="comment-')
            bar = BASE + EACH * shown
            rounds.append((milliseconds / bar, shown, milliseconds, bar))
        print(*min(rounds)[1:])


def lists(paths=LISTS):
    """Prints for each list its cost and its number of queries."""
    settings.ALLOWED_HOSTS = ["testserver"]
    figures = {}
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        # Counted at once: the next request empties the list.
        count = len(queries)
        figures[path] = round(cost(path), 2), count
    print(figures)
