"""Reads one page of a thread: three or four queries, however long the thread is."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Case, Count, F, Q, Sum, Value, When, Window

from articles.compiled_query import CompiledQuery
from articles.models import Article
from comments.models import Comment, Thread
from comments.models.comment import MAX_PER_PAGE, PAGE_BYTES

# Branches are read as they grew in either order. Trees are numbered as they begin.
OLDEST_FIRST, NEWEST_FIRST = ("tree_id", "lft"), ("-tree_id", "lft")
USUAL_PER_PAGE = 200  # comments on a page: more only where nearly all are very short
HELD_LINK_SECONDS = 60 * 24 * 3600
PUBLISHED = Comment.Status.PUBLISHED.value
signer = TimestampSigner(salt="comments.held")


class Row(NamedTuple):
    """What a page shows of a comment. There is no e-mail address in it."""

    id: int
    parent_id: int | None
    tree_id: int
    lft: int
    rght: int
    level: int
    number: str
    name: str
    body_html: str
    status: str
    posted_at: datetime
    size: int
    public_reason: str
    locked: bool
    erased_at: datetime | None
    point_anchor: str | None
    point_text: str
    point_text_now: str | None
    point_position: int | None

    @property
    def is_published(self) -> bool:
        return self.status == PUBLISHED

    def without_tree_position(self) -> "Row":
        """The row without its place in the tree, which changes with others' replies."""
        return self._replace(parent_id=None, tree_id=0, lft=0, rght=0)


FIELDS = (*Row._fields[:15], "point__anchor", "point_text", "point__text", "point__position")


@dataclass
class ThreadPage:
    """One page of a thread, or of a part of it. `own` is the key of a held comment that its
    author may see. Moderators see what is held and hidden too; they count what they see.
    """

    article: Article
    number: int
    published: int  # comments in the whole thread, or part, that can be read
    own: int | None = None
    for_staff: bool = False
    rows: list[Row] = field(default_factory=list)
    ancestors: list[Row] = field(default_factory=list)  # of the first row, on earlier pages
    remaining: int = 0  # comments that can be read on later pages
    cut: int = 0  # of these, in the branch that this page ends in

    def is_counted(self, row: Row) -> bool:
        return row.is_published or row.id == self.own or self.for_staff

    def is_read(self, row: Row) -> bool:
        """Whether the page shows a comment's words."""
        return self.is_counted(row) and not row.erased_at


def visible_comments(article, own=None, for_staff=False):
    """The comments that have a place in the article's thread, for one reader's eyes.

    A moderator's see all but spam that nobody has answered: that is for the queue.
    """
    thread = Comment.objects.filter(article=article)
    if for_staff:
        return thread.visible_in_thread(~Q(status=Comment.Status.SPAM))
    return (
        (thread.visible_in_thread() | thread.filter(pk=own)) if own else thread.visible_in_thread()
    )


def is_long(article) -> bool:
    """Whether the thread has more pages than one."""
    return Thread.for_article(article).size > PAGE_BYTES


def newest_at(article) -> datetime:
    """When the newest comment that can be read was posted; where there is none, the essay."""
    return Thread.for_article(article).newest_at or article.published_at or article.created_at


def page_number_of(comment, own=None, for_staff=False) -> int:
    """The number of the page that shows a comment."""
    if own is None and not for_staff and not is_long(comment.article):
        return 1
    before = visible_comments(comment.article_id, own, for_staff).before(comment)
    return (before.aggregate(size=Sum("size"))["size"] or 0) // PAGE_BYTES + 1


def read_page(
    article, number=1, own=None, order=OLDEST_FIRST, for_staff=False
) -> ThreadPage | None:
    """The page of that number, or None where the thread has no such page."""
    page = ThreadPage(article, number, Thread.for_article(article).published_count, own, for_staff)
    if number == 1 and not (own or for_staff):
        return complete_page(page, 0, read_first(article.pk, order))
    return fill_page(page, visible_comments(article, own, for_staff), order)


def read_point_replies(point, number=1) -> ThreadPage | None:
    """The page of that number of the replies to a point, each with the branch under it."""
    answers = Comment.objects.filter(article=point.article_id, point=point).order_by()
    placed = visible_comments(point.article_id).filter(tree_id__in=answers.values("tree_id"))
    published = placed.filter(status=PUBLISHED).count()
    return fill_page(ThreadPage(point.article, number, published), placed, OLDEST_FIRST)


