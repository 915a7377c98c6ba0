"""The admin of comments: their list, their search, their status, and the moderators' screens."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BigIntegerField, ExpressionWrapper, F
from django.db.models.functions import Cast
from django.template.defaultfilters import truncatechars
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.admin import comment_search
from comments.admin.changelists import ModerationAdmin
from comments.admin.commenter import commenter_page
from comments.admin.personal_data import personal_data
from comments.admin.queue import apply_verb, queue_page, undo_actions
from comments.admin.statistics import statistics_page
from comments.models import Comment

EXCERPT = 120
# By tree, then by position within it (no tree has this many positions).
READING_ORDER = ExpressionWrapper(
    Cast("tree_id", BigIntegerField()) * 1_000_000_000 + F("lft"), output_field=BigIntegerField()
)


def for_moderators(view):
    """The view, for staff with permission to change comments only."""

    def guarded(request, *args, **kwargs):
        if not request.user.has_perm("comments.change_comment"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(guarded)


@admin.register(Comment)
class CommentAdmin(ModerationAdmin):
    """Only the status can be changed: everything else is the reader's own."""

    list_display = ["displayed_number", "name", "excerpt", "essay_title", "state", "posted_at"]
    list_display_links = ["displayed_number", "excerpt"]
    list_filter = ["status", "posted_at"]
    # Django shows the search box for these; get_search_results does the search.
    search_fields = ["name", "body", "number", "article__title"]
    # Not by e-mail address: a query string ends up in histories and logs.
    search_help_text = _(
        "Searches names, words, numbers and essay titles; shows the newest 1,000 of what it "
        "finds. An e-mail address is looked up under “Personal data”."
    )
    ordering = ["-posted_at", "-pk"]
    actions = ["hide", "publish", "hold", "mark_spam"]
    fields = [
        "status",
        "words",
        "answered",
        "point_text",
        "name",
        "unpublished_email",
        "displayed_number",
        "essay",
        "posted_at",
    ]
    readonly_fields = fields[1:]

    def get_queryset(self, request):
        deferred = ("body_html", "article__body", "article__body_html")
        deferred += ("parent__body_html", "parent__email")
        comments = super().get_queryset(request).select_related("article", "parent")
        return comments.defer(*deferred)

    def get_search_results(self, request, comments, text):
        if not text:
            return comments, False
        ids = comment_search.search_comments(comments, text)
        if len(ids) == comment_search.MAX_RESULTS and request.method == "GET":
            message = _(
                "There may be older ones than these %(count)s: choose a status beside the list as "
                "well, and what you have dealt with makes room for them."
            )
            count = {"count": intcomma(comment_search.MAX_RESULTS)}
            self.message_user(request, message % count, messages.WARNING)
        return comments.filter(pk__in=ids), False

    def get_urls(self):
        screens = [
            path("queue/", for_moderators(queue_page), name="comments_comment_queue"),
            path("act/", for_moderators(apply_verb), name="comments_comment_act"),
            path("undo/", for_moderators(undo_actions), name="comments_comment_undo"),
            path(
                "weeks/",
                for_moderators(statistics_page),
                name="comments_comment_statistics",
            ),
            path(
                "<int:pk>/person/",
                for_moderators(commenter_page),
                name="comments_comment_commenter",
            ),
            # Has a permission of its own.
            path("person/", self.admin_site.admin_view(personal_data), name="personal_data"),
        ]
        return screens + super().get_urls()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, comment=None):
        return False

    @admin.display(description=_("number"), ordering=READING_ORDER)
    def displayed_number(self, comment):
        return comment.short_number

    @admin.display(description=_("words"))
    def excerpt(self, comment):
        return truncatechars(comment.body, EXCERPT)

    @admin.display(description=_("essay"), ordering="article__title")
    def essay_title(self, comment):
        return comment.article.title

    @admin.display(description=_("status"), ordering="status")
    def state(self, comment):
        label = comment.get_status_display()
        return format_html('<span class="status-{}">{}</span>', comment.status, label)

    @admin.display(description=_("words"))
    def words(self, comment):
        return comment.body

    @admin.display(description=_("e-mail (never published)"))
    def unpublished_email(self, comment):
        return comment.email

    @admin.display(description=_("essay"))
    def essay(self, comment):
        article = comment.article
        return format_html('<a href="{}">{}</a>', article.get_absolute_url(), article.title)

    @admin.display(description=_("answers"))
    def answered(self, comment):
        parent = comment.parent
        if parent is None:
            return _("the essay")
        heading = f"{parent.short_number} {parent.name} ({parent.get_status_display()})"
        return f"{heading}\n{parent.body}"

    def view_on_site(self, comment):
        return comment.get_absolute_url() if comment.is_published else None

    def save_model(self, request, comment, form, change):
        Comment.objects.filter(pk=comment.pk).set_status(comment.status, by=request.user)

    @admin.action(description=_("Hide the selected comments"), permissions=["change"])
    def hide(self, request, comments):
        self.set_status(request, comments, Comment.Status.HIDDEN)

    @admin.action(description=_("Publish the selected comments"), permissions=["change"])
    def publish(self, request, comments):
        self.set_status(request, comments, Comment.Status.PUBLISHED)

    @admin.action(description=_("Mark the selected comments as spam"), permissions=["change"])
    def mark_spam(self, request, comments):
        self.set_status(request, comments, Comment.Status.SPAM)

    @admin.action(description=_("Hold the selected comments"), permissions=["change"])
    def hold(self, request, comments):
        self.set_status(request, comments, Comment.Status.HELD)

    def set_status(self, request, comments, status):
        with transaction.atomic():
            changed = Comment.objects.filter(pk__in=comments.values("pk")).set_status(
                status, by=request.user
            )
            LogEntry.objects.log_actions(
                request.user.pk,
                Comment.objects.thread_order().filter(pk__in=changed),
                CHANGE,
                [{"changed": {"fields": [f"{_('status')}: {status.label}"]}}],
            )
        message = ngettext(
            "%(count)s comment is now %(status)s.",
            "%(count)s comments are now %(status)s.",
            len(changed),
        )
        self.message_user(request, message % {"count": len(changed), "status": status.label})
