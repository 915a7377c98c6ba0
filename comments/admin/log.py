"""The admin of the moderation log: read-only, with a button that undoes an entry."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.pagination import parse_id
from comments.admin.changelists import ModerationAdmin
from comments.models import Comment, ModerationAction

RULE = "rule"
# The labels of what an entry stores in `before` and `after`.
STATES = {**dict(Comment.Status.choices), "locked": _("locked"), "unlocked": _("unlocked")}


class ActorFilter(admin.SimpleListFilter):
    """Filters by actor: one of the staff, or the rules."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request, model_admin):
        acted = ModerationAction.objects.filter(actor=OuterRef("pk")).order_by()
        users = get_user_model().objects.filter(Exists(acted)).order_by("username")[:50]
        return [(RULE, _("a rule")), *((str(user.pk), user.get_username()) for user in users)]

    def queryset(self, request, actions):
        if self.value() == RULE:
            return actions.filter(by_rule=True)
        user_id = parse_id(self.value())
        return actions.filter(actor=user_id) if user_id else actions


class EssayFilter(admin.SimpleListFilter):
    """Filters by the essay whose link was followed: a list of all would be too long."""

    title = _("essay")
    parameter_name = "essay"

    def lookups(self, request, model_admin):
        pk = parse_id(request.GET.get(self.parameter_name))
        return list(Article.objects.filter(pk=pk).values_list("pk", "title")) if pk else []

    def queryset(self, request, actions):
        pk = parse_id(self.value())
        return actions.filter(comment__article=pk) if pk else actions


@admin.register(ModerationAction)
class ModerationActionAdmin(ModerationAdmin):
    list_display = [
        "number",
        "created_at",
        "who",
        "verb",
        "comment_link",
        "essay",
        "change",
        "reason",
    ]
    list_filter = [EssayFilter, "verb", ActorFilter, "created_at"]
    search_fields = ["=number", "actor_name", "reason", "public_reason", "=comment__number"]
    empty_value_display = ""
    fields = [
        *(
            "number",
            "created_at",
            "who",
            "verb",
            "comment_link",
            "essay",
            "was",
            "became",
            "undone",
        ),
        *("reason", "public_reason", "hash"),
    ]
    readonly_fields = fields

    def get_queryset(self, request):
        deferred = ("comment__email", "comment__body", "comment__body_html")
        deferred += ("comment__article__body", "comment__article__body_html")
        later = ModerationAction.objects.filter(
            comment=OuterRef("comment"), number__gt=OuterRef("number")
        )
        later = later.with_status_change()
        actions = super().get_queryset(request).select_related("comment__article", "undoes")
        return actions.defer(*deferred).annotate(is_last=~Exists(later.order_by()))

    def get_list_display(self, request):
        may_undo = request.user.has_perm("comments.change_comment")
        return [*self.list_display, "take_back"] if may_undo else self.list_display

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, action=None):
        return False

    def has_delete_permission(self, request, action=None):
        return False

    @admin.display(description=_("who"), ordering="actor_name")
    def who(self, action):
        if action.is_by_command:
            return _("the command line")
        return _("a rule") if action.by_rule else action.actor_name or _("erased")

    @admin.display(description=_("comment"))
    def comment_link(self, action):
        if not action.comment:
            return ""
        url = action.comment.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, action.comment.short_number)

    @admin.display(description=_("essay"))
    def essay(self, action):
        if not action.comment:
            return ""
        article, changelist = (
            action.comment.article,
            reverse("admin:comments_moderationaction_changelist"),
        )
        return format_html('<a href="{}?essay={}">{}</a>', changelist, article.pk, article.title)

    @admin.display(description=_("before"))
    def was(self, action):
        return STATES.get(action.before, action.before)

    @admin.display(description=_("after"))
    def became(self, action):
        return STATES.get(action.after, action.after)

    @admin.display(description=_("what changed"))
    def change(self, action):
        return f"{self.was(action)} \u2192 {self.became(action)}" if action.after else ""

    @admin.display(description=_("takes back"))
    def undone(self, action):
        return action.undoes.number if action.undoes else ""

    @admin.display(description=_("undo"))
    def take_back(self, action):
        """A button in the list's form, for the last entry that changed its comment."""
        if not (action.comment and action.after and action.is_last):
            return ""
        url = reverse("admin:comments_comment_undo")
        return format_html(
            '<button class="button" name="entry" value="{}" formaction="{}">{}</button>',
            *(action.pk, url, _("Undo")),
        )