def fill_page(page, placed, order) -> ThreadPage | None:
    """The page with its rows, out of all that have a place; None where there is no such page.

    A comment is on the page that the weights of all before it come to, so no page has to be
    read to find the next, and none holds more than its size and one comment.
    """
    if page.number == 1:
        skipped, rows = 0, take_page_weight(limited_values(placed, order))
    else:
        skipped, rows = read_later_rows(placed, order, page)
    if not rows and page.number > 1:
        return None
    if page.for_staff:
        # They see more of it than is published.
        return complete_page(page, skipped, rows, placed.count())
    return complete_page(page, skipped, rows)


def complete_page(page, skipped: int, rows: list[Row], total: int | None = None) -> ThreadPage:
    """Puts in the rows, and what the page says of those before and behind them."""
    page.rows = rows
    # What is no longer shown has a place only above what is: so where places remain, so do these.
    # Counted before these were read, so comments may have come or gone meanwhile.
    shown = skipped + sum(row.is_published or page.for_staff for row in rows)
    page.remaining = max(0, (page.published if total is None else total) - shown) if rows else 0
    if rows and rows[0].level:
        page.ancestors = read_ancestors(page.article, rows[0])
    if page.remaining:
        page.cut = REST_OF_TREE_QUERY.value(rows[-1].tree_id, rows[-1].lft) or 0
    return page


def read_later_rows(placed, order, page) -> tuple[int, list[Row]]:
    """How many comments can be read before a later page, and its rows."""
    number = page.number
    readable = Case(When(status=PUBLISHED, then=1), default=Value(int(page.for_staff)))
    start = (
        placed.annotate(
            before=Window(Sum("size"), order_by=order) - F("size"),
            read=Window(Sum(readable), order_by=order) - readable,
        )
        .filter(before__gte=(number - 1) * PAGE_BYTES)
        .order_by(*order)
        .values_list("tree_id", "lft", "before", "read")
        .first()
    )
    if start is None or start[2] >= number * PAGE_BYTES:
        return 0, []
    tree_id, lft, before, read = start
    later = Q(tree_id__lt=tree_id) if order == NEWEST_FIRST else Q(tree_id__gt=tree_id)
    rest = placed.filter(later | Q(tree_id=tree_id, lft__gte=lft))
    return read, take_page_weight(limited_values(rest, order), before - (number - 1) * PAGE_BYTES)


def limited_values(placed, order):
    """The values of as many comments as a page may hold."""
    return placed.order_by(*order).values_list(*FIELDS)[:MAX_PER_PAGE]


def read_first(article: int, order) -> list[Row]:
    """The first page's rows, as those see it who are neither moderators nor have a reply waiting.

    As many as most pages hold, and only where these are too few as many as any does.
    """
    rows = take_page_weight(USUAL_ROWS_QUERY[order].rows(article))
    return (
        rows
        if len(rows) < USUAL_PER_PAGE
        else take_page_weight(FIRST_ROWS_QUERY[order].rows(article))
    )


def first_rows_query(order, most: int) -> CompiledQuery:
    return CompiledQuery(lambda article: limited_values(visible_comments(article), order)[:most])


USUAL_ROWS_QUERY = {
    order: first_rows_query(order, USUAL_PER_PAGE) for order in (OLDEST_FIRST, NEWEST_FIRST)
}
FIRST_ROWS_QUERY = {order: first_rows_query(order, MAX_PER_PAGE) for order in USUAL_ROWS_QUERY}


def published_after(tree_id, lft):
    """How many published replies stand in a tree behind this place; no row where none does."""
    rest = Comment.objects.filter(tree_id=tree_id, lft__gt=lft, status=PUBLISHED).order_by()
    return rest.values("tree_id").annotate(count=Count("pk")).values_list("count")


REST_OF_TREE_QUERY = CompiledQuery(published_after, 2)


def take_page_weight(values: list[tuple], size: int = 0) -> list[Row]:
    """The first rows, up to a page's size, of which some may be used up already."""
    rows = []
    for row in values:
        if size >= PAGE_BYTES:
            break
        rows.append(Row(*row))
        size += rows[-1].size
    return rows


def read_ancestors(article, row: Row) -> list[Row]:
    above = Comment.objects.filter(
        article=article, tree_id=row.tree_id, lft__lt=row.lft, rght__gt=row.rght
    )
    return [Row(*found) for found in above.order_by("lft").values_list(*FIELDS)]


def held_token(comment) -> str:
    """A text for the address of the page on which an author sees a held reply."""
    return signer.sign(str(comment.pk))


def comment_from_held_token(signed: str | None) -> int | None:
    """The key of the comment that a text from `sign_own` names, while it is held; else None."""
    try:
        key = int(signer.unsign(signed or "", max_age=HELD_LINK_SECONDS))
    except (BadSignature, ValueError):
        return None
    held = Comment.objects.filter(pk=key, status=Comment.Status.HELD)
    return key if held.exists() else None
