"""Restores the database from a backup, while the site runs."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from blogsite.backups import BackupError, open_backup
from comments.management.confirm import add_no_input, require_confirmation
from comments.models import NetworkTrace


class Command(BaseCommand):
    help = "Restores the database from the backup FILE. Everything newer than FILE is lost."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        add_no_input(parser)

    def handle(self, file, no_input, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        require_confirmation("Everything newer than this backup is lost. Type yes: ", no_input)
        try:
            open_backup().restore(file.absolute())
        except BackupError as error:
            raise CommandError(str(error)) from None
        # A backup of an older release has that release's tables.
        call_command("migrate", interactive=False, verbosity=0)
        # Workers clear old hashes once a day, and may have done so today before the restore.
        NetworkTrace.clear_old_hashes()
        self.stdout.write(
            "The backup is restored. It holds the data of people who were erased after it was "
            "made: erase them again."
        )
