"""A burst of a thousand spam replies: readers are served throughout and see none of them."""

import json
import threading
import urllib.request

import pytest

from tests.load import at_once, post, spam
from tests.server import running_server

pytestmark = pytest.mark.server
SPAM, CLIENTS = 1_000, 50
# SQLite takes about 50 entries of the log in one statement; all else is asked once.
MAX_QUERIES = 20 + SPAM // 40


def read(url: str) -> str:
    """The page; an error is raised for any status but 200."""
    with urllib.request.urlopen(url, timeout=180) as answer:
        return answer.read().decode()


class Readers:
    """Some who read one page after the other until the block ends; what they saw is in `pages`."""

    def __init__(self, urls, count=2):
        self.urls, self.pages, self.faults = urls, [], []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.read) for _ in range(count)]

    def read(self):
        while not self.over.is_set():
            for url in self.urls:
                try:
                    self.pages.append((url, read(url)))
                except OSError as fault:
                    self.faults.append(f"{url}: {fault}")
            self.over.wait(0.2)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("burst"), TRUSTED_PROXIES="1") as server:
        yield server


def test_readers_are_served_during_a_spam_burst_which_one_action_clears(site):
    site.run("from tests import load; load.make_thread(1)")
    path = site.run(
        "from articles.models import Article; print(Article.objects.get().get_absolute_url())"
    ).strip()
    shown = [f"{site.url}{at}" for at in (path, "/", "/comments/feed/")]
    before = {url: read(url) for url in shown}

    def send(number):
        fields, address = spam(number, CLIENTS)
        return post(site.url, f"{path}reply/", fields, address)

    with Readers(shown) as readers:
        answers = at_once(send, range(SPAM), CLIENTS)
    assert all(answer.is_taken for answer in answers)
    assert not readers.faults and len(readers.pages) > len(shown)
    for url, page in readers.pages:
        assert "casino" not in page and page.count("says") == before[url].count("says")
    statuses = "SELECT status, count(*) FROM comments_comment GROUP BY status ORDER BY status"
    assert site.rows(statuses) == [("held", SPAM), ("published", 1)]
    clients = site.rows("SELECT count(DISTINCT client_hash) FROM comments_networktrace")
    assert clients == [(CLIENTS,)]

    cleared, queries = json.loads(site.run("from tests import load; load.clear()"))
    assert cleared == SPAM and queries <= MAX_QUERIES
    assert site.rows(statuses) == [("published", 1), ("spam", SPAM)]
    assert all("casino" not in read(url) for url in shown)
    site.command("check_threads")
    site.command("check_log")
