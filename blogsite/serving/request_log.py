"""One JSON line a request, and counts for Prometheus; never an address, a name or an e-mail."""

import json
import logging
import re
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime

from django.conf import settings
from django.db import connections

from blogsite.serving import metrics

QUERY_COUNT = "blogsite.queries"
ADDRESS = re.compile(r"[^\s@'\"<>(),=]+@[^\s@'\"<>(),]+")
# PostgreSQL's errors tell the whole row that was refused.
ROW = re.compile(r"^(DETAIL|CONTEXT|.*parameters):.*$", re.MULTILINE)


class RedactingFormatter(logging.Formatter):
    """Leaves out of every log record what looks like an e-mail address, and refused rows."""

    def format(self, record):
        return ADDRESS.sub("(address)", ROW.sub(r"\1: (left out)", super().format(record)))


class RequestLog:
    """WSGI middleware, outermost. `queries` are those that QueryCounter has counted for Django: a
    page from memory has none."""

    def __init__(self, application, stream=sys.stdout):
        self.application, self.stream = application, stream

    def __call__(self, environ, start_response):
        began = time.perf_counter()
        answer = {}

        def remember(status, headers, exc_info=None):
            answer["status"] = int(status[:3])
            return start_response(status, headers, exc_info)

        try:
            return self.application(environ, remember)
        finally:
            seconds, queries = time.perf_counter() - began, environ.get(QUERY_COUNT, 0)
            self.write(environ, answer.get("status", 500), seconds, queries)

    def write(self, environ, status: int, seconds: float, queries: int):
        # On a full disk a count or a line is lost, and not the answer that it tells of.
        with suppress(OSError):
            metrics.count(environ["REQUEST_METHOD"], status, seconds)
        if not settings.LOG_REQUESTS:
            return
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": environ["REQUEST_METHOD"],
            "path": read_path(environ),
            "status": status,
            "ms": round(seconds * 1000, 2),
            "queries": queries,
        }
        # One write a line: lines of several workers do not mix.
        with suppress(OSError):
            self.stream.write(json.dumps(line) + "\n")
            self.stream.flush()


def read_path(environ) -> str:
    """The path as it is written, without what looks like an e-mail address. The query stays away:
    it may hold what somebody searched for."""
    # WSGI hands over the bytes as latin-1 (PEP 3333). The pattern is slow on long texts; what is
    # before the @ of an address is never longer than 64.
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")[:300]
    return ADDRESS.sub("(address)", path)[:200]


class QueryCounter:
    """WSGI middleware, next to Django and in its thread: counts its queries in `environ`."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        environ[QUERY_COUNT] = 0

        def count(execute, *query):
            environ[QUERY_COUNT] += 1
            return execute(*query)

        with connections["default"].execute_wrapper(count):
            return self.application(environ, start_response)
