"""Replies wait for each other, so that however many come at once, readers are served."""

import threading

import pytest

from blogsite.freshness import Watches
from blogsite.turns import Turns

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


def ask(turns, method="GET"):
    return turns({"REQUEST_METHOD": method}, lambda *_: None)


def test_reader_is_served_while_more_replies_than_turns_wait():
    site = Site()
    turns = Turns(site, posts=2, others=2)
    posts = [threading.Thread(target=ask, args=(turns, "POST")) for _ in range(9)]
    for post in posts:
        post.start()
    assert all(site.began.acquire(timeout=PATIENCE) for _ in range(2))
    assert ask(turns) == [b"answer"]
    site.may_answer.set()
    for post in posts:
        post.join(PATIENCE)
    assert site.most == 2 and not any(post.is_alive() for post in posts)


def test_turn_is_given_back_when_the_site_fails():
    def fail(environ, start_response):
        raise RuntimeError("broken")

    turns = Turns(fail, posts=1, others=1)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ask(turns, "POST")


def test_only_the_first_threads_keep_their_connection(monkeypatch):
    closed = []
    monkeypatch.setattr("blogsite.turns.connections.close_all", lambda: closed.append(1))
    turns = Turns(lambda environ, start_response: [], posts=1, others=1)
    for _ in range(5):
        thread = threading.Thread(target=lambda: [ask(turns), ask(turns)])
        thread.start()
        thread.join(PATIENCE)
    assert len(closed) == 2 * 3


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

    watches = Watches(Watch, count=1)
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
