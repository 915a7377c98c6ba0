"""URLs of a thread's pages, and of a comment's position in them."""

from datetime import datetime
from urllib.parse import quote

from django.utils.http import urlencode

from comments.converters import TimestampConverter
from comments.thread_page.read import page_number_of
from comments.thread_page.viewer import ANONYMOUS, Viewer, held_token


def newest_first_url(article) -> str:
    return f"{article.get_absolute_url()}newest/"


def point_replies_url(article_url: str, anchor: str) -> str:
    """The page with the replies to one point."""
    return f"{article_url}points/{quote(anchor)}/"


def since_url(article, moment: datetime) -> str:
    """The page with the replies posted after a time."""
    return f"{article.get_absolute_url()}since/{TimestampConverter().to_url(moment)}/"


def page_url(comment, viewer: Viewer = ANONYMOUS) -> str:
    """The page of the thread that shows the comment, with the comment's anchor.

    For the author of a held comment it holds a signed token, and is for nobody else.
    """
    query = {"held": held_token(comment)} if viewer.held_id else {}
    if (number := page_number_of(comment, viewer)) > 1:
        query["page"] = number
    suffix = f"?{urlencode(query)}" if query else ""
    return f"{comment.article.get_absolute_url()}{suffix}#comment-{comment.pk}"
