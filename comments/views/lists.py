"""Comments apart from their essay's page: in another order, of a part, or the newest of all."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.pagination import page_number
from articles.views.responses import answer_if_changed, answer_list, find_article
from comments.models import Comment, Rules
from comments.models.comment import PAGE_WEIGHT
from comments.thread_page import read
from comments.thread_page.links import answers_path, since_path

MOST_ON_A_PAGE = 30
UNSHOWN = ("email", "body", "parent__email", "parent__body", "article__body", "article__body_html")


@dataclass
class Some:
    """Some comments of a list, and whether there are more."""

    rows: list[Comment]
    has_next: bool


def read_some(comments) -> Some:
    """The first comments of a list, up to a page's weight; each has at hand what it answers,
    and whether its branch is locked."""
    found = list(comments.values_list("pk", "weight")[: MOST_ON_A_PAGE + 1])
    keys, weight = [], 0
    for key, own_weight in found[:MOST_ON_A_PAGE]:
        if weight >= PAGE_WEIGHT:
            break
        keys.append(key)
        weight += own_weight
    whole = comments.order_by().select_related("article", "parent", "point").defer(*UNSHOWN)
    rows = whole.with_locks().in_bulk(keys)
    for row in rows.values():
        if row.point:
            row.point.article = row.article
    shown = [rows[key] for key in keys if key in rows]
    return Some(shown, bool(shown) and len(keys) < len(found))


def answer_part(request, year, slug, make) -> HttpResponse:
    """What `make(article)` returns, for the essay at this address; else leads to where it is."""
    article = find_article(request, year, slug)
    if not article.stands_at(year, slug):
        path = request.get_full_path().split("/", 3)[3]
        return redirect(article.get_absolute_url() + path, permanent=article.is_public)
    source = ("article", article.pk)
    until = article.changes_at
    return answer_if_changed(request, source, article.stamp, lambda: make(article), until)


@require_safe
def newest_first(request, year, slug):
    """The thread with its newest branch first."""
    number = page_number(request)

    def make(article):
        context = {"article": article, "page_number": number}
        return render(request, "comments/newest_first.html", context)

    return answer_part(request, year, slug, make)


@require_safe
def answers(request, year, slug, anchor):
    """The replies to one point, which may have left its essay."""
    number = page_number(request)

    def make(article):
        point = get_object_or_404(article.points, anchor=anchor)
        point.article = article
        page = read.read_answers(point, number)
        if page is None:
            raise Http404("There is no such page.")
        context = {"article": article, "point": point, "page": page}
        context["path"] = answers_path(article.get_absolute_url(), anchor)
        return render(request, "comments/answers.html", context)

    return answer_part(request, year, slug, make)


@require_safe
def since(request, year, slug, moment, after=None):
    """The replies to an essay that came after a time: behind a bookmark, for its reader alone.

    Where many came at once, `after` is the key of the last that was seen.
    """

    def make(article):
        posted = Comment.objects.filter(article=article, status=Comment.Status.PUBLISHED)
        posted = posted.filter(posted_at__gte=moment).order_by("posted_at", "pk")
        seen = {} if after is None else {"pk__lte": after}
        page = read_some(posted.exclude(posted_at=moment, **seen))
        last = page.rows[-1] if page.rows else None
        now = since_path(article, last.posted_at if last else moment)
        context = {"article": article, "page": page, "moment": moment, "now": now}
        if page.has_next:
            context["more"] = f"{now}{last.pk}/"
        return render(request, "comments/since.html", context)

    response = answer_part(request, year, slug, make)
    # Nobody else has this address: it would take the place of pages that many read.
    request.META.pop("blogsite.source", None)
    return response


@require_safe
def newest(request, before=None):
    """The newest comments of the site, or those posted before one of them."""

    def make():
        comments = Comment.objects.published().order_by("-posted_at", "-pk")
        if before is not None:
            last = get_object_or_404(Comment.objects.only("posted_at"), pk=before)
            comments = comments.filter(posted_at__lte=last.posted_at)
            comments = comments.exclude(posted_at=last.posted_at, pk__gte=before)
        context = {"page": read_some(comments), "before": before}
        context["public_log"] = Rules.current().public_log
        return render(request, "comments/newest.html", context)

    # Where an essay closes, the links by which its comments are answered go.
    return answer_list(request, make, Article.objects.next_closing())
