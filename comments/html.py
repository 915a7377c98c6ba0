"""A page of a thread as HTML: nested lists, made by plain text work from moulded templates.

A page has up to 300 comments, and a template for each would cost more than all the rest. So each
partial is rendered once, with marks in the place of its values, and the marks are filled in for
every comment. The looks stay in templates/comments/, the loop stays here.
"""

import re
from datetime import date, datetime
from functools import cache, lru_cache
from html import escape
from operator import attrgetter

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, gettext, ngettext

from comments.models import Comment, shorten
from comments.thread import Row, ThreadPage

DEEPEST_SHOWN = 8  # deeper replies are set flat
DEEPEST_ON_PHONES = 3  # as in site.css
MARK = re.compile("\ue000(\\w+)\ue001")
PUBLISHED = Comment.Status.PUBLISHED.value
STATUS_OF = {"publish": "published", "hide": "hidden", "mark_spam": "spam"}


class Marks(dict):
    """A template's context in which every name stands for its own mark."""

    def __missing__(self, name):
        return f"\ue000{name}\ue001"

    def __contains__(self, name):
        return True


@cache
def mould(partial: str, language: str | None) -> tuple[list[str], list[str]]:
    """The template's text between its values, and the values' names."""
    context = Context()
    context.dicts.append(Marks())
    parts = MARK.split(get_template(f"comments/{partial}.html").template.render(context))
    return parts[::2], parts[1::2]


def fill(partial: str, **values: str) -> str:
    """The partial's HTML; the values are HTML already."""
    return pour(mould(partial, get_language()), values)


def pour(moulded: tuple[list[str], list[str]], values: dict[str, str]) -> str:
    texts, names = moulded
    parts = [texts[0]]
    for name, text in zip(names, texts[1:], strict=True):
        parts += (values[name], text)
    return "".join(parts)


@cache
def reply_count(count: int, _language: str | None = None) -> str:
    return ngettext("%(count)s reply", "%(count)s replies", count) % {"count": intcomma(count)}


@lru_cache(1_000)
def long_date(day: date, _language: str | None, form: str = "DATE_FORMAT") -> str:
    return date_format(day, form)


def exact_time(posted: datetime, language: str | None) -> str:
    day = long_date(posted.date(), language, gettext("l j F Y"))
    return f"{day}, {posted:%H:%M:%S %Z}"


def count_replies(rows: list[Row], is_read=attrgetter("is_published")) -> list[int]:
    """For each row, how many of the rows behind it are in its branch and can be read."""
    counts = [0] * len(rows)
    above: list[int] = []
    for index, row in enumerate(rows):
        while above and rows[above[-1]].level >= row.level:
            above.pop()
        if is_read(row):
            for ancestor in above[:DEEPEST_SHOWN]:
                counts[ancestor] += 1
        above.append(index)
    return counts


def find_locked(rows) -> set[int]:
    """The keys of the rows that take no replies: locked, or below such a one."""
    locked: set[int] = set()
    for row in rows:
        if row.locked or row.parent_id in locked:
            locked.add(row.id)
    return locked


def call_nameless(row) -> str:
    """What a comment is called of which no name is shown."""
    return gettext("an erased comment") if row.erased_at else gettext("a hidden comment")


def render_page(page: ThreadPage, token: str = "") -> str:
    """The page's comments as one nested ordered list, its ancestors as stubs around them.

    `token` is for the moderators' forms, on the pages that are theirs alone.
    """
    return Writer(page, token).write() if page.rows else ""


