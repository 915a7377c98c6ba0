"""A comment's lasting address, and the page that takes replies."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from articles.addresses import find_essay
from articles.models import Point
from articles.paging import cut_page, page_number
from articles.prepared import Prepared
from articles.views import answer_list, is_staff
from comments import history, proof, thread
from comments.addresses import read_key
from comments.flags import Flag
from comments.forms import LOCKED, FlagForm, ReplyForm
from comments.limits import TooMany
from comments.log import Act
from comments.models import Comment
from comments.moderation import Doubtful
from comments.reasons import Reason
from comments.rules import Rules

ACTS_ON_A_PAGE = 100
HELD_AS_FIRST = Prepared(
    lambda comment: Reason.objects.filter(comment=comment, rule="first").values_list("pk")
)


class SeeOther(HttpResponseRedirect):
    """303: what was posted was taken, look there (RFC 9110, 15.4.4)."""

    status_code = 303


def is_moderator(request) -> bool:
    return is_staff(request) and request.user.has_perm("comments.change_comment")


def address_of(comment, own=None, for_staff=False) -> str:
    """The address at which a comment stands now: its thread's page and its anchor.

    `own` is the key of a held comment that is shown to its author: the address then holds a
    signed word with which it is seen, and is for nobody else.
    """
    query = {"held": thread.sign_own(comment)} if own else {}
    if (number := thread.find_page(comment, own, for_staff)) > 1:
        query["page"] = number
    sought = f"?{urlencode(query)}" if query else ""
    return f"{comment.article.get_absolute_url()}{sought}#comment-{comment.pk}"


@require_safe
def comment(request, pk):
    """Leads from the comment's lasting address to where it stands now."""
    unread = ("body", "body_html", "article__body", "article__body_html")
    comments = Comment.objects.in_order().select_related("article").defer(*unread)
    if is_moderator(request):
        return redirect(address_of(get_object_or_404(comments, pk=pk), for_staff=True))
    shown = comments.with_place().under_published()
    return redirect(address_of(get_object_or_404(shown, pk=pk)))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("name", "email", "body")
def reply(request, year, slug):
    """The form on a page of its own; a POST stores the reply and leads to its place."""
    article = find_essay(year, slug)
    if article is not None and not article.stands_at(year, slug):
        return elsewhere(request, article)
    if request.method != "POST":
        return show_form(request, article)
    if article is None:
        return no_essay(request)
    form = ReplyForm(request.POST, article=article)
    if not form.is_valid():
        return answer(request, form, status=422)
    if "preview" in request.POST:
        return answer(request, form, preview=form.body_html)
    try:
        receipt = request.COOKIES.get(history.COOKIE, "")
        stored = form.save(request.META["REMOTE_ADDR"], receipt)
    except ValidationError as error:
        form.add_error(None, error)
        return answer(request, form, status=422)
    except TooMany as refusal:
        return too_many(request, form, refusal.wait)
    except Doubtful:
        return answer(request, form, status=422, challenge=proof.pose())
    return taken(request, stored)


# The form carries no token: blogsite.middleware.SameOriginCsrf asks the browser instead. So
# nothing here may act for whoever is logged in.
reply.same_origin = True


def taken(request, stored) -> HttpResponse:
    """Leads to the reply; finding its page in a long thread is left to the next request."""
    address = request.META["REMOTE_ADDR"]
    if stored.status in (Comment.Status.HIDDEN, Comment.Status.SPAM):
        response = SeeOther(stored.article.get_absolute_url() + "#comments")
    elif stored.status == Comment.Status.HELD:
        response = SeeOther(address_of(stored, stored.pk))
    elif thread.is_long(stored.article):
        response = SeeOther(f"{stored.get_absolute_url()}#comment-{stored.pk}")
    else:
        response = SeeOther(address_of(stored))
    kept = {"httponly": True, "samesite": "Strict", "secure": settings.SESSION_COOKIE_SECURE}
    if "HTTP_X_MICRO_CACHE" in request.META:
        # The proxy in front keeps pages for a second; whoever has just posted goes past it.
        response.set_cookie("fresh", "1", max_age=3, **kept)
    if HELD_AS_FIRST.rows(stored.pk) and history.is_from(stored, address):
        # By this the next reply from this browser is known to be the same commenter's.
        receipt = history.write_receipt(stored)
        response.set_cookie(history.COOKIE, receipt, max_age=history.SECONDS, **kept)
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
    locked = LOCKED if isinstance(target, Comment) and target.is_locked else ""
    form = ReplyForm(article=article, initial=initial)
    return answer(request, form, target, locked=locked)


