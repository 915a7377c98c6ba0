"""What an essay's page says to programs: schema.org's Article with its Comments, as JSON-LD.

The rules are Google's, "Article", "Breadcrumb" and, for the comments, "Discussion forum".
"""

import re
from functools import lru_cache
from html import unescape
from json.encoder import encode_basestring

from django.conf import settings
from django.urls import reverse

from articles.json_ld import escape
from comments.models import Comment
from comments.thread_page.read import Row, ThreadPage
from comments.thread_page.render import MAX_CACHED

PUBLISHED = Comment.Status.PUBLISHED.value
# Of each comment's words: a page holds them all once more, and is to stay small.
MAX_TEXT_LENGTH = 300
MAX_HTML_LENGTH = 3_000  # in which to find them: an address may be long
# What answers a deeper one stands beside it: readers of JSON do not nest without end.
MAX_DEPTH = 20
# Of a page: whoever wants all of them follows the pages, or the feed.
MAX_COMMENTS = 100
TAG = re.compile(r"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


def describe_comments(page: ThreadPage) -> str:
    """What `describe` says of a page's comments; nothing where there are none."""
    rows = page.rows[:MAX_COMMENTS]
    return f',"comment":[{write_comments(rows)}]' if rows else ""


def write_comments(rows: list[Row]) -> str:
    """The comments of a page, each with those that answer it, as JSON.

    Written piece by piece: a dictionary for each would cost more than all the rest.
    """
    # The real address without its number: asked for each comment, it would cost most of all.
    start = settings.SITE_URL + reverse("comments:comment", args=[0]).removesuffix("0/")
    parts: list[str] = []
    above: list[int] = []  # the depths of those that are open; all but the last have replies
    for row in rows:
        depth, closed = min(row.level, MAX_DEPTH), False
        while above and above[-1] >= depth:
            parts.append("]}" if closed else "}")
            above.pop()
            closed = True
        if parts:
            parts.append("," if closed else ',"comment":[')
        parts.append(write_comment(row.without_tree_position(), start))
        above.append(depth)
    parts.append("}" + "]}" * (len(above) - 1))
    return "".join(parts)


@lru_cache(MAX_CACHED)
def write_comment(row: Row, start: str) -> str:
    """One that can no longer be read keeps its place, in Google's word for that, and nothing
    else. The object is left open, for replies; `start` begins its address."""
    comment = f'{{"@type":"Comment","url":"{start}{row.id}/"'
    if row.status != PUBLISHED:
        return escape(f'{comment},"creativeWorkStatus":"Deleted"')
    time = row.posted_at.isoformat(timespec="seconds")
    name, words = encode_basestring(row.name), encode_basestring(first_words(row.body_html))
    author = f'{{"@type":"Person","name":{name}}}'
    return escape(f'{comment},"author":{author},"datePublished":"{time}","text":{words}')


def first_words(html: str) -> str:
    """The first words of a comment, without markup."""
    if len(html) > MAX_HTML_LENGTH:
        html = html[:MAX_HTML_LENGTH]
        # Not half a tag.
        if html.rfind("<") > html.rfind(">"):
            html = html[: html.rfind("<")]
    words = unescape(TAG.sub("", html)).strip()
    return words if len(words) <= MAX_TEXT_LENGTH else f"{words[: MAX_TEXT_LENGTH - 1]}\u2026"
