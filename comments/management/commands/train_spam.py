"""Teaches the spam filter again all that moderators decided."""

from django.core.management.base import BaseCommand

from comments.spam import learned, seed

WIDTH = 30


class Command(BaseCommand):
    help = "Retrains the spam filter from every comment that a moderator decided about."

    def add_arguments(self, parser):
        parser.add_argument("--seed", action="store_true", help="count the shipped texts instead")

    def handle(self, **options):
        if options["seed"]:
            seed.COUNTS.write_text(seed.write_counts(), "utf-8")
            return
        learned.read_log()
        total, done = learned.Lesson.objects.count(), 0
        for done in learned.retrain():
            self.show(done, total)
        self.stdout.write(f"Learned from {done} decided comments.")

    def show(self, done: int, total: int):
        if self.stderr.isatty() and (done % 50 == 0 or done == total):
            filled = WIDTH * done // max(total, 1)
            bar = "#" * filled + "." * (WIDTH - filled)
            self.stderr.write(f"\r{bar} {done}/{total}", ending="\n" if done == total else "")
