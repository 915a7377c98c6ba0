"""The page cache: which pages it keeps, for which requests, and how many."""

import gzip
import threading
from io import BytesIO

import pytest

from blogsite.serving.page_cache import PageCache
from blogsite.serving.stamp_reader import DatabaseUnavailable

pytestmark = pytest.mark.once
HEADERS = [("Content-Type", "text/html"), ("ETag", 'W/"a-1"'), ("Cache-Control", "no-cache")]


class Site:
    """A small WSGI application that counts how often it had to make a page."""

    def __init__(self):
        self.made, self.stamp, self.source = 0, 1, ("article", 1)
        self.status, self.size = "200 OK", 100
        self.until = None

    def __call__(self, environ, start_response):
        self.made += 1
        if self.source:
            environ["blogsite.source"] = (self.source, self.stamp, self.until)
        start_response(self.status, HEADERS)
        return Answer([b"x" * self.size])

    def current(self, source):
        return self.stamp


class Answer(list):
    def close(self):
        pass


def ask(cache, path="/2026/essay/", query="", method="GET", **headers):
    """Status, headers and body of one request."""
    heard = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        **headers,
    }
    body = b"".join(cache(environ, lambda status, headers, *_: heard.extend((status, headers))))
    return heard[0], dict(heard[1]), body


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def cache(site):
    return PageCache(site, site, max_bytes=100_000)


def test_unchanged_page_is_made_once(site, cache):
    bodies = {ask(cache)[2] for _ in range(3)}
    assert bodies == {b"x" * 100}
    assert site.made == 1


def test_changed_page_is_made_again(site, cache):
    ask(cache)
    site.stamp = 2
    ask(cache)
    assert site.made == 2


def test_page_whose_time_is_up_is_made_again(site, cache):
    site.until = 1.0
    ask(cache)
    ask(cache)
    assert site.made == 2


def test_staff_pass_the_cache_by(site, cache):
    for _ in range(2):
        ask(cache, HTTP_COOKIE="a=b; sessionid=c")
    ask(cache)
    assert site.made == 3


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "POST"},
        {"query": "held=1"},
        {"path": "/admin/"},
        {"HTTP_HOST": "elsewhere.example"},
    ],
)
def test_personal_page_is_never_answered_from_memory(site, cache, request_):
    ask(cache)
    ask(cache, **request_)
    assert site.made == 2


@pytest.mark.parametrize("query", ["utm_source=x", "a=1&b=2", "page"])
def test_query_that_shapes_nothing_finds_the_same_page(site, cache, query):
    ask(cache)
    ask(cache, query=query.replace("page", "paged=1"))
    assert site.made == 1


def test_pages_of_a_thread_are_kept_apart(site, cache):
    ask(cache)
    ask(cache, query="page=2")
    assert site.made == 2


def test_answer_without_a_source_is_not_kept(site, cache):
    site.source = None
    ask(cache)
    ask(cache)
    assert site.made == 2


def test_answer_with_a_cookie_is_not_kept(site, cache, monkeypatch):
    monkeypatch.setattr("tests.site.test_pagecache.HEADERS", [*HEADERS, ("Set-Cookie", "a=b")])
    ask(cache)
    ask(cache)
    assert site.made == 2


def test_error_is_not_kept(site, cache):
    site.status = "404 Not Found"
    assert ask(cache)[0] == "404 Not Found"
    ask(cache)
    assert site.made == 2


def test_readers_go_on_reading_while_the_database_is_away(site, cache):
    ask(cache)

    def away(source):
        raise DatabaseUnavailable

    cache.stamp_readers = type("Away", (), {"current": staticmethod(away)})()
    assert ask(cache)[0] == "200 OK"
    assert site.made == 1


def test_memory_is_bounded_and_the_least_asked_for_goes_first(site, cache):
    site.size = 5_000
    for number in range(30):
        ask(cache, "/2026/kept/")
        ask(cache, f"/2026/essay-{number}/")
    assert cache.store.size <= 100_000
    assert cache.store.size == sum(page.size for page in cache.store.pages.values())
    made = site.made
    ask(cache, "/2026/kept/")
    assert site.made == made


def test_many_who_wait_for_one_page_have_it_made_once(site, cache):
    everybody = threading.Barrier(9)

    def make_when_all_have_come(environ, start_response):
        everybody.wait(30)
        return site(environ, start_response)

    cache.application = make_when_all_have_come
    single_flight = cache.single_flight

    def take_turn(key):
        # All but the one that makes the page are about to wait for it.
        threading.Thread(target=everybody.wait, args=(30,)).start()
        return single_flight(key)

    cache.single_flight = take_turn
    readers = [threading.Thread(target=ask, args=(cache,)) for _ in range(8)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    assert site.made == 1
    assert not cache.flights


def test_compressed_page_is_the_same_page(cache):
    _, headers, body = ask(cache, HTTP_ACCEPT_ENCODING="br, gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(body) == ask(cache)[2]


@pytest.mark.parametrize("tag", ['W/"a-1"', '"a-1"', '"other", W/"a-1"'])
def test_known_page_is_answered_with_304_and_no_body(cache, tag):
    for _ in range(2):  # the first time from the site, then from memory
        status, headers, body = ask(cache, HTTP_IF_NONE_MATCH=tag)
        assert (status, body) == ("304 Not Modified", b"")
        assert headers["ETag"] == 'W/"a-1"'
        assert "Content-Type" not in headers


def test_head_has_the_headers_of_the_page_and_no_body(cache):
    ask(cache)
    status, headers, body = ask(cache, method="HEAD")
    assert (status, headers["Content-Length"], body) == ("200 OK", "100", b"")


def test_nginx_is_told_to_keep_a_page_for_the_running_second(cache):
    ask(cache)
    headers = ask(cache, HTTP_X_MICRO_CACHE="1")[1]
    assert headers["X-Accel-Expires"].startswith("@")
    assert headers["Cache-Control"] == "no-cache, stale-while-revalidate=1"
    assert "X-Accel-Expires" not in ask(cache)[1]
