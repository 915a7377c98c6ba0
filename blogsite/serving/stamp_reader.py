"""Reads a source's current stamp from the database, as cheaply as possible.

Every request to the page cache needs one stamp. The readers use the database drivers directly, on
a few read-only connections of their own, because Django's layers would cost more than the query.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

import psycopg
from django.conf import settings
from django.db import connections

# The stamp of each kind of source; `{}` is the row's id, 0 where there is one row.
STAMP_QUERIES = {
    "article": "SELECT stamp FROM articles_article WHERE id = {}",
    # An essay with its neighbours: both stamps only grow, so every change changes their sum.
    "essay": "SELECT a.stamp + coalesce((SELECT stamp FROM articles_liststamp"
    " WHERE name = 'essays'), 0) FROM articles_article a WHERE a.id = {}",
    "essays": "SELECT stamp FROM articles_liststamp WHERE name = 'essays' AND {} = 0",
    "lists": "SELECT CAST(sum(stamp) AS bigint) FROM articles_liststamp WHERE {} = 0",
}

CONNECTIONS = 4


class DatabaseUnavailable(Exception):
    """The database does not answer."""


class StampReaderPool:
    """Readers that are lent to one thread at a time, for some microseconds each."""

    def __init__(self, open_reader: Callable, count: int = CONNECTIONS):
        self.free: SimpleQueue = SimpleQueue()
        for _ in range(count):
            self.free.put(open_reader())

    def current(self, source: tuple) -> int | None:
        """The stamp that the source has now; raises DatabaseUnavailable."""
        reader = self.free.get()
        try:
            return reader.current(source)
        finally:
            self.free.put(reader)


class SqliteStampReader:
    """Remembers stamps until `PRAGMA data_version` says that another connection has committed."""

    def __init__(self, file: Path):
        self.uri = f"{file.absolute().as_uri()}?mode=ro"
        self.connection: sqlite3.Connection | None = None
        self.data_version = None
        self.stamps: dict[tuple, int] = {}

    def current(self, source: tuple) -> int | None:
        try:
            return self.read(source)
        except sqlite3.Error as error:
            self.connection = None
            raise DatabaseUnavailable from error

    def read(self, source: tuple) -> int | None:
        if self.connection is None:
            self.connection = sqlite3.connect(
                self.uri, uri=True, timeout=5, check_same_thread=False
            )
            self.stamps.clear()
        version = self.connection.execute("PRAGMA data_version").fetchone()
        if version != self.data_version:
            self.stamps.clear()
            self.data_version = version
        if source not in self.stamps:
            kind, pk = source
            row = self.connection.execute(STAMP_QUERIES[kind].format("?"), (pk,)).fetchone()
            self.stamps[source] = row and row[0]
        return self.stamps[source]


class PostgresStampReader:
    """Runs one prepared query on a primary key."""

    def __init__(self, parameters: dict):
        self.parameters = parameters
        self.connection: psycopg.Connection | None = None
        self.retry_at = 0.0

    def current(self, source: tuple) -> int | None:
        was_connected = self.connection is not None
        try:
            return self.read(source)
        except psycopg.Error as error:
            self.connection = None
            if not was_connected:
                raise DatabaseUnavailable from error
        # Only the connection had died, perhaps, and others may have committed since.
        return self.current(source)

    def read(self, source: tuple) -> int | None:
        kind, pk = source
        result = self.connect().pgconn.exec_prepared(kind.encode(), [b"%d" % pk])
        if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(result.error_message.decode())
        value = result.get_value(0, 0) if result.ntuples else None
        return int(value) if value is not None else None

    def connect(self) -> psycopg.Connection:
        if self.connection is None:
            started = time.monotonic()
            if started < self.retry_at:
                raise psycopg.OperationalError("tried a moment ago")
            try:
                connection = psycopg.connect(**self.parameters, autocommit=True)
            except psycopg.Error:
                # A server that refuses at once is asked each time; a silent one costs seconds.
                waited = time.monotonic() - started
                self.retry_at = time.monotonic() + 10 * waited
                raise
            for kind, query in STAMP_QUERIES.items():
                connection.pgconn.prepare(kind.encode(), query.format("$1").encode())
            self.connection = connection
        return self.connection


def open_stamp_readers() -> StampReaderPool:
    """The readers for the database in the settings."""
    wrapper = connections["default"]
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return StampReaderPool(lambda: SqliteStampReader(Path(wrapper.settings_dict["NAME"])))
    parameters = wrapper.get_connection_params()
    # Django passes these to psycopg for its own cursors.
    unused = {"client_encoding", "cursor_factory", "context", "prepare_threshold"}
    unused.add("isolation_level")
    parameters = {name: value for name, value in parameters.items() if name not in unused}
    return StampReaderPool(lambda: PostgresStampReader(parameters))
