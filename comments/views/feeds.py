"""Atom feeds (RFC 4287) of comments: of the site, of one essay and of one branch."""

from functools import partial

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from articles.models import Article
from articles.views.feeds import SiteFeed
from articles.views.responses import conditional_response, list_response
from comments.models import Comment
from comments.thread_page.render import label_without_name

ENTRIES = 50
DEFERRED = ("email", "body", "article__body", "article__body_html")


def newest_comments(comments):
    """The newest of these comments, without the columns that no feed shows."""
    newest_first = comments.order_by("-posted_at", "-pk")
    return newest_first.select_related("article").defer(*DEFERRED)[:ENTRIES]


class NewestComments(SiteFeed):
    def answer(self, request, make):
        return list_response(request, make)

    def title(self, article=None):
        return _("Comments on %(what)s") % {"what": article or settings.SITE_NAME}

    def items(self, article=None):
        comments = Comment.objects.published()
        return newest_comments(comments.filter(article=article) if article else comments)

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
        article = Article.objects.published_at(year, slug)
        if article and not article.has_address(year, slug):
            return redirect(article.get_absolute_url() + "feed/", permanent=True)
        if article is None:
            raise Http404("There is no such essay.")
        make = partial(Feed.__call__, self, request, year=year, slug=slug)
        return conditional_response(request, ("article", article.pk), article.stamp, make)

    def get_object(self, request, year, slug):
        return get_object_or_404(Article.objects.published(), slug=slug)


class BranchComments(NewestComments):
    """The replies under one comment, which may itself be hidden."""

    def __call__(self, request, pk):
        branch = self.get_object(request, pk)
        article = branch.article
        make = partial(Feed.__call__, self, request, pk=pk)
        return conditional_response(request, ("article", article.pk), article.stamp, make)

    def get_object(self, request, pk):
        visible = Comment.objects.visible_in_thread().under_published_essays()
        return get_object_or_404(visible.select_related("article").defer(*DEFERRED), pk=pk)

    def title(self, branch):
        return _("Replies to %(number)s %(name)s on %(essay)s") % {
            "number": branch.short_number,
            "name": branch.name if branch.is_published else label_without_name(branch),
            "essay": branch.article.title,
        }

    def items(self, branch):
        descendants = {"tree_id": branch.tree_id, "lft__gt": branch.lft, "rght__lt": branch.rght}
        return newest_comments(Comment.objects.published().filter(**descendants))
