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
from comments.models import Ban, Comment, Flag, SpentProof, Trace, Window

BATCH = 500
SPENT = "flag "


def drop_emails(days: int) -> int:
    """Empties the addresses of comments older than so many days; 0 keeps them all.

    Their keys stay, so that a ban goes on and what a person asks for is still found. No page shows
    either, so none is touched.
    """
    old = Comment.objects.filter(posted_at__lt=timezone.now() - timedelta(days=days))
    old = old.exclude(email="").order_by("pk").only("email", "person", "article")
    done = last = 0
    while days and (batch := list(old.filter(pk__gt=last)[:BATCH])):
        last = batch[-1].pk
        give_keys([comment for comment in batch if not comment.person])
        done += Comment.objects.filter(pk__in=[comment.pk for comment in batch]).update(email="")
    return done


def give_keys(comments) -> None:
    """For comments older than these keys, which could not be made afterwards."""
    for comment in comments:
        comment.person = identity.person_key(comment.email)
    Comment.objects.bulk_update(comments, ["person"])


def drop_networks() -> int:
    """Drops every network's key but those of today, of yesterday and of bans in force."""
    Trace.forget()
    gone, _by_model = Trace.objects.filter(day__lt=identity.today() - 1).delete()
    ended = Ban.objects.filter(kind=Ban.Kind.NETWORK, until__lte=timezone.now())
    gone += ended.exclude(key="", wide="").update(key="", wide="")
    # Two flags on a comment stay two: each is its own reader from now on.
    flags = Flag.objects.filter(at__lt=timezone.now() - timedelta(days=2))
    own = Concat(Value(SPENT), Cast(F("pk"), CharField()))
    return gone + flags.exclude(reader__startswith=SPENT).update(reader=own)


def drop_windows() -> int:
    """Drops the counts of replies and flags in spans of time that no limit looks at any more."""
    return Window.objects.filter(started__lt=int(time.time()) - DAY).delete()[0]


def drop_proofs() -> int:
    """Drops the proofs of work that were used and would not be taken any more anyway."""
    return SpentProof.objects.filter(expires__lt=int(time.time())).delete()[0]
