"""A comment's permanent address."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from comments.models import Comment
from comments.thread_page.links import page_url
from comments.thread_page.viewer import Viewer, is_moderator

DEFERRED = ("body", "body_html", "article__body", "article__body_html")


@require_safe
def comment_permalink(request, pk):
    """Redirects to the page of the thread that shows the comment."""
    comments = Comment.objects.thread_order().select_related("article").defer(*DEFERRED)
    if is_moderator(request):
        return redirect(page_url(get_object_or_404(comments, pk=pk), Viewer(is_moderator=True)))
    visible = comments.visible_in_thread().under_published_essays()
    return redirect(page_url(get_object_or_404(visible, pk=pk)))
