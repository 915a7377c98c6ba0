"""A page of a thread as HTML: nested lists, made by plain text work from moulded templates.

One reply has a whole page made anew, of whose comments all but one are as they were: so the last
thousand are remembered as HTML, each by all that it is made of.
"""

from datetime import date, datetime, tzinfo
from functools import lru_cache
from html import escape
from operator import attrgetter
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, gettext, ngettext

from comments.models import Comment
from comments.models.comment import short_number
from comments.thread_page.moulds import fill
from comments.thread_page.read import Row, ThreadPage

MAX_DEPTH = 8  # deeper replies are set flat
MAX_DEPTH_ON_PHONES = 3  # as in site.css
MAX_CACHED = 1_000  # about five full pages, some megabytes
PUBLISHED = Comment.Status.PUBLISHED.value
STATUS_OF = {"publish": "published", "hide": "hidden", "mark_spam": "spam"}


@lru_cache(MAX_CACHED)
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
            for ancestor in above[:MAX_DEPTH]:
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


def label_without_name(row) -> str:
    """What a comment is called of which no name is shown."""
    return gettext("an erased comment") if row.erased_at else gettext("a hidden comment")


class RenderContext(NamedTuple):
    """What all comments of a page share."""

    url: str  # of the essay
    reply_url: str  # empty where the essay takes no replies
    language: str | None
    zone: tzinfo


class CommentLabel(NamedTuple):
    """A comment as others name it; `name` is no HTML yet."""

    id: int
    number: str
    name: str

    def values(self) -> dict[str, str]:
        number = short_number(self.number)
        return {"id": str(self.id), "number": number, "name": escape(self.name)}


def label_of(row: Row) -> CommentLabel:
    name = row.name if row.status == PUBLISHED else label_without_name(row)
    return CommentLabel(row.id, row.number, name)


def render_thread(page: ThreadPage, token: str = "") -> str:
    """The page's comments as one nested ordered list, its ancestors as stubs around them.

    `token` is for the moderators' forms, on the pages that are theirs alone.
    """
    return ThreadRenderer(page, token).write() if page.rows else ""


class ThreadRenderer:
    """Writes one page: what is the same for all its comments is looked up once."""

    def __init__(self, page: ThreadPage, token: str = ""):
        self.page = page
        self.staff = ModeratorControls(token) if page.for_staff else None
        reply_url = page.article.get_reply_url() if page.article.is_open else ""
        url, zone = page.article.get_absolute_url(), get_current_timezone()
        self.setting = RenderContext(url, reply_url, get_language(), zone)
        rows = (*page.ancestors, *page.rows)
        self.by_id = {row.id: row for row in rows}
        self.locked = find_locked(rows)

    def write(self) -> str:
        replies = count_replies(self.page.rows, self.page.is_counted)
        parts, depth = ['<ol class="thread"><li>'], 0
        for stub in self.page.ancestors[:MAX_DEPTH]:
            parts.append(fill("_elsewhere", **label_of(stub).values()))
            parts += (self.open_branch(stub), "<li>")
            depth += 1
        for index, row in enumerate(self.page.rows):
            here = min(row.level, MAX_DEPTH)
            if index:
                parts.append(nesting_between(depth, here))
            depth = here
            parts.append(self.comment(row))
            if replies[index] and row.level < MAX_DEPTH:
                parts.append(self.open_branch(row, replies[index]))
        parts.append("</li></ol>" + "</details></li></ol>" * depth)
        return "".join(parts)

    def open_branch(self, row: Row, replies: int = 0) -> str:
        return branch_html(label_of(row), replies, self.setting.language)

    def comment(self, row: Row) -> str:
        if not self.page.is_read(row):
            return tombstone_html(row)
        parent = self.by_id.get(row.parent_id)
        answered = label_of(parent) if parent else None
        is_locked = row.id in self.locked
        if self.staff is None:
            return comment_html(row.without_tree_position(), answered, is_locked, self.setting)
        # Moderators' forms hold a token of the day: there is nothing in them to remember.
        state = "" if row.status == PUBLISHED else self.staff.state(row)
        own = {"held": state, "controls": self.staff.write(row)}
        return fill("_comment", **comment_values(row, answered, is_locked, self.setting) | own)


@lru_cache(MAX_CACHED)
def branch_html(head: CommentLabel, replies: int, language: str | None) -> str:
    """What opens the branch of replies under a comment; 0 where it goes on from another page."""
    count = reply_count(replies, language) if replies else gettext("continued")
    return fill("_branch", count=count, **head.values())


@lru_cache(MAX_CACHED)
def comment_html(
    row: Row, answered: CommentLabel | None, is_locked: bool, setting: RenderContext
) -> str:
    """A comment as its readers see it, a held one as its author does; `answered` is what it
    answers, where the page knows that."""
    return fill("_comment", **comment_values(row, answered, is_locked, setting))


def comment_values(
    row: Row, answered: CommentLabel | None, is_locked: bool, setting: RenderContext
) -> dict[str, str]:
    """The values of a comment's template."""
    posted, language = row.posted_at.astimezone(setting.zone), setting.language
    published = row.status == PUBLISHED
    values = CommentLabel(row.id, row.number, row.name).values()
    takes_replies = setting.reply_url and published and not is_locked
    return values | {
        "fullnumber": row.number,
        "answers": in_reply_to_html(row, answered),
        # To the millisecond: by it a script tells what is new.
        "iso": posted.isoformat(timespec="milliseconds"),
        "day": long_date(posted.date(), language),
        "exact": exact_time(posted, language),
        "held": "" if published else fill("_held"),
        "point": point_html(row, setting.url) if row.point_anchor else "",
        "words": row.body_html,
        "reply": fill("_reply_link", url=setting.reply_url, **values) if takes_replies else "",
        # What readers do not see, none of them can have anything against.
        "flag": fill("_flag", **values) if published else "",
        "controls": "",
    }


def in_reply_to_html(row: Row, answered: CommentLabel | None) -> str:
    """Whom a reply answers: for ears only, as long as its place shows it to eyes."""
    level = str(row.level + 1)
    if answered is None:
        return fill("_answers_essay", level=level)
    if row.level <= MAX_DEPTH_ON_PHONES:
        return fill("_answers_nested", level=level, **answered.values())
    depth = "flat" if row.level > MAX_DEPTH else "deep"
    return fill("_answers", depth=depth, level=level, **answered.values())


def tombstone_html(row: Row) -> str:
    if row.erased_at:
        state = gettext("This comment has been erased at its author’s request.")
    elif row.status == Comment.Status.HELD:
        state = gettext("This comment waits for a moderator.")
    elif row.public_reason:
        state = gettext("This comment has been hidden by a moderator: %(reason)s")
        state = escape(state % {"reason": row.public_reason})
    else:
        state = gettext("This comment has been hidden by a moderator.")
    return fill("_tombstone", id=str(row.id), number=short_number(row.number), state=state)


def point_html(row: Row, url: str) -> str:
    text = escape(row.point_text)
    if row.point_position is None:
        state = gettext("This point has since been taken out.")
        return fill("_point_gone", text=text, state=state)
    changed = row.point_text_now != row.point_text
    state = gettext("This point has since been changed.") if changed else ""
    url = escape(f"{url}#{row.point_anchor}")
    return fill("_point", url=url, text=text, state=state)


def nesting_between(depth: int, here: int) -> str:
    """What closes and opens between a comment at one depth and the next at another."""
    if here > depth:
        return "<li>"
    return "</li>" + "</ol></details></li>" * (depth - here) + "<li>"


class ModeratorControls:
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
        who = {"id": str(row.id), "number": short_number(row.number)}
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
