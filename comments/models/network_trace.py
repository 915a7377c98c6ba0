"""NetworkTrace: the network that a reply came from, as keyed hashes that last a day.

`client_hash` groups what one client sends within a day. `subnet` and `wider_subnet` are lasting
hashes of its network, by which a ban recognises it tomorrow. They are encrypted for each comment,
so that no two rows can be compared, and emptied with the first reply of the next day: only a ban
keeps them longer.
"""

from django.db import models, transaction

from comments import identity


class NetworkTrace(models.Model):
    """The hashes of one comment's client and network."""

    comment = models.OneToOneField(
        "comments.Comment", models.CASCADE, primary_key=True, related_name="network_trace"
    )
    client_hash = models.CharField(max_length=40, db_index=True)
    day = models.PositiveIntegerField(db_index=True)
    subnet = models.CharField(max_length=64, blank=True)
    wider_subnet = models.CharField(max_length=64, blank=True)

    cleared_on = 0  # the day on which this process last emptied the hashes of earlier days

    def __str__(self):
        return f"day {self.day}"

    @classmethod
    def create_for(cls, comment, address: str) -> None:
        """Call it in the transaction that stores the reply; empties the hashes of earlier days."""
        cls.clear_once_a_day()
        subnet, wider_subnet = identity.network_hashes(address)
        cls.objects.create(
            comment=comment,
            client_hash=identity.daily_client_hash(address),
            day=identity.today(),
            subnet=identity.encrypt_hash(subnet, f"subnet {comment.pk}"),
            wider_subnet=identity.encrypt_hash(wider_subnet, f"wider subnet {comment.pk}"),
        )

    @classmethod
    def clear_once_a_day(cls) -> None:
        """Empties old hashes once a day in each process: later there are no more."""
        today = identity.today()
        if cls.cleared_on != today:
            cls.clear_old_hashes()
            transaction.on_commit(lambda: setattr(cls, "cleared_on", today))

    @classmethod
    def clear_old_hashes(cls) -> int:
        """Empties the lasting hashes of past days; returns how many rows had some."""
        old = cls.objects.filter(day__lt=identity.today()).exclude(subnet="")
        return old.update(subnet="", wider_subnet="")

    @property
    def network_hashes(self) -> tuple[str, str] | None:
        """The lasting hashes of the network and of the wider one; None after the first day."""
        if not self.subnet or self.day != identity.today():
            return None
        return (
            identity.encrypt_hash(self.subnet, f"subnet {self.comment_id}"),
            identity.encrypt_hash(self.wider_subnet, f"wider subnet {self.comment_id}"),
        )
