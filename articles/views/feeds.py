"""Essays as Atom (RFC 4287) and as JSON Feed 1.1, with their full text."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.models import Article, Author, Tag, Tagging
from articles.pagination import in_order
from articles.text.outline import TOOLS
from articles.views.lists import find_tag, keys_of
from articles.views.responses import answer_essays

ENTRIES = 20


class StillFeed(Atom1Feed):
    """An empty feed is the same bytes whenever it is asked for, not as new as the question."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


class SiteFeed(Feed):
    """Entries whose addresses start with the site's, whatever host the feed was asked under."""

    feed_type = StillFeed

    def __call__(self, request, *args, **kwargs):
        return self.answer(request, lambda: Feed.__call__(self, request, *args, **kwargs))

    def answer(self, request, make):
        """Most feeds show essays and nothing of their replies."""
        return answer_essays(request, make)

    def link(self, obj=None):
        return settings.SITE_URL + (obj.get_absolute_url() if obj else "/")

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def get_feed(self, obj, request):
        # Django builds what is missing from the request's host: a cache could be fed a false one.
        feed = super().get_feed(obj, request)
        feed.feed["feed_url"] = settings.SITE_URL + request.path
        return feed


def text_of(article) -> str:
    return TOOLS.sub("", article.body_html)


def newest(keys) -> list[Article]:
    """The essays of the first of these keys: their texts are read for no other."""
    tags = Prefetch("tags", Tag.objects.order_by("taggings__position", "taggings"))
    essays = Article.objects.published().select_related("author").prefetch_related(tags)
    return in_order(essays, list(keys[:ENTRIES]))


class NewestEssays(SiteFeed):
    def title(self, whose=None):
        return f"{whose} \u00b7 {settings.SITE_NAME}" if whose else settings.SITE_NAME

    def items(self, whose=None):
        return newest(keys_of(Article.objects))

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return text_of(article)

    def item_categories(self, article):
        return [tag.name for tag in article.tags.all()]

    def item_author_name(self, article):
        return article.author.name

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.changed_at


class TagEssays(NewestEssays):
    def get_object(self, request, slug):
        found = find_tag(slug)
        return found.merged_into or found

    def items(self, tag):
        return some(newest(Tagging.objects.keys_of(tag)))


class AuthorEssays(NewestEssays):
    def get_object(self, request, slug):
        return get_object_or_404(Author, slug=slug)

    def items(self, author):
        return some(newest(keys_of(author.articles)))


def some(articles) -> list[Article]:
    """What has no essay that readers can see has no feed either."""
    if articles:
        return articles
    raise Http404("There is no such feed.")


@require_safe
def json_feed(request):
    return answer_essays(request, write_json)


def write_json() -> HttpResponse:
    """jsonfeed.org/version/1.1"""
    site = settings.SITE_URL
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": settings.SITE_NAME,
        "home_page_url": f"{site}/",
        "feed_url": site + reverse("articles:json_feed"),
        "language": get_language(),
        "items": [item(article, site) for article in newest(keys_of(Article.objects))],
    }
    kind = "application/feed+json; charset=utf-8"
    return JsonResponse(feed, content_type=kind, json_dumps_params={"ensure_ascii": False})


def item(article, site) -> dict:
    address, author = site + article.get_absolute_url(), article.author
    return {
        "id": address,
        "url": address,
        "title": article.title,
        "summary": article.dek,
        "content_html": text_of(article),
        "date_published": article.published_at.isoformat(timespec="seconds"),
        "date_modified": article.changed_at.isoformat(timespec="seconds"),
        "authors": [{"name": author.name, "url": site + author.get_absolute_url()}],
        "tags": [tag.name for tag in article.tags.all()],
    }
