"""For whose eyes a page is."""

from dataclasses import dataclass

from articles.views.responses import is_staff


@dataclass(frozen=True)
class Viewer:
    """For whose eyes a page is: `own` is the key of a held comment that its author may see,
    `token` is for the moderators' forms."""

    own: int | None = None
    for_staff: bool = False
    token: str = ""


def is_moderator(request) -> bool:
    return is_staff(request) and request.user.has_perm("comments.change_comment")
