"""What `make run` does before it serves: database, static files, demo essays, first admin."""

import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from articles.models import Article


class Command(BaseCommand):
    help = "Makes the site ready to serve. Safe to run again: nothing is done twice."

    def handle(self, **options):
        call_command("migrate", interactive=False, verbosity=0)
        self.restrict_permissions()
        call_command("collectstatic", interactive=False, verbosity=0)
        self.load_demo()
        self.make_admin()
        self.stdout.write(f"\n  The site:    {settings.SITE_URL}/")
        self.stdout.write(
            f"  For staff:   {settings.SITE_URL}/admin/   (Ctrl-C stops the server)\n\n"
        )

    def restrict_permissions(self):
        """An SQLite file holds readers' e-mail addresses: nobody else on the machine reads it."""
        if connection.vendor == "sqlite" and os.path.exists(connection.settings_dict["NAME"]):
            os.chmod(connection.settings_dict["NAME"], 0o600)

    @transaction.atomic
    def load_demo(self):
        """All or nothing: a start that is cut off here leaves the database empty."""
        if settings.DEMO and not Article.objects.exists():
            call_command("demo", stdout=self.stdout)

    @transaction.atomic
    def make_admin(self):
        """The password is shown before it is stored, lest nobody ever learns it."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        given = os.environ.get("ADMIN_PASSWORD")
        password = given or secrets.token_urlsafe(12)
        users.create_superuser("admin", password=password)
        shown = "the one in ADMIN_PASSWORD" if given else password
        self.stdout.write(f"\n  First login: admin, password: {shown}")
        self.stdout.flush()
