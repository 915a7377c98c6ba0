"""How often one client may post: windows of time in one table, shared by every worker."""

import ipaddress
import time

from django.conf import settings
from django.db import connection, models
from django.utils.crypto import salted_hmac

MINUTE, HOUR, DAY = 60, 3600, 86_400


class TooMany(Exception):
    """The client has posted too often; `wait` is the number of seconds to wait."""

    def __init__(self, wait: int):
        self.wait = wait


class Window(models.Model):
    """How often a client has posted in one span of time. No address is stored."""

    client = models.CharField(max_length=40)
    seconds = models.PositiveIntegerField()
    started = models.BigIntegerField()
    hits = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "seconds", "started"], name="window_unique")
        ]
        indexes = [models.Index(fields=["started"], name="window_started")]

    def __str__(self):
        return f"{self.hits} in {self.seconds} s"


HIT = """
    INSERT INTO comments_window (client, seconds, started, hits) VALUES (%s, %s, %s, 1)
    ON CONFLICT (client, seconds, started) DO UPDATE SET hits = comments_window.hits + 1
    RETURNING hits
"""


def count_reply(address: str) -> None:
    """Counts one reply of a client; raises TooMany above the limits of the settings.

    Call it in the transaction that stores the reply: what is refused is then not counted.
    """
    limits = ((MINUTE, settings.REPLIES_PER_MINUTE), (HOUR, settings.REPLIES_PER_HOUR))
    count("", address, limits)


def count_flag(address: str, most: int) -> None:
    """Counts one flag of a client, beside its replies; raises TooMany above `most` an hour."""
    count("flag ", address, ((HOUR, most),))


def count(what: str, address: str, limits) -> None:
    now = int(time.time())
    client = (what + client_key(address, day=now // DAY))[:40]
    for seconds, most in limits:
        if not most:
            continue
        started = now - now % seconds
        with connection.cursor() as cursor:
            cursor.execute(HIT, [client, seconds, started])
            hits = cursor.fetchone()[0]
        if hits > most:
            raise TooMany(started + seconds - now)
        if hits == 1:
            Window.objects.filter(started__lt=now - DAY).delete()


def client_key(address: str, day: int) -> str:
    """A keyed value that changes daily; an IPv6 client is its whole /64 network.

    The address is as blogsite.middleware.read_address writes it: a mapped one is IPv4 already.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        network = address
    else:
        width = 64 if parsed.version == 6 else 32
        network = str(ipaddress.ip_network((parsed, width), strict=False))
    return salted_hmac(f"comments.limits.{day}", network, algorithm="sha256").hexdigest()[:40]
