"""The section under an essay: its heading, its orders, a page of its thread, and the form."""

from functools import cache

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language, gettext, ngettext

from comments.forms import ReplyForm
from comments.thread_page import read, render
from comments.thread_page.links import newest_first_url, since_url
from comments.thread_page.moulds import fill

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
    url, newest = article.get_absolute_url(), newest_first_url(article)
    return fill(
        "_thread",
        frozenset(name for name, is_so in flags.items() if is_so),
        heading=render.reply_count(page.published, get_language())
        if page.published
        else gettext("No replies yet"),
        oldest=escape(url),
        newest=escape(newest),
        rows=write_rows(page, newest if newest_first else url, token, newest_first),
        since=escape(since_url(article, read.newest_at(article))),
        form=write_form(article),
    )


def write_rows(page, path: str, token: str = "", newest_first: bool = False) -> str:
    """A page's comments between the ways to its neighbours; `path` is the first page's."""
    earlier = later = ""
    if page.number > 1:
        before = f"?page={page.number - 1}" if page.number > 2 else ""
        number = gettext("Page %(number)s.") % {"number": page.number}
        flags = frozenset({"newest_first"} if newest_first else ())
        earlier = fill("_earlier", flags, number=number, url=escape(path + before))
    if page.remaining:
        words = ngettext(
            "Next page: %(count)s more reply", "Next page: %(count)s more replies", page.remaining
        )
        cut = ngettext(
            "%(count)s of them in the branch above",
            "%(count)s of them in the branch above",
            page.cut,
        )
        later = fill(
            "_later",
            frozenset({"cut"} if page.cut else ()),
            url=escape(f"{path}?page={page.number + 1}"),
            words=words % {"count": intcomma(page.remaining)},
            cut=cut % {"count": intcomma(page.cut)},
        )
    return f"{earlier}\n{render.render_thread(page, token)}\n{later}"


def write_form(article) -> str:
    """The empty form, or the sentence that stands in its place."""
    if not article.is_open:
        return render_to_string("comments/_reply_form.html", {"article": article})
    form = blank_form(get_language()).replace(ADDRESS, escape(article.get_reply_url()))
    note = fill("_note", note=escape(article.form_note)) if article.form_note else ""
    return note + form


@cache
def blank_form(_language) -> str:
    """The same under every essay but for its address; made once."""
    article = {"is_open": True, "get_reply_url": ADDRESS}
    context = {"form": ReplyForm(article=None), "article": article}
    return render_to_string("comments/_reply_form.html", context)
