"""Where a reply came from, as far as that is kept: by keys, and for a day.

`client` is the hash of the client for the day: it ties together what one network
sends within a day. `near` and `wide` are the lasting keys of the network and its neighbours, which
a ban needs to know them tomorrow; they are sealed for each comment, so that no two rows can be
compared, and emptied by the first reply of the next day. Only a ban keeps one for longer.
"""

from django.db import connection, models, transaction

from comments import identity

INSERT_SQL = """
    INSERT INTO comments_networktrace (comment_id, client_hash, day, subnet, wider_subnet)
    VALUES (%s, %s, %s, %s, %s)
"""


class NetworkTrace(models.Model):
    """What a ban of this comment's network, or the count of its client's replies, needs."""

    comment = models.OneToOneField(
        "comments.Comment", models.CASCADE, primary_key=True, related_name="network_trace"
    )
    client_hash = models.CharField(max_length=40, db_index=True)
    day = models.PositiveIntegerField(db_index=True)
    subnet = models.CharField(max_length=64, blank=True)
    wider_subnet = models.CharField(max_length=64, blank=True)

    cleared_on = 0  # the day on which this process has forgotten all before

    def __str__(self):
        return f"day {self.day}"

    @classmethod
    def create_for(cls, comment, address: str) -> None:
        """Call it in the transaction that stores the reply; forgets those of earlier days."""
        cls.clear_once_a_day()
        near, wide = identity.network_hashes(address)
        near, wide = (
            identity.encrypt_hash(near, f"near {comment.pk}"),
            identity.encrypt_hash(wide, f"wide {comment.pk}"),
        )
        with connection.cursor() as cursor:
            kept = [comment.pk, identity.daily_client_hash(address), identity.today(), near, wide]
            cursor.execute(INSERT_SQL, kept)

    @classmethod
    def clear_once_a_day(cls) -> None:
        """Once a day in each process: there is nothing more to forget after that."""
        today = identity.today()
        if cls.cleared_on != today:
            cls.clear_old_hashes()
            transaction.on_commit(lambda: setattr(cls, "cleared_on", today))

    @classmethod
    def clear_old_hashes(cls) -> int:
        """Empties the lasting keys of days that are over; returns how many there were."""
        old = cls.objects.filter(day__lt=identity.today()).exclude(subnet="")
        return old.update(subnet="", wider_subnet="")

    @property
    def networks(self) -> tuple[str, str] | None:
        """The lasting keys of the network and its neighbours; None when the day is over."""
        if not self.subnet or self.day != identity.today():
            return None
        pads = f"near {self.comment_id}", f"wide {self.comment_id}"
        return identity.encrypt_hash(self.subnet, pads[0]), identity.encrypt_hash(
            self.wider_subnet, pads[1]
        )
