"""Lists of comments apart from the essay's page: newest first, on a point, since a time."""

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
    """The comments of one page of a list, and whether there are more."""

    rows: list[Comment]
    has_next: bool


def comment_page(comments) -> CommentPage:
    """The first comments of a list, up to the size of a page, with parent, point and lock."""
    sizes = list(comments.values_list("pk", "size")[: MAX_COMMENTS + 1])
    ids, size = [], 0
    for pk, own_size in sizes[:MAX_COMMENTS]:
        if size >= PAGE_BYTES:
            break
        ids.append(pk)
        size += own_size
    rows = comments.order_by().select_related("article", "parent", "point").defer(*DEFERRED)
    by_id = rows.annotate_locked().in_bulk(ids)
    for comment in by_id.values():
        if comment.point:
            comment.point.article = comment.article
    found = [by_id[pk] for pk in ids if pk in by_id]
    return CommentPage(found, bool(found) and len(ids) < len(sizes))


def essay_part_response(request, year, slug, render_page) -> HttpResponse:
    """The response of `render_page(article)`; a redirect where the essay has another address."""
    article = find_article(request, year, slug)
    if not article.has_address(year, slug):
        path = request.get_full_path().split("/", 3)[3]
        return redirect(article.get_absolute_url() + path, permanent=article.is_public)
    return conditional_response(
        request,
        ("article", article.pk),
        article.stamp,
        lambda: render_page(article),
        article.next_change_at,
    )


@require_safe
def newest_first(request, year, slug):
    """The thread with its newest branch first."""
    number = page_number(request)

    def render_page(article):
        context = {"article": article, "page_number": number}
        return render(request, "comments/newest_first.html", context)

    return essay_part_response(request, year, slug, render_page)


@require_safe
def point_replies(request, year, slug, anchor):
    """The replies to one point, which may have left its essay."""
    number = page_number(request)

    def render_page(article):
        point = get_object_or_404(article.points, anchor=anchor)
        point.article = article
        context = {
            "article": article,
            "point": point,
            "thread": read.read_point_replies(point, number),
            "path": point_replies_url(article.get_absolute_url(), anchor),
        }
        return render(request, "comments/point_replies.html", context)

    return essay_part_response(request, year, slug, render_page)


@require_safe
def since(request, year, slug, moment, after=None):
    """The replies to an essay that were posted since a time: a bookmark of one reader.

    Where several have the same time, `after` is the id of the last that was shown.
    """

    def render_page(article):
        posted = Comment.objects.filter(article=article, status=Comment.Status.PUBLISHED)
        posted = posted.filter(posted_at__gte=moment).order_by("posted_at", "pk")
        shown = {} if after is None else {"pk__lte": after}
        page = comment_page(posted.exclude(posted_at=moment, **shown))
        last = page.rows[-1] if page.rows else None
        now = since_url(article, last.posted_at if last else moment)
        context = {"article": article, "page": page, "moment": moment, "now": now}
        if page.has_next:
            context["more"] = f"{now}{last.pk}/"
        return render(request, "comments/since.html", context)

    response = essay_part_response(request, year, slug, render_page)
    # One reader alone has this URL: in the page cache it would displace pages that many read.
    request.META.pop("blogsite.source", None)
    return response


@require_safe
def newest_comments(request, before=None):
    """The newest comments of the site, or those posted before one of them."""

    def render_page():
        comments = Comment.objects.published().order_by("-posted_at", "-pk")
        if before is not None:
            last = get_object_or_404(Comment.objects.only("posted_at"), pk=before)
            comments = comments.filter(posted_at__lte=last.posted_at)
            comments = comments.exclude(posted_at=last.posted_at, pk__gte=before)
        context = {"page": comment_page(comments), "before": before}
        context["public_log"] = Rules.current().public_log
        return render(request, "comments/newest.html", context)

    # When an essay closes, the reply links of its comments disappear.
    return list_response(request, render_page, Article.objects.next_closing_time())
