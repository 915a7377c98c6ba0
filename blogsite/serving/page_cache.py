"""Whole pages for anonymous readers, held in each process's memory and keyed by stamp.

A page is served from memory only after one tiny query has said that nothing it shows has changed
since; so it is right in any number of processes and machines, and there is nothing to invalidate.
It stands in front of Django: a page that is there costs no middleware and no view.
"""

import gzip
import re
import threading
import time
from collections import OrderedDict
from contextlib import contextmanager
from urllib.parse import parse_qsl

from django.conf import settings

from blogsite.serving.stamp_reader import DatabaseUnavailable

SESSION_PREFIX = settings.SESSION_COOKIE_NAME + "="
MAX_UNCACHEABLE = 10_000
# One level more would take half as long again, for a tenth of the bytes.
GZIP_LEVEL = 5
# A page depends on its path and this of its query; nothing else there changes a byte of it.
NUMBER = re.compile(r"[1-9][0-9]{0,5}")
# Answers to these are one reader's own.
PRIVATE_PARAMETERS = frozenset({"held"})
UNCACHED_PATHS = ("/admin/", "/search/", settings.STATIC_URL)
NOT_IN_304 = frozenset({"content-type", "content-length", "last-modified"})


class Page:
    """A rendered page, and what it was made of: its source, the stamp of that, and until when.

    It is kept compressed alone, as nearly every reader wants it: so five times as many find room.
    """

    def __init__(self, source, stamp, until, headers, body):
        self.source, self.stamp, self.until = source, stamp, until
        self.etag = next(value for name, value in headers if name == "ETag")
        vary = ("Vary", "Accept-Encoding")
        plain = [pair for pair in headers if pair[0].lower() not in ("content-length", "vary")]
        self.plain_headers = [*plain, vary, ("Content-Length", str(len(body)))]
        self.zipped = gzip.compress(body, GZIP_LEVEL, mtime=0)
        zipped = [("Content-Encoding", "gzip"), ("Content-Length", str(len(self.zipped)))]
        self.zipped_headers = [*plain, vary, *zipped]
        self.unchanged_headers = [*(p for p in plain if p[0].lower() not in NOT_IN_304), vary]

    @property
    def bytes(self) -> int:
        return len(self.zipped) + 4096

    def answer(self, environ, start_response):
        headers, body = self.choose(environ)
        if "HTTP_X_MICRO_CACHE" in environ:
            headers = with_micro_cache(headers, environ["HTTP_X_MICRO_CACHE"])
        start_response("200 OK" if body is not None else "304 Not Modified", headers)
        return [body] if body and environ["REQUEST_METHOD"] == "GET" else []

    def choose(self, environ):
        """The headers, and the body or None, for what the client has and understands."""
        # Weak comparison (RFC 9110, 13.1.2): the tag may stand in a list, with or without W/.
        if self.etag[2:] in environ.get("HTTP_IF_NONE_MATCH", ""):
            return self.unchanged_headers, None
        if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return self.zipped_headers, self.zipped
        return self.plain_headers, gzip.decompress(self.zipped)


def with_micro_cache(headers, second: str):
    """Lets nginx keep a page to the end of the second in which it was asked for (its cache knows
    no smaller time), and hand out that one while it asks for the next. nginx takes the first
    header it meets."""
    rest = (pair for pair in headers if pair[0] != "Cache-Control")
    kept = ("Cache-Control", "no-cache, stale-while-revalidate=1")
    return [("X-Accel-Expires", f"@{second}"), kept, *rest]


class LeastRecentlyUsed:
    """The pages asked for last, up to a number of bytes."""

    def __init__(self, most_bytes: int):
        self.most_bytes, self.bytes = most_bytes, 0
        self.pages: OrderedDict[tuple, Page] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key) -> Page | None:
        page = self.pages.get(key)
        if page is not None:
            try:
                self.pages.move_to_end(key)
            except KeyError:  # another thread has just dropped it
                return None
        return page

    def put(self, key, page: Page):
        with self.lock:
            if old := self.pages.pop(key, None):
                self.bytes -= old.bytes
            self.pages[key] = page
            self.bytes += page.bytes
            while self.bytes > self.most_bytes:
                self.bytes -= self.pages.popitem(last=False)[1].bytes


