"""The queue: what needs a decision, why, and the buttons for it."""

from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.pagination import parse_id
from articles.text.slugs import one_line
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
        "count": counts[kind],
        "spam_count": counts["spam"],
        "most": queue.MAX_AT_ONCE,
        "is_first": "after" not in request.GET,
    }
    return screen_response(request, "queue", context)


def screen_response(request, screen: str, context, status=200):
    """A screen of the desk, with what each of them shows."""
    context |= {"opts": Comment._meta, "here": request.get_full_path()}
    context |= {"last": last_action(request.user)}
    context |= admin.site.each_context(request)
    return render(request, f"admin/comments/{screen}.html", context, status=status)


def last_action(user) -> dict | None:
    """What this moderator did last with comments: an entry of the log, and how many it was."""
    theirs = log.ModerationAction.objects.filter(
        actor=user, comment__isnull=False
    ).with_status_change()
    if act := theirs.newest().first():
        return {"act": act, "count": log.ModerationAction.objects.filter(batch=act.batch).count()}
    return None


@require_POST
def apply_verb(request):
    """Does what was asked with the comments that were chosen, and leads back."""
    asked, _colon, one = request.POST.get("act", "").partition(":")
    if asked not in VERBS:
        raise Http404("There is no such act.")
    words = {name: one_line(request.POST.get(name, "")) for name in ("reason", "public_reason")}
    verb = getattr(selected_comments(request.POST, one), asked)
    if not verb(request.user, words["reason"][:1_000], words["public_reason"][:200]):
        messages.warning(request, _("Nothing was chosen, or nothing was left to do."))
    return redirect_back(request, parse_id(one))


def selected_comments(data, one: str):
    """The one comment of the button, or the marked ones, or all on the page, or all of a kind."""
    if one:
        return queue.by_ids([parse_id(one)])
    if "whole" in data:
        if data["whole"] not in queue.KINDS:
            raise Http404("There is no such queue.")
        return queue.whole_queue(data["whole"])
    keys = data.getlist("on_page" if "page" in data else "comment")[:MAX_IDS]
    return queue.by_ids([parse_id(key) for key in keys])


@require_POST
def undo_actions(request):
    """Takes back one entry of the log, or all that one act did."""
    if "entry" in request.POST:
        entry = get_object_or_404(log.ModerationAction, pk=parse_id(request.POST["entry"]))
        changed, left = undo.undo([entry], request.user)
        faults = [why.message for _act, why in left]
    else:
        batch = parse_id(request.POST.get("batch"))
        changed, faults = undo.undo_batch(batch or 0, request.user)
    if changed:
        messages.success(request, _("Taken back."))
    for fault in faults[:10]:
        messages.warning(request, fault)
    return redirect_back(
        request, default="moderationaction_changelist" if "entry" in request.POST else QUEUE
    )


def redirect_back(request, one: int | None = None, default=QUEUE):
    """To where the form stood; from an essay's page, to the comment."""
    if one and request.POST.get("from") == "page":
        comment = get_object_or_404(Comment.objects.select_related("article"), pk=one)
        return redirect(page_url(comment, Viewer(is_moderator=True)))
    there = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure()):
        there = reverse(f"admin:comments_{default}")
    # Not redirect(): to that, a word without a slash is the name of a view.
    return HttpResponseRedirect(there)
