"""For search engines: where the essays are (sitemaps.org/protocol), and what is not for them."""

from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.views import answer_essays

ESSAYS_IN_A_FILE = 5_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /*/*/reply/
Sitemap: {}
"""


def write(root: str, entries) -> HttpResponse:
    """A document of elements: each a name, an address on this site and when it changed."""
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">']
    for name, path, changed_at in entries:
        time = changed_at.isoformat(timespec="seconds") if changed_at else ""
        changed = f"<lastmod>{time}</lastmod>" if time else ""
        lines.append(f"<{name}><loc>{escape(settings.SITE_URL + path)}</loc>{changed}</{name}>")
    lines.append(f"</{root}>\n")
    return HttpResponse("\n".join(lines), content_type="application/xml; charset=utf-8")


def write_essays(number: int, with_home=False) -> HttpResponse:
    """A file holds those whose keys are in its range: which, and how many, needs no counting."""
    first = (number - 1) * ESSAYS_IN_A_FILE + 1
    essays = Article.objects.published().order_by("pk")
    essays = essays.filter(pk__range=(first, first + ESSAYS_IN_A_FILE - 1))
    fields = essays.only("slug", "published_at", "changed_at")
    entries = [("url", a.get_absolute_url(), a.changed_at) for a in fields]
    if with_home:
        entries.insert(0, ("url", reverse("articles:home"), None))
    if not entries:
        raise Http404("There is no such sitemap.")
    return write("urlset", entries)


@require_safe
def sitemap(request):
    def make():
        files = (
            Article.objects.published()
            .order_by()
            .values_list((F("pk") - 1) / ESSAYS_IN_A_FILE + 1)
        )
        numbers = sorted(number for (number,) in files.distinct())
        if numbers in ([], [1]):
            return write_essays(1, with_home=True)
        paths = [reverse("articles:sitemap_part", args=[number]) for number in numbers]
        return write("sitemapindex", [("sitemap", path, None) for path in paths])

    return answer_essays(request, make)


@require_safe
def part(request, number):
    if not 0 < number < 1_000_000:
        raise Http404("There is no such sitemap.")
    return answer_essays(request, lambda: write_essays(number, with_home=number == 1))


@require_safe
@cache_control(max_age=3600)
def robots(request):
    text = ROBOTS.format(settings.SITE_URL + reverse("articles:sitemap"))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
