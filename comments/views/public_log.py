"""The public moderation log."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.pagination import page_number, page_of
from articles.views.responses import list_response
from comments.models import ModerationAction, Rules

ACTIONS_PER_PAGE = 100


@require_safe
def public_log(request):
    """The actions of moderators and rules, without commenters' names; 404 unless switched on."""

    def render_page():
        rules = Rules.current()
        if not rules.public_log:
            raise Http404("This site does not show its log.")
        actions = ModerationAction.objects.newest().for_public_log()
        page = page_of(actions, page_number(request), ACTIONS_PER_PAGE)
        newest = page.rows[0] if page.rows and page.number == 1 else actions.first()
        context = {"page": page, "rules": rules, "newest": newest}
        return render(request, "comments/public_log.html", context)

    return list_response(request, render_page)
