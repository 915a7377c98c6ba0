"""Checks every tree of comments against the parent ids, and repairs it."""

from django.core.management.base import BaseCommand, CommandError

from comments import tree

MAX_SHOWN = 100


class Command(BaseCommand):
    help = "Checks that every thread is whole; with --repair, rebuilds what is not."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="rebuild from the parents")

    def handle(self, repair, **options):
        faults = tree.find_faults()
        if faults and repair:
            self.show(faults)
            self.stdout.write(f"{tree.rebuild()} comments put in their places")
            faults = tree.find_faults()
        if faults:
            self.show(faults)
            advice = "cannot be repaired" if repair else "--repair rebuilds from the parents"
            raise CommandError(f"Faults: {len(faults)}; {advice}")
        self.stdout.write("Every thread is whole.")

    def show(self, faults: list[str]):
        for fault in faults[:MAX_SHOWN]:
            self.stderr.write(fault)
        if len(faults) > MAX_SHOWN:
            self.stderr.write(f"and {len(faults) - MAX_SHOWN} more")
