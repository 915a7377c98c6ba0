"""{% thread %}, {% essay %} and {% reply_form %}: where essays and comments meet."""

from functools import cache
from textwrap import shorten

from django import template
from django.db.models import Count
from django.http import Http404
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.outline import TOOLS
from articles.search import text_of
from comments import html, linkeddata, queue, thread
from comments.addresses import answers_path, newest_path, since_path
from comments.forms import ReplyForm
from comments.models import Comment, Thread
from comments.views import is_moderator

register = template.Library()
EXCERPT = 200
ADDRESS = "\ue000address\ue001"


@register.inclusion_tag("comments/_thread.html", takes_context=True, name="thread")
def show_thread(context, article, page_number, newest_first=False):
    """The thread's page of that number, with its heading and the links to its neighbours."""
    request = context["request"]
    own, for_staff = thread.read_own(request.GET.get("held")), is_moderator(request)
    order = thread.NEWEST_FIRST if newest_first else thread.OLDEST_FIRST
    page = thread.read_page(article, page_number, own, order, for_staff)
    if page is None:
        raise Http404("The thread has no such page.")
    newest = newest_path(article)
    path = newest if newest_first else article.get_absolute_url()
    # Drafts are no program's business, and a held reply is its author's alone.
    is_described = article.is_public and own is None and not (newest_first or for_staff)
    return {
        "page": page,
        "article": article,
        "path": path,
        "newest": newest,
        "newest_first": newest_first,
        "since": since_path(article, thread.newest_time(article)),
        "token": get_token(request) if for_staff else "",
        "linked_data": describe_page(page, context) if is_described else "",
    }


def describe_page(page, context):
    said = linkeddata.describe(page, context.get("tags", ()), context.get("card", ""))
    return mark_safe(said)  # noqa: S308 - escaped for where it stands


@register.simple_tag
def show_rows(page, token=""):
    """A page's comments as nested lists; `token` is for the moderators' forms."""
    return mark_safe(html.render_page(page, token))  # noqa: S308 - made of escaped and *_html parts


@register.simple_tag
def reply_form(article):
    if not article.is_open:
        return render_to_string("comments/_reply_form.html", {"article": article})
    form = blank_form(get_language()).replace(ADDRESS, escape(article.get_reply_url()))
    note = html.fill("_note", note=escape(article.note)) if article.note else ""
    return mark_safe(note + form)  # noqa: S308


@cache
def blank_form(_language) -> str:
    """The empty form, the same under every essay but for its address; made once."""
    article = {"is_open": True, "get_reply_url": ADDRESS}
    context = {"form": ReplyForm(article=None), "article": article}
    return render_to_string("comments/_reply_form.html", context)


@register.simple_tag
def essay(article):
    """The essay with the links of each section and point in their places."""
    answers = Comment.objects.filter(article=article, status=Comment.Status.PUBLISHED)
    answers = answers.filter(point__isnull=False).order_by().values_list("point__anchor")
    replies = dict(answers.annotate(Count("pk")))
    reply_url = article.get_reply_url() if article.is_open else ""

    def tools(match):
        anchor = match[1]
        if anchor.startswith("s-"):
            return html.fill("_section_tools", anchor=anchor)
        count = replies.get(anchor, 0)
        return html.fill(
            "_point_tools" if reply_url else "_point_link",
            anchor=anchor,
            url=reply_url,
            count=html.fill(
                "_point_count",
                url=escape(answers_path(article, anchor)),
                count=html.reply_count(count, get_language()),
            )
            if count
            else "",
        )

    return mark_safe(TOOLS.sub(tools, article.body_html))  # noqa: S308


@register.simple_tag
def reply_count(article):
    return Thread.of(article).published


@register.simple_tag
def reply_counts(articles):
    """How many comments can be read under each of these essays, by the essay's key."""
    threads = Thread.objects.filter(article__in=articles)
    return dict(threads.values_list("article", "published"))


@register.filter
def of(counts, key):
    return counts.get(key, 0)


@register.simple_tag
def waiting():
    """How many comments wait for a moderator, by kind."""
    return queue.count_waiting()


@register.filter
def excerpt(html):
    """The first words of clean HTML, as plain text."""
    return shorten(text_of(html), EXCERPT, placeholder="\u2026")
