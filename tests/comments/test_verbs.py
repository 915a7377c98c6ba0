"""Hide, publish, hold, spam and lock: each updates counts, stamps, search and log in one step."""

import pytest

from comments import tree
from comments.models import Comment, ModerationAction, Thread, log
from comments.moderation.undo import undo, undo_batch
from tests.builders import build_article, build_comment, build_staff, reply_data

pytestmark = pytest.mark.django_db
VERBS = {"hide": "hidden", "publish": "published", "hold": "held", "mark_spam": "spam"}


@pytest.fixture
def moderator():
    return build_staff("mod", group="Moderators")


def rows(*comments):
    return Comment.objects.filter(pk__in=[comment.pk for comment in comments])


def page(client, article):
    return client.get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_verb_changes_counts_stamp_and_log_together(verb, moderator):
    article = build_article()
    comment = build_comment(article, status="held" if verb == "publish" else "published")
    article.refresh_from_db()
    stamp, before = article.stamp, comment.status
    change = getattr(rows(comment), verb)
    assert change(by=moderator, reason="Because.", public_reason="Off topic") == [comment.pk]
    article.refresh_from_db()
    comment.refresh_from_db()
    assert comment.status == VERBS[verb] and article.stamp > stamp
    assert Thread.objects.get().published_count == (verb == "publish")
    act = ModerationAction.objects.get()
    assert (act.before, act.after, act.actor) == (before, VERBS[verb], moderator)
    assert (act.reason, act.public_reason, act.by_rule) == ("Because.", "Off topic", False)
    assert tree.find_faults() == log.find_faults() == []
    assert getattr(rows(comment), verb)() == [] and ModerationAction.objects.count() == 1


def test_spam_is_nowhere_to_be_found(client):
    article = build_article()
    first = build_comment(article, body="Zanzibar pills.")
    build_comment(article, first, body="An answer.")
    rows(first).mark_spam()
    for url in (article.get_absolute_url(), "/comments/feed/", "/search/?q=zanzibar", "/"):
        assert "pills" not in client.get(url).content.decode()
    assert "An answer." in page(client, article)
    rows(first).publish()
    assert "pills" in page(client, article)


def test_public_reason_stands_in_the_tombstone_and_goes_with_it(client):
    article = build_article()
    first = build_comment(article)
    build_comment(article, first)
    rows(first).hide(public_reason="<Off> topic", reason="Told only the log")
    html = page(client, article)
    assert "hidden by a moderator: &lt;Off&gt; topic" in html and "Told only" not in html
    rows(first).publish()
    assert "topic" not in page(client, article)


def test_branch_is_hidden_with_all_that_is_published_in_it(client):
    article = build_article()
    first = build_comment(article)
    answer = build_comment(article, first)
    held = build_comment(article, answer, status="held")
    other = build_comment(article)
    assert rows(first).hide_branch(public_reason="Off topic") == [first.pk, answer.pk]
    held.refresh_from_db()
    assert held.status == "held"
    assert list(Comment.objects.published()) == [other]
    assert (
        ModerationAction.objects.count() == 2
        and len(set(ModerationAction.objects.values_list("batch"))) == 1
    )


# --- Locked branches --------------------------------------------------------------------------


def test_locked_branch_offers_no_reply_and_takes_none(client, moderator):
    article = build_article()
    first, other = build_comment(article), build_comment(article)
    answer = build_comment(article, first)
    assert rows(first).lock(by=moderator, reason="Heated") == [first.pk]
    html = page(client, article)
    for comment, is_offered in ((first, False), (answer, False), (other, True)):
        assert (f"?parent={comment.pk}#" in html) == is_offered
        response = client.post(article.get_reply_url(), reply_data(parent=comment.pk))
        assert response.status_code == (303 if is_offered else 422)
        assert is_offered or "it takes no more replies" in response.content.decode()
        assert is_offered or "I beg to differ." in response.content.decode()
    assert rows(first).unlock(by=moderator) == [first.pk]
    assert f"?parent={answer.pk}#" in page(client, article)
    verbs = list(
        ModerationAction.objects.order_by("number").values_list("verb", "before", "after")
    )
    assert verbs == [("lock", "unlocked", "locked"), ("unlock", "locked", "unlocked")]


def test_form_for_a_locked_branch_says_so_before_anything_is_typed(client):
    article = build_article()
    head = build_comment(article)
    below = build_comment(article, head)
    url = f"{article.get_reply_url()}?parent={below.pk}"
    assert 'id="reply-form"' in client.get(url).content.decode()
    Comment.objects.filter(pk=head.pk).lock()
    html = client.get(url).content.decode()
    assert "closed this branch" in html and 'id="reply-form"' not in html


def test_branch_that_is_locked_while_a_reply_is_written_takes_it_no_more(monkeypatch):
    from comments.forms import ReplyForm

    article = build_article()
    first = build_comment(article)
    form = ReplyForm(reply_data(parent=first.pk), article=article)
    assert form.is_valid()
    rows(first).lock()
    with pytest.raises(Exception, match="no more replies"):
        form.save("192.0.2.1")
    assert Comment.objects.count() == 1


# --- Taking back ------------------------------------------------------------------------------


def test_undo_restores_the_status_before_and_is_logged(moderator):
    comment = build_comment(build_article(), status="held")
    rows(comment).mark_spam(by=moderator)
    act = ModerationAction.objects.get()
    assert undo([act], moderator, "Misread") == ([comment.pk], [])
    comment.refresh_from_db()
    assert comment.status == "held"
    newest = ModerationAction.objects.newest().first()
    assert (newest.verb, newest.undoes, newest.reason) == ("undo", act, "Misread")


def test_undo_says_so_when_something_else_has_happened_since():
    comment = build_comment(build_article())
    rows(comment).hide()
    act = ModerationAction.objects.get()
    rows(comment).publish()
    changed, [(_act, obstacle)] = undo([act])
    assert changed == [] and "since" in obstacle
    comment.refresh_from_db()
    assert comment.status == "published" and ModerationAction.objects.count() == 2


def test_undo_can_be_undone_and_brings_the_public_reason_back():
    comment = build_comment(build_article())
    rows(comment).hide(public_reason="Off topic")
    undo([ModerationAction.objects.get()])
    comment.refresh_from_db()
    assert (comment.status, comment.public_reason) == ("published", "")
    undo([ModerationAction.objects.newest().first()])
    comment.refresh_from_db()
    assert (comment.status, comment.public_reason) == ("hidden", "Off topic")


def test_lock_is_taken_back_too():
    comment = build_comment(build_article())
    rows(comment).lock()
    undo([ModerationAction.objects.get()])
    comment.refresh_from_db()
    assert not comment.locked


def test_undo_reverts_an_action_except_for_later_changes():
    article = build_article()
    comments = [build_comment(article) for _ in range(3)]
    rows(*comments).mark_spam()
    batch = ModerationAction.objects.first().batch
    rows(comments[1]).hide()
    changed, left = undo_batch(batch)
    assert changed == [comments[0].pk, comments[2].pk]
    assert len(left) == 1 and left[0].startswith("2: ")
