"""A page's comments as schema.org's Comment, in the JSON-LD of an essay's page.

The rules are those of Google's "Discussion forum" documentation.
"""

import json
import re
from functools import lru_cache
from html import unescape

from django.conf import settings
from django.utils.translation import get_language

from articles.json_ld import article_data, breadcrumb_data, person
from comments.thread_page.read import Row, ThreadPage

# Of each comment's text: the page holds all of it once more, and is to stay small.
MAX_TEXT_LENGTH = 300
MAX_HTML_LENGTH = 3_000  # in which to find it: a link may be long
MAX_DEPTH = 20  # deeper replies stand beside what they answer: JSON readers limit nesting
MAX_COMMENTS = 100  # of a page; the feed has all of them
MAX_CACHED, MAX_ESSAYS = 4_000, 64
TAG = re.compile(r"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
# So that nothing ends the script element, nor is a line end to a JavaScript parser.
ESCAPES = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def page_json(thread: ThreadPage, tags, version: str) -> str:
    """JSON that can stand in a script element as it is.

    `version` changes with everything but the thread.
    """
    article, breadcrumbs = essay_data(thread.article, tuple(tags), version, get_language())
    article = article | {"commentCount": thread.published}
    if comments := comment_data(thread.rows[:MAX_COMMENTS]):
        article["comment"] = comments
    graph = {"@context": "https://schema.org", "@graph": [article, breadcrumbs]}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    for character, escape in ESCAPES.items():
        text = text.replace(character, escape)
    return text


@lru_cache(MAX_ESSAYS)
def essay_data(article, tags, _version: str, _language: str | None) -> tuple[dict, dict]:
    return article_data(article, tags, article.get_share_image_url()), breadcrumb_data(article)


def comment_data(rows: list[Row]) -> list[dict]:
    """The comments, each with those that answer it under "comment"."""
    top: list[dict] = []
    ancestors: list[tuple[int, dict]] = []  # depth and data of those that the row may answer
    for row in rows:
        data, depth = one_comment(row), min(row.level, MAX_DEPTH)
        while ancestors and ancestors[-1][0] >= depth:
            ancestors.pop()
        siblings = ancestors[-1][1].setdefault("comment", []) if ancestors else top
        siblings.append(data)
        ancestors.append((depth, data))
    return top


def one_comment(row: Row) -> dict:
    """A comment that cannot be read keeps its URL and says "Deleted", as Google asks."""
    data = {"@type": "Comment", "url": settings.SITE_URL + row.get_absolute_url()}
    if not row.is_published:
        return data | {"creativeWorkStatus": "Deleted"}
    return data | {
        "author": person(row.name),
        "datePublished": row.posted_at.isoformat(timespec="seconds"),
        "text": first_words(row.body_html),
    }


@lru_cache(MAX_CACHED)
def first_words(html: str) -> str:
    """The first words of a comment, without markup."""
    if len(html) > MAX_HTML_LENGTH:
        html = html[:MAX_HTML_LENGTH]
        # Not half a tag.
        if html.rfind("<") > html.rfind(">"):
            html = html[: html.rfind("<")]
    text = unescape(TAG.sub("", html)).strip()
    return text if len(text) <= MAX_TEXT_LENGTH else f"{text[: MAX_TEXT_LENGTH - 1]}\u2026"
