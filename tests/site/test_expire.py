"""The `expire` command deletes data whose time is over, and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from comments import identity
from comments.models import Ban, Comment, Flag, NetworkTrace, RateLimitWindow
from comments.models.ban import create_ban, find_bans
from comments.moderation import flagging
from comments.privacy import erase, retention
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


def expire() -> str:
    out = StringIO()
    call_command("expire", stdout=out)
    return out.getvalue()


@pytest.fixture
def comments(settings):
    """One older than the addresses are kept, one younger."""
    settings.EMAIL_DAYS = 30
    article = build_article()
    return [
        build_comment(article, email=email, posted_at=days_ago(days))
        for email, days in (("old@private.example", 31), ("new@private.example", 29))
    ]


# --- E-mail addresses -------------------------------------------------------------------------


def emails() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("email", flat=True))


def test_old_addresses_are_dropped_and_young_ones_kept(comments):
    assert "1 e-mail addresses dropped" in expire()
    assert emails() == ["", "new@private.example"]
    assert "0 e-mail addresses dropped" in expire()


def test_0_days_keep_every_address(comments, settings):
    settings.EMAIL_DAYS = 0
    expire()
    assert emails() == ["old@private.example", "new@private.example"]


def test_ban_by_address_and_a_persons_rights_outlive_the_address(comments):
    ban = create_ban("email", comment=comments[0])
    expire()
    assert find_bans("Eve", "o.l.d+x@private.example", "") == []
    assert find_bans("Eve", "OLD+x@private.example", "") == [ban]
    assert erase.erase("old@private.example") == 1


def test_addresses_go_in_batches_and_what_was_done_stays_done(comments, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(4):
        build_comment(comments[0].article, posted_at=days_ago(40))
    batches = iter([None, KeyboardInterrupt()])

    def interrupt_second_batch(execute, sql, *rest):
        if sql.startswith("UPDATE") and (interrupt := next(batches)):
            raise interrupt
        return execute(sql, *rest)

    with connection.execute_wrapper(interrupt_second_batch), pytest.raises(KeyboardInterrupt):
        expire()
    assert emails().count("") == 2
    expire()
    assert emails().count("") == 5


def test_no_page_gets_a_new_stamp(comments):
    article = comments[0].article
    article.refresh_from_db()
    before = article.stamp
    expire()
    article.refresh_from_db()
    assert article.stamp == before


# --- Networks, counts, logins, sessions -------------------------------------------------------


def test_keys_of_networks_go_with_their_day(comments):
    for comment, days in zip(comments, (2, 0), strict=True):
        NetworkTrace.create_for(comment, "192.0.2.1")
        NetworkTrace.objects.filter(comment=comment).update(day=identity.today() - days)
        flagging.flag(comment, "spam", "", "192.0.2.1")
        flagging.flag(comment, "spam", "", "198.51.100.1")
    key = identity.daily_client_hash("192.0.2.1")
    Flag.objects.filter(comment=comments[0]).update(created_at=days_ago(3))
    expire()
    assert NetworkTrace.objects.get().comment_id == comments[1].pk
    assert Flag.objects.count() == 4
    assert Flag.objects.get(reader=key).comment_id == comments[1].pk
    expire()
    assert Flag.objects.count() == 4


def test_ban_of_a_network_keeps_its_key_while_it_is_in_force(comments):
    for comment in comments:
        NetworkTrace.create_for(comment, "192.0.2.1")
        create_ban("network", comment=comment)
    over, live = Ban.objects.order_by("pk")
    over.lift()
    expire()
    over.refresh_from_db()
    assert (over.target_hash, over.wider_subnet_hash) == ("", "")
    assert find_bans("Eve", "eve@private.example", "192.0.2.1") == [live]


def test_counts_of_replies_go_after_a_day(comments):
    for hours in (1, 25):
        started = int(days_ago(hours / 24).timestamp())
        RateLimitWindow.objects.create(client_hash="c", seconds=60, started=started)
    expire()
    assert RateLimitWindow.objects.count() == 1


def test_logins_lose_their_network_in_days_and_are_gone_in_a_month(db):
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        given = {"failures_since_start": 1} if model is AccessAttempt else {}
        for days in (1, 3, 31):
            row = model.objects.create(username=f"u{days}", ip_address="fd00::1", **given)
            model.objects.filter(pk=row.pk).update(attempt_time=days_ago(days))
    expire()
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        found = dict(model.objects.values_list("username", "ip_address"))
        assert found == {"u1": "fd00::1", "u3": None}


def test_sessions_that_are_over_go(db):
    for days in (-1, 1):
        expires = days_ago(days)
        Session.objects.create(session_key=f"s{days}", session_data="", expire_date=expires)
    expire()
    assert Session.objects.get().session_key == "s-1"
