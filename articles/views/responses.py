"""Conditional responses: 304 Not Modified, and what the page cache needs to know of a page."""

import zlib
from functools import lru_cache

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from articles.models import Article, ListStamp
from articles.models.article import TEXT_FIELDS


def is_staff(request) -> bool:
    """Reads the session only where there is one, so that anonymous pages do not vary by cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff


def conditional_response(request, source, stamp, render_page, until=None) -> HttpResponse:
    """304 when the client has the page of this stamp, else what `render_page()` returns.

    `source` names the row whose stamp the page cache compares; `until` is the time at which the
    page changes by itself. The stamp must be read before anything that the page shows. The ETag
    holds the release, because a deploy changes templates and style sheets, and the path, because
    many pages share one stamp.
    """
    # A page with a held reply is for its author alone.
    if is_staff(request) or "held" in request.GET:
        response = render_page()
        response["Cache-Control"] = "private, no-store"
        return response
    shape = f"{stamp:x}-{int(until.timestamp()):x}" if until else f"{stamp:x}"
    etag = f'W/"{settings.RELEASE}-{shape}-{zlib.crc32(request.path.encode()):x}"'
    response = get_conditional_response(request, etag=etag) or render_page()
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    # The page cache in front of Django reads it from the WSGI environment.
    request.META["blogsite.source"] = (source, stamp, until and until.timestamp())
    return response


def list_response(request, render_page, until=None) -> HttpResponse:
    """For lists of essays or comments, which change with each of them and when one is published.

    `until` is another time at which the list changes by itself.
    """
    stamp = ListStamp.current()
    times = filter(None, (until, Article.objects.next_publication_time()))
    return conditional_response(
        request, ("lists", 0), stamp, render_page, min(times, default=None)
    )


def essay_list_response(request, render_page) -> HttpResponse:
    """For lists of essays that show no counts of replies."""
    stamp = ListStamp.current("essays")
    return conditional_response(
        request, ("essays", 0), stamp, render_page, Article.objects.next_publication_time()
    )


def next_publication(lists: int):
    """When the next scheduled essay is published, or None; queried once for each stamp."""
    time = query_next_publication(lists)
    if time and time <= timezone.now():
        query_next_publication.cache_clear()
        time = query_next_publication(lists)
    return time


@lru_cache(maxsize=1)
def query_next_publication(_lists: int):
    return Article.objects.next_publication_time()


def find_article(request, year, slug) -> Article:
    """The published essay at its present or a former address; for staff who may see drafts, any.

    Its texts are deferred. Raises Http404.
    """
    if is_staff(request) and request.user.has_perm("articles.view_article"):
        article = Article.objects.defer(*TEXT_FIELDS).at_address(year, slug)
    else:
        article = Article.objects.published_at(year, slug)
    if article:
        return article
    raise Http404("There is no such essay.")
