"""When lists last changed: the numbers by which a stored page is known to be still right."""

import time

from django.db import connection, models
from django.db.models.functions import Greatest

from articles.compiled_query import CompiledQuery


def next_stamp():
    """The time in microseconds, or one more than the stamp there is: never the same twice."""
    return Greatest(models.F("stamp") + 1, models.Value(time.time_ns() // 1000))


def raise_stamp(table: str, key: str, value) -> int:
    """The same for the row of a table that has this value for its key; how many there are."""
    with connection.cursor() as cursor:
        now = time.time_ns() // 1000
        cursor.execute(RAISE_SQL.format(table=table, key=key), [now, now, value])
        return cursor.rowcount


# With every reply: written out, as Django takes ten times as long for it.
RAISE_SQL = """
    UPDATE {table} SET stamp = CASE WHEN stamp + 1 > %s THEN stamp + 1 ELSE %s END WHERE {key} = %s
"""


class ListStamp(models.Model):
    """When lists last changed: `essays` for what they show of essays, `replies` for counts."""

    name = models.CharField(max_length=20, primary_key=True)
    stamp = models.BigIntegerField(default=0)

    def __str__(self):
        return self.name

    @classmethod
    def touch(cls, name):
        if not raise_stamp("articles_liststamp", "name", name):
            cls.objects.get_or_create(name=name)
            raise_stamp("articles_liststamp", "name", name)

    @classmethod
    def lock(cls, name):
        """Makes others who change these lists wait until the end of the transaction."""
        rows = cls.objects.select_for_update().filter(name=name)
        if not rows.exists():
            cls.touch(name)

    @classmethod
    def current(cls, name=None) -> int:
        """A number that grows with every change to these lists, or to any."""
        stamps = STAMPS_QUERY.rows()
        return sum(stamp for known, stamp in stamps if name in (None, known))


STAMPS_QUERY = CompiledQuery(lambda: ListStamp.objects.values_list("name", "stamp"), 0)
