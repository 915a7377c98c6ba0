"""RateLimitWindow: counts replies and flags by client, network and e-mail, for all workers."""

import time

from django.conf import settings
from django.db import connection, models

from comments import identity
from comments.identity import DAY, NETWORK_BITS, client_hash, daily_hash, is_ip_address

MINUTE, HOUR = 60, 3600
# A network may be a whole school; a mailbox is one person, but anyone can type its address.
NETWORK_FACTOR, EMAIL_FACTOR = 20, 3


class RateLimited(Exception):
    """The client has posted too often; `seconds` is the number of seconds to wait."""

    def __init__(self, seconds: int):
        self.seconds = seconds


class RateLimitWindow(models.Model):
    """The number of posts of a client in one span of time. No address is stored."""

    client_hash = models.CharField(max_length=40)
    seconds = models.PositiveIntegerField()
    started = models.BigIntegerField()
    hits = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client_hash", "seconds", "started"], name="rate_limit_window_unique"
            )
        ]
        indexes = [models.Index(fields=["started"], name="rate_limit_window_started")]

    def __str__(self):
        return f"{self.hits} in {self.seconds} s"


HIT_SQL = """
    INSERT INTO comments_ratelimitwindow (client_hash, seconds, started, hits) VALUES {rows}
    ON CONFLICT (client_hash, seconds, started)
    DO UPDATE SET hits = comments_ratelimitwindow.hits + 1
    RETURNING client_hash, seconds, hits
"""


def count_reply(address: str, email: str = "") -> None:
    """Counts one reply of a client; raises RateLimited above the limits of the settings.

    Its network and its e-mail address have higher limits: see reply_hashes. Call it in the
    transaction that stores the reply: a reply that is refused is then not counted.
    """
    limits = ((MINUTE, settings.REPLIES_PER_MINUTE), (HOUR, settings.REPLIES_PER_HOUR))
    now = int(time.time())
    count_hits(
        {
            (hash, seconds): limit * factor
            for hash, factor in reply_hashes(address, email, day=now // DAY)
            for seconds, limit in limits
            if limit
        },
        now,
    )


def count_flag(address: str, max_per_hour: int) -> None:
    """Counts one flag of a client, apart from its replies; raises RateLimited above the limit."""
    now = int(time.time())
    hash = f"flag {client_hash(address, day=now // DAY)}"[:40]
    count_hits({(hash, HOUR): max_per_hour}, now)


def count_hits(limits: dict[tuple[str, int], int], now: int) -> None:
    """Counts one hit for each hash and number of seconds, in one statement, against its limit."""
    if not limits:
        return
    # Sorted: two transactions that share some rows must not wait for each other.
    values = [
        value for hash, seconds in sorted(limits) for value in (hash, seconds, now - now % seconds)
    ]
    with connection.cursor() as cursor:
        cursor.execute(HIT_SQL.format(rows=", ".join(["(%s, %s, %s, 1)"] * len(limits))), values)
        hits = {(hash, seconds): count for hash, seconds, count in cursor.fetchall()}
    waits = [
        seconds - now % seconds
        for (hash, seconds), limit in limits.items()
        if hits[hash, seconds] > limit
    ]
    if waits:
        raise RateLimited(max(waits))
    # The first post of a window deletes the old ones.
    if hits[next(iter(limits))] == 1:
        RateLimitWindow.objects.filter(started__lt=now - DAY).delete()


def reply_hashes(address: str, email: str, day: int) -> list[tuple[str, int]]:
    """The hashes that a reply is counted under, each with the factor of its limit."""
    hashes = [(client_hash(address, day), 1)]
    if is_ip_address(address):
        hashes.append((client_hash(address, day, NETWORK_BITS), NETWORK_FACTOR))
    if email:
        hashes.append((daily_hash(f"mail {identity.canonical_email(email)}", day), EMAIL_FACTOR))
    return hashes
