"""Where essays and comments meet: what templates of either may ask for."""

from textwrap import shorten

from django import template
from django.middleware.csrf import get_token
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.search import plain_text
from comments.models import Thread
from comments.moderation import queue
from comments.thread_page import essay_page as essays
from comments.thread_page import read, render, section, viewer
from comments.thread_page.viewer import is_moderator

register = template.Library()
EXCERPT = 200


def viewer_of(request) -> viewer.Viewer:
    own, for_staff = read.comment_from_held_token(request.GET.get("held")), is_moderator(request)
    return viewer.Viewer(own, for_staff, get_token(request) if for_staff else "")


@register.simple_tag(takes_context=True)
def essay_page(context, article, page_number, lists, until):
    """The whole page of an essay; see comments.thread_page.essay_page."""
    reader = viewer_of(context["request"])
    return mark_safe(essays.write(article, page_number, lists, until, reader))  # noqa: S308


@register.simple_tag(takes_context=True)
def newest_first(context, article, page_number):
    """The section under an essay, its newest branch first."""
    reader = viewer_of(context["request"])
    page = essays.read_thread(article, page_number, reader, read.NEWEST_FIRST)
    return mark_safe(section.write(page, reader.token, newest_first=True))  # noqa: S308


@register.simple_tag
def show_rows(page, path):
    """A page's comments as nested lists, and the ways to its neighbours."""
    return mark_safe(section.write_rows(page, path))  # noqa: S308 - made of escaped and *_html parts


@register.simple_tag
def reply_count(article):
    """How many comments can be read under an essay, in words."""
    return render.reply_count(Thread.for_article(article).published_count, get_language())


@register.simple_tag
def reply_counts(articles):
    """How many comments can be read under each of these essays, by the essay's key."""
    threads = Thread.objects.filter(article__in=articles)
    return dict(threads.values_list("article", "published_count"))


@register.filter
def of(counts, key):
    """How many there are for this key, in words."""
    return render.reply_count(counts.get(key, 0), get_language())


@register.simple_tag
def waiting():
    """How many comments wait for a moderator, by kind."""
    return queue.count_waiting()


@register.filter
def excerpt(html):
    """The first words of clean HTML, as plain text."""
    return shorten(plain_text(html), EXCERPT, placeholder="\u2026")
