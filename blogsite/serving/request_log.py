"""Writes one line of JSON for each request, and keeps e-mail addresses out of every log."""

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
EMAIL = re.compile(r"[^\s@'\"<>(),=]+@[^\s@'\"<>(),]+")
# PostgreSQL's error messages quote the whole row that was refused.
ROW_DETAIL = re.compile(r"^(DETAIL|CONTEXT|.*parameters):.*$", re.MULTILINE)


class RedactingFormatter(logging.Formatter):
    """Removes e-mail addresses and refused rows from every log record."""

    def format(self, record):
        return redact(ROW_DETAIL.sub(r"\1: (left out)", super().format(record)))


def redact(text: str) -> str:
    return EMAIL.sub("(address)", text)


class RequestLog:
    """The outermost WSGI middleware. A page from the page cache is logged with 0 queries."""

    def __init__(self, application, stream=sys.stdout):
        self.application, self.stream = application, stream

    def __call__(self, environ, start_response):
        started = time.perf_counter()
        sent_status = 500

        def record_status(status, headers, exc_info=None):
            nonlocal sent_status
            sent_status = int(status[:3])
            return start_response(status, headers, exc_info)

        try:
            return self.application(environ, record_status)
        finally:
            self.write(environ, sent_status, time.perf_counter() - started)

    def write(self, environ, status: int, seconds: float):
        # A full disk costs the count or the line, but not the response.
        with suppress(OSError):
            metrics.count(environ["REQUEST_METHOD"], status, seconds)
        if not settings.LOG_REQUESTS:
            return
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": environ["REQUEST_METHOD"],
            "path": redacted_path(environ),
            "status": status,
            "ms": round(seconds * 1000, 2),
            "queries": environ.get(QUERY_COUNT, 0),
        }
        # One write for each line keeps the lines of several workers apart.
        with suppress(OSError):
            self.stream.write(json.dumps(line) + "\n")
            self.stream.flush()


def redacted_path(environ) -> str:
    """The decoded path without e-mail addresses, and without the query: it may hold a search."""
    # WSGI passes the path's bytes as latin-1 (PEP 3333). The pattern is slow on long texts; an
    # address has at most 64 characters before its @.
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")[:300]
    return redact(path)[:200]


class QueryCounter:
    """WSGI middleware next to Django, in Django's thread: counts the queries in `environ`."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        environ[QUERY_COUNT] = 0

        def count(execute, *query):
            environ[QUERY_COUNT] += 1
            return execute(*query)

        with connections["default"].execute_wrapper(count):
            return self.application(environ, start_response)
