"""Stamps: numbers that grow with every change of what a page shows, so that caches see it."""

import time

from django.db import connection, models
from django.db.models.functions import Greatest

from articles.compiled_query import CompiledQuery


def next_stamp():
    """An expression: the time in microseconds, or the stored stamp plus one if that is more."""
    return Greatest(models.F("stamp") + 1, models.Value(time.time_ns() // 1000))


def raise_stamp(table, column, value):
    """Gives the next stamp to the rows with this value in the column; returns their number."""
    with connection.cursor() as cursor:
        now = time.time_ns() // 1000
        cursor.execute(RAISE_SQL.format(table=table, column=column), [now, now, value])
        return cursor.rowcount


# SQL by hand, as every reply does this and Django takes ten times as long to compile it.
RAISE_SQL = """
    UPDATE {table} SET stamp = CASE WHEN stamp + 1 > %s THEN stamp + 1 ELSE %s END
    WHERE {column} = %s
"""


class ListStamp(models.Model):
    """The stamp of all lists: row `essays` for the essays in them, row `replies` for comments."""

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
        """Makes other changes of these lists wait until the end of the transaction."""
        rows = cls.objects.select_for_update().filter(name=name)
        if not rows.exists():
            cls.touch(name)

    @classmethod
    def current(cls, name=None):
        """A number that grows with every change of these lists, or of any lists without a name."""
        return sum(row.stamp for row in STAMPS_QUERY.rows() if name in (None, row.name))


STAMPS_QUERY = CompiledQuery(lambda: ListStamp.objects.values_list("name", "stamp"), 0)
