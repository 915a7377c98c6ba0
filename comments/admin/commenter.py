"""The commenter screen: everything a person posted, the moderators' notes, and the bans."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles.pagination import parse_id
from comments import identity
from comments.admin.queue import screen_response
from comments.identity import matches_name
from comments.models import Ban, Comment, Note
from comments.models.ban import create_ban
from comments.moderation import queue

BAN_DAYS = {"1": _("a day"), "7": _("a week"), "30": _("a month"), "365": _("a year")}


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "dir": "auto"})}


class CommenterBanForm(forms.Form):
    """A ban because of one comment, which gives its target."""

    kind = forms.ChoiceField(label=_("Ban by"), choices=Ban.Kind.choices)
    name_pattern = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=80,
        help_text=_("For a ban by name; a star stands for any letters. Empty: the name above."),
    )
    days = forms.ChoiceField(
        label=_("For"), required=False, choices=[*BAN_DAYS.items(), ("", _("good"))], initial="30"
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def save(self, comment, by):
        """Stores the ban; raises ValidationError where its target is not known."""
        data = self.cleaned_data
        return create_ban(
            data["kind"],
            comment=comment,
            name_pattern=data["name_pattern"],
            until=timezone.now() + timedelta(days=int(data["days"])) if data["days"] else None,
            reason=data["reason"],
            by=by,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def commenter_page(request, pk):
    """The screen of a comment's author; a POST adds a note or a ban, or lifts a ban."""
    comment = get_object_or_404(Comment, pk=pk)
    if request.method == "POST":
        return change_commenter(request, comment)
    return render_commenter(request, comment)


def change_commenter(request, comment):
    changes = {"note": add_note, "ban": add_ban, "lift": lift_ban}
    if (change := request.POST.get("change")) not in changes:
        raise Http404("There is no such change.")
    return changes[change](request, comment) or redirect(request.path)


# Each makes its change, or returns the screen with the errors of its form.


def add_note(request, comment):
    require_permission(request, "comments.add_note")
    form = NoteForm(request.POST)
    if not form.is_valid() or not comment.email_hash:
        return render_commenter(request, comment, 422, note_form=form)
    form.instance.email_hash, form.instance.by = comment.email_hash, request.user
    form.save()


def add_ban(request, comment):
    require_permission(request, "comments.add_ban")
    form = CommenterBanForm(request.POST)
    if not form.is_valid():
        return render_commenter(request, comment, 422, ban_form=form)
    try:
        form.save(comment, request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return render_commenter(request, comment, 422, ban_form=form)
    messages.success(request, _("Banned. What they send from now on is held."))


def lift_ban(request, comment):
    require_permission(request, "comments.change_ban")
    get_object_or_404(Ban, pk=parse_id(request.POST.get("ban"))).lift(request.user)
    messages.success(request, _("The ban is lifted."))


def require_permission(request, permission):
    if not request.user.has_perm(permission):
        raise PermissionDenied


def render_commenter(request, comment, status=200, **invalid_forms):
    # An erased comment has no hash, so nothing else of its author can be found.
    by_author = {"email_hash": comment.email_hash} if comment.email_hash else {"pk": comment.pk}
    comments = Comment.objects.filter(**by_author)
    labels = dict(Comment.Status.choices)
    counts = comments.order_by().values_list("status").annotate(Count("pk"))
    context = {
        "title": comment.name,
        "comment": comment,
        "page": read_page(comments, parse_id(request.GET.get("after"))),
        "is_first": "after" not in request.GET,
        "counts": [(labels[status], count) for status, count in sorted(counts)],
        # Moderators may lack either of these permissions.
        "notes": notes_on(comment) if request.user.has_perm("comments.view_note") else [],
        "bans": bans_on(comment) if request.user.has_perm("comments.view_ban") else [],
        "note_form": NoteForm(),
        "ban_form": CommenterBanForm(),
    }
    return screen_response(request, "commenter", context | invalid_forms, status)


def read_page(comments, after: int | None) -> queue.QueuePage:
    """The newest comments, or those older than the one of that id."""
    last = after and Comment.objects.filter(pk=after).values_list("posted_at", flat=True).first()
    if last:
        comments = comments.filter(posted_at__lte=last).exclude(
            Q(posted_at=last) & Q(pk__gte=after)
        )
    newest = comments.order_by("-posted_at", "-pk").values_list("pk", flat=True)
    return queue.page_of_ids(list(newest[: queue.PER_PAGE + 1]))


def notes_on(comment):
    return Note.objects.filter(email_hash=comment.email_hash).select_related("by")[:100]


def bans_on(comment) -> list[Ban]:
    """The bans on a comment's author, also past ones; those by name only while they last."""
    known = Q(comment=comment.pk)
    if comment.email_hash:
        known |= Q(comment__email_hash=comment.email_hash)
        known |= Q(kind="email", target_hash=comment.email_hash)
    if comment.email:
        known |= Q(kind="host", target_hash=identity.host_hash(comment.email))
    bans = list(Ban.objects.filter(known).select_related("by")[:100])
    by_name = Ban.objects.live().filter(kind="name").select_related("by")
    by_name = by_name.exclude(pk__in=[ban.pk for ban in bans])
    return bans + [ban for ban in by_name if matches_name(ban.name_pattern, comment.name)]