class Writer:
    """Writes one page: what is the same for all its comments is looked up once."""

    def __init__(self, page: ThreadPage, token: str = ""):
        self.page = page
        self.staff = Controls(token) if page.for_staff else None
        self.language = get_language()
        self.zone = get_current_timezone()
        self.reply_url = page.article.get_reply_url() if page.article.is_open else ""
        self.url = page.article.get_absolute_url()
        rows = (*page.ancestors, *page.rows)
        self.by_id = {row.id: row for row in rows}
        self.locked = find_locked(rows)

    def fill(self, partial: str, **values: str) -> str:
        return pour(mould(partial, self.language), values)

    def write(self) -> str:
        replies = count_replies(self.page.rows, self.page.is_counted)
        stubs = self.page.ancestors[:DEEPEST_SHOWN]
        parts, depth = ['<ol class="thread"><li>'], 0
        for stub in stubs:
            parts += (self.fill("_elsewhere", **self.who(stub)), self.open_branch(stub, 0), "<li>")
            depth += 1
        for index, row in enumerate(self.page.rows):
            here = min(row.level, DEEPEST_SHOWN)
            if index:
                parts.append(step(depth, here))
            depth = here
            parts.append(self.comment(row))
            if replies[index] and row.level < DEEPEST_SHOWN:
                parts.append(self.open_branch(row, replies[index]))
        parts.append("</li></ol>" + "</details></li></ol>" * depth)
        return "".join(parts)

    def open_branch(self, row: Row, replies: int) -> str:
        count = reply_count(replies, self.language) if replies else gettext("continued")
        return self.fill("_branch", count=count, **self.who(row))

    def who(self, row: Row) -> dict[str, str]:
        name = row.name if row.status == PUBLISHED else call_nameless(row)
        return {"id": str(row.id), "number": shorten(row.number), "name": escape(name)}

    def comment(self, row: Row) -> str:
        published = row.status == PUBLISHED
        if not self.page.is_read(row):
            return self.tombstone(row)
        who = self.who(row) | {"name": escape(row.name)}
        parent = self.by_id.get(row.parent_id)
        posted = row.posted_at.astimezone(self.zone)
        controls = self.staff.write(row) if self.staff else ""
        return self.fill(
            "_comment",
            **who,
            fullnumber=row.number,
            answers=self.answers(row, parent),
            # To the millisecond: by it a script tells what is new.
            iso=posted.isoformat(timespec="milliseconds"),
            day=long_date(posted.date(), self.language),
            exact=exact_time(posted, self.language),
            held="" if published else self.state(row),
            point=self.point(row) if row.point_anchor else "",
            words=row.body_html,
            reply=self.reply_link(row, who),
            controls=controls,
        )

    def reply_link(self, row: Row, who: dict[str, str]) -> str:
        if self.reply_url and row.status == PUBLISHED and row.id not in self.locked:
            return self.fill("_reply_link", url=self.reply_url, **who)
        return ""

    def state(self, row: Row) -> str:
        return self.staff.state(row) if self.staff else self.fill("_held")

    def answers(self, row: Row, parent: Row | None) -> str:
        """Whom a reply answers: for ears only, as long as its place shows it to eyes."""
        level = str(row.level + 1)
        if parent is None:
            return self.fill("_answers_essay", level=level)
        if row.level <= DEEPEST_ON_PHONES:
            return self.fill("_answers_nested", level=level, **self.who(parent))
        depth = "flat" if row.level > DEEPEST_SHOWN else "deep"
        return self.fill("_answers", depth=depth, level=level, **self.who(parent))

    def tombstone(self, row: Row) -> str:
        if row.erased_at:
            state = gettext("This comment has been erased at its author’s request.")
        elif row.status == Comment.Status.HELD:
            state = gettext("This comment waits for a moderator.")
        elif row.public_reason:
            state = gettext("This comment has been hidden by a moderator: %(reason)s")
            state = escape(state % {"reason": row.public_reason})
        else:
            state = gettext("This comment has been hidden by a moderator.")
        return self.fill("_tombstone", id=str(row.id), number=shorten(row.number), state=state)

    def point(self, row: Row) -> str:
        text = escape(row.point_text)
        if row.point_position is None:
            state = gettext("This point has since been taken out.")
            return self.fill("_point_gone", text=text, state=state)
        changed = row.point_text_now != row.point_text
        state = gettext("This point has since been changed.") if changed else ""
        url = escape(f"{self.url}#{row.point_anchor}")
        return self.fill("_point", url=url, text=text, state=state)


def step(depth: int, here: int) -> str:
    """What closes and opens between a comment at one depth and the next at another."""
    if here > depth:
        return "<li>"
    return "</li>" + "</ol></details></li>" * (depth - here) + "<li>"


class Controls:
    """What a moderator, and nobody else, sees beside each comment: its state, and the buttons."""

    def __init__(self, token: str):
        self.token = escape(token)
        self.address = reverse("admin:comments_comment_act")

    def write(self, row: Row) -> str:
        offered = [("publish", gettext("Publish")), ("hide", gettext("Hide"))]
        offered += [("mark_spam", gettext("Spam"))]
        acts = [(act, label) for act, label in offered if STATUS_OF[act] != row.status]
        if row.rght - row.lft > 1:
            acts.append(("hide_branch", gettext("Hide branch")))
        acts += [("unlock", gettext("Unlock"))] if row.locked else [("lock", gettext("Lock"))]
        who = {"id": str(row.id), "number": shorten(row.number)}
        buttons = "".join(fill("_staff_button", act=a, label=label, **who) for a, label in acts)
        person = reverse("admin:comments_comment_person", args=[row.id])
        fixed = {"token": self.token, "address": self.address, "person": person}
        return fill("_staff", buttons=buttons, **fixed, **who)

    def state(self, row: Row) -> str:
        states = {
            "held": gettext("Held: readers do not see this."),
            "hidden": gettext("Hidden: readers do not see these words."),
            "spam": gettext("Spam: readers do not see these words."),
        }
        return fill("_staff_state", state=states[row.status])
