"""Lists of essays: the newest, those of a tag, of an author, of a year."""

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


def essay_page(ids, number):
    """The page of that number of the essays with these ids."""
    page = page_of(ids, number, ESSAYS_PER_PAGE)
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
    """The tag with this slug, which may have been merged into another; raises Http404."""
    return get_object_or_404(Tag.objects.select_related("merged_into"), slug=slug)


@require_safe
def tag_detail(request, slug):
    number = page_number(request)

    def make():
        tag = find_tag(slug)
        if tag.merged_into:
            return redirect(tag.merged_into, permanent=True)
        page = essay_page(Tagging.objects.article_ids(tag), number)
        return essay_list_page(request, "articles/tag.html", {"tag": tag, "page": page})

    return list_response(request, make)


@require_safe
def author_detail(request, slug):
    number = page_number(request)

    def make():
        author = get_object_or_404(Author, slug=slug)
        page = essay_page(newest_ids(author.articles), number)
        return essay_list_page(request, "articles/author.html", {"author": author, "page": page})

    return list_response(request, make)


def essay_list_page(request, template, context):
    """Renders a list; raises Http404 for an empty one, as a tag of drafts alone is not public."""
    if not context["page"].rows:
        raise Http404("There is no such page.")
    return render(request, template, context)


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
        ids = newest_ids(Article.objects.of_year(int(year)))
        page = page_of(ids, number, ESSAYS_PER_YEAR_PAGE)
        if not page.rows:
            raise Http404("There is no essay of that year.")
        months = group_by_month(int(year), page.rows)
        return render(
            request,
            "articles/archive_year.html",
            {"year": int(year), "months": months, "page": page},
        )

    return list_response(request, make)


def group_by_month(year, ids):
    """The months of these essays of one year: pairs of a date and a list of paths and titles."""
    essays = Article.objects.published().only("title", "slug", "published_at")
    essays = fetch_in_order(essays, ids)
    # One call of reverse() for each essay would take half of the page's time.
    prefix = reverse("articles:detail", args=[f"{year:04}", "-"]).removesuffix("-/")
    return [
        (date(year, month, 1), [(f"{prefix}{quote(essay.slug)}/", essay.title) for essay in group])
        for month, group in groupby(essays, lambda essay: essay.published_at.month)
    ]
