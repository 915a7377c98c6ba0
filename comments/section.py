"""The section under an essay: its heading, its orders, a page of its thread, and the form."""

from functools import cache

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language, gettext

from comments import html, thread
from comments.addresses import newest_path, since_path
from comments.forms import ReplyForm
from comments.moulds import fill

ADDRESS = "\ue000address\ue001"


def write(page, token: str = "", newest_first: bool = False) -> str:
    """The section's HTML; `token` is for the moderators' forms, on the pages that are theirs."""
    article = page.article
    flags = {
        "for_staff": page.for_staff,
        "begun": page.published > 0,
        "several": page.published > 1,
        "newest_first": newest_first,
    }
    url, newest = article.get_absolute_url(), newest_path(article)
    context = {"page": page, "token": token, "newest_first": newest_first}
    context["path"] = newest if newest_first else url
    return fill(
        "_thread",
        frozenset(name for name, is_so in flags.items() if is_so),
        heading=html.reply_count(page.published, get_language())
        if page.published
        else gettext("No replies yet"),
        oldest=escape(url),
        newest=escape(newest),
        rows=render_to_string("comments/_rows.html", context),
        since=escape(since_path(article, thread.newest_time(article))),
        form=write_form(article),
    )


def write_form(article) -> str:
    """The empty form, or the sentence that stands in its place."""
    if not article.is_open:
        return render_to_string("comments/_reply_form.html", {"article": article})
    form = blank_form(get_language()).replace(ADDRESS, escape(article.get_reply_url()))
    note = fill("_note", note=escape(article.note)) if article.note else ""
    return note + form


@cache
def blank_form(_language) -> str:
    """The same under every essay but for its address; made once."""
    article = {"is_open": True, "get_reply_url": ADDRESS}
    context = {"form": ReplyForm(article=None), "article": article}
    return render_to_string("comments/_reply_form.html", context)
