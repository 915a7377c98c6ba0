"""Renders a page of a thread as nested list items, by templates/comments/_branch.html.

Each rendered comment and branch is cached under everything that it shows. A reply renders itself
and the branches that hold it; no entry ever has to be invalidated.
"""

from datetime import tzinfo
from functools import cache, lru_cache
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import get_template
from django.utils.safestring import mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, gettext, ngettext

from comments.models import Comment
from comments.thread_page.read import Row, ThreadPage

MAX_DEPTH = 8  # deeper replies are shown without further indentation
MAX_DEPTH_ON_PHONES = 3  # as in site.css
MAX_COMMENTS = 2_000  # cached: about ten full pages
MAX_BRANCHES = 1_000  # cached
# A longer branch is rendered each time: cached, a chain of replies would be kept once per reply.
MAX_BRANCH_LENGTH = 50_000


def reply_count(count: int) -> str:
    return ngettext("%(count)s reply", "%(count)s replies", count) % {"count": intcomma(count)}


def label_without_name(row) -> str:
    """The words for a comment whose name is not shown."""
    return gettext("an erased comment") if row.erased_at else gettext("a hidden comment")


class CommentLabel(NamedTuple):
    """A comment as others refer to it."""

    id: int
    short_number: str
    name: str


def label_of(row: Row) -> CommentLabel:
    name = row.name if row.is_published else label_without_name(row)
    return CommentLabel(row.id, row.short_number, name)


class PageContext(NamedTuple):
    """The facts that all comments of a page are rendered with."""

    article_url: str
    reply_url: str  # empty where the essay takes no replies
    language: str | None
    time_zone: tzinfo


class ThreadRenderer:
    """Renders one page; `csrf_token` is for the forms of moderators."""

    def __init__(self, page: ThreadPage, csrf_token: str = ""):
        self.page, self.csrf_token = page, csrf_token
        article = page.article
        reply_url = article.get_reply_url() if article.is_open else ""
        self.context = PageContext(
            article.get_absolute_url(), reply_url, get_language(), get_current_timezone()
        )
        rows = (*page.ancestors, *page.rows)
        parent_ids = {row.parent_id for row in rows} | {row.id for row in page.ancestors}
        self.labels = {row.id: label_of(row) for row in rows if row.id in parent_ids}
        self.locked_ids = find_locked(rows)

    def render(self) -> str:
        """List items, each with its replies; comments on earlier pages are named around them."""
        counts = count_replies(self.page.rows, self.page.is_counted)
        items = ItemsByDepth()
        for row, count in reversed(list(zip(self.page.rows, counts, strict=True))):
            depth = min(row.level, MAX_DEPTH)
            items.add(depth, self.branch(row, self.comment(row), count, items.take(depth + 1)))
        for depth, row in reversed(list(enumerate(self.page.ancestors[:MAX_DEPTH]))):
            name = render_template("_ancestor", comment=self.labels[row.id])
            items.add(depth, self.branch(row, name, 0, items.take(depth + 1)))
        return mark_safe("".join(items.take(0)))  # noqa: S308 - each is a rendered template

    def branch(self, row: Row, comment: str, count: int, replies: tuple[str, ...]) -> str:
        label = self.labels[row.id] if replies else None
        facts = comment, label, count, replies, self.context.language
        is_short = len(comment) + sum(map(len, replies)) <= MAX_BRANCH_LENGTH
        if is_short and not self.page.viewer.is_moderator:
            return branch_html(*facts)
        return render_branch(*facts)

    def comment(self, row: Row) -> str:
        if not self.page.shows_body(row):
            return render_template("_tombstone", comment=row)
        facts = (
            row.without_tree_position(),
            self.labels.get(row.parent_id),
            row.id in self.locked_ids,
        )
        if not self.page.viewer.is_moderator:
            return comment_html(*facts, self.context)
        # The forms hold a token of this request: there is nothing to cache.
        controls = {"branch_has_replies": row.rght - row.lft > 1, "csrf_token": self.csrf_token}
        return render_comment(*facts, self.context, controls)


