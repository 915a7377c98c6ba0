"""Many clients at once, and staff at work beside them; nothing here is simulated.

The functions below "In a process of their own" run there: by Server.run, by Server.background or
by `processes`. So Django's models are imported in them only.
"""

import http.client
import json
import multiprocessing
import os
import random
import select
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

CLIENTS = 20
MAX_WAIT_LENGTH = 180
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Answer:
    """What a client was told; status 0 when the connection broke before an answer came."""

    fields: dict
    status: int
    location: str
    seconds: float

    @property
    def is_taken(self) -> bool:
        return self.status == 303

    @property
    def comment(self) -> int:
        """The key of the comment that the answer leads to."""
        return int(self.location.rpartition("#comment-")[2])


def post(url: str, path: str, fields: dict, address: str = "") -> Answer:
    """Posts a form as a browser does from a page of the site itself, as a proxy passes it on."""
    seen = {"X-Forwarded-For": address} if address else {}
    began = time.monotonic()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=MAX_WAIT_LENGTH)
    try:
        connection.request("POST", path, urlencode(fields), FORM | {"Origin": url} | seen)
        response = connection.getresponse()
        response.read()
        status, location = response.status, response.headers.get("Location", "")
    except (OSError, http.client.HTTPException):
        status, location = 0, ""
    finally:
        connection.close()
    return Answer(fields, status, location, time.monotonic() - began)


def at_once(work: Callable, items: Iterable, clients: int = CLIENTS) -> list:
    """Gives the items to clients that all begin at the same moment; returns what they return."""
    queue = list(enumerate(items))
    barrier, lock, results = threading.Barrier(min(clients, len(queue))), threading.Lock(), {}

    def client(_):
        barrier.wait(MAX_WAIT_LENGTH)
        while True:
            with lock:
                if not queue:
                    return
                place, item = queue.pop(0)
            results[place] = work(item)

    with ThreadPoolExecutor(barrier.parties) as pool:
        list(pool.map(client, range(barrier.parties)))
    return [results[place] for place in sorted(results)]


def reply(number: int, parent: int | None = None) -> dict:
    """The fields of a reply that differs from every other."""
    fields = {
        "name": f"Reader {number}",
        "email": f"reader{number}@private.example",
        "body": f"Objection number {number}.",
    }
    return fields | ({"parent": str(parent)} if parent else {})


def spam(number: int, clients: int) -> tuple[dict, str]:
    """The fields of a reply that is held for its links, and the address that it comes from."""
    links = " ".join(f"https://casino{n}.example/{number}" for n in range(8))
    fields = reply(number) | {"body": f"Play at the casino {links}"}
    return fields, f"203.0.113.{number % clients}"


@contextmanager
def processes(environment: dict[str, str], count: int = CLIENTS):
    """Yields a function that calls another in all processes at the same moment.

    Each is given its number and the further arguments; the results come back in a list.
    """
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, spawn, set_up, (environment, spawn.Barrier(count)))

    def call(function: Callable, *arguments) -> list:
        jobs = [pool.submit(together, function, number, *arguments) for number in range(count)]
        return [job.result(timeout=MAX_WAIT_LENGTH) for job in jobs]

    try:
        yield call
    finally:
        pool.shutdown(cancel_futures=True)


# --- In a process of their own ----------------------------------------------------------------


def set_up(environment: dict[str, str], barrier):
    """Makes this process one of the site."""
    global start
    os.environ.update(environment)
    start = barrier
    import django

    django.setup()


def together(function: Callable, *arguments):
    """As all processes wait for each other, each of them gets one of the jobs."""
    start.wait(MAX_WAIT_LENGTH)
    return function(*arguments)


def draft(number: int, article: int, parent=None):
    from comments.models import Comment

    name, email = f"Reader {number}", f"reader{number}@private.example"
    return Comment(
        article_id=article, parent=parent, name=name, email=email, body=f"Objection {number}."
    )


def save_some(number: int, articles: list[int], root: int) -> int:
    """Saves roots, replies to one comment and replies to those; returns how many."""
    from comments.models import Comment

    shared = Comment.objects.get(pk=root)
    for count in range(3):
        draft(number, articles[(number + count) % len(articles)]).save()
        answer = draft(number, shared.article_id, shared)
        answer.save()
        draft(number, shared.article_id, answer).save()
    return 9


def save_or_load(number: int, articles: list[int], root: int) -> int:
    """Every other process loads a small forest while the rest save."""
    from comments import tree

    if number % 2:
        return save_some(number, articles, root)
    for article in articles:
        top = draft(number, article)
        answer = draft(number, article, top)
        tree.load([top, answer, draft(number, article), draft(number, article, answer)])
    return 4 * len(articles)


def save_without_lock(number: int, articles: list[int], root: int | None) -> list[str]:
    """Saves as code would that forgets the lock; returns what the database said to it."""
    from django.db import IntegrityError, OperationalError

    from comments.models import Comment, TreeLock

    kept, TreeLock.take = TreeLock.take, lambda: None
    parent, said = root and Comment.objects.get(pk=root), []
    try:
        for _ in range(2):
            try:
                draft(number, articles[number % len(articles)], parent).save()
            except (IntegrityError, OperationalError) as error:
                said.append(str(error))
    finally:
        TreeLock.take = kept
    return said


def make_essays(count: int):
    """Stores essays and prints the path of each one's reply form."""
    from tests.builders import build_article

    for number in range(count):
        print(build_article(f"Essay {number}").get_reply_url())


def until_told():
    """Yields until standard input ends, but not for ever, and as fast as ten quick people."""
    print("at work", flush=True)
    deadline = time.monotonic() + MAX_WAIT_LENGTH
    while time.monotonic() < deadline and not select.select([sys.stdin], [], [], 0.05)[0]:
        yield


def make_thread(count: int):
    """Stores essays, and a comment under the first; prints their keys as JSON."""
    from tests.builders import build_article, build_comment

    articles = [build_article(f"Essay {number}") for number in range(count)]
    root = build_comment(articles[0])
    print(json.dumps([[article.pk for article in articles], root.pk]))


def moderate(seed: int):
    """Hides, publishes and holds comments at random, one or many at a time."""
    from comments.models import Comment

    chance, rounds = random.Random(seed), 0
    for _ in until_told():
        keys = list(Comment.objects.order_by("?").values_list("pk", flat=True)[:20])
        some = Comment.objects.filter(pk__in=keys[: chance.choice([1, 3, 20])])
        chance.choice([some.hide, some.publish, some.publish, some.hold])()
        rounds += 1
    print(rounds)


def clear():
    """Marks all that is held as spam, in one action; prints of how many, and the queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from comments.models import Comment

    with CaptureQueriesContext(connection) as queries:
        cleared = Comment.objects.filter(status="held").mark_spam(reason="a burst")
    print(json.dumps([len(cleared), len(queries)]))


def edit():
    """Saves every essay, and who wrote it, again and again."""
    from articles.models import Article, Author

    rounds = 0
    for _ in until_told():
        for article in Article.objects.all():
            article.body = f"Opening words.\n\n- One point.\n- Another point, the {rounds}th.\n"
            article.save()
        for author in Author.objects.all():
            author.save()
        rounds += 1
    print(rounds)
