"""Puts load on a served site: many clients at once, and staff who work beside them.

The functions below "In a process of the site" run there, sent by Server.run, Server.background or
`processes`. So only these import Django's models.
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
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

CLIENTS = 20
MAX_WAIT_LENGTH = 180
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def fetch(url: str) -> tuple[int, str]:
    """Status and body of a GET, also of a refusal."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@dataclass
class Answer:
    """The answer to a posted form; status 0 if the connection broke before an answer came."""

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
    """Posts a form as a browser does from a page of the site; a proxy passes on the address."""
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
    """Calls `work` with each item, from clients that start together; returns all results."""
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
    """The fields of a reply; no two numbers make the same reply."""
    fields = {
        "name": f"Reader {number}",
        "email": f"reader{number}@private.example",
        "body": f"Objection number {number}.",
    }
    return fields | ({"parent": str(parent)} if parent else {})


def spam(number: int, clients: int) -> tuple[dict, str]:
    """The fields of a reply that is held for its links, and the network address of its client."""
    links = " ".join(f"https://casino{n}.example/{number}" for n in range(8))
    fields = reply(number) | {"body": f"Play at the casino {links}"}
    return fields, f"203.0.113.{number % clients}"


@contextmanager
def processes(environment: dict[str, str], count: int = CLIENTS):
    """Starts processes of the site; yields `call(function, *arguments)`.

    `call` runs the function in all processes at the same moment, each with its number and the
    arguments, and returns the results in a list.
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


# --- In a process of the site -----------------------------------------------------------------


def set_up(environment: dict[str, str], barrier):
    """Makes this process one of the site."""
    global start
    os.environ.update(environment)
    start = barrier
    import django

    django.setup()


def together(function: Callable, *arguments):
    """Waits for the other processes, so that each of them takes exactly one job; then calls."""
    start.wait(MAX_WAIT_LENGTH)
    return function(*arguments)


def draft(number: int, article: int, parent=None):
    from comments.models import Comment

    name, email = f"Reader {number}", f"reader{number}@private.example"
    return Comment(
        article_id=article, parent=parent, name=name, email=email, body=f"Objection {number}."
    )


def save_some(number: int, articles: list[int], root: int) -> int:
    """Saves roots, replies to one comment and replies to those; returns their count."""
    from comments.models import Comment

    shared = Comment.objects.get(pk=root)
    for count in range(3):
        draft(number, articles[(number + count) % len(articles)]).save()
        answer = draft(number, shared.article_id, shared)
        answer.save()
        draft(number, shared.article_id, answer).save()
    return 9


def save_or_load(number: int, articles: list[int], root: int) -> int:
    """Processes with even numbers load small trees while the others save; returns the count."""
    from comments import tree

    if number % 2:
        return save_some(number, articles, root)
    for article in articles:
        top = draft(number, article)
        answer = draft(number, article, top)
        tree.load([top, answer, draft(number, article), draft(number, article, answer)])
    return 4 * len(articles)


def save_without_lock(number: int, articles: list[int], root: int | None) -> list[str]:
    """Saves comments without the tree lock; returns the errors that the database raised."""
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
    """Saves essays; prints the path of each essay's reply form."""
    from tests.builders import build_article

    for number in range(count):
        print(build_article(f"Essay {number}").get_reply_url())


def until_told():
    """Yields about twenty times a second until standard input ends or LONGEST_WAIT is over."""
    print("at work", flush=True)
    deadline = time.monotonic() + MAX_WAIT_LENGTH
    while time.monotonic() < deadline and not select.select([sys.stdin], [], [], 0.05)[0]:
        yield


def make_thread(count: int):
    """Saves essays and a comment under the first; prints their primary keys as JSON."""
    from tests.builders import build_article, build_comment

    articles = [build_article(f"Essay {number}") for number in range(count)]
    root = build_comment(articles[0])
    print(json.dumps([[article.pk for article in articles], root.pk]))


def moderate(seed: int):
    """Hides, publishes and holds random comments, one or many at a time; prints how often."""
    from comments.models import Comment

    chance, rounds = random.Random(seed), 0
    for _ in until_told():
        keys = list(Comment.objects.order_by("?").values_list("pk", flat=True)[:20])
        some = Comment.objects.filter(pk__in=keys[: chance.choice([1, 3, 20])])
        chance.choice([some.hide, some.publish, some.publish, some.hold])()
        rounds += 1
    print(rounds)


def clear():
    """Marks all held comments as spam in one action; prints their count and that of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from comments.models import Comment

    with CaptureQueriesContext(connection) as queries:
        cleared = Comment.objects.filter(status="held").mark_spam(reason="a burst")
    print(json.dumps([len(cleared), len(queries)]))


def edit():
    """Saves every essay and its author again and again; prints how often."""
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
