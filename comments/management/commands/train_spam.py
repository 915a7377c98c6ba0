"""Trains the spam filter: on all decisions of moderators, or on the texts that ship with it."""

from collections import Counter
from collections.abc import Iterator

from django.core.management.base import BaseCommand
from django.db import transaction

from comments.models.log import LOCK_STATES, ModerationAction
from comments.spam import feedback, pretrained
from comments.spam.feedback import ModeratorVerdict, TokenCount

BAR_WIDTH = 30


class Command(BaseCommand):
    help = "Retrains the spam filter from every comment that a moderator decided about."

    def add_arguments(self, parser):
        parser.add_argument(
            "--pretrained",
            action="store_true",
            help="fit the weights to the texts in comments/spam/data instead",
        )

    def handle(self, **options):
        if options["pretrained"]:
            pretrained.WEIGHTS.write_text(pretrained.train(), "utf-8")
            return
        done = 0
        for done, total in retrain():
            self.show(done, total)
        self.stdout.write(f"Learned from {done} decided comments.")

    def show(self, done: int, total: int):
        if self.stderr.isatty() and (done % 50 == 0 or done == total):
            filled = BAR_WIDTH * done // max(total, 1)
            bar = "#" * filled + "." * (BAR_WIDTH - filled)
            self.stderr.write(f"\r{bar} {done}/{total}", ending="\n" if done == total else "")


def retrain() -> Iterator[tuple[int, int]]:
    """Counts all decisions anew in one transaction; yields how many are done, and of how many."""
    with transaction.atomic():
        feedback.lock()
        store_logged_labels()
        TokenCount.objects.all().delete()
        TokenCount.objects.create(token=feedback.TOTALS)
        verdicts = ModeratorVerdict.objects.select_related("comment").order_by("pk")
        total = verdicts.count()
        for done, verdict in enumerate(verdicts.iterator(chunk_size=500), 1):
            tokens = feedback.tokens_of(verdict.comment)
            feedback.apply_changes(Counter((token, verdict.is_spam) for token in tokens))
            yield done, total


def store_logged_labels() -> None:
    """Stores the labels that the moderators' log implies and the filter has not seen yet."""
    actions = ModerationAction.objects.filter(
        by_rule=False, comment__erased_at=None, comment__verdict=None
    )
    actions = actions.with_status_change().exclude(after__in=LOCK_STATES).order_by("number")
    labels: dict[int, bool | None] = {}  # None: withdrawn
    for pk, before, after in actions.values_list("comment", "before", "after").iterator():
        is_label, is_spam = feedback.label_of(before, after)
        if is_label:
            labels[pk] = is_spam
    verdicts = [
        ModeratorVerdict(comment_id=pk, is_spam=label)
        for pk, label in labels.items()
        if label is not None
    ]
    ModeratorVerdict.objects.bulk_create(verdicts, batch_size=500, ignore_conflicts=True)
