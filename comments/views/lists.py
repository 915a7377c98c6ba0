"""Comments apart from their essay's page: in another order, of a part, or the newest of all."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.pagination import page_number
from articles.views.responses import conditional_response, find_article, list_response
from comments.models import Comment, Rules
from comments.models.comment import PAGE_BYTES
from comments.thread_page import read
from comments.thread_page.links import point_replies_url, since_url

MAX_COMMENTS = 30
DEFERRED = (
    "email",
    "body",
    "parent__email",
    "parent__body",
    "article__body",
    "article__body_html",
)


@dataclass
class CommentPage:
    """Some comments of a list, and whether there are more."""

    rows: list[Comment]
    has_next: bool


def comment_page(comments) -> CommentPage:
    """The first comments of a list, up to a page's size; each has at hand what it answers,
    and whether its branch is locked."""
    found = list(comments.values_list("pk", "size")[: MAX_COMMENTS + 1])
    keys, size = [], 0
    for key, own_size in found[:MAX_COMMENTS]:
        if size >= PAGE_BYTES:
            break
        keys.append(key)
        size += own_size
    whole = comments.order_by().select_related("article", "parent", "point").defer(*DEFERRED)
    rows = whole.annotate_locked().in_bulk(keys)
    for row in rows.values():
        if row.point:
            row.point.article = row.article
    shown = [rows[key] for key in keys if key in rows]
    return CommentPage(shown, bool(shown) and len(keys) < len(found))


def essay_part_response(request, year, slug, make) -> HttpResponse:
    """What `make(article)` returns, for the essay at this address; else leads to where it is."""
    article = find_article(request, year, slug)
    if not article.has_address(year, slug):
        path = request.get_full_path().split("/", 3)[3]
        return redirect(article.get_absolute_url() + path, permanent=article.is_public)
    source = ("article", article.pk)
    until = article.next_change_at
    return conditional_response(request, source, article.stamp, lambda: make(article), until)


@require_safe
def newest_first(request, year, slug):
    """The thread with its newest branch first."""
    number = page_number(request)

    def make(article):
        context = {"article": article, "page_number": number}
        return render(request, "comments/newest_first.html", context)

    return essay_part_response(request, year, slug, make)


@require_safe
def point_replies(request, year, slug, anchor):
    """The replies to one point, which may have left its essay."""
    number = page_number(request)

    def make(article):
        point = get_object_or_404(article.points, anchor=anchor)
        point.article = article
        context = {
            "article": article,
            "point": point,
            "thread": read.read_point_replies(point, number),
            "path": point_replies_url(article.get_absolute_url(), anchor),
        }
        return render(request, "comments/point_replies.html", context)

    return essay_part_response(request, year, slug, make)


@require_safe
def since(request, year, slug, moment, after=None):
    """The replies to an essay that came after a time: behind a bookmark, for its reader alone.

    Where many came at once, `after` is the key of the last that was seen.
    """

    def make(article):
        posted = Comment.objects.filter(article=article, status=Comment.Status.PUBLISHED)
        posted = posted.filter(posted_at__gte=moment).order_by("posted_at", "pk")
        seen = {} if after is None else {"pk__lte": after}
        page = comment_page(posted.exclude(posted_at=moment, **seen))
        last = page.rows[-1] if page.rows else None
        now = since_url(article, last.posted_at if last else moment)
        context = {"article": article, "page": page, "moment": moment, "now": now}
        if page.has_next:
            context["more"] = f"{now}{last.pk}/"
        return render(request, "comments/since.html", context)

    response = essay_part_response(request, year, slug, make)
    # Nobody else has this address: it would take the place of pages that many read.
    request.META.pop("blogsite.source", None)
    return response


@require_safe
def newest_comments(request, before=None):
    """The newest comments of the site, or those posted before one of them."""

    def make():
        comments = Comment.objects.published().order_by("-posted_at", "-pk")
        if before is not None:
            last = get_object_or_404(Comment.objects.only("posted_at"), pk=before)
            comments = comments.filter(posted_at__lte=last.posted_at)
            comments = comments.exclude(posted_at=last.posted_at, pk__gte=before)
        context = {"page": comment_page(comments), "before": before}
        context["public_log"] = Rules.current().public_log
        return render(request, "comments/newest.html", context)

    # Where an essay closes, the links by which its comments are answered go.
    return list_response(request, make, Article.objects.next_closing_time())
