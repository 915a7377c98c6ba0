"""When lists last changed: the numbers by which a stored page is known to be still right."""

import time

from django.db import models
from django.db.models.functions import Greatest


def next_stamp():
    """The time in microseconds, or one more than the stamp there is: never the same twice."""
    return Greatest(models.F("stamp") + 1, models.Value(time.time_ns() // 1000))


class ListStamp(models.Model):
    """When lists last changed: `essays` for what they show of essays, `replies` for counts."""

    name = models.CharField(max_length=20, primary_key=True)
    stamp = models.BigIntegerField(default=0)

    def __str__(self):
        return self.name

    @classmethod
    def touch(cls, name):
        rows = cls.objects.filter(name=name)
        if not rows.update(stamp=next_stamp()):
            cls.objects.get_or_create(name=name)
            rows.update(stamp=next_stamp())

    @classmethod
    def hold(cls, name):
        """Makes others who change these lists wait until the end of the transaction."""
        rows = cls.objects.select_for_update().filter(name=name)
        if not rows.exists():
            cls.touch(name)

    @classmethod
    def current(cls, *names) -> int:
        """A number that grows with every change to these lists, or to any."""
        rows = cls.objects.filter(name__in=names) if names else cls.objects
        return rows.aggregate(all=models.Sum("stamp"))["all"] or 0
