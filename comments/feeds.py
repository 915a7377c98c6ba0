"""Comments as Atom (RFC 4287): the newest of the site, and of one essay."""

from functools import partial

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from articles.feeds import SiteFeed
from articles.models import Article
from articles.views import answer_if_changed, answer_list
from comments.models import Comment

ENTRIES = 50
UNSHOWN = ("email", "body", "article__body", "article__body_html")


class NewestComments(SiteFeed):
    def answer(self, request, make):
        return answer_list(request, make)

    def title(self, article=None):
        return _("Comments on %(what)s") % {"what": article or settings.SITE_NAME}

    def items(self, article=None):
        comments = Comment.objects.published().order_by("-posted_at", "-pk")
        if article:
            comments = comments.filter(article=article)
        return comments.select_related("article").defer(*UNSHOWN)[:ENTRIES]

    def item_title(self, comment):
        return _("%(number)s %(name)s on %(essay)s") % {
            "number": comment.short_number,
            "name": comment.name,
            "essay": comment.article.title,
        }

    def item_description(self, comment):
        return comment.body_html

    def item_author_name(self, comment):
        return comment.name

    def item_pubdate(self, comment):
        return comment.posted_at

    item_updateddate = item_pubdate


class ArticleComments(NewestComments):
    def __call__(self, request, year, slug):
        article = Article.objects.published().at(year, slug)
        if article and not article.stands_at(year, slug):
            return redirect(article.get_absolute_url() + "feed/", permanent=True)
        if article is None:
            raise Http404("There is no such essay.")
        make = partial(Feed.__call__, self, request, year=year, slug=slug)
        return answer_if_changed(request, ("article", article.pk), article.stamp, make)

    def get_object(self, request, year, slug):
        return get_object_or_404(Article.objects.published(), slug=slug)
