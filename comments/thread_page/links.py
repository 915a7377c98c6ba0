"""Addresses of a thread's pages and of a comment's place in them."""

from datetime import datetime
from urllib.parse import quote

from django.utils.http import urlencode

from comments import converters
from comments.thread_page import read


def newest_first_url(article) -> str:
    """Where the thread stands with its newest branch first."""
    return f"{article.get_absolute_url()}newest/"


def point_replies_url(essay: str, anchor: str) -> str:
    """Where the replies to one point stand by themselves, under the essay's own address."""
    return f"{essay}points/{quote(anchor)}/"


def since_url(article, moment: datetime) -> str:
    """Where the replies stand that came after a time."""
    return f"{article.get_absolute_url()}since/{converters.TimestampConverter().to_url(moment)}/"


def page_url(comment, own=None, for_staff=False) -> str:
    """The address at which a comment stands now: its thread's page and its anchor.

    `own` is the key of a held comment that is shown to its author: the address then holds a
    signed word with which it is seen, and is for nobody else.
    """
    query = {"held": read.held_token(comment)} if own else {}
    if (number := read.page_number_of(comment, own, for_staff)) > 1:
        query["page"] = number
    sought = f"?{urlencode(query)}" if query else ""
    return f"{comment.article.get_absolute_url()}{sought}#comment-{comment.pk}"
