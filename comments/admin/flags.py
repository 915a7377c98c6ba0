"""The admin's list of readers' flags, which is read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.admin.bans import DEFERRED
from comments.admin.changelists import ModerationAdmin
from comments.models import Flag

DEFERRED_ESSAY = ("comment__article__body", "comment__article__body_html")


@admin.register(Flag)
class FlagAdmin(ModerationAdmin):
    list_display = ["comment", "essay", "reason", "text", "created_at"]
    empty_value_display = ""
    list_filter = ["reason", "created_at"]
    fields = readonly_fields = ["comment", "essay", "reason", "text", "created_at"]

    def get_queryset(self, request):
        flags = super().get_queryset(request).select_related("comment__article")
        return flags.defer(*DEFERRED, *DEFERRED_ESSAY)

    @admin.display(description=_("essay"), ordering="comment__article__title")
    def essay(self, flag):
        return flag.comment.article.title

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, flag=None):
        return False

    def has_delete_permission(self, request, flag=None):
        return False