class ItemsByDepth:
    """Rendered list items that wait for their parent, added from the last to the first."""

    def __init__(self):
        self.items: list[list[str]] = [[] for _ in range(MAX_DEPTH + 2)]

    def add(self, depth: int, item: str) -> None:
        self.items[depth].append(item)

    def take(self, depth: int) -> tuple[str, ...]:
        """All items of a depth in reading order, which are then gone."""
        items = tuple(reversed(self.items[depth]))
        self.items[depth].clear()
        return items


def count_replies(rows: list[Row], is_counted) -> list[int]:
    """For each row, how many counted rows of the page are in its branch."""
    counts = [0] * len(rows)
    open_branches: list[int] = []  # indexes of the ancestors of the row at hand
    for index, row in enumerate(rows):
        while open_branches and rows[open_branches[-1]].level >= row.level:
            open_branches.pop()
        if is_counted(row):
            for ancestor in open_branches[:MAX_DEPTH]:
                counts[ancestor] += 1
        open_branches.append(index)
    return counts


def find_locked(rows) -> set[int]:
    """The ids of the rows that take no replies: they, or an ancestor, are locked."""
    locked: set[int] = set()
    for row in rows:
        if row.locked or row.parent_id in locked:
            locked.add(row.id)
    return locked


# --- Templates --------------------------------------------------------------------------------


@cache
def load_template(name: str):
    return get_template(f"comments/{name}.html")


def render_template(name: str, **context) -> str:
    return load_template(name).render(context)


# The replies are cached strings themselves: a tuple of them is hashed and compared faster than
# one long string.
@lru_cache(MAX_BRANCHES)
def branch_html(*facts) -> str:
    return render_branch(*facts)


def render_branch(
    comment: str,
    label: CommentLabel | None,
    count: int,
    replies: tuple[str, ...],
    _language: str | None,
) -> str:
    """A comment and its replies; a count of 0 says that the branch goes on from another page."""
    joined = mark_safe("".join(replies))  # noqa: S308 - each is a rendered template
    return render_template("_branch", comment=comment, label=label, count=count, replies=joined)


@lru_cache(MAX_COMMENTS)
def comment_html(
    row: Row, parent: CommentLabel | None, is_locked: bool, context: PageContext
) -> str:
    return render_comment(row, parent, is_locked, context)


def render_comment(row, parent, is_locked, context: PageContext, controls=None) -> str:
    """A comment of a thread; `controls` are for moderators."""
    takes_replies = row.is_published and not is_locked
    return render_template(
        "_comment",
        comment=row,
        parent=parent,
        level=row.level + 1,
        is_nested=row.level <= MAX_DEPTH_ON_PHONES,
        is_flat=row.level > MAX_DEPTH,
        point_quote=row.point_anchor and point_quote(row, context.article_url),
        state=status_message(row, controls is not None),
        reply_url=context.reply_url if takes_replies else "",
        can_flag=row.is_published,
        controls=controls,
    )


def point_quote(row: Row, article_url: str) -> dict[str, str | bool]:
    """The point that a comment answers, as it read then; without a URL if it left the essay."""
    url = "" if row.point_position is None else f"{article_url}#{row.point_anchor}"
    return {
        "text": row.point_text,
        "url": url,
        "is_changed": row.point_text_now != row.point_text,
    }


def status_message(row: Row, for_moderator: bool) -> str:
    """The sentence beside a comment that readers do not see."""
    if row.is_published:
        return ""
    if not for_moderator:
        return gettext("Held for a moderator: only you see this.")
    return {
        Comment.Status.HELD.value: gettext("Held: readers do not see this."),
        Comment.Status.HIDDEN.value: gettext("Hidden: readers do not see these words."),
        Comment.Status.SPAM.value: gettext("Spam: readers do not see these words."),
    }[row.status]
