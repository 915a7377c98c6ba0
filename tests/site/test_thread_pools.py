"""Replies run in threads of their own, so that readers are served however many replies come."""

import threading
from io import BytesIO

import pytest

from blogsite.serving.stamp_reader import StampReaderPool
from blogsite.serving.thread_pools import ThreadPools

pytestmark = pytest.mark.once
PATIENCE = 30


class Site:
    """A WSGI application whose POSTs are not answered before they may be."""

    def __init__(self):
        self.may_answer, self.began = threading.Event(), threading.Semaphore(0)
        self.at_work = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            with self.lock:
                self.at_work += 1
                self.most = max(self.most, self.at_work)
            self.began.release()
            assert self.may_answer.wait(PATIENCE)
            with self.lock:
                self.at_work -= 1
        return [b"answer"]


def ask(turns, method="GET", path="/", **environ):
    fixed = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO()}
    return turns(fixed | environ, lambda *_: None)


def test_reader_is_served_while_more_replies_wait_than_there_are_threads():
    site = Site()
    turns = ThreadPools(site, replies=2, others=2)
    posts = [threading.Thread(target=ask, args=(turns, "POST")) for _ in range(9)]
    for post in posts:
        post.start()
    assert all(site.began.acquire(timeout=PATIENCE) for _ in range(2))
    assert ask(turns) == [b"answer"]
    site.may_answer.set()
    for post in posts:
        post.join(PATIENCE)
    assert site.most == 2 and not any(post.is_alive() for post in posts)


def test_thread_is_given_back_when_the_site_fails():
    def fail(environ, start_response):
        raise RuntimeError("broken")

    turns = ThreadPools(fail, replies=1, others=1)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ask(turns, "POST")


def test_replies_do_not_wait_for_what_a_moderator_does():
    site = Site()
    turns = ThreadPools(site, replies=1, admin=1, others=1)
    busy = threading.Thread(target=ask, args=(turns, "POST", "/admin/comments/comment/act/"))
    busy.start()
    assert site.began.acquire(timeout=PATIENCE)
    reply = threading.Thread(target=ask, args=(turns, "POST", "/2026/essay/reply/"))
    reply.start()
    assert site.began.acquire(timeout=PATIENCE)
    site.may_answer.set()
    for thread in (busy, reply):
        thread.join(PATIENCE)


class Slow:
    """A form of which nothing comes before it may, and then no more than a part, or an error."""

    def __init__(self, error=None):
        self.may_come, self.error = threading.Event(), error

    def read(self, size):
        assert self.may_come.wait(PATIENCE)
        if self.error:
            raise self.error
        return b"name=Ada"[:size]


def test_slow_form_takes_no_thread():
    read = lambda environ, start_response: [environ["wsgi.input"].read()]  # noqa: E731
    turns, form, answers = ThreadPools(read, replies=1), Slow(), []
    fields = {"CONTENT_LENGTH": "8", "wsgi.input": form}
    slow = threading.Thread(target=lambda: answers.extend(ask(turns, "POST", **fields)))
    slow.start()
    quick = {"CONTENT_LENGTH": "5", "wsgi.input": BytesIO(b"quick")}
    assert ask(turns, "POST", **quick) == [b"quick"] and not answers
    form.may_come.set()
    slow.join(PATIENCE)
    assert answers == [b"name=Ada"]


def test_broken_off_form_raises_when_it_is_read():
    read = lambda environ, start_response: [environ["wsgi.input"].read()]  # noqa: E731
    form = Slow(OSError("broken off"))
    form.may_come.set()
    with pytest.raises(OSError, match="broken off"):
        ask(ThreadPools(read), "POST", CONTENT_LENGTH="8", **{"wsgi.input": form})


def test_form_that_ends_too_soon_is_refused():
    """A connection that is closed in the middle of one ends it like any other."""
    read = lambda environ, start_response: [environ["wsgi.input"].read()]  # noqa: E731
    half = {"CONTENT_LENGTH": "9", "wsgi.input": BytesIO(b"body=half")}
    assert ask(ThreadPools(read), "POST", **half) == [b"body=half"]
    with pytest.raises(OSError, match="broke off"):
        ask(
            ThreadPools(read),
            "POST",
            CONTENT_LENGTH="900",
            **{"wsgi.input": BytesIO(b"body=half")},
        )


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_unread_body_is_drained_before_a_thread_is_taken(method):
    source = BytesIO(b"x" * 5_000_000)
    read = lambda environ, start_response: [environ["wsgi.input"].read()]  # noqa: E731
    fields = {"CONTENT_LENGTH": "5000000", "wsgi.input": source}
    assert ask(ThreadPools(read), method, **fields) == [b""] and source.read() == b""


def test_django_runs_in_no_more_threads_than_the_pools_hold():
    """Each has a connection to the database, however many threads the server has."""
    seen = set()
    turns = ThreadPools(lambda *_: seen.add(threading.get_ident()) or [], replies=1, others=2)
    for _ in range(9):
        thread = threading.Thread(target=lambda: [ask(turns), ask(turns, "POST")])
        thread.start()
        thread.join(PATIENCE)
    assert 0 < len(seen) <= 3


def test_watch_is_lent_to_one_thread_at_a_time_and_given_back():
    class Watch:
        made, lent = 0, threading.Lock()

        def __init__(self):
            Watch.made += 1

        def current(self, source):
            assert self.lent.acquire(blocking=False)
            try:
                if source == "broken":
                    raise RuntimeError
                return 7
            finally:
                self.lent.release()

    watches = StampReaderPool(Watch, count=1)
    with pytest.raises(RuntimeError):
        watches.current("broken")
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(watches.current("x"))) for _ in "abcd"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert answers == [7] * 4 and Watch.made == 1
