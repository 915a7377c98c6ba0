"""The moderators' log, to be read alone."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.log import Act


@admin.register(Act)
class ActAdmin(admin.ModelAdmin):
    list_display = ["number", "at", "who", "verb", "place", "before", "after", "reason"]
    list_filter = ["verb", "by_rule", "at"]
    list_select_related = ["comment"]
    search_fields = ["=number", "actor_name", "reason", "public_reason", "=comment__number"]
    show_full_result_count = False
    list_per_page = 100
    fields = [
        *("number", "at", "who", "verb", "place", "before", "after", "undone"),
        *("reason", "public_reason", "mark"),
    ]
    readonly_fields = fields

    def get_queryset(self, request):
        unread = ("comment__email", "comment__body", "comment__body_html")
        return super().get_queryset(request).defer(*unread)

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
        return act.comment.short_number if act.comment else ""

    @admin.display(description=_("takes back"))
    def undone(self, act):
        return act.undoes and act.undoes.number
