"""What the filter learns from moderators: slowly, for all workers, and never for good."""

import pytest
from django.core.management import call_command

from comments import spam
from comments.models import Comment
from comments.spam import learned
from comments.spam.learned import ModeratorVerdict, TokenCount, learn, unlearn
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


def test_repeated_decisions_change_the_verdict(build):
    before = score()
    for _ in range(6):
        learn(build(), is_spam=True)
    taught = score()
    assert before < spam.PROVE_AT and taught > before + 0.1
    for _ in range(12):
        learn(build(), is_spam=False)
    assert score() < taught


def test_a_single_wrong_decision_swings_nothing(build):
    before = score()
    learn(build(), is_spam=True)
    assert abs(score() - before) < 0.02


def test_a_decision_counts_once_and_a_later_one_replaces_it(build):
    comment = build()
    learn(comment, is_spam=True)
    once = counts()
    learn(comment, is_spam=True)
    assert counts() == once and once["zorbling"] == (1, 0)
    learn(comment, is_spam=False)
    assert counts()["zorbling"] == (0, 1) and counts()[learned.TOTALS] == (0, 1)


def test_what_is_unlearned_leaves_no_trace(build):
    comment = build()
    learn(comment, is_spam=True)
    unlearn(comment)
    unlearn(comment)
    assert counts() == {} and not ModeratorVerdict.objects.exists()


def test_training_again_gives_the_same_counts(build, capsys):
    for n in range(3):
        learn(build(f"{ODD} {n}"), is_spam=n == 0)
    taught = counts()
    TokenCount.objects.filter(token="zorbling").update(spam=99)
    TokenCount.objects.create(token="stray", spam=7)
    for _ in range(2):
        call_command("train_spam")
        assert counts() == taught
    assert "Learned from 3 decided comments." in capsys.readouterr().out


def test_training_again_takes_in_what_the_log_says(build, admin_user, capsys):
    spammed, cleared, erased, withdrawn, hidden = (build(f"{ODD} {n}").pk for n in range(5))
    rows = Comment.objects.order_by("pk")
    rows.exclude(pk=hidden).hold()
    rows.filter(pk__in=(spammed, erased, withdrawn)).mark_spam(by=admin_user)
    rows.filter(pk=cleared).publish(by=admin_user)
    rows.filter(pk=withdrawn).hold(by=admin_user)
    rows.filter(pk=hidden).hide(by=admin_user)
    rows.filter(pk=hidden).publish(by=admin_user)
    rows.filter(pk=erased).update(erased_at="2020-01-01T00:00Z")
    # Nothing was learned from these when they were decided.
    assert not ModeratorVerdict.objects.exists()
    for _ in range(2):
        call_command("train_spam")
        assert dict(ModeratorVerdict.objects.values_list("comment", "is_spam")) == {
            spammed: True,
            cleared: False,
        }
        assert counts()["zorbling"] == (1, 1)
    assert "Learned from 2 decided comments." in capsys.readouterr().out


def test_a_lesson_stands_whatever_the_log_says(build, admin_user):
    comment = build()
    Comment.objects.mark_spam(by=admin_user)
    learn(comment, is_spam=False)
    call_command("train_spam")
    assert counts()["zorbling"] == (0, 1)


def test_the_table_keeps_within_its_bounds(build, monkeypatch):
    for word in ("apple", "pear", "plum"):
        learn(build(f"common {word}"), is_spam=True)
    often = {token for token, (seen, _ham) in counts().items() if seen > 1}
    monkeypatch.setattr(learned, "MOST_TOKENS", len(often) - 1)
    learned.tidy()
    assert counts().keys() == often and {"common", learned.TOTALS} <= often


def test_one_query_judges_a_reply(build, django_assert_num_queries):
    with django_assert_num_queries(1):
        score(ODD * 80)


def test_what_moderators_decide_is_learned_and_unlearned(
    build, django_capture_on_commit_callbacks, admin_user
):
    comments = [build(f"{ODD} {n}").pk for n in range(5)]
    rows = Comment.objects.filter(pk__in=comments)

    def lessons():
        return sorted(ModeratorVerdict.objects.values_list("is_spam", flat=True))

    with django_capture_on_commit_callbacks(execute=True):
        rows.mark_spam(by=admin_user)
    assert lessons() == [True] * 5 and counts()["zorbling"] == (5, 0)
    with django_capture_on_commit_callbacks(execute=True):
        rows.filter(pk=comments[0]).publish(by=admin_user)
        rows.filter(pk=comments[1]).hold(by=admin_user)
        # What a rule does is no moderator's word.
        rows.filter(pk=comments[2]).hold()
    assert lessons() == [False, True, True, True] and counts()["zorbling"] == (3, 1)
