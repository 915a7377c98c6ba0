"""Where a reply came from, as far as that is kept: by keys, and for a day.

`client` is the hash of the client for the day: it ties together what one network
sends within a day. `near` and `wide` are the lasting keys of the network and its neighbours, which
a ban needs to know them tomorrow; they are sealed for each comment, so that no two rows can be
compared, and emptied by the first reply of the next day. Only a ban keeps one for longer.
"""

from django.db import connection, models, transaction

from comments import identity

KEEP = """
    INSERT INTO comments_trace (comment_id, client, day, near, wide) VALUES (%s, %s, %s, %s, %s)
"""


class Trace(models.Model):
    """What a ban of this comment's network, or the count of its client's replies, needs."""

    comment = models.OneToOneField(
        "comments.Comment", models.CASCADE, primary_key=True, related_name="trace"
    )
    client = models.CharField(max_length=40, db_index=True)
    day = models.PositiveIntegerField(db_index=True)
    near = models.CharField(max_length=64, blank=True)
    wide = models.CharField(max_length=64, blank=True)

    forgot_on = 0  # the day on which this process has forgotten all before

    def __str__(self):
        return f"day {self.day}"

    @classmethod
    def keep(cls, comment, address: str) -> None:
        """Call it in the transaction that stores the reply; forgets those of earlier days."""
        cls.forget_once()
        near, wide = identity.network_keys(address)
        near, wide = (
            identity.seal(near, f"near {comment.pk}"),
            identity.seal(wide, f"wide {comment.pk}"),
        )
        with connection.cursor() as cursor:
            kept = [comment.pk, identity.daily_key(address), identity.today(), near, wide]
            cursor.execute(KEEP, kept)

    @classmethod
    def forget_once(cls) -> None:
        """Once a day in each process: there is nothing more to forget after that."""
        today = identity.today()
        if cls.forgot_on != today:
            cls.forget()
            transaction.on_commit(lambda: setattr(cls, "forgot_on", today))

    @classmethod
    def forget(cls) -> int:
        """Empties the lasting keys of days that are over; returns how many there were."""
        old = cls.objects.filter(day__lt=identity.today()).exclude(near="")
        return old.update(near="", wide="")

    @property
    def networks(self) -> tuple[str, str] | None:
        """The lasting keys of the network and its neighbours; None when the day is over."""
        if not self.near or self.day != identity.today():
            return None
        pads = f"near {self.comment_id}", f"wide {self.comment_id}"
        return identity.seal(self.near, pads[0]), identity.seal(self.wide, pads[1])
