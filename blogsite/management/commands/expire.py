"""Deletes data whose retention time is over; to be run daily."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from comments.privacy import retention

ADDRESS_HASH_DAYS = 2
LOGIN_DAYS = 30


class Command(BaseCommand):
    help = (
        "Drops e-mail addresses older than EMAIL_DAYS, hashes of networks, counts of replies, "
        "records of logins and expired sessions. It can be interrupted and run again."
    )

    def handle(self, **options):
        for name, count in (
            ("e-mail addresses", retention.drop_emails(settings.EMAIL_DAYS)),
            ("hashes of networks", retention.drop_network_hashes()),
            ("counts of replies", retention.drop_rate_limits()),
            ("used proofs of work", retention.drop_proofs()),
            ("records of logins", drop_logins()),
        ):
            self.stdout.write(f"{count} {name} dropped")
        call_command("clearsessions")


def drop_logins() -> int:
    """Deletes records of logins after a month, and their address hashes after two days."""
    now, deleted = timezone.now(), 0
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        rows = model.objects.order_by()
        deleted += rows.filter(attempt_time__lt=now - timedelta(days=LOGIN_DAYS)).delete()[0]
        old = rows.filter(attempt_time__lt=now - timedelta(days=ADDRESS_HASH_DAYS))
        old.exclude(ip_address=None).update(ip_address=None)
    return deleted
