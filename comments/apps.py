"""The comments app and its Moderators group."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from articles.apps import make_group

# Moderators see e-mail addresses and decide on comments. Rules and patterns are for
# administrators, and so is erasing a person.
MODERATOR_PERMISSIONS = [
    *("change_comment", "view_comment", "view_reason", "view_flag", "view_moderationaction"),
    *("add_ban", "change_ban", "view_ban", "add_note", "view_note"),
]
make_moderators = make_group("Moderators", MODERATOR_PERMISSIONS)


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Comments")

    def ready(self):
        post_migrate.connect(make_moderators, sender=self)
