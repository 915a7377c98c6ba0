"""An essay's page, and the pictures that stand with shared links."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from articles import share_image
from articles.models import ListStamp
from articles.pagination import page_number
from articles.views.related import essay_context
from articles.views.responses import (
    conditional_response,
    essay_list_response,
    find_article,
    next_publication,
)


@require_safe
def detail(request, year, slug):
    # The page links to other essays, so it also changes with the lists of essays. Their stamp is
    # read first: an edit that is committed in between must not be cached under the newer stamp.
    lists = ListStamp.current("essays")
    article = find_article(request, year, slug)
    if not article.has_address(year, slug):
        return redirect(article, permanent=article.is_public)
    number = page_number(request)
    stamp = article.stamp + lists
    times = filter(None, (article.next_change_at, next_publication(lists)))
    until = min(times, default=None)

    version = f"{lists}-{until and until.timestamp()}"

    def render_page():
        context = {"article": article, "page_number": number, "version": version}
        return render(
            request, "articles/article_detail.html", context | essay_context(article, version)
        )

    return conditional_response(request, ("essay", article.pk), stamp, render_page, until)


@require_safe
def essay_share_image(request, year, slug):
    article = find_article(request, year, slug)
    if not article.has_address(year, slug):
        return redirect(article.get_share_image_url(), permanent=article.is_public)

    def render_image():
        return image_response(article.title, article.dek, article.author.name)

    return conditional_response(request, ("article", article.pk), article.stamp, render_image)


@require_safe
def site_share_image(request):
    """The picture for pages other than essays."""
    return essay_list_response(request, image_response)


def image_response(title="", dek="", author="") -> HttpResponse:
    picture = share_image.draw(title, dek, author, settings.SITE_NAME)
    response = HttpResponse(picture, content_type="image/png")
    # Other sites embed it.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
