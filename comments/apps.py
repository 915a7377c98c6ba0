from django.apps import AppConfig
from django.db.models.signals import post_migrate

from articles.apps import make_group

# They read and hide comments, and see the e-mail addresses; they touch no essay.
make_moderators = make_group("Moderators", ["change_comment", "view_comment"])


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = "Comments"

    def import_models(self):
        super().import_models()
        import comments.limits  # noqa: F401 - its table belongs to this app too
        import comments.proof  # noqa: F401 - and this one
        import comments.spam.learned  # noqa: F401 - and these

    def ready(self):
        post_migrate.connect(make_moderators, sender=self)
