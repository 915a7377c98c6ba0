"""Teaches the spam filter again all that moderators decided."""

from django.core.management.base import BaseCommand

from comments.spam import learned

WIDTH = 30


class Command(BaseCommand):
    help = "Retrains the spam filter from every comment that a moderator decided about."

    def handle(self, **options):
        total, done = learned.Lesson.objects.count(), 0
        for done in learned.retrain():
            self.show(done, total)
        self.stdout.write(f"Learned from {done} decided comments.")

    def show(self, done: int, total: int):
        if self.stderr.isatty() and (done % 50 == 0 or done == total):
            filled = WIDTH * done // max(total, 1)
            bar = "#" * filled + "." * (WIDTH - filled)
            self.stderr.write(f"\r{bar} {done}/{total}", ending="\n" if done == total else "")
