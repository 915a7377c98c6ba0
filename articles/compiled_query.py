"""Queries that Django puts into SQL once for each process, and that are asked with other keys.

Writing a query's SQL takes Django ten times as long as a database takes to answer it by an index.
What every reply and every page asks goes through here.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property

from django.db import connection
from django.db.models import QuerySet

# Stand for values while the SQL is written: numbers that any column takes, and no query names.
FIRST_PLACEHOLDER = 2_147_480_000


class CompiledQuery:
    """What `make(*values)` asks for, by values that are whole numbers or texts.

    `make` is called once, with marks in the place of the values, so it may not look at them; and
    nothing else in its query may differ from one time to the next.
    """

    def __init__(self, make: Callable[..., QuerySet], count: int = 1):
        self.make, self.count = make, count

    @cached_property
    def sql(self) -> tuple[str, list]:
        """The SQL, and its parameters: a Place for each that is one of the values."""
        marks = [FIRST_PLACEHOLDER + number for number in range(self.count)]
        sql, params = self.make(*marks).query.sql_with_params()
        places = {text: Param(n) for n, mark in enumerate(marks) for text in (mark, str(mark))}
        return sql, [places.get(param, param) for param in params]

    def rows(self, *values) -> list[tuple]:
        """As the database gives them: on SQLite times have no zone (see `read_times`), and truths
        may be 0 and 1. A number has to fit its column."""
        sql, params = self.sql
        return run_sql(
            sql, [values[param] if isinstance(param, Param) else param for param in params]
        )

    def value(self, *values):
        """The one value of the first row; None where there is no row."""
        rows = self.rows(*values)
        return rows[0][0] if rows else None


class Param(int):
    """Which of the values stands here."""


def raw_rows(query: QuerySet) -> list[tuple]:
    """The rows as the database gives them: see `read_time`."""
    return run_sql(*query.query.sql_with_params())


def run_sql(sql: str, params) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def with_utc(value: datetime | None) -> datetime | None:
    """A time from such a row; SQLite's has no zone."""
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def row_with_utc(row: tuple) -> tuple:
    """The row with the zone of each of its times."""
    return tuple(with_utc(value) if isinstance(value, datetime) else value for value in row)
