"""The discussion of an essay: open or closed, the text shown for the form, and its changes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article
from tests.builders import build_article, build_comment, reply_data

pytestmark = pytest.mark.django_db


def page(client, article) -> str:
    return client.get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("discussion", "sentence"),
    [("read_only", "takes no replies at present"), ("closed", "takes no replies any more")],
)
def test_thread_is_shown_and_takes_nothing(client, discussion, sentence):
    article = build_article(discussion=discussion)
    comment = build_comment(article)
    html = page(client, article)
    assert sentence in html and comment.body in html and 'id="reply-form"' not in html
    response = client.post(article.get_reply_url(), reply_data())
    assert response.status_code == 422 and sentence in response.content.decode()


def test_editors_sentence_stands_where_the_form_would_be(client):
    article = build_article(discussion="closed", discussion_note="Write to <us> instead.")
    for url in (article.get_absolute_url(), article.get_reply_url()):
        html = client.get(url).content.decode()
        assert "Write to &lt;us&gt; instead." in html and "any more" not in html


def test_editors_sentence_stands_above_the_form_too(client):
    article = build_article(discussion_note="Be kind.")
    html = page(client, article)
    assert "Be kind." in html and 'id="reply-form"' in html
    assert "discussion-note" not in page(client, build_article("Without"))


def test_essays_close_some_days_after_their_publication(client):
    now = timezone.now()
    old, new = (build_article(f"E{n}", published_at=now - timedelta(days=n)) for n in (9, 1))
    Article.objects.set_closing_days(7)
    old, new = (Article.objects.get(pk=article.pk) for article in (old, new))
    assert (old.is_open, new.is_open) == (False, True)
    assert new.closes_at == new.published_at + timedelta(days=7)
    assert "any more" in page(client, old) and 'id="reply-form"' in page(client, new)
    assert client.post(old.get_reply_url(), reply_data()).status_code == 422


def test_rule_changes_stamps_and_can_be_taken_back():
    article = build_article(published_at=timezone.now() - timedelta(days=9))
    stamps = [Article.objects.get().stamp]
    for days in (7, 7, 0):
        Article.objects.set_closing_days(days)
        stamps.append(Article.objects.get().stamp)
    assert stamps[0] < stamps[1] == stamps[2] < stamps[3]
    article.refresh_from_db()
    assert article.is_open and article.closes_at is None


def test_new_essay_and_one_with_another_time_follow_the_rule():
    Article.objects.set_closing_days(7)
    article = build_article()
    assert article.closes_at == article.published_at + timedelta(days=7)
    article.published_at -= timedelta(days=30)
    article.save()
    assert not article.is_open


def test_stale_copy_does_not_bring_the_old_time_back():
    stale = build_article()
    Article.objects.set_closing_days(7)
    stale.save()
    assert Article.objects.get().closes_at is not None


def test_page_names_the_time_at_which_it_changes_by_itself(client):
    build_article()
    Article.objects.set_closing_days(7)
    article = Article.objects.get()
    response = client.get(article.get_absolute_url())
    until = response.wsgi_request.META["blogsite.source"][2]
    assert until == article.closes_at.timestamp()
    tag = response["ETag"]
    Article.objects.update(closes_at=timezone.now())  # the stamp stays: time alone has passed
    closed = client.get(article.get_absolute_url(), headers={"if-none-match": tag})
    assert closed.status_code == 200 and "any more" in closed.content.decode()
    assert closed.wsgi_request.META["blogsite.source"][2] is None


@pytest.mark.parametrize("discussion", Article.Discussion.values)
def test_sentence_changes_when_the_time_for_replies_ends(client, discussion):
    article = build_article(discussion=discussion, closes_at=None)
    Article.objects.update(closes_at=timezone.now() + timedelta(days=1))
    response = client.get(article.get_absolute_url())
    until = response.wsgi_request.META["blogsite.source"][2]
    assert until == Article.objects.get().closes_at.timestamp()
    Article.objects.update(closes_at=timezone.now())
    assert "takes no replies any more" in page(client, article)


def test_form_comes_with_publication(client, admin_client):
    article = build_article(published_at=timezone.now() + timedelta(days=1))
    assert 'id="reply-form"' not in page(admin_client, article)
    article.published_at = timezone.now()
    article.save()
    assert 'id="reply-form"' in page(client, article)
