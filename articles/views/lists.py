"""The lists of essays: the newest, of a tag, by an author, of a year."""

from datetime import date
from itertools import groupby
from urllib.parse import quote

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import ArchiveYear, Article, Author, Tag, Tagging
from articles.pagination import fetch_in_order, page_number, page_of
from articles.views.responses import list_response

ESSAYS_PER_PAGE = 20
ESSAYS_PER_YEAR_PAGE = 120
MAX_PINNED = 10


def essay_page(keys, number):
    """The page of essays whose keys these are: these alone are read beyond the index."""
    page = page_of(keys, number, ESSAYS_PER_PAGE)
    page.rows = fetch_in_order(Article.objects.published().without_texts(), page.rows)
    return page


def newest_ids(articles):
    return articles.published().newest().values_list("pk", flat=True)


@require_safe
def home(request):
    number = page_number(request)

    def make():
        pinned = list(Article.objects.published().filter(pinned=True).without_texts()[:MAX_PINNED])
        others = Article.objects.exclude(pk__in=[article.pk for article in pinned])
        page = essay_page(newest_ids(others), number)
        if number == 1:
            page.rows = pinned + page.rows
        return render(request, "articles/home.html", {"page": page})

    return list_response(request, make)


def find_tag(slug):
    """The tag at this address, which may have been merged into another; or Http404."""
    return get_object_or_404(Tag.objects.select_related("merged_into"), slug=slug)


@require_safe
def tag_detail(request, slug):
    number = page_number(request)

    def make():
        found = find_tag(slug)
        if found.merged_into:
            return redirect(found.merged_into, permanent=True)
        return essay_list_page(
            request, "tag", found, essay_page(Tagging.objects.article_ids(found), number)
        )

    return list_response(request, make)


@require_safe
def author_detail(request, slug):
    number = page_number(request)

    def make():
        found = get_object_or_404(Author, slug=slug)
        return essay_list_page(
            request, "author", found, essay_page(newest_ids(found.articles), number)
        )

    return list_response(request, make)


def essay_list_page(request, name, whose, page):
    """What has no essay that readers can see, they cannot see either."""
    if not page.rows:
        raise Http404("There is no such page.")
    return render(request, f"articles/{name}.html", {name: whose, "page": page})


@require_safe
def archive(request):
    def make():
        years = ArchiveYear.counts(Article.objects)
        return render(request, "articles/archive.html", {"years": years})

    return list_response(request, make)


@require_safe
def archive_year(request, year):
    number = page_number(request)
    if int(year) == 0:
        raise Http404("There is no such year.")

    def make():
        keys = newest_ids(Article.objects.of_year(int(year)))
        page = page_of(keys, number, ESSAYS_PER_YEAR_PAGE)
        if not page.rows:
            raise Http404("There is no essay of that year.")
        months = group_by_month(int(year), page.rows)
        return render(
            request,
            "articles/archive_year.html",
            {"year": int(year), "months": months, "page": page},
        )

    return list_response(request, make)


def group_by_month(year, keys):
    """The months of these essays, all of one year, each with its essays' paths and titles."""
    rows = Article.objects.published().filter(pk__in=keys).order_by()
    found = {row[0]: row[1:] for row in rows.values_list("pk", "published_at", "title", "slug")}
    # Two hundred addresses asked of Django one by one would be half of what the page costs.
    start = reverse("articles:detail", args=[f"{year:04}", "-"]).removesuffix("-/")
    essays = [found[key] for key in keys if key in found]
    return [
        (date(year, month, 1), [(f"{start}{quote(slug)}/", title) for _, title, slug in group])
        for month, group in groupby(essays, lambda row: row[0].month)
    ]
