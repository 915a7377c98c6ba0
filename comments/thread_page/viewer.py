"""Viewer: an anonymous reader, the author of a held reply, or a moderator."""

from dataclasses import dataclass

from django.core.signing import BadSignature, TimestampSigner

from articles.views.responses import is_staff
from comments.models import Comment

HELD_LINK_SECONDS = 60 * 24 * 3600
signer = TimestampSigner(salt="comments.held")


@dataclass(frozen=True)
class Viewer:
    """`held_id` is the id of a held comment that its author may see."""

    held_id: int | None = None
    is_moderator: bool = False

    @property
    def is_anonymous(self) -> bool:
        return self.held_id is None and not self.is_moderator

    @classmethod
    def of(cls, request):
        return cls(comment_from_held_token(request.GET.get("held")), is_moderator(request))


ANONYMOUS = Viewer()


def is_moderator(request) -> bool:
    return is_staff(request) and request.user.has_perm("comments.change_comment")


def held_token(comment) -> str:
    """A signed token for the address of the page on which an author sees a held reply."""
    return signer.sign(str(comment.pk))


def comment_from_held_token(token: str | None) -> int | None:
    """The id of the comment that a token from `held_token` names, while it is held; else None."""
    try:
        pk = int(signer.unsign(token or "", max_age=HELD_LINK_SECONDS))
    except (BadSignature, ValueError):
        return None
    return pk if Comment.objects.filter(pk=pk, status=Comment.Status.HELD).exists() else None
