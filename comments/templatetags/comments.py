"""Template tags by which pages of essays show comments."""

import re
from functools import lru_cache
from textwrap import shorten

from django import template
from django.db.models import Count
from django.middleware.csrf import get_token
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.compiled_query import CompiledQuery
from articles.search import plain_text
from articles.text.outline import ANCHOR_COMMENT
from comments import forms
from comments.models import Comment, Thread
from comments.moderation import queue
from comments.thread_page import json_ld, links, read, render
from comments.thread_page.viewer import Viewer

register = template.Library()
EXCERPT_LENGTH = 200
MAX_LINKS = 2_000  # rendered, of sections and points


# --- A page of a thread ---


@register.simple_tag(takes_context=True)
def read_thread(context, article, page_number, newest_first=False):
    """One page of an essay's thread, as the viewer of this request sees it."""
    order = read.NEWEST_FIRST if newest_first else read.OLDEST_FIRST
    return read.read_page(article, page_number, Viewer.of(context["request"]), order)


@register.simple_tag(takes_context=True)
def thread_items(context, thread):
    """The comments of a page of a thread as nested list items."""
    token = get_token(context["request"]) if thread.viewer.is_moderator else ""
    return render.ThreadRenderer(thread, token).render()


@register.simple_tag
def reply_form(article):
    """An empty "Leave A Reply" form."""
    return forms.ReplyForm(article=article)


@register.simple_tag
def newest_first_url(article):
    return links.newest_first_url(article)


@register.simple_tag
def since_newest_url(article):
    """The page with the replies that come after the newest of now."""
    return links.since_url(article, read.newest_at(article))


@register.simple_tag
def thread_json(thread, tags, version):
    """The essay and the comments of its page as JSON-LD."""
    return mark_safe(json_ld.page_json(thread, tags, version))  # noqa: S308 - escaped there


# --- A comment in a list ---


@register.inclusion_tag("comments/_comment.html")
def listed_comment(comment, with_essay=False):
    """A comment apart from its thread, with what it answers quoted above it."""
    article = comment.article
    takes_replies = article.is_open and not comment.is_in_locked_branch
    return {
        "comment": comment,
        "essay": article if with_essay else None,
        "quotes_parent": True,
        "level": comment.level + 1,
        "point_quote": comment.point and point_quote(comment),
        "reply_url": article.get_reply_url() if takes_replies else "",
    }


def point_quote(comment) -> dict[str, str | bool]:
    point = comment.point
    return {
        "text": comment.point_text,
        "url": "" if point.position is None else point.get_absolute_url(),
        "is_changed": point.text != comment.point_text,
    }


@register.filter
def excerpt(html):
    """The first words of clean HTML, as plain text."""
    return shorten(plain_text(html), EXCERPT_LENGTH, placeholder="\u2026")


# --- The replies to points ---


def count_by_anchor(article):
    replies = Comment.objects.filter(article=article, status=Comment.Status.PUBLISHED)
    replies = replies.filter(point__isnull=False).order_by().values_list("point__anchor")
    return replies.annotate(Count("pk"))


COUNTS_QUERY = CompiledQuery(count_by_anchor)


@register.simple_tag
def point_reply_counts(article):
    """How many published comments answer each point, by its anchor."""
    return dict(sorted(COUNTS_QUERY.rows(article.pk)))


@register.simple_tag
def anchor_links(article, body_html, counts):
    """The essay's HTML with a link to each section, and the links of each point."""

    url, is_open, language = article.get_absolute_url(), article.is_open, get_language()

    def links_of(comment: re.Match) -> str:
        return links_html(comment[1], counts.get(comment[1], 0), url, is_open, language)

    # The anchors are ours, and the links rendered templates: the HTML stays clean.
    return mark_safe(ANCHOR_COMMENT.sub(links_of, body_html))  # noqa: S308


@lru_cache(MAX_LINKS)
def links_html(
    anchor: str, count: int, article_url: str, is_open: bool, _language: str | None
) -> str:
    """The link to a section, or the links of a point."""
    html = render.render_template(
        "_section_link" if anchor.startswith("s-") else "_point_links",
        anchor=anchor,
        count=count,
        reply_url=f"{article_url}reply/" if is_open else "",
        replies_url=links.point_replies_url(article_url, anchor),
    )
    # They stand behind the last word of a line: a blank after them would change how it wraps.
    return html.rstrip()


# --- Counts ---


@register.simple_tag
def reply_counts(articles):
    """How many comments can be read under each of these essays, by the essay's id."""
    threads = Thread.objects.filter(article__in=articles)
    return dict(threads.values_list("article", "published_count"))


@register.filter
def count_of(counts, pk):
    return counts.get(pk, 0)


@register.filter
def replies(count):
    """A number of replies in words."""
    return render.reply_count(count)


@register.simple_tag
def waiting():
    """How many comments wait for a moderator, by kind."""
    return queue.count_waiting()
