"""The comments app and its Moderators group."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from articles.apps import make_group

# They read and hide comments, and see the e-mail addresses; they touch no essay.
# What the rules are is for administrators to say, who are given these rights one by one, or all.
MODERATOR_RIGHTS = [
    "change_comment",
    "view_comment",
    "view_reason",
    "view_flag",
    "view_moderationaction",
]
MODERATOR_RIGHTS += ["add_ban", "change_ban", "view_ban", "add_note", "view_note"]
make_moderators = make_group("Moderators", MODERATOR_RIGHTS)


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Comments")

    def ready(self):
        post_migrate.connect(make_moderators, sender=self)
