"""Writes a backup of the whole database to one file, while the site runs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from blogsite.backups import BackupError, open_backup


class Command(BaseCommand):
    help = "Writes a consistent backup of the database to FILE."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, file, **options):
        try:
            open_backup().make(file.absolute())
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{file}: {file.stat().st_size / 1e6:,.1f} MB written")
