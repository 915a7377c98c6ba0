"""The `rerender` command renders texts of an older version anew, and changes nothing else."""

import pytest
from django.core.management import call_command

from articles.models import Article
from comments import tree
from comments.models import Comment
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    """An essay and a comment as an older version of the site had stored them."""
    article = build_article()
    comment = build_comment(article, body="Some *emphasis* here.")
    Article.objects.update(body_html="old", body_version=0)
    Comment.objects.update(body_html="old", body_version=0, size=1)
    return article, comment


def test_old_html_is_made_anew_and_counts_stay_true(old, client):
    call_command("rerender")
    article, comment = old
    article.refresh_from_db()
    comment.refresh_from_db()
    assert "<li" in article.body_html and "<em>emphasis</em>" in comment.body_html
    assert comment.size > 1
    assert tree.find_faults() == []
    assert "<em>emphasis</em>" in client.get(article.get_absolute_url()).content.decode()


def test_essay_has_not_changed_for_readers(old):
    before = Article.objects.get().changed_at
    call_command("rerender")
    assert Article.objects.get().changed_at == before


def test_edit_made_since_an_essay_was_read_is_kept(old):
    stale, _ = old
    fresh = Article.objects.get()
    fresh.title = "Edited meanwhile"
    fresh.save()
    stale.rerender()
    assert Article.objects.get().title == "Edited meanwhile"


def test_text_over_todays_limits_is_reported_and_kept(old, capsys):
    Comment.objects.update(body="> " * 50 + "deep")
    call_command("rerender")
    assert Comment.objects.get().body_html == "old"
    assert "stays as it is" in capsys.readouterr().err


def test_second_run_finds_nothing_to_do(old, capsys):
    call_command("rerender")
    capsys.readouterr()
    call_command("rerender")
    assert capsys.readouterr().out == "0 essays rendered\n0 comments rendered\n"