class PageCache:
    """WSGI middleware. A view that may be cached names its source, and the stamp that this had
    before anything was read, in `environ`: see `articles.views.responses.conditional_response`."""

    def __init__(self, application, watch, most_bytes=settings.PAGE_CACHE_BYTES):
        self.application, self.watch = application, watch
        self.store = LeastRecentlyUsed(most_bytes)
        self.hosts: set[str] = set()  # those that Django has accepted
        self.unkept: set[tuple] = set()  # what gave nothing to keep, and needs no turns
        self.turns: dict[tuple, threading.Lock] = {}
        self.turns_lock = threading.Lock()

    def __call__(self, environ, start_response):
        key = page_key(environ)
        if "HTTP_X_MICRO_CACHE" in environ:
            # Now, before the page is found fresh: what changes later must not wait for longer.
            environ["HTTP_X_MICRO_CACHE"] = str(int(time.time()))
        if key is None:
            return self.application(environ, start_response)
        if page := self.find(key, environ):
            return page.answer(environ, start_response)
        if key in self.unkept:
            return self.render(key, environ, start_response)
        # However many ask for a page that has changed, one renders it and the others wait.
        with self.turn(key):
            if page := self.find(key, environ):
                return page.answer(environ, start_response)
            return self.render(key, environ, start_response)

    def find(self, key, environ) -> Page | None:
        """The stored page, if it is still what the database holds."""
        page = self.store.get(key)
        if page is None or environ.get("HTTP_HOST") not in self.hosts:
            return None
        if page.until and page.until <= time.time():
            return None
        try:
            return page if self.watch.current(page.source) == page.stamp else None
        except DatabaseUnavailable:
            # The database is away: nothing can be committed now, and readers go on reading.
            return page

    @contextmanager
    def turn(self, key):
        with self.turns_lock:
            turn = self.turns.setdefault(key, threading.Lock())
        with turn:
            try:
                yield
            finally:
                self.turns.pop(key, None)

    def render(self, key, environ, start_response):
        """Lets Django answer, and keeps the answer if its view has named a source."""
        if environ["REQUEST_METHOD"] != "GET":
            return self.application(environ, start_response)
        asked_for = environ.pop("HTTP_IF_NONE_MATCH", None)
        head = []
        answer = self.application(environ, lambda *given: head.extend(given))
        body = b"".join(answer)
        answer.close()
        status, headers = head[:2]
        own = any(name.lower() == "set-cookie" for name, _ in headers)
        if own or "blogsite.source" not in environ or not status.startswith("200"):
            if len(self.unkept) >= MAX_UNCACHEABLE:
                self.unkept.clear()
            self.unkept.add(key)
            start_response(status, headers)
            return [body]
        page = Page(*environ["blogsite.source"], headers, body)
        self.store.put(key, page)
        self.unkept.discard(key)
        if len(self.hosts) < 100:
            self.hosts.add(environ.get("HTTP_HOST"))
        if asked_for:
            environ["HTTP_IF_NONE_MATCH"] = asked_for
        return page.answer(environ, start_response)


def page_key(environ) -> tuple | None:
    """What a page's bytes depend on; None for what is not kept."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(UNCACHED_PATHS):
        return None
    if SESSION_PREFIX in environ.get("HTTP_COOKIE", ""):
        return None
    page = ""
    if query := environ.get("QUERY_STRING"):
        values = dict(parse_qsl(query, keep_blank_values=True))
        number = values.get("page", "1")
        if not PRIVATE_PARAMETERS.isdisjoint(values) or not NUMBER.fullmatch(number):
            return None
        page = number if number != "1" else ""
    scheme = settings.TRUSTED_PROXIES and environ.get("HTTP_X_FORWARDED_PROTO")
    return path, page, scheme or environ["wsgi.url_scheme"]
