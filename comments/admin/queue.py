"""The queue screen, the actions of its buttons, and undo."""

from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.pagination import parse_id
from articles.text.clean import one_line
from comments.models import Comment, log
from comments.moderation import queue, undo
from comments.thread_page.links import page_url
from comments.thread_page.viewer import Viewer

QUEUE = "comment_queue"
MAX_IDS = 500
VERBS = ("publish", "hide", "hide_branch", "mark_spam", "hold", "lock", "unlock")


@require_safe
def queue_page(request):
    kind = request.GET.get("kind", "all")
    if kind not in queue.KINDS:
        raise Http404("There is no such queue.")
    counts = queue.count_waiting()
    context = {
        "title": _("Queue"),
        "page": queue.waiting_page(kind, parse_id(request.GET.get("after"))),
        "kind": kind,
        "kinds": [(name, label, counts[name]) for name, label in queue.KINDS.items()],
        "spam_count": counts["spam"],
        "max_at_once": queue.MAX_AT_ONCE,
        "is_first": "after" not in request.GET,
    }
    return screen_response(request, "queue", context)


def screen_response(request, screen: str, context, status=200):
    """Renders a moderators' screen, with the context that all of them share."""
    context |= {"opts": Comment._meta, "current_url": request.get_full_path()}
    context |= last_action(request.user)
    context |= admin.site.each_context(request)
    return render(request, f"admin/comments/{screen}.html", context, status=status)


def last_action(user) -> dict:
    """The entry of this moderator's last action on comments, and how many it changed."""
    actions = log.ModerationAction.objects.filter(actor=user, comment__isnull=False)
    if (action := actions.with_status_change().newest().first()) is None:
        return {}
    count = log.ModerationAction.objects.filter(batch=action.batch).count()
    return {"last_action": action, "last_action_count": count}


@require_POST
def apply_verb(request):
    """Applies a verb to the selected comments; "hide:7" in the POST selects one comment."""
    verb, _colon, one = request.POST.get("act", "").partition(":")
    if verb not in VERBS:
        raise Http404("There is no such action.")
    reason = one_line(request.POST.get("reason", ""))[:1_000]
    public_reason = one_line(request.POST.get("public_reason", ""))[:200]
    comments = selected_comments(request.POST, one)
    if not getattr(comments, verb)(request.user, reason, public_reason):
        messages.warning(request, _("Nothing was chosen, or nothing was left to do."))
    return redirect_back(request, parse_id(one))


def selected_comments(data, one: str):
    """The comment of the button, a whole queue, all comments on the page, or those ticked."""
    if one:
        return queue.by_ids([parse_id(one)])
    if "whole" in data:
        if data["whole"] not in queue.KINDS:
            raise Http404("There is no such queue.")
        return queue.whole_queue(data["whole"])
    ids = data.getlist("on_page" if "page" in data else "comment")[:MAX_IDS]
    return queue.by_ids([parse_id(text) for text in ids])


@require_POST
def undo_actions(request):
    """Undoes one entry of the log, or a batch."""
    if "entry" in request.POST:
        entry = get_object_or_404(log.ModerationAction, pk=parse_id(request.POST["entry"]))
        changed, left = undo.undo([entry], request.user)
        obstacles = [obstacle for _action, obstacle in left]
    else:
        batch = parse_id(request.POST.get("batch"))
        changed, obstacles = undo.undo_batch(batch or 0, request.user)
    if changed:
        messages.success(request, _("Taken back."))
    for obstacle in obstacles[:10]:
        messages.warning(request, obstacle)
    default = "moderationaction_changelist" if "entry" in request.POST else QUEUE
    return redirect_back(request, default=default)


def redirect_back(request, comment_id: int | None = None, default=QUEUE):
    """To the page of the form; from an essay's page, to the comment."""
    if comment_id and request.POST.get("from") == "page":
        comment = get_object_or_404(Comment.objects.select_related("article"), pk=comment_id)
        return redirect(page_url(comment, Viewer(is_moderator=True)))
    url = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
        url = reverse(f"admin:comments_{default}")
    # Not redirect(), which takes a word without a slash for the name of a view.
    return HttpResponseRedirect(url)
