"""An essay's page: rendered once for each edit of an essay, and filled in after each reply.

What stands around the thread depends on nothing that a reply changes, and costs most of a short
page: so it is kept as a mould.
"""

import re
from functools import lru_cache
from secrets import token_hex

from django.db.models import Count
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

from articles import json_ld as article_json_ld
from articles.compiled_query import CompiledQuery
from articles.models import Article
from articles.related import essay_context
from articles.text.outline import ANCHOR_COMMENT
from comments.models import Comment
from comments.thread_page import json_ld, read, render, section
from comments.thread_page.links import point_replies_url
from comments.thread_page.moulds import Mould, fill
from comments.thread_page.viewer import Viewer

# The last essays read; each takes about the room of its text.
MAX_FRAMES = 64
MAX_TOOLS = 2_000
# What replies change in the frame. Nobody who writes an essay can guess the marks.
SECRET = token_hex(8)
NAMES = ("replies", "thread", "linked_data", "count", "comments")
HOLES = {name: f"\ue000{SECRET} {name}\ue001" for name in NAMES}
HOLE = re.compile(f"\ue000{SECRET} (\\w+)\ue001|{ANCHOR_COMMENT.pattern}")


def write(article, number: int, lists: int, until, reader: Viewer) -> str:
    """The page's HTML; raises Http404 where the thread has no page of that number.

    `lists` is the stamp of the lists of essays, and `until` the time at which one of these
    changes by itself: a frame is kept for both.
    """
    page = read_thread(article, number, reader)
    # Drafts are no program's business, and a held reply is its author's alone.
    is_described = article.is_public and not (reader.own or reader.for_staff)
    frame = read_frame(article.pk, number, lists, until, is_described, get_language())
    values = {
        "replies": render.reply_count(page.published, get_language()),
        "thread": section.write(page, reader.token),
        "count": str(page.published),
        "comments": json_ld.describe_comments(page) if is_described else "",
    }
    return frame.pour(values | write_tools(article, frame.names))


def read_thread(article, number: int, reader: Viewer, order=read.OLDEST_FIRST):
    """The thread's page of that number, for these eyes; raises Http404 where there is none."""
    page = read.read_page(article, number, reader.own, order, reader.for_staff)
    if page is None:
        raise Http404("The thread has no such page.")
    return page


@lru_cache(MAX_FRAMES)
def read_frame(key: int, number: int, lists: int, until, is_described: bool, language) -> Mould:
    """Everything on a page of an essay but its thread.

    It is rendered for nobody's request, and so is the same for all.
    """
    article = Article.objects.select_related("author").get(pk=key)
    context = essay_context(article) | {
        "article": article,
        "page_number": number,
        "card": article.get_share_image_url(),
        "holes": HOLES,
    }
    whole = render_to_string("articles/article_detail.html", context, HttpRequest())
    said = write_linked_data(context) if is_described else ""
    return read_mould(whole.replace(HOLES["linked_data"], said))


def write_linked_data(context) -> str:
    essay = context["article"], context["tags"], context["card"]
    said = article_json_ld.describe(*essay, HOLES["count"], HOLES["comments"])
    return f'<script type="application/ld+json">{said}</script>'


def read_mould(whole: str) -> Mould:
    """The page in pieces; a tool's name is its whole mark."""
    texts, names, end = [], [], 0
    for hole in HOLE.finditer(whole):
        texts.append(whole[end : hole.start()])
        names.append(hole[1] or hole[0])
        end = hole.end()
    return Mould([*texts, whole[end:]], names)


# --- The links beside each section and point --------------------------------------------------


def published_on_points(article):
    answers = Comment.objects.filter(article=article, status=Comment.Status.PUBLISHED)
    answers = answers.filter(point__isnull=False).order_by().values_list("point__anchor")
    return answers.annotate(Count("pk"))


REPLIES_TO_POINTS = CompiledQuery(published_on_points)


def write_tools(article, names: list[str]) -> dict[str, str]:
    """The links for each of a frame's names that is a mark for such."""
    anchors = {name: mark[1] for name in names if (mark := ANCHOR_COMMENT.fullmatch(name))}
    if not anchors:
        return {}
    replies = dict(REPLIES_TO_POINTS.rows(article.pk))
    url, language = article.get_absolute_url(), get_language()
    return {
        name: write_tool(anchor, replies.get(anchor, 0), url, article.is_open, language)
        for name, anchor in anchors.items()
    }


@lru_cache(MAX_TOOLS)
def write_tool(anchor: str, replies: int, url: str, is_open: bool, language: str | None) -> str:
    if anchor.startswith("s-"):
        return fill("_section_tools", anchor=anchor)
    count = ""
    if replies:
        path = escape(point_replies_url(url, anchor))
        count = fill("_point_count", url=path, count=render.reply_count(replies, language))
    if not is_open:
        return fill("_point_link", anchor=anchor, count=count)
    return fill("_point_tools", anchor=anchor, url=f"{url}reply/", count=count)
