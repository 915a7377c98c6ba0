"""Measures replies: one alone, one in a wide tree, and many from clients at the same time."""

import threading
import time
import urllib.request
from itertools import count

from benchmarks.load import Load
from tests.load import at_once, post, reply, spam

ROUNDS, TREE_ROUNDS = 40, 10
SPAMMERS = 50
numbers = count(1_000_000)


def one(path: str):
    """Prints the milliseconds to store a reply, the median of many."""
    from articles.models import Article

    article = Article.objects.get(slug=path.strip("/").split("/")[1])
    print(median(lambda: save(article)))


def save(article, parent=None):
    from comments.forms import ReplyForm

    fields = reply(next(numbers)) | {"parent": parent or ""}
    form = ReplyForm(fields, article=article)
    assert form.is_valid(), form.errors
    form.save("192.0.2.1")


def median(work, rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return sorted(times)[rounds // 2] * 1000


def one_tree(size: int):
    """Prints the milliseconds to store a reply to the first of many replies to one comment."""
    from datetime import timedelta
    from random import Random

    from benchmarks import seed
    from comments import tree
    from comments.models import Comment

    article = seed.essay(Random(1), "One tree", timedelta(days=2))
    article.save()
    comments = seed.thread(article, size, Random(1))
    for comment in comments[1:]:
        comment.parent = comments[0]
    tree.load(comments)
    first = Comment.objects.get(article=article, number="1.1")
    print(median(lambda: save(article, first.pk), TREE_ROUNDS))


def commits():
    """Prints the database's single-row commits a second."""
    from articles.models import ListStamp

    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < 2:
        ListStamp.touch("benchmark")
        count += 1
    print(count / (time.perf_counter() - started))


def many(url: str, path: str) -> tuple[float, float]:
    """Seconds for 200 replies from 20 clients, and for the third slowest reply."""
    started = time.perf_counter()
    answers = at_once(lambda n: post(url, f"{path}reply/", reply(n)), range(200))
    seconds = time.perf_counter() - started
    assert all(answer.is_taken for answer in answers)
    return seconds, sorted(answer.seconds for answer in answers)[-3]


def readers_while_posting(table, url: str, path: str):
    """Compares the readers' rate during one reply a second with the quiet rate."""
    readers = Load(url + path, 16, {"Accept_Encoding": "gzip"}, seconds=4)
    quiet = readers.rate()
    stop = threading.Event()

    def write():
        while not stop.is_set():
            post(url, f"{path}reply/", reply(next(numbers)))
            stop.wait(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        busy = readers.rate()
    finally:
        stop.set()
        writer.join()
    table.ratio("readers while a reply a second comes in", busy, quiet, 0.5, "a second")


def readers_in_a_burst(table, url: str, path: str, burst: int):
    """Compares a reader's page times during a burst of spam with the quiet times."""
    quiet = read_times(url + path, threading.Event(), pages=100)
    over, busy = threading.Event(), []
    reader = threading.Thread(target=lambda: busy.extend(read_times(url + path, over)))
    reader.start()
    started = time.perf_counter()
    try:
        answers = at_once(
            lambda n: post(url, f"{path}reply/", spam(next(numbers), SPAMMERS)[0]),
            range(burst),
            SPAMMERS,
        )
    finally:
        over.set()
        reader.join()
    seconds = time.perf_counter() - started
    assert all(answer.is_taken for answer in answers)
    table.add(f"{burst:,} spam replies from {SPAMMERS} at once", f"{seconds:.1f} s")
    for share, name in ((0.5, "half of all pages"), (0.95, "19 of 20 pages")):
        before, during = (sorted(times)[int(len(times) * share)] for times in (quiet, busy))
        cells = f"{during * 1000:.1f} ms", f"{before * 1000:.1f} ms when quiet"
        table.add(f"a reader meanwhile, {name} within", *cells, "\u2264 300 ms", during <= 0.3)


def read_times(url: str, over, pages: int | None = None) -> list[float]:
    """Seconds for each page of one reader, who reads until the event is set."""
    times = []
    while not over.is_set() and len(times) != pages:
        started = time.perf_counter()
        urllib.request.urlopen(url, timeout=180).close()
        times.append(time.perf_counter() - started)
        over.wait(0.02)
    return times
