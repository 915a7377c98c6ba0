"""Whether a commenter is known: by a published reply that this browser or this network sent.

Whoever knows a regular's name and address can type them, so these alone prove nothing. A browser
is given a receipt for each reply that is held as a first one, and shows it with the next; without
it, a reply published today and sent from the same network will do.
"""

from django.core import signing

from comments import identity
from comments.identity import canonical_name
from comments.models import Comment, NetworkTrace

COOKIE = "receipt"
COOKIE_SECONDS = 180 * 24 * 3600
SALT = "comments.receipt"


def write_receipt(comment) -> str:
    """Names a comment, for the browser that sent it; signed."""
    return signing.dumps(comment.pk, salt=SALT)


def read_receipt(receipt: str) -> int | None:
    try:
        return int(signing.loads(receipt, salt=SALT, max_age=COOKIE_SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def was_sent_from(comment, address: str) -> bool:
    """Whether the client at this address sent the comment, today; to send again what all can read
    makes nobody its author."""
    return NetworkTrace.objects.filter(
        comment=comment, client_hash=identity.daily_client_hash(address)
    ).exists()


def is_known(comment, facts) -> bool:
    """Whether a reply of this name and address was published, and is seen to be the sender's."""
    theirs = Comment.objects.published().filter(email_hash=identity.email_hash(comment.email))
    today = NetworkTrace.objects.filter(
        client_hash=identity.daily_client_hash(facts.address), day=identity.today()
    )
    mine = theirs.filter(pk=read_receipt(facts.receipt)) | theirs.filter(
        pk__in=today.values("comment")
    )
    name = canonical_name(comment.name)
    return any(canonical_name(known) == name for known in mine.values_list("name", flat=True))
