"""An essay's page with its thread, its card, and how pages are answered that seldom change."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from articles import share_image
from articles.models import ListStamp
from articles.pagination import page_number
from articles.views.responses import (
    answer_essays,
    answer_if_changed,
    find_article,
    remembered_time,
)


@require_safe
def detail(request, year, slug):
    article = find_article(request, year, slug)
    if not article.stands_at(year, slug):
        return redirect(article, permanent=article.is_public)
    number = page_number(request)
    # The neighbours of an essay are others': its page changes with the lists of essays too.
    lists = ListStamp.current("essays")
    stamp = article.stamp + lists
    times = filter(None, (article.changes_at, remembered_time(lists)))
    until = min(times, default=None)

    def make():
        context = {"article": article, "page_number": number, "lists": lists, "until": until}
        return render(request, "articles/article_page.html", context)

    if "held" in request.GET:
        # Its author's own view of a reply that waits for a moderator.
        response = make()
        response["Cache-Control"] = "private, no-store"
        return response
    return answer_if_changed(request, ("essay", article.pk), stamp, make, until)


@require_safe
def card(request, year, slug):
    article = find_article(request, year, slug)
    if not article.stands_at(year, slug):
        return redirect(share_image.address_of(article), permanent=article.is_public)

    def make():
        return show_card(article.title, article.dek, article.author.name)

    return answer_if_changed(request, ("article", article.pk), article.stamp, make)


@require_safe
def site_card(request):
    """For pages that are no essay."""
    return answer_essays(request, show_card)


def show_card(title="", dek="", author="") -> HttpResponse:
    picture = share_image.draw(title, dek, author, settings.SITE_NAME)
    response = HttpResponse(picture, content_type="image/png")
    # It is there to be shown on other sites.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
