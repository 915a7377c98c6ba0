"""Sitemaps (sitemaps.org/protocol) and robots.txt."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.views.responses import list_response

ESSAYS_PER_FILE = 5_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /*/*/reply/
Sitemap: {}
"""


def xml_response(root, entries):
    """A sitemap; `entries` are an element's name, a path, and a time of change or None."""
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">']
    for name, path, changed in entries:
        lastmod = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        lines.append(f"<{name}><loc>{escape(settings.SITE_URL + path)}</loc>{lastmod}</{name}>")
    lines.append(f"</{root}>\n")
    return HttpResponse("\n".join(lines), content_type="application/xml; charset=utf-8")


def changed_at(essay):
    """When an edit or a reply last changed the essay's page.

    Both count for `lastmod`, as both are in the structured data (Google's "Build and submit a
    sitemap").
    """
    return max(essay.published_at, datetime.fromtimestamp(essay.stamp / 1_000_000, UTC))


def essays_response(number, with_home=False):
    """The sitemap of a range of ids, which needs no counting of essays."""
    first = (number - 1) * ESSAYS_PER_FILE + 1
    essays = Article.objects.published().order_by("pk")
    essays = essays.filter(pk__range=(first, first + ESSAYS_PER_FILE - 1))
    essays = essays.only("slug", "published_at", "stamp")
    entries = [("url", essay.get_absolute_url(), changed_at(essay)) for essay in essays]
    if with_home:
        entries.insert(0, ("url", reverse("articles:home"), None))
    if not entries:
        raise Http404("There is no such sitemap.")
    return xml_response("urlset", entries)


@require_safe
def sitemap(request):
    def make():
        file_number = (F("pk") - 1) / ESSAYS_PER_FILE + 1
        numbers = Article.objects.published().order_by().values_list(file_number, flat=True)
        numbers = sorted(numbers.distinct())
        if numbers in ([], [1]):
            return essays_response(1, with_home=True)
        paths = [reverse("articles:sitemap_part", args=[number]) for number in numbers]
        return xml_response("sitemapindex", [("sitemap", path, None) for path in paths])

    return list_response(request, make)


@require_safe
def sitemap_part(request, number):
    if not 0 < number < 1_000_000:
        raise Http404("There is no such sitemap.")
    return list_response(request, lambda: essays_response(number, with_home=number == 1))


@require_safe
@cache_control(max_age=3600)
def robots(request):
    text = ROBOTS.format(settings.SITE_URL + reverse("articles:sitemap"))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
