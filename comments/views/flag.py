"""The page on which a reader flags a comment."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from comments.forms import FlagForm
from comments.models import Comment
from comments.models.rate_limit import RateLimited
from comments.moderation import flagging


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
def flag_comment(request, pk):
    """The form by which a reader tells the moderators of a comment; a POST stores it."""
    comment = find_published(pk)
    if comment is None and request.method == "POST":
        return comment_missing(request)
    if comment is None:
        raise Http404("There is no such comment.")
    if request.method != "POST":
        return render_flag_form(request, comment, FlagForm())
    form = FlagForm(request.POST)
    if not form.is_valid():
        return render_flag_form(request, comment, form, 422)
    try:
        flagging.flag(comment, **form.cleaned_data, address=request.META["REMOTE_ADDR"])
    except RateLimited as refusal:
        form.add_error(None, _("So many flags at once. Please come back in an hour."))
        response = render_flag_form(request, comment, form, 429)
        response["Retry-After"] = str(refusal.seconds)
        return response
    return render_flag_form(request, comment, form, is_taken=True)


flag_comment.same_origin = True


def find_published(pk):
    """The comment, if readers may read it, else None."""
    unread = ("body", "article__body", "article__body_html")
    shown = Comment.objects.thread_order().published().select_related("article")
    return shown.defer(*unread).filter(pk=pk).first()


def comment_missing(request):
    """There is nothing here to flag, or not any more: what was typed is given back."""
    context = {"title": _("No such comment"), "error": _("This comment is no longer shown.")}
    context["words"] = request.POST.get("text", "")
    return render(request, "comments/no_essay.html", context, status=404)


def render_flag_form(request, comment, form, status=200, **context) -> HttpResponse:
    context |= {"comment": comment, "form": form}
    # As with a reply: who had to send a token once will have to again.
    context.setdefault("with_token", "csrfmiddlewaretoken" in form.data)
    response = render(request, "comments/flag.html", context, status=status)
    response["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
    return response


def csrf_rejected(request, pk):
    """For a form that may come from elsewhere: shown again with a token, every word kept."""
    comment = find_published(pk)
    if comment is None:
        return comment_missing(request)
    form = FlagForm(request.POST)
    form.add_error(None, _("We could not tell that this form is ours. Please send it once more."))
    return render_flag_form(request, comment, form, 403, with_token=True)
