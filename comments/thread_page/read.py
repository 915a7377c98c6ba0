"""Reads one page of a thread, in a few queries whatever its length."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Case, Count, F, Q, Sum, Value, When, Window
from django.http import Http404
from django.urls import reverse

from articles.compiled_query import CompiledQuery
from articles.models import Article
from comments.models import Comment, Thread
from comments.models.comment import MAX_PER_PAGE, PAGE_BYTES, short_number
from comments.thread_page.viewer import ANONYMOUS, Viewer

# Either order keeps a branch together. Trees are numbered by age.
OLDEST_FIRST, NEWEST_FIRST = ("tree_id", "lft"), ("-tree_id", "lft")
USUAL_PER_PAGE = 200  # comments; more only where nearly all are very short
PUBLISHED = Comment.Status.PUBLISHED.value


class Row(NamedTuple):
    """The columns of a comment that a page shows: the e-mail address is not among them."""

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

    @property
    def short_number(self) -> str:
        return short_number(self.number)

    def get_absolute_url(self) -> str:
        return comment_url(self.id)

    def without_tree_position(self) -> "Row":
        """The row without its tree position, which changes when others are answered."""
        return self._replace(parent_id=None, tree_id=0, lft=0, rght=0)


# A page needs hundreds of them, and reverse() takes ten microseconds for each.
@lru_cache(10_000)
def comment_url(pk: int) -> str:
    return reverse("comments:comment", args=[pk])


FIELDS = (*Row._fields[:15], "point__anchor", "point_text", "point__text", "point__position")


@dataclass
class ThreadPage:
    """One page of a thread, or of a part of it, as one viewer sees it.

    Moderators see held and hidden comments too, and the counts include these.
    """

    article: Article
    number: int
    published: int  # published comments in the whole thread, or part
    viewer: Viewer = ANONYMOUS
    rows: list[Row] = field(default_factory=list)
    ancestors: list[Row] = field(default_factory=list)  # of the first row, on earlier pages
    remaining: int = 0  # visible comments on later pages
    remaining_in_branch: int = 0  # of these, in the branch that this page ends in

    @property
    def has_several(self) -> bool:
        return self.published > 1

    def is_counted(self, row: Row) -> bool:
        return row.is_published or row.id == self.viewer.held_id or self.viewer.is_moderator

    def shows_body(self, row: Row) -> bool:
        return self.is_counted(row) and not row.erased_at


def visible_comments(article, viewer: Viewer = ANONYMOUS):
    """The comments that have a position in the article's thread for this viewer.

    Moderators see all but spam without replies: that is in the queue.
    """
    thread = Comment.objects.filter(article=article)
    if viewer.is_moderator:
        return thread.visible_in_thread(~Q(status=Comment.Status.SPAM))
    if viewer.held_id:
        # As one condition: what the held reply answers stays visible, as a tombstone if hidden.
        return thread.visible_in_thread(Q(status=PUBLISHED) | Q(pk=viewer.held_id))
    return thread.visible_in_thread()


def is_long(article) -> bool:
    """Whether the thread has more pages than one."""
    return Thread.for_article(article).size > PAGE_BYTES


def newest_at(article) -> datetime:
    """When the newest published comment was posted; where there is none, the essay."""
    return Thread.for_article(article).newest_at or article.published_at or article.created_at


def page_number_of(comment, viewer: Viewer = ANONYMOUS) -> int:
    """The number of the page that shows a comment."""
    if viewer.is_anonymous and not is_long(comment.article):
        return 1
    before = visible_comments(comment.article_id, viewer).before(comment)
    return (before.aggregate(size=Sum("size"))["size"] or 0) // PAGE_BYTES + 1


def read_page(article, number=1, viewer: Viewer = ANONYMOUS, order=OLDEST_FIRST) -> ThreadPage:
    """The page of that number; raises Http404 where the thread has no such page."""
    page = ThreadPage(article, number, Thread.for_article(article).published_count, viewer)
    if number == 1 and viewer.is_anonymous:
        return complete_page(page, 0, read_first(article.pk, order), page.published)
    return fill_page(page, visible_comments(article, viewer), order)


def read_point_replies(point, number=1) -> ThreadPage:
    """A page of the replies to a point, each with the branch under it; raises Http404."""
    replies = Comment.objects.filter(article=point.article_id, point=point).order_by()
    comments = visible_comments(point.article_id).filter(tree_id__in=replies.values("tree_id"))
    published = comments.filter(status=PUBLISHED).count()
    return fill_page(ThreadPage(point.article, number, published), comments, OLDEST_FIRST)


def fill_page(page, comments, order) -> ThreadPage:
    """The page with its rows, out of all visible comments; raises Http404 where there is none.

    The page of a comment follows from the sizes of all comments before it, so one page can be
    found without reading the others, and none exceeds its size by more than one comment.
    """
    if page.number == 1:
        shown_before, rows = 0, take_page_size(limited_values(comments, order))
    else:
        shown_before, rows = read_later_rows(comments, order, page)
    if not rows and page.number > 1:
        raise Http404("The thread has no such page.")
    total = comments.count() if page.viewer.is_moderator else page.published
    return complete_page(page, shown_before, rows, total)


def complete_page(page, shown_before: int, rows: list[Row], total: int) -> ThreadPage:
    """Adds the rows, their ancestors on earlier pages, and how many comments remain."""
    page.rows = rows
    # A hidden comment is visible only above published ones, so what remains includes these.
    # The total was read before the rows: comments may have come or gone in between.
    shown = shown_before + sum(row.is_published or page.viewer.is_moderator for row in rows)
    page.remaining = max(0, total - shown) if rows else 0
    if rows and rows[0].level:
        page.ancestors = read_ancestors(page.article, rows[0])
    if page.remaining:
        page.remaining_in_branch = REST_OF_TREE_QUERY.value(rows[-1].tree_id, rows[-1].lft) or 0
    return page


def read_later_rows(comments, order, page) -> tuple[int, list[Row]]:
    """How many comments are shown before a later page, and the page's rows."""
    is_shown = Case(When(status=PUBLISHED, then=1), default=Value(int(page.viewer.is_moderator)))
    start, end = (page.number - 1) * PAGE_BYTES, page.number * PAGE_BYTES
    first = (
        comments.annotate(
            bytes_before=Window(Sum("size"), order_by=order) - F("size"),
            shown_before=Window(Sum(is_shown), order_by=order) - is_shown,
        )
        .filter(bytes_before__gte=start)
        .order_by(*order)
        .values_list("tree_id", "lft", "bytes_before", "shown_before")
        .first()
    )
    if first is None or first[2] >= end:
        return 0, []
    tree_id, lft, bytes_before, shown_before = first
    later = Q(tree_id__lt=tree_id) if order == NEWEST_FIRST else Q(tree_id__gt=tree_id)
    rest = comments.filter(later | Q(tree_id=tree_id, lft__gte=lft))
    return shown_before, take_page_size(limited_values(rest, order), bytes_before - start)


