"""Asks the database, as cheaply as can be, whether what a page shows has changed.

This runs on every request, before Django: so it speaks to the drivers itself, over a few
connections of its own, that only ever read.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

import psycopg
from django.conf import settings
from django.db import connections

# What a page is made of, and the number that grows whenever that changes.
STAMP_QUERIES = {
    "article": "SELECT stamp FROM articles_article WHERE id = {}",
    # An essay with its neighbours: both only grow, so their sum is another after every change.
    "essay": "SELECT a.stamp + coalesce((SELECT stamp FROM articles_liststamp"
    " WHERE name = 'essays'), 0) FROM articles_article a WHERE a.id = {}",
    "essays": "SELECT stamp FROM articles_liststamp WHERE name = 'essays' AND {} = 0",
    "lists": "SELECT CAST(sum(stamp) AS bigint) FROM articles_liststamp WHERE {} = 0",
}

CONNECTIONS = 4


class DatabaseUnavailable(Exception):
    """The database does not answer."""


class StampReaderPool:
    """So many of one kind, each lent to one thread at a time: an answer takes microseconds."""

    def __init__(self, make: Callable, count: int = CONNECTIONS):
        self.free: SimpleQueue = SimpleQueue()
        for _ in range(count):
            self.free.put(make())

    def current(self, source: tuple) -> int | None:
        """The stamp that the source has now; raises Unknown."""
        watch = self.free.get()
        try:
            return watch.current(source)
        finally:
            self.free.put(watch)


class SqliteStampReader:
    """Every connection sees one number change whenever another has committed anything; only then
    is a query needed."""

    def __init__(self, file: Path):
        self.address = f"{file.absolute().as_uri()}?mode=ro"
        self.connection: sqlite3.Connection | None = None
        self.version = None
        self.known: dict[tuple, int] = {}

    def current(self, source: tuple) -> int | None:
        try:
            return self.ask(source)
        except sqlite3.Error as error:
            self.connection = None
            raise DatabaseUnavailable from error

    def ask(self, source: tuple) -> int | None:
        if self.connection is None:
            self.connection = sqlite3.connect(
                self.address, uri=True, timeout=5, check_same_thread=False
            )
            self.known.clear()
        version = self.connection.execute("PRAGMA data_version").fetchone()
        if version != self.version:
            self.known.clear()
            self.version = version
        if source not in self.known:
            name, key = source
            row = self.connection.execute(STAMP_QUERIES[name].format("?"), (key,)).fetchone()
            self.known[source] = row and row[0]
        return self.known[source]


class PostgresStampReader:
    """One prepared query on a primary key."""

    def __init__(self, parameters: dict):
        self.parameters = parameters
        self.connection: psycopg.Connection | None = None
        self.not_before = 0.0

    def current(self, source: tuple) -> int | None:
        was_connected = self.connection is not None
        try:
            return self.ask(source)
        except psycopg.Error as error:
            self.connection = None
            if not was_connected:
                raise DatabaseUnavailable from error
        # The connection had died; the database need not have. Others may have committed since.
        return self.current(source)

    def ask(self, source: tuple) -> int | None:
        name, key = source
        result = self.connect().pgconn.exec_prepared(name.encode(), [b"%d" % key])
        if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(result.error_message.decode())
        value = result.get_value(0, 0) if result.ntuples else None
        return int(value) if value is not None else None

    def connect(self) -> psycopg.Connection:
        if self.connection is None:
            began = time.monotonic()
            if began < self.not_before:
                raise psycopg.OperationalError("tried a moment ago")
            try:
                connection = psycopg.connect(**self.parameters, autocommit=True)
            except psycopg.Error:
                # A server that refuses may be asked each time; one that is silent costs seconds.
                waited = time.monotonic() - began
                self.not_before = time.monotonic() + 10 * waited
                raise
            for name, query in STAMP_QUERIES.items():
                connection.pgconn.prepare(name.encode(), query.format("$1").encode())
            self.connection = connection
        return self.connection


def open_stamp_readers():
    """The watches for the database of the settings."""
    wrapper = connections["default"]
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return StampReaderPool(lambda: SqliteStampReader(Path(wrapper.settings_dict["NAME"])))
    parameters = wrapper.get_connection_params()
    ours = {"client_encoding", "cursor_factory", "context", "prepare_threshold", "isolation_level"}
    parameters = {name: value for name, value in parameters.items() if name not in ours}
    return StampReaderPool(lambda: PostgresStampReader(parameters))
