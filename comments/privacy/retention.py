"""What is kept for a time only, and is dropped when the time is over.

Each function can be stopped and called again: what is done is done, and nothing is done twice.
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
    """Empties the addresses of comments older than so many days; 0 keeps them all.

    Their keys stay, so that a ban goes on and what a person asks for is still found. No page shows
    either, so none is touched.
    """
    old = Comment.objects.filter(posted_at__lt=timezone.now() - timedelta(days=days))
    old = old.exclude(email="").order_by("pk").only("email", "email_hash", "article")
    done = last = 0
    while days and (batch := list(old.filter(pk__gt=last)[:BATCH])):
        last = batch[-1].pk
        fill_email_hashes([comment for comment in batch if not comment.email_hash])
        done += Comment.objects.filter(pk__in=[comment.pk for comment in batch]).update(email="")
    return done


def fill_email_hashes(comments) -> None:
    """For comments older than these keys, which could not be made afterwards."""
    for comment in comments:
        comment.email_hash = identity.email_hash(comment.email)
    Comment.objects.bulk_update(comments, ["email_hash"])


def drop_network_hashes() -> int:
    """Drops every network's key but those of today, of yesterday and of bans in force."""
    NetworkTrace.clear_old_hashes()
    gone, _by_model = NetworkTrace.objects.filter(day__lt=identity.today() - 1).delete()
    ended = Ban.objects.filter(kind=Ban.Kind.NETWORK, until__lte=timezone.now())
    gone += ended.exclude(target_hash="", wider_subnet_hash="").update(
        target_hash="", wider_subnet_hash=""
    )
    # Two flags on a comment stay two: each is its own reader from now on.
    flags = Flag.objects.filter(created_at__lt=timezone.now() - timedelta(days=2))
    own = Concat(Value(FORGOTTEN_PREFIX), Cast(F("pk"), CharField()))
    return gone + flags.exclude(reader__startswith=FORGOTTEN_PREFIX).update(reader=own)


def drop_rate_limits() -> int:
    """Drops the counts of replies and flags in spans of time that no limit looks at any more."""
    return RateLimitWindow.objects.filter(started__lt=int(time.time()) - DAY).delete()[0]


def drop_proofs() -> int:
    """Drops the proofs of work that were used and would not be taken any more anyway."""
    return SpentProof.objects.filter(expires_at__lt=int(time.time())).delete()[0]