def limited_values(comments, order):
    """The values of as many comments as a page may hold."""
    return comments.order_by(*order).values_list(*FIELDS)[:MAX_PER_PAGE]


def read_first(article_id: int, order) -> list[Row]:
    """The rows of the first page for anonymous viewers.

    Most pages hold fewer than the usual limit; only a longer one is read again with the largest.
    """
    rows = take_page_size(USUAL_ROWS_QUERY[order].rows(article_id))
    if len(rows) < USUAL_PER_PAGE:
        return rows
    return take_page_size(FIRST_ROWS_QUERY[order].rows(article_id))


def first_rows_query(order, limit: int) -> CompiledQuery:
    return CompiledQuery(lambda article: limited_values(visible_comments(article), order)[:limit])


USUAL_ROWS_QUERY = {
    order: first_rows_query(order, USUAL_PER_PAGE) for order in (OLDEST_FIRST, NEWEST_FIRST)
}
FIRST_ROWS_QUERY = {order: first_rows_query(order, MAX_PER_PAGE) for order in USUAL_ROWS_QUERY}


def published_after(tree_id, lft):
    """How many published comments follow this position in its tree; no row where none does."""
    rest = Comment.objects.filter(tree_id=tree_id, lft__gt=lft, status=PUBLISHED).order_by()
    return rest.values("tree_id").annotate(count=Count("pk")).values_list("count")


REST_OF_TREE_QUERY = CompiledQuery(published_after, 2)


def take_page_size(values: list[tuple], size: int = 0) -> list[Row]:
    """The first rows, up to the size of a page; `size` bytes of it are used already."""
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
