"""Known commenters: whether this browser or network has sent a reply that was published.

A regular's name and address can be typed by anybody, so they prove nothing alone. A browser gets a
signed cookie, the receipt, for a reply that is held as a first one, and sends it with the next
reply; without it, a reply from the same network that was published today is enough.
"""

from django.core import signing

from comments import identity
from comments.identity import canonical_name
from comments.models import Comment, NetworkTrace

COOKIE = "receipt"
COOKIE_SECONDS = 180 * 24 * 3600
SALT = "comments.receipt"


def write_receipt(comment) -> str:
    """The signed id of a comment, for the browser that sent it."""
    return signing.dumps(comment.pk, salt=SALT)


def read_receipt(receipt: str) -> int | None:
    try:
        return int(signing.loads(receipt, salt=SALT, max_age=COOKIE_SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def was_sent_from(comment, address: str) -> bool:
    """Whether the client at this address sent the comment, today.

    A copy of a published reply, posted by somebody else, is answered with the stored one: its
    sender is not its author.
    """
    return NetworkTrace.objects.filter(
        comment=comment, client_hash=identity.daily_client_hash(address)
    ).exists()


def is_known(comment, submission) -> bool:
    """Whether a published reply of this name and e-mail address came from the same sender."""
    same_email = Comment.objects.published().filter(email_hash=identity.email_hash(comment.email))
    from_client = NetworkTrace.objects.filter(
        client_hash=identity.daily_client_hash(submission.address), day=identity.today()
    )
    by_receipt = same_email.filter(pk=read_receipt(submission.receipt))
    same_sender = by_receipt | same_email.filter(pk__in=from_client.values("comment"))
    name = canonical_name(comment.name)
    return any(
        canonical_name(known) == name for known in same_sender.values_list("name", flat=True)
    )
