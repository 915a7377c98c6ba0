"""Prepares the site for `make run`: database, static files, demo essays and the first login."""

import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from articles.models import Article


class Command(BaseCommand):
    help = "Prepares the site to be served. Running it again changes nothing."

    def handle(self, **options):
        call_command("migrate", interactive=False, verbosity=0)
        self.restrict_permissions()
        call_command("collectstatic", interactive=False, verbosity=0)
        self.load_demo()
        self.create_admin()
        self.stdout.write(f"\n  Site:   {settings.SITE_URL}/")
        self.stdout.write(f"  Admin:  {settings.SITE_URL}/admin/   (Ctrl-C stops the server)\n\n")

    def restrict_permissions(self):
        """Makes an SQLite file, which holds e-mail addresses, readable by its owner alone."""
        if connection.vendor == "sqlite" and os.path.exists(connection.settings_dict["NAME"]):
            os.chmod(connection.settings_dict["NAME"], 0o600)

    @transaction.atomic
    def load_demo(self):
        """Loads all essays or none, so that an interrupted start leaves the database empty."""
        if settings.DEMO and not Article.objects.exists():
            call_command("demo", stdout=self.stdout)

    @transaction.atomic
    def create_admin(self):
        """Prints the password before the commit, so that no stored password is unknown."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        given = os.environ.get("ADMIN_PASSWORD")
        password = given or secrets.token_urlsafe(12)
        users.create_superuser("admin", password=password)
        printed = "the one in ADMIN_PASSWORD" if given else password
        self.stdout.write(f"\n  First login: admin, password: {printed}")
        self.stdout.flush()
