"""The app's configuration, and the group of editors."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib import admin
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

EDITOR_PERMISSIONS = [
    f"{verb}_{model}"
    for model in ("article", "author", "tag")
    for verb in ("add", "change", "view")
]


def make_group(name, codenames):
    """A handler for post_migrate that creates the group with these of the app's permissions.

    A migration cannot do it: permissions exist only after Django's own handler has run.
    """

    def create(sender, using, **kwargs):
        from django.contrib.auth.models import Group, Permission

        group, _is_new = Group.objects.using(using).get_or_create(name=name)
        permissions = Permission.objects.using(using).filter(
            content_type__app_label=sender.label, codename__in=codenames
        )
        group.permissions.add(*permissions)

    return create


# Editors write and publish essays. They see no comments and no e-mail addresses in the admin.
make_editors = make_group("Editors", EDITOR_PERMISSIONS)


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Essays")

    def ready(self):
        admin.site.site_header = admin.site.site_title = settings.SITE_NAME
        post_migrate.connect(make_editors, sender=self)
