from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from articles.apps import make_group

# They read and hide comments, and see the e-mail addresses; they touch no essay.
# What the rules are is for administrators to say, who are given these rights one by one, or all.
MODERATOR_RIGHTS = ["change_comment", "view_comment", "view_reason", "view_flag", "view_act"]
MODERATOR_RIGHTS += ["add_ban", "change_ban", "view_ban", "add_note", "view_note"]
make_moderators = make_group("Moderators", MODERATOR_RIGHTS)
# Their tables belong to this app too.
MODELS = ("bans", "flags", "limits", "log", "notes", "patterns", "proof", "reasons", "rules")
MODELS += ("spam.learned", "traces")


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Comments")

    def import_models(self):
        super().import_models()
        for name in MODELS:
            import_module(f"comments.{name}")

    def ready(self):
        post_migrate.connect(make_moderators, sender=self)
