"""Verifies the moderators' log against its own marks, and against one that was noted down."""

from django.core.management.base import BaseCommand, CommandError

from comments.models import Act, log

MOST_SHOWN = 100


class Command(BaseCommand):
    help = "Finds any entry of the log that was edited, removed or put elsewhere."

    def add_arguments(self, parser):
        parser.add_argument(
            "--mark", help="a mark noted earlier: also finds out whether the log's end was cut off"
        )

    def handle(self, mark, **options):
        faults = log.find_faults()
        if mark and not Act.objects.filter(mark=mark).exists():
            faults.append("no entry has the mark given: the log was cut off or written anew")
        for fault in faults[:MOST_SHOWN]:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"Faults: {len(faults)}")
        if erased := log.count_erased():
            self.stdout.write(f"Entries with erased words: {erased}")
        newest = Act.objects.newest().first()
        number, mark = (newest.number, newest.mark) if newest else (0, "none")
        self.stdout.write(f"The log is whole. Entries: {number}; newest mark: {mark}")
