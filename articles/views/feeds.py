"""Essays as Atom (RFC 4287) and as JSON Feed 1.1, with their full text."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Prefetch
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.models import Article, Author, Tag, Tagging
from articles.pagination import fetch_in_order
from articles.text.outline import ANCHOR_COMMENT
from articles.views.lists import find_tag, newest_ids
from articles.views.responses import essay_list_response

ENTRIES = 20


class StableFeed(Atom1Feed):
    """An empty feed is the same bytes whenever it is asked for, not as new as the question."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


class SiteFeed(Feed):
    """Entries whose addresses start with the site's, whatever host the feed was asked under."""

    feed_type = StableFeed

    def __call__(self, request, *args, **kwargs):
        return self.answer(request, lambda: Feed.__call__(self, request, *args, **kwargs))

    def answer(self, request, make):
        """Most feeds show essays and nothing of their replies."""
        return essay_list_response(request, make)

    def link(self, obj=None):
        return settings.SITE_URL + (obj.get_absolute_url() if obj else "/")

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def get_feed(self, obj, request):
        # Django builds what is missing from the request's host: a cache could be fed a false one.
        feed = super().get_feed(obj, request)
        feed.feed["feed_url"] = settings.SITE_URL + request.path
        return feed


def feed_html(article):
    return ANCHOR_COMMENT.sub("", article.body_html)


def newest_essays(keys):
    """The essays of the first of these keys: their texts are read for no other."""
    tags = Prefetch("tags", Tag.objects.order_by("taggings__position", "taggings"))
    essays = Article.objects.published().select_related("author").prefetch_related(tags)
    return fetch_in_order(essays, list(keys[:ENTRIES]))


class NewestEssays(SiteFeed):
    def title(self, whose=None):
        return f"{whose} \u00b7 {settings.SITE_NAME}" if whose else settings.SITE_NAME

    def items(self, whose=None):
        return newest_essays(newest_ids(Article.objects))

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return feed_html(article)

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
        return require_essays(newest_essays(Tagging.objects.article_ids(tag)))


class AuthorEssays(NewestEssays):
    def get_object(self, request, slug):
        return get_object_or_404(Author, slug=slug)

    def items(self, author):
        return require_essays(newest_essays(newest_ids(author.articles)))


def require_essays(articles):
    """What has no essay that readers can see has no feed either."""
    if articles:
        return articles
    raise Http404("There is no such feed.")


@require_safe
def json_feed(request):
    return essay_list_response(request, json_feed_response)


def json_feed_response():
    """jsonfeed.org/version/1.1"""
    site = settings.SITE_URL
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": settings.SITE_NAME,
        "home_page_url": f"{site}/",
        "feed_url": site + reverse("articles:json_feed"),
        "language": get_language(),
        "items": [
            json_item(article, site) for article in newest_essays(newest_ids(Article.objects))
        ],
    }
    kind = "application/feed+json; charset=utf-8"
    return JsonResponse(feed, content_type=kind, json_dumps_params={"ensure_ascii": False})


def json_item(article, site):
    address, author = site + article.get_absolute_url(), article.author
    return {
        "id": address,
        "url": address,
        "title": article.title,
        "summary": article.dek,
        "content_html": feed_html(article),
        "date_published": article.published_at.isoformat(timespec="seconds"),
        "date_modified": article.changed_at.isoformat(timespec="seconds"),
        "authors": [{"name": author.name, "url": site + author.get_absolute_url()}],
        "tags": [tag.name for tag in article.tags.all()],
    }
