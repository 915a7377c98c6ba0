"""Puts a backup back, while the site runs."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from blogsite.backups import BackupError, open_backup


class Command(BaseCommand):
    help = "Puts everything back as it was in the backup FILE. What came later is lost."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--no-input", action="store_true", help="do not ask")

    def handle(self, file, no_input, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if not no_input and not is_meant("Everything since this backup is lost. Type yes: "):
            raise CommandError("Nothing was changed. With --no-input it is done without asking.")
        try:
            open_backup().restore(file.absolute())
        except BackupError as error:
            raise CommandError(str(error)) from None
        # A backup of an older release has its tables.
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(
            "Everything is as it was. Who was erased since is back: erase them again."
        )


def is_meant(question: str) -> bool:
    try:
        return input(question) == "yes"
    except EOFError:  # nobody is there to answer
        return False
