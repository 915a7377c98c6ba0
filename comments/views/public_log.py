"""The public page of what moderators have done."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.pagination import cut_page, page_number
from articles.views.responses import answer_list
from comments.models import Act, Rules

ACTS_ON_A_PAGE = 100


@require_safe
def public_log(request):
    """What moderators and rules have done, without any commenter's name; 404 if not wished."""

    def make():
        rules = Rules.current()
        if not rules.public_log:
            raise Http404("This site does not show its log.")
        acts = Act.objects.newest().for_readers()
        page = cut_page(acts, page_number(request), ACTS_ON_A_PAGE)
        newest = page.rows[0] if page.rows and page.number == 1 else acts.first()
        context = {"page": page, "rules": rules, "newest": newest}
        return render(request, "comments/public_log.html", context)

    return answer_list(request, make)
