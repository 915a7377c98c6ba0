"""Reads the request body, then runs Django in one of three small thread pools.

gunicorn has many more threads than the pools have. Replies that arrive in a burst wait for their
pool, while the page cache serves readers from gunicorn's other threads. Only the threads of a pool
open a database connection, and a client that sends its body slowly occupies none of them.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO

from django.conf import settings

# Replies wait for one lock anyway: two at a time in one process take longer than one by one.
REPLIES, ADMIN, OTHERS = 1, 1, 2
DISCARD_SECONDS, CHUNK = 20, 65_536


class ThreadPools:
    """WSGI middleware with a pool for replies, one for the admin's forms and one for the rest."""

    def __init__(self, application, replies=REPLIES, admin=ADMIN, others=OTHERS):
        self.application = application
        self.replies = ThreadPoolExecutor(replies, "replies")
        self.admin = ThreadPoolExecutor(admin, "admin")
        self.others = ThreadPoolExecutor(others, "others")

    def __call__(self, environ, start_response):
        environ["wsgi.input"] = read_body(environ)
        return self.pool_for(environ).submit(self.application, environ, start_response).result()

    def pool_for(self, environ) -> ThreadPoolExecutor:
        if environ["REQUEST_METHOD"] != "POST":
            return self.others
        return self.admin if environ["PATH_INFO"].startswith("/admin/") else self.replies


def body_fault(environ) -> int | None:
    """411 for a body without a stated length, 413 for one that is too large, else None."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        # Django would read it as empty (PEP 3333).
        return 411
    return 413 if content_length(environ) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE else None


def content_length(environ) -> int:
    length = environ.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def read_body(environ):
    """The body of a POST as a file; an empty file for a body that Django does not read."""
    stream, length = environ["wsgi.input"], content_length(environ)
    if environ["REQUEST_METHOD"] != "POST" or body_fault(environ):
        discard(stream)
        return BytesIO()
    try:
        body = stream.read(length)
    except OSError as error:
        return UnreadableBody(error)
    # A connection that closes early ends the stream without an error.
    return BytesIO(body) if len(body) == length else UnreadableBody(OSError("The body broke off."))


def discard(stream) -> None:
    """Reads to the end: a client that is still sending would not see the response."""
    deadline = time.monotonic() + DISCARD_SECONDS
    with suppress(Exception):  # gunicorn's own exceptions for a malformed body
        while time.monotonic() < deadline and stream.read(CHUNK):
            pass


class UnreadableBody:
    """A request body that raises its error when it is read."""

    def __init__(self, error: OSError):
        self.error = error

    def read(self, *_size):
        raise self.error

    readline = read
