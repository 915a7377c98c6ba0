"""Retention: empties or deletes personal data whose time is over.

Each function may be interrupted and called again: nothing is done twice.
"""

import time
from datetime import timedelta

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from comments import identity
from comments.identity import DAY
from comments.models import Ban, Comment, Flag, NetworkTrace, RateLimitWindow, SpentProof

BATCH = 500
FORGOTTEN_PREFIX = "flag "


def drop_emails(days: int) -> int:
    """Empties the e-mail addresses of comments older than so many days; 0 keeps them all.

    Their hashes stay, so bans and requests for personal data still find the comments. No page
    shows either, so no page is touched.
    """
    old = Comment.objects.filter(posted_at__lt=timezone.now() - timedelta(days=days))
    old = old.exclude(email="").order_by("pk").values_list("pk", flat=True)
    done = 0
    while days and (ids := list(old[:BATCH])):
        done += Comment.objects.filter(pk__in=ids).update(email="")
    return done


def drop_network_hashes() -> int:
    """Drops every network's hashes but those of today, of yesterday and of bans in force."""
    NetworkTrace.clear_old_hashes()
    dropped, _by_model = NetworkTrace.objects.filter(day__lt=identity.today() - 1).delete()
    ended = Ban.objects.filter(kind=Ban.Kind.NETWORK, until__lte=timezone.now())
    dropped += ended.exclude(target_hash="", wider_subnet_hash="").update(
        target_hash="", wider_subnet_hash=""
    )
    # Each flag counts as a reader of its own from now on, so the number of flags stays.
    flags = Flag.objects.filter(created_at__lt=timezone.now() - timedelta(days=2))
    reader = Concat(Value(FORGOTTEN_PREFIX), Cast(F("pk"), CharField()))
    return dropped + flags.exclude(reader__startswith=FORGOTTEN_PREFIX).update(reader=reader)


def drop_rate_limits() -> int:
    """Drops the counts of replies and flags in windows that no limit reads any more."""
    return RateLimitWindow.objects.filter(started__lt=int(time.time()) - DAY).delete()[0]


def drop_proofs() -> int:
    """Drops used proofs of work that have expired."""
    return SpentProof.objects.filter(expires_at__lt=int(time.time())).delete()[0]
