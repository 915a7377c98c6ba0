"""Feeds of essays with their full text: Atom (RFC 4287) and JSON Feed 1.1."""

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

MAX_ENTRIES = 20


class StableFeed(Atom1Feed):
    """Dates an empty feed 1970; Django takes the time of the request, so each response differs."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


class SiteFeed(Feed):
    """A feed whose addresses start with `SITE_URL`, whatever host the request names."""

    feed_type = StableFeed

    def __call__(self, request, *args, **kwargs):
        return self.answer(request, lambda: Feed.__call__(self, request, *args, **kwargs))

    def answer(self, request, make):
        """A conditional response; feeds that show comments override this."""
        return essay_list_response(request, make)

    def link(self, obj=None):
        return settings.SITE_URL + (obj.get_absolute_url() if obj else "/")

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def get_feed(self, obj, request):
        # Django's default has the request's host, which an attacker could put into a cache.
        feed = super().get_feed(obj, request)
        feed.feed["feed_url"] = settings.SITE_URL + request.path
        return feed


def feed_html(article):
    return ANCHOR_COMMENT.sub("", article.body_html)


def newest_essays(ids):
    """The essays with the first of these ids."""
    tags = Prefetch("tags", Tag.objects.order_by("taggings__position", "taggings"))
    essays = Article.objects.published().select_related("author").prefetch_related(tags)
    return fetch_in_order(essays, list(ids[:MAX_ENTRIES]))


class NewestEssays(SiteFeed):
    def title(self, obj=None):
        return f"{obj} \u00b7 {settings.SITE_NAME}" if obj else settings.SITE_NAME

    def items(self, obj=None):
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
        tag = find_tag(slug)
        return tag.merged_into or tag

    def items(self, tag):
        return require_essays(newest_essays(Tagging.objects.article_ids(tag)))


class AuthorEssays(NewestEssays):
    def get_object(self, request, slug):
        return get_object_or_404(Author, slug=slug)

    def items(self, author):
        return require_essays(newest_essays(newest_ids(author.articles)))


def require_essays(articles):
    """The essays; raises Http404 where there are none, as tags of drafts alone are not public."""
    if articles:
        return articles
    raise Http404("There is no such feed.")


@require_safe
def json_feed(request):
    return essay_list_response(request, json_feed_response)


def json_feed_response():
    """The newest essays as described at jsonfeed.org/version/1.1."""
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
    content_type = "application/feed+json; charset=utf-8"
    return JsonResponse(feed, content_type=content_type, json_dumps_params={"ensure_ascii": False})


def json_item(article, site):
    url, author = site + article.get_absolute_url(), article.author
    return {
        "id": url,
        "url": url,
        "title": article.title,
        "summary": article.dek,
        "content_html": feed_html(article),
        "date_published": article.published_at.isoformat(timespec="seconds"),
        "date_modified": article.changed_at.isoformat(timespec="seconds"),
        "authors": [{"name": author.name, "url": site + author.get_absolute_url()}],
        "tags": [tag.name for tag in article.tags.all()],
    }
