from django.apps import AppConfig
from django.conf import settings
from django.contrib import admin
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

EDITOR_RIGHTS = [
    f"{verb}_{model}"
    for model in ("article", "author", "tag")
    for verb in ("add", "change", "view")
]


def make_group(name, rights):
    """A handler for post_migrate: the group exists, with at least these rights on the app.

    Permissions exist only after Django's own handler has run, not yet in a migration.
    """

    def make(sender, using, **others):
        from django.contrib.auth.models import Group, Permission

        group, _made = Group.objects.using(using).get_or_create(name=name)
        known = Permission.objects.using(using).filter(content_type__app_label=sender.label)
        group.permissions.add(*known.filter(codename__in=rights))

    return make


# They write and publish essays, and nothing else: they see no comment and no e-mail address.
make_editors = make_group("Editors", EDITOR_RIGHTS)


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Essays")

    def ready(self):
        admin.site.site_header = admin.site.site_title = settings.SITE_NAME
        post_migrate.connect(make_editors, sender=self)
