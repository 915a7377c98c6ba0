"""Readers flag a comment without an account; enough of them hold it until a moderator decides."""

import pytest
from django.test import Client

from blogsite.error_views import server_error
from comments.models import Comment, Flag, ModerationAction, Rules
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db
OURS = "http://testserver"


@pytest.fixture
def comment():
    return build_comment(build_article(), body="Doubtful words.")


@pytest.fixture
def send(client, comment):
    def post(reader=1, **fields):
        data = {"reason": "abuse", "text": ""} | fields
        url = f"/comments/{comment.pk}/flag/"
        return client.post(url, data, REMOTE_ADDR=f"192.0.2.{reader}")

    return post


def status() -> str:
    return Comment.objects.get().status


def test_form_shows_what_is_flagged_to_everybody_alike(client, comment):
    page = client.get(f"/comments/{comment.pk}/flag/")
    html = page.content.decode()
    assert "Doubtful words." in html and 'id="flag-form"' in html
    assert not page.cookies and "csrfmiddlewaretoken" not in html and "@" not in html


def test_flag_is_stored_and_the_reader_thanked(send, comment):
    response = send(reason="private", text=" My\nnumber ")
    flag = Flag.objects.get()
    assert response.status_code == 200 and "Thank you" in response.content.decode()
    assert (flag.comment, flag.reason, flag.text) == (comment, "private", "My number")
    assert "192.0.2" not in repr(vars(flag)) and status() == "published"


def test_one_reader_counts_once(send):
    for _ in range(5):
        assert send().status_code == 200
    assert Flag.objects.count() == 1 and status() == "published"


def test_enough_flags_hold_the_comment_and_tell_the_moderators_why(send, comment):
    for reader in range(1, 4):
        assert status() == "published"
        send(reader)
    assert status() == "held"
    assert str(comment.reasons.get()) == "3 readers flagged it (75)"
    act = ModerationAction.objects.get()
    assert act.by_rule and act.reason == "3 readers flagged it"


def test_flags_do_not_change_a_moderators_decision(send, comment):
    rows = Comment.objects.filter(pk=comment.pk)
    for reader in range(1, 4):
        send(reader)
    moderator = build_staff("mod", group="Moderators")
    rows.publish(by=moderator)
    moderator.delete()
    for reader in range(4, 9):
        send(reader)
    assert status() == "published"
    assert str(comment.reasons.get()) == "8 readers flagged it (100)"


@pytest.mark.parametrize(("most", "held"), [(0, False), (1, True), (2, False)])
def test_administrator_says_how_many_are_enough(send, most, held):
    Rules(flags_to_hold=most).save()
    send()
    assert (status() == "held") == held


def test_flags_are_limited_by_the_hour(client):
    article = build_article()
    answers = []
    for _ in range(11):
        url = f"/comments/{build_comment(article).pk}/flag/"
        answers.append(client.post(url, {"reason": "spam", "text": "Kept"}))
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "Retry-After" in answers[-1] and 'value="Kept"' in answers[-1].content.decode()
    assert Flag.objects.count() == 10


def test_flag_without_a_reason_or_with_another_is_refused(send):
    for why in ("", "boredom"):
        response = send(reason=why, text="Kept")
        assert response.status_code == 422 and 'value="Kept"' in response.content.decode()
    assert not Flag.objects.exists()


def test_words_that_grow_when_composed_are_measured_as_stored(send):
    assert send(text="\u0958" * 300).status_code == 422
    assert send(text="\u0958" * 150).status_code == 200
    assert len(Flag.objects.get().text) == 300


@pytest.mark.parametrize("state", ["held", "hidden", "spam"])
def test_unpublished_comment_cannot_be_flagged(client, send, comment, state):
    Comment.objects.filter(pk=comment.pk).set_status(state)
    refused = send(text="Typed meanwhile.")
    assert refused.status_code == client.get(f"/comments/{comment.pk}/flag/").status_code == 404
    assert "Typed meanwhile." in refused.content.decode() and not Flag.objects.exists()


def test_flag_from_another_site_is_refused_with_a_token_for_the_next_try(comment):
    strict = Client(enforce_csrf_checks=True)
    url, data = f"/comments/{comment.pk}/flag/", {"reason": "spam", "text": "Kept"}
    assert strict.post(url, data, headers={"origin": OURS}).status_code == 200
    refused = strict.post(url, data, headers={"origin": "https://evil.example"})
    html = refused.content.decode()
    assert refused.status_code == 403 and 'value="Kept"' in html and "csrfmiddlewaretoken" in html
    token = {"csrfmiddlewaretoken": strict.cookies["csrftoken"].value}
    again = strict.post(url, token | {"reason": ""}, headers={"origin": OURS})
    assert again.status_code == 422 and "csrfmiddlewaretoken" in again.content.decode()


def test_words_of_a_flag_are_given_back_when_the_site_breaks(rf):
    page = server_error(rf.post("/comments/1/flag/", {"reason": "spam", "text": "Not lost"}))
    assert page.status_code == 500 and "Not lost" in page.content.decode()
