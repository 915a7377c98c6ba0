"""The moderators' log, to be read alone; what it tells can be taken back."""

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
# What an entry keeps by its short names, in words.
STATES = {**dict(Comment.Status.choices), "locked": _("locked"), "unlocked": _("unlocked")}


class ActorFilter(admin.SimpleListFilter):
    """By whom: one of the staff, or the rules."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request, model_admin):
        acted = ModerationAction.objects.filter(actor=OuterRef("pk")).order_by()
        users = get_user_model().objects.filter(Exists(acted)).order_by("username")[:50]
        return [(RULE, _("a rule")), *((str(user.pk), user.get_username()) for user in users)]

    def queryset(self, request, acts):
        if self.value() == RULE:
            return acts.filter(by_rule=True)
        key = parse_id(self.value())
        return acts.filter(actor=key) if key else acts


class EssayFilter(admin.SimpleListFilter):
    """By an essay, chosen by a link in the list: there may be thousands."""

    title = _("essay")
    parameter_name = "essay"

    def lookups(self, request, model_admin):
        key = parse_id(request.GET.get(self.parameter_name))
        return list(Article.objects.filter(pk=key).values_list("pk", "title")) if key else []

    def queryset(self, request, acts):
        key = parse_id(self.value())
        return acts.filter(comment__article=key) if key else acts


@admin.register(ModerationAction)
class ModerationActionAdmin(ModerationAdmin):
    list_display = ["number", "created_at", "who", "verb", "place", "essay", "change", "reason"]
    list_filter = [EssayFilter, "verb", ActorFilter, "created_at"]
    search_fields = ["=number", "actor_name", "reason", "public_reason", "=comment__number"]
    empty_value_display = ""
    fields = [
        *("number", "created_at", "who", "verb", "place", "essay", "was", "became", "undone"),
        *("reason", "public_reason", "hash"),
    ]
    readonly_fields = fields

    def get_queryset(self, request):
        unread = ("comment__email", "comment__body", "comment__body_html")
        unread += ("comment__article__body", "comment__article__body_html")
        later = ModerationAction.objects.filter(
            comment=OuterRef("comment"), number__gt=OuterRef("number")
        )
        later = later.with_status_change()
        acts = super().get_queryset(request).select_related("comment__article", "undoes")
        acts = acts.defer(*unread)
        return acts.annotate(is_last=~Exists(later.order_by()))

    def get_list_display(self, request):
        may_undo = request.user.has_perm("comments.change_comment")
        return [*self.list_display, "take_back"] if may_undo else self.list_display

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, act=None):
        return False

    def has_delete_permission(self, request, act=None):
        return False

    @admin.display(description=_("who"), ordering="actor_name")
    def who(self, act):
        return _("a rule") if act.by_rule else act.actor_name or _("erased")

    @admin.display(description=_("comment"))
    def place(self, act):
        if not act.comment:
            return ""
        url = act.comment.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, act.comment.short_number)

    @admin.display(description=_("essay"))
    def essay(self, act):
        if not act.comment:
            return ""
        article, acts = act.comment.article, reverse("admin:comments_moderationaction_changelist")
        return format_html('<a href="{}?essay={}">{}</a>', acts, article.pk, article.title)

    @admin.display(description=_("before"))
    def was(self, act):
        return STATES.get(act.before, act.before)

    @admin.display(description=_("after"))
    def became(self, act):
        return STATES.get(act.after, act.after)

    @admin.display(description=_("what changed"))
    def change(self, act):
        return f"{self.was(act)} \u2192 {self.became(act)}" if act.after else ""

    @admin.display(description=_("takes back"))
    def undone(self, act):
        return act.undoes.number if act.undoes else ""

    @admin.display(description=_("undo"))
    def take_back(self, act):
        """A button of the list's own form; only where nothing came after."""
        if not (act.comment and act.after and act.is_last):
            return ""
        url = reverse("admin:comments_comment_undo")
        return format_html(
            '<button class="button" name="entry" value="{}" formaction="{}">{}</button>',
            *(act.pk, url, _("Undo")),
        )
