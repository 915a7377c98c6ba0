"""The filter learns from moderators slowly, for all workers, and forgets what is withdrawn."""

import pytest
from django.core.management import call_command
from django.db import OperationalError

from comments import spam
from comments.models import Comment
from comments.spam import feedback
from comments.spam.feedback import ModeratorVerdict, TokenCount
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db
ODD = "Zorbling vendors praise quintessential flanges of the upper wharf."


def score(text=ODD) -> float:
    return spam.score("Reader", "reader@example.org", text)


@pytest.fixture
def build(db):
    article = build_article()
    return lambda body=ODD, **fields: build_comment(article, body=body, **fields)


def counts() -> dict:
    return {
        row.token: (row.spam, row.ham) for row in TokenCount.objects.all() if row.spam or row.ham
    }


def test_repeated_decisions_change_the_score(build):
    before = score()
    for _ in range(6):
        feedback.train([build()], is_spam=True)
    taught = score()
    assert before < spam.PROVE_AT and taught > before + 0.1
    for _ in range(12):
        feedback.train([build()], is_spam=False)
    assert score() < taught


def test_a_single_decision_hardly_changes_the_score(build):
    before = score()
    feedback.train([build()], is_spam=True)
    assert abs(score() - before) < 0.02


def test_a_decision_counts_once_and_a_later_one_replaces_it(build):
    comment = build()
    feedback.train([comment], is_spam=True)
    once = counts()
    feedback.train([comment], is_spam=True)
    assert counts() == once and once["zorbling"] == (1, 0)
    feedback.train([comment], is_spam=False)
    assert counts()["zorbling"] == (0, 1) and counts()[feedback.TOTALS] == (0, 1)


def test_a_withdrawn_decision_leaves_no_counts(build):
    comment = build()
    feedback.train([comment], is_spam=True)
    feedback.train([comment], None)
    feedback.train([comment], None)
    assert counts() == {} and not ModeratorVerdict.objects.exists()


def test_training_again_gives_the_same_counts(build, capsys):
    for n in range(3):
        feedback.train([build(f"{ODD} {n}")], is_spam=n == 0)
    taught = counts()
    TokenCount.objects.filter(token="zorbling").update(spam=99)
    TokenCount.objects.create(token="stray", spam=7)
    for _ in range(2):
        call_command("train_spam")
        assert counts() == taught
    assert "Learned from 3 decided comments." in capsys.readouterr().out


def test_training_again_counts_decisions_of_the_log(build, admin_user, capsys):
    spammed, cleared, erased, withdrawn, hidden = (build(f"{ODD} {n}").pk for n in range(5))
    rows = Comment.objects.order_by("pk")
    rows.exclude(pk=hidden).hold()
    rows.filter(pk__in=(spammed, erased, withdrawn)).mark_spam(by=admin_user)
    rows.filter(pk=cleared).publish(by=admin_user)
    rows.filter(pk=withdrawn).hold(by=admin_user)
    rows.filter(pk=hidden).hide(by=admin_user)
    rows.filter(pk=hidden).publish(by=admin_user)
    rows.filter(pk=erased).update(erased_at="2020-01-01T00:00Z")
    # These decisions were not counted when they were made.
    assert not ModeratorVerdict.objects.exists()
    for _ in range(2):
        call_command("train_spam")
        assert dict(ModeratorVerdict.objects.values_list("comment", "is_spam")) == {
            spammed: True,
            cleared: False,
        }
        assert counts()["zorbling"] == (1, 1)
    assert "Learned from 2 decided comments." in capsys.readouterr().out


def test_a_stored_decision_counts_more_than_the_log(build, admin_user):
    comment = build()
    Comment.objects.mark_spam(by=admin_user)
    feedback.train([comment], is_spam=False)
    call_command("train_spam")
    assert counts()["zorbling"] == (0, 1)


def test_only_the_most_frequent_tokens_are_kept(build, monkeypatch):
    for word in ("apple", "pear", "plum"):
        feedback.train([build(f"common {word}")], is_spam=True)
    often = {token for token, (seen, _ham) in counts().items() if seen > 1}
    monkeypatch.setattr(feedback, "MAX_TOKENS", len(often) - 1)
    feedback.prune()
    assert counts().keys() == often and {"common", feedback.TOTALS} <= often


def test_without_its_tables_the_filter_scores_by_its_pretrained_weights(monkeypatch):
    before = score()

    def fail(*_args):
        raise OperationalError("no such table")

    monkeypatch.setattr(feedback, "run_sql", fail)
    assert score() == before


def test_scoring_a_reply_takes_one_query(build, django_assert_num_queries):
    with django_assert_num_queries(1):
        score(ODD * 80)


def test_decisions_of_moderators_are_counted_and_withdrawn(
    build, django_capture_on_commit_callbacks, admin_user
):
    comments = [build(f"{ODD} {n}").pk for n in range(5)]
    rows = Comment.objects.filter(pk__in=comments)

    def labels():
        return sorted(ModeratorVerdict.objects.values_list("is_spam", flat=True))

    with django_capture_on_commit_callbacks(execute=True):
        rows.mark_spam(by=admin_user)
    assert labels() == [True] * 5 and counts()["zorbling"] == (5, 0)
    with django_capture_on_commit_callbacks(execute=True):
        rows.filter(pk=comments[0]).publish(by=admin_user)
        rows.filter(pk=comments[1]).hold(by=admin_user)
        # A rule is no moderator.
        rows.filter(pk=comments[2]).hold()
    assert labels() == [False, True, True, True] and counts()["zorbling"] == (3, 1)
