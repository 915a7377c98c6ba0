"""Readers' flags in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.admin.bans import UNREAD
from comments.admin.changelists import DeskList
from comments.models import Flag

UNREAD_OF_ESSAYS = ("comment__article__body", "comment__article__body_html")


@admin.register(Flag)
class FlagAdmin(DeskList):
    list_display = ["comment", "essay", "why", "words", "at"]
    empty_value_display = ""
    list_filter = ["why", "at"]
    fields = readonly_fields = ["comment", "essay", "why", "words", "at"]

    def get_queryset(self, request):
        flags = super().get_queryset(request).select_related("comment__article")
        return flags.defer(*UNREAD, *UNREAD_OF_ESSAYS)

    @admin.display(description=_("essay"), ordering="comment__article__title")
    def essay(self, flag):
        return flag.comment.article.title

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, flag=None):
        return False

    def has_delete_permission(self, request, flag=None):
        return False
