"""The page that takes replies: the form, its preview, its errors and the redirect."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from articles.compiled_query import CompiledQuery
from articles.models import Article, Point
from articles.pagination import parse_id
from comments.forms import BRANCH_LOCKED, ReplyForm
from comments.models import Comment, Reason, proof_of_work
from comments.models.rate_limit import RateLimited
from comments.moderation import known_commenter
from comments.moderation.decide import ProofRequired
from comments.thread_page import read
from comments.thread_page.links import page_url
from comments.thread_page.viewer import Viewer

HELD_AS_FIRST_QUERY = CompiledQuery(
    lambda comment: Reason.objects.filter(comment=comment, rule="first").values_list("pk")
)


class HttpResponseSeeOther(HttpResponseRedirect):
    """303 See Other (RFC 9110, 15.4.4)."""

    status_code = 303


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("name", "email", "body")
def reply(request, year, slug):
    """The form on a page of its own; a POST stores the reply and redirects to it."""
    article = Article.objects.published_at(year, slug)
    if article is not None and not article.has_address(year, slug):
        return redirect_moved(request, article)
    if request.method != "POST":
        return show_form(request, article)
    if article is None:
        return essay_missing(request)
    form = ReplyForm(request.POST, article=article)
    if not form.is_valid():
        return render_form(request, form, status=422)
    if "preview" in request.POST:
        return render_form(request, form, preview=form.body_html)
    try:
        receipt = request.COOKIES.get(known_commenter.COOKIE, "")
        stored = form.save(request.META["REMOTE_ADDR"], receipt)
    except ValidationError as error:
        form.add_error(None, error)
        return render_form(request, form, status=422)
    except RateLimited as refusal:
        return rate_limited_response(request, form, refusal.seconds)
    except ProofRequired:
        return render_form(request, form, status=422, challenge=proof_of_work.create_challenge())
    return redirect_to_reply(request, stored)


# The form carries no CSRF token: SameOriginCsrfMiddleware checks the request's origin instead, so
# this view never acts for a logged-in user.
reply.same_origin = True


def redirect_to_reply(request, stored) -> HttpResponse:
    """In a long thread the permalink finds the page, so that posting need not wait for it."""
    address = request.META["REMOTE_ADDR"]
    if stored.status in (Comment.Status.HIDDEN, Comment.Status.SPAM):
        response = HttpResponseSeeOther(stored.article.get_absolute_url() + "#comments")
    elif stored.status == Comment.Status.HELD:
        response = HttpResponseSeeOther(page_url(stored, Viewer(held_id=stored.pk)))
    elif read.is_long(stored.article):
        response = HttpResponseSeeOther(f"{stored.get_absolute_url()}#comment-{stored.pk}")
    else:
        response = HttpResponseSeeOther(page_url(stored))
    if HELD_AS_FIRST_QUERY.rows(stored.pk) and known_commenter.was_sent_from(stored, address):
        # The next reply from this browser shows the receipt, and is known by it.
        receipt = known_commenter.write_receipt(stored)
        response.set_cookie(
            known_commenter.COOKIE,
            receipt,
            max_age=known_commenter.COOKIE_SECONDS,
            httponly=True,
            samesite="Strict",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def show_form(request, article):
    if article is None:
        raise Http404("There is no such essay.")
    target = find_target(article, request.GET)
    if target is None and (request.GET.get("parent") or request.GET.get("point")):
        raise Http404("There is no such comment or point under this essay.")
    initial = {"parent": target.pk} if isinstance(target, Comment) else {}
    if isinstance(target, Point):
        initial = {"point": target.anchor}
    locked = BRANCH_LOCKED if isinstance(target, Comment) and target.is_locked else ""
    form = ReplyForm(article=article, initial=initial)
    return render_form(request, form, target, locked=locked)


def redirect_moved(request, article):
    """The essay has another address: its date or slug changed, or the URL has a typing error."""
    if request.method != "POST":
        query = request.META.get("QUERY_STRING", "")
        return redirect(article.get_reply_url() + (f"?{query}" if query else ""), permanent=True)
    form = ReplyForm(request.POST, article=article)
    form.add_error(None, _("This essay has another address now. Please send this once more."))
    return render_form(request, form, status=404)


def find_target(article, query):
    """The comment or point that `parent` or `point` names, if readers may answer it."""
    parent, point = query.get("parent", ""), query.get("point", "")
    if (pk := parse_id(parent)) is not None:
        return Comment.objects.thread_order().published().filter(article=article, pk=pk).first()
    return article.points.filter(anchor=point).first() if point and "\0" not in point else None


def render_form(request, form, target=None, status=200, preview="", **context) -> HttpResponse:
    """The page with the form, its target above it, and all that was typed."""
    article = form.article
    target = target or find_target(article, form.data or {})
    context |= {"form": form, "article": article, "preview_html": preview}
    context["target_is_comment"] = isinstance(target, Comment)
    context["target"] = target
    # A client that had to send a token will have to send it again.
    context.setdefault("with_token", "csrfmiddlewaretoken" in form.data)
    response = render(request, "comments/reply.html", context, status=status)
    response["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
    return response


def rate_limited_response(request, form, seconds: int) -> HttpResponse:
    minutes = -(-seconds // 60)
    form.add_error(
        None,
        ngettext(
            "So many replies at once. Please wait a minute and send this again.",
            "So many replies at once. Please wait %(count)s minutes and send this again.",
            minutes,
        )
        % {"count": minutes},
    )
    response = render_form(request, form, status=429)
    response["Retry-After"] = str(seconds)
    return response


def essay_missing(request):
    """404 with the text to copy: the essay was withdrawn, or never existed."""
    words = request.POST.get("body", "")
    error = _("There is no essay here that takes replies.")
    context = {"title": _("No such essay"), "words": words, "error": error}
    return render(request, "comments/no_essay.html", context, status=404)


def csrf_rejected(request, year, slug):
    """For a form that may come from another site: shown again with a token and all its text."""
    article = Article.objects.published_at(year, slug)
    if article is None:
        return essay_missing(request)
    form = ReplyForm(request.POST, article=article)
    form.add_error(None, _("This form could not be verified. Please send it once more."))
    return render_form(request, form, status=403, with_token=True)