def elsewhere(request, article):
    """The essay stands elsewhere: date or slug were changed, or the address has a slip."""
    if request.method != "POST":
        query = request.META.get("QUERY_STRING", "")
        return redirect(article.get_reply_url() + (f"?{query}" if query else ""), permanent=True)
    form = ReplyForm(request.POST, article=article)
    form.add_error(None, _("This essay has another address now. Please send this once more."))
    return answer(request, form, status=404)


def find_target(article, query):
    """The comment or point that a query names, if a reader may answer it."""
    parent, point = query.get("parent", ""), query.get("point", "")
    if (key := read_key(parent)) is not None:
        return Comment.objects.in_order().published().filter(article=article, pk=key).first()
    return article.points.filter(anchor=point).first() if point and "\0" not in point else None


def answer(request, form, target=None, status=200, preview="", **context) -> HttpResponse:
    """The page with the form, what it answers above it, and every word that was typed."""
    article = form.article
    target = target or find_target(article, form.data or {})
    context |= {"form": form, "article": article, "preview_html": preview}
    context["target_is_comment"] = isinstance(target, Comment)
    context["target"] = target
    # Who had to send a token once will have to again.
    context.setdefault("with_token", "csrfmiddlewaretoken" in form.data)
    response = render(request, "comments/reply.html", context, status=status)
    response["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
    return response


def too_many(request, form, wait: int) -> HttpResponse:
    minutes = -(-wait // 60)
    form.add_error(
        None,
        ngettext(
            "So many replies at once. Please wait a minute and send this again.",
            "So many replies at once. Please wait %(count)s minutes and send this again.",
            minutes,
        )
        % {"count": minutes},
    )
    response = answer(request, form, status=429)
    response["Retry-After"] = str(wait)
    return response


def no_essay(request):
    """The essay was withdrawn, or never was: the words are given back."""
    words = request.POST.get("body", "")
    error = _("There is no essay here that takes replies.")
    context = {"title": _("No such essay"), "words": words, "error": error}
    return render(request, "comments/no_essay.html", context, status=404)


def refuse(request, year, slug):
    """For a form that may come from elsewhere: shown again with a token, every word kept."""
    article = find_essay(year, slug)
    if article is None:
        return no_essay(request)
    form = ReplyForm(request.POST, article=article)
    form.add_error(None, _("We could not tell that this form is ours. Please send it once more."))
    return answer(request, form, status=403, with_token=True)


# --- Flags and the public log -----------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("words")
def flag(request, pk):
    """The form by which a reader tells the moderators of a comment; a POST stores it."""
    comment = find_published(pk)
    if comment is None and request.method == "POST":
        return no_comment(request)
    if comment is None:
        raise Http404("There is no such comment.")
    if request.method != "POST":
        return answer_flag(request, comment, FlagForm())
    form = FlagForm(request.POST)
    if not form.is_valid():
        return answer_flag(request, comment, form, 422)
    try:
        Flag.take(comment, **form.cleaned_data, address=request.META["REMOTE_ADDR"])
    except TooMany as refusal:
        form.add_error(None, _("So many flags at once. Please come back in an hour."))
        response = answer_flag(request, comment, form, 429)
        response["Retry-After"] = str(refusal.wait)
        return response
    return answer_flag(request, comment, form, is_taken=True)


flag.same_origin = True


def find_published(pk):
    """The comment, if readers may read it, else None."""
    unread = ("body", "article__body", "article__body_html")
    shown = Comment.objects.in_order().published().select_related("article")
    return shown.defer(*unread).filter(pk=pk).first()


def no_comment(request):
    """There is nothing here to flag, or not any more: what was typed is given back."""
    context = {"title": _("No such comment"), "error": _("This comment is no longer shown.")}
    context["words"] = request.POST.get("words", "")
    return render(request, "comments/no_essay.html", context, status=404)


def answer_flag(request, comment, form, status=200, **context) -> HttpResponse:
    context |= {"comment": comment, "form": form}
    # As with a reply: who had to send a token once will have to again.
    context.setdefault("with_token", "csrfmiddlewaretoken" in form.data)
    response = render(request, "comments/flag.html", context, status=status)
    response["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
    return response


def refuse_flag(request, pk):
    """For a form that may come from elsewhere: shown again with a token, every word kept."""
    comment = find_published(pk)
    if comment is None:
        return no_comment(request)
    form = FlagForm(request.POST)
    form.add_error(None, _("We could not tell that this form is ours. Please send it once more."))
    return answer_flag(request, comment, form, 403, with_token=True)


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
