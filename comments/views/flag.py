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
    """The form for a flag; a POST stores it for the moderators."""
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
    comments = Comment.objects.thread_order().published().select_related("article")
    return comments.defer("body", "article__body", "article__body_html").filter(pk=pk).first()


def comment_missing(request):
    """404 with the text to copy: the comment is not published, or not any more."""
    context = {"title": _("No such comment"), "error": _("This comment is no longer shown.")}
    context["words"] = request.POST.get("text", "")
    return render(request, "comments/no_essay.html", context, status=404)


def render_flag_form(request, comment, form, status=200, **context) -> HttpResponse:
    context |= {"comment": comment, "form": form}
    # A client that had to send a token will have to send it again.
    context.setdefault("with_token", "csrfmiddlewaretoken" in form.data)
    response = render(request, "comments/flag.html", context, status=status)
    response["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
    return response


def csrf_rejected(request, pk):
    """For a form that may come from another site: shown again with a token and all its text."""
    comment = find_published(pk)
    if comment is None:
        return comment_missing(request)
    form = FlagForm(request.POST)
    form.add_error(None, _("This form could not be verified. Please send it once more."))
    return render_flag_form(request, comment, form, 403, with_token=True)
