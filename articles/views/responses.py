"""Conditional responses: 304 for a client that has the page, and what the page cache needs."""

import zlib
from functools import lru_cache

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from articles.models import Article, ListStamp
from articles.models.article import TEXT_FIELDS


def is_staff(request) -> bool:
    """Asks the session only where there is one: readers' pages stay the same for all."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff


def conditional_response(request, source, stamp, make, until=None) -> HttpResponse:
    """304 when the client has the page of this stamp, else what `make()` returns.

    `source` names what the page is made of, for the page cache to ask for its stamp; `until` is
    the time at which it changes by itself. Nothing that the page shows may be read before the
    stamp was. The release is in the tag: a deploy changes templates and style sheets. So is the
    path: many pages have one stamp, and none may pass for another, least of all for one that is
    not there.
    """
    if is_staff(request):
        response = make()
        response["Cache-Control"] = "private, no-store"
        return response
    shape = f"{stamp:x}-{int(until.timestamp()):x}" if until else f"{stamp:x}"
    etag = f'W/"{settings.RELEASE}-{shape}-{zlib.crc32(request.path.encode()):x}"'
    response = get_conditional_response(request, etag=etag) or make()
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    # The page cache in front of Django reads it from the WSGI environment.
    request.META["blogsite.source"] = (source, stamp, until and until.timestamp())
    return response


def list_response(request, make, until=None) -> HttpResponse:
    """For what lists essays or comments: changes with any of them, and when one's time comes.

    `until` is another time at which it changes by itself.
    """
    stamp = ListStamp.current()
    times = filter(None, (until, Article.objects.next_publication_time()))
    return conditional_response(request, ("lists", 0), stamp, make, min(times, default=None))


def essay_list_response(request, make) -> HttpResponse:
    """For lists of essays that show nothing of their replies."""
    stamp = ListStamp.current("essays")
    return conditional_response(
        request, ("essays", 0), stamp, make, Article.objects.next_publication_time()
    )


def next_publication(lists: int):
    """When the next essay appears by itself, or None; asked once for each stamp of the lists."""
    time = query_next_publication(lists)
    if time and time <= timezone.now():
        query_next_publication.cache_clear()
        time = query_next_publication(lists)
    return time


@lru_cache(maxsize=1)
def query_next_publication(_lists: int):
    return Article.objects.next_publication_time()


def find_article(request, year, slug) -> Article:
    """The published essay at an address it has or had, or for those who may see drafts any, its
    texts left to be read when they are asked for; raises Http404."""
    if is_staff(request) and request.user.has_perm("articles.view_article"):
        article = Article.objects.defer(*TEXT_FIELDS).at_address(year, slug)
    else:
        article = Article.objects.published_at(year, slug)
    if article:
        return article
    raise Http404("There is no such essay.")
