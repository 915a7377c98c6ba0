"""Verifies the hash chain of the moderation log, and that it holds a hash noted earlier."""

from django.core.management.base import BaseCommand, CommandError

from comments.models import ModerationAction, log

MAX_SHOWN = 100


class Command(BaseCommand):
    help = "Finds any entry of the log that was edited, removed or put elsewhere."

    def add_arguments(self, parser):
        parser.add_argument(
            "--hash", help="a hash noted earlier: also finds out whether the log's end was cut off"
        )

    def handle(self, hash, **options):
        faults = log.find_faults()
        if hash and not ModerationAction.objects.filter(hash=hash).exists():
            faults.append("no entry has the given hash: the log was cut off or written anew")
        for fault in faults[:MAX_SHOWN]:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"Faults: {len(faults)}")
        if erased := log.count_erased():
            self.stdout.write(f"Entries with erased words: {erased}")
        newest = ModerationAction.objects.newest().first()
        number, hash = (newest.number, newest.hash) if newest else (0, "none")
        self.stdout.write(f"The log is whole. Entries: {number}; newest hash: {hash}")
