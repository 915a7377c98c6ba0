"""How often one may post, by client, network and e-mail: one table, shared by every worker."""

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
    """How often a client has posted in one span of time. No address is stored."""

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
    """Counts one reply of a client; raises TooMany above the limits of the settings.

    Its network and its e-mail address have limits of their own, so many times as generous. Call it
    in the transaction that stores the reply: what is refused is then not counted.
    """
    limits = ((MINUTE, settings.REPLIES_PER_MINUTE), (HOUR, settings.REPLIES_PER_HOUR))
    now = int(time.time())
    keys = reply_hashes(address, email, day=now // DAY)
    count_hits({(key, span): most * n for key, n in keys for span, most in limits if most}, now)


def count_flag(address: str, most: int) -> None:
    """Counts one flag of a client, beside its replies; raises TooMany above `most` an hour."""
    now = int(time.time())
    if most:
        key = f"flag {client_hash(address, day=now // DAY)}"[:40]
        count_hits({(key, HOUR): most}, now)


def count_hits(limits: dict[tuple[str, int], int], now: int) -> None:
    """Counts one hit under each key and span, in one statement; each has its own limit."""
    if not limits:
        return
    # In one order for all: else two who share some of the keys might each wait for the other.
    values = [value for key, span in sorted(limits) for value in (key, span, now - now % span)]
    with connection.cursor() as cursor:
        cursor.execute(HIT_SQL.format(rows=", ".join(["(%s, %s, %s, 1)"] * len(limits))), values)
        hits = {(key, span): count for key, span, count in cursor.fetchall()}
    waits = [span - now % span for (key, span), most in limits.items() if hits[key, span] > most]
    if waits:
        raise RateLimited(max(waits))
    # Now and then, by whoever is the first in a span.
    if hits[next(iter(limits))] == 1:
        RateLimitWindow.objects.filter(started__lt=now - DAY).delete()


def reply_hashes(address: str, email: str, day: int) -> list[tuple[str, int]]:
    """What a reply is counted under, and how many times a client's limit each may reach."""
    keys = [(client_hash(address, day), 1)]
    if is_ip_address(address):
        keys.append((client_hash(address, day, NETWORK_BITS), NETWORK_FACTOR))
    if email:
        keys.append((daily_hash(f"mail {identity.canonical_email(email)}", day), EMAIL_FACTOR))
    return keys
