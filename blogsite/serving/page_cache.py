"""Caches whole pages for anonymous readers in each worker's memory, in front of Django.

A cached page holds its source's stamp as it was before the page was rendered. Every request reads
the source's current stamp with one small query, and a page with an older stamp is rendered again.
So entries are never invalidated, and workers on any number of machines need not communicate.
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
MAX_HOSTS, MAX_UNCACHEABLE = 100, 10_000
# Level 6 takes half as long again and saves a tenth of the bytes.
GZIP_LEVEL = 5
# Python objects and headers, in bytes, beside each compressed body.
ENTRY_OVERHEAD = 4096
# The only part of a query that changes a cached page is its `page` parameter.
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
# A response to a query with one of these is for one reader only.
PRIVATE_PARAMETERS = frozenset({"held"})
UNCACHED_PATHS = ("/admin/", "/search/", settings.STATIC_URL)
NOT_IN_304 = frozenset({"content-type", "content-length", "last-modified"})


class CachedPage:
    """A rendered page with its source, the source's stamp and the time at which it expires.

    Only the gzipped body is stored, which nearly every client accepts: five times as many pages
    fit into the same memory.
    """

    def __init__(self, source, stamp, expires, headers, body):
        self.source, self.stamp, self.expires = source, stamp, expires
        self.etag = next(value for name, value in headers if name == "ETag")
        self.gzipped = gzip.compress(body, GZIP_LEVEL, mtime=0)
        common = [pair for pair in headers if pair[0].lower() not in ("content-length", "vary")]
        vary = ("Vary", "Accept-Encoding")
        self.plain_headers = [*common, vary, ("Content-Length", str(len(body)))]
        encoding = [("Content-Encoding", "gzip"), ("Content-Length", str(len(self.gzipped)))]
        self.gzip_headers = [*common, vary, *encoding]
        self.not_modified_headers = [*(p for p in common if p[0].lower() not in NOT_IN_304), vary]

    @property
    def size(self) -> int:
        return len(self.gzipped) + ENTRY_OVERHEAD

    def respond(self, environ, start_response, second: int):
        """`second` is the Unix time at which the request came in, before the stamp was read."""
        headers, body = self.negotiate(environ)
        if "HTTP_X_MICRO_CACHE" in environ:
            headers = micro_cache_headers(headers, second)
        start_response("200 OK" if body is not None else "304 Not Modified", headers)
        return [body] if body and environ["REQUEST_METHOD"] == "GET" else []

    def negotiate(self, environ):
        """Headers and body in the encoding that the client accepts; no body for a 304."""
        # Weak comparison (RFC 9110, 13.1.2): the ETag may be in a list, with or without W/.
        if self.etag[2:] in environ.get("HTTP_IF_NONE_MATCH", ""):
            return self.not_modified_headers, None
        if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return self.gzip_headers, self.gzipped
        return self.plain_headers, gzip.decompress(self.gzipped)


def micro_cache_headers(headers, second: int):
    """Lets nginx cache the page until that second ends, and serve it while it revalidates.

    One second is the smallest unit of nginx's cache. nginx obeys the first of these headers.
    """
    others = (pair for pair in headers if pair[0] != "Cache-Control")
    cache_control = ("Cache-Control", "no-cache, stale-while-revalidate=1")
    return [("X-Accel-Expires", f"@{second}"), cache_control, *others]


class PageStore:
    """The most recently used pages, up to a number of bytes."""

    def __init__(self, max_bytes: int):
        self.max_bytes, self.size = max_bytes, 0
        self.pages: OrderedDict[tuple, CachedPage] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key) -> CachedPage | None:
        page = self.pages.get(key)
        if page is not None:
            try:
                self.pages.move_to_end(key)
            except KeyError:  # another thread has just dropped it
                return None
        return page

    def put(self, key, page: CachedPage):
        with self.lock:
            if old := self.pages.pop(key, None):
                self.size -= old.size
            self.pages[key] = page
            self.size += page.size
            while self.size > self.max_bytes:
                self.size -= self.pages.popitem(last=False)[1].size


class PageCache:
    """WSGI middleware. A view whose page may be cached puts the page's source, the stamp and the
    expiry time in `environ`: see `articles.views.responses.conditional_response`."""

    def __init__(self, application, stamp_readers, max_bytes=settings.PAGE_CACHE_BYTES):
        self.application, self.stamp_readers = application, stamp_readers
        self.store = PageStore(max_bytes)
        self.accepted_hosts: set[str] = set()  # Django has checked them against ALLOWED_HOSTS
        self.uncacheable: set[tuple] = set()  # keys whose last response could not be stored
        self.flights: dict[tuple, threading.Lock] = {}
        self.flights_lock = threading.Lock()

    def __call__(self, environ, start_response):
        key = cache_key(environ)
        if key is None:
            return self.application(environ, start_response)
        second = int(time.time())
        if page := self.fresh_page(key, environ):
            return page.respond(environ, start_response, second)
        if key in self.uncacheable:
            return self.render(key, environ, start_response, second)
        with self.single_flight(key):
            if page := self.fresh_page(key, environ):
                return page.respond(environ, start_response, second)
            return self.render(key, environ, start_response, second)

    def fresh_page(self, key, environ) -> CachedPage | None:
        """The stored page, if its stamp is still the database's."""
        page = self.store.get(key)
        if page is None or environ.get("HTTP_HOST") not in self.accepted_hosts:
            return None
        if page.expires and page.expires <= time.time():
            return None
        try:
            return page if self.stamp_readers.current(page.source) == page.stamp else None
        except DatabaseUnavailable:
            # Nothing can be committed while the database is away, so the page is still right.
            return page

    @contextmanager
    def single_flight(self, key):
        """One thread renders a page; the others that ask for the same page wait for it."""
        with self.flights_lock:
            flight = self.flights.setdefault(key, threading.Lock())
        with flight:
            try:
                yield
            finally:
                self.flights.pop(key, None)

    def render(self, key, environ, start_response, second: int):
        """Django's response, stored if its view has named a source."""
        if environ["REQUEST_METHOD"] != "GET":
            return self.application(environ, start_response)
        # Django must render the page even for a client that has it.
        if_none_match = environ.pop("HTTP_IF_NONE_MATCH", None)
        started = []
        response = self.application(environ, lambda *arguments: started.extend(arguments))
        body = b"".join(response)
        response.close()
        status, headers = started[:2]
        if not is_cacheable(environ, status, headers):
            if len(self.uncacheable) >= MAX_UNCACHEABLE:
                self.uncacheable.clear()
            self.uncacheable.add(key)
            start_response(status, headers)
            return [body]
        page = CachedPage(*environ["blogsite.source"], headers, body)
        self.store.put(key, page)
        self.uncacheable.discard(key)
        if len(self.accepted_hosts) < MAX_HOSTS:
            self.accepted_hosts.add(environ.get("HTTP_HOST"))
        if if_none_match:
            environ["HTTP_IF_NONE_MATCH"] = if_none_match
        return page.respond(environ, start_response, second)


def is_cacheable(environ, status: str, headers) -> bool:
    sets_cookie = any(name.lower() == "set-cookie" for name, _ in headers)
    return "blogsite.source" in environ and status.startswith("200") and not sets_cookie


def cache_key(environ) -> tuple | None:
    """Path, page number and scheme; None for a request that is not answered from the cache."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(UNCACHED_PATHS):
        return None
    if SESSION_PREFIX in environ.get("HTTP_COOKIE", ""):
        return None
    page = ""
    if query := environ.get("QUERY_STRING"):
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        number = parameters.get("page", "1")
        if not PRIVATE_PARAMETERS.isdisjoint(parameters) or not PAGE_NUMBER.fullmatch(number):
            return None
        page = number if number != "1" else ""
    scheme = settings.TRUSTED_PROXIES and environ.get("HTTP_X_FORWARDED_PROTO")
    return path, page, scheme or environ["wsgi.url_scheme"]
