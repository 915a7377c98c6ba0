"""Drops what is kept for a time only: to be run daily."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from comments.privacy import retention

DAYS_OF_KEYS = 2
DAYS_OF_LOGINS = 30


class Command(BaseCommand):
    help = (
        "Drops e-mail addresses older than EMAIL_DAYS, networks' keys, counts of replies, "
        "records of logins and old sessions. Can be stopped and run again."
    )

    def handle(self, **options):
        for what, dropped in (
            ("e-mail addresses", retention.drop_emails(settings.EMAIL_DAYS)),
            ("keys of networks", retention.drop_network_hashes()),
            ("counts of replies", retention.drop_rate_limits()),
            ("used proofs", retention.drop_proofs()),
            ("records of logins", drop_logins()),
        ):
            self.stdout.write(f"{dropped} {what} dropped")
        call_command("clearsessions")


def drop_logins() -> int:
    """Where a login came from is known for two days; that it was tried, for a month."""
    now, dropped = timezone.now(), 0
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        rows = model.objects.order_by()
        dropped += rows.filter(attempt_time__lt=now - timedelta(days=DAYS_OF_LOGINS)).delete()[0]
        old = rows.filter(attempt_time__lt=now - timedelta(days=DAYS_OF_KEYS))
        old.exclude(ip_address=None).update(ip_address=None)
    return dropped
