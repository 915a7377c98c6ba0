"""A held reply is seen by its author alone, until a moderator publishes it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from comments.models import Comment
from comments.thread_page import viewer
from tests.builders import build_article, build_comment, reply_data

pytestmark = pytest.mark.django_db
NOTE = "Held for a moderator: only you see this."


@pytest.fixture
def hold_all(settings):
    settings.HOLD_REPLIES = "all"


def test_its_author_sees_a_held_reply_and_nobody_else_does(client, hold_all):
    article = build_article()
    response = client.post(article.get_reply_url(), reply_data())
    comment = Comment.objects.get()
    address = response["Location"]
    assert response.status_code == 303 and address.endswith(f"#comment-{comment.pk}")
    own = client.get(address)
    assert NOTE in own.content.decode() and comment.body in own.content.decode()
    assert "no-store" in own["Cache-Control"] and "ETag" not in own
    for plain in (article.get_absolute_url(), "/", "/comments/feed/"):
        html = client.get(plain).content.decode()
        assert comment.body not in html and "Cleo" not in html and NOTE not in html
    assert client.get(comment.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("status", ["hidden", "held", "spam"])
def test_held_reply_is_shown_though_what_it_answers_was_hidden(client, hold_all, status):
    article = build_article()
    parent = build_comment(article, build_comment(article), body="The words above.")
    held = build_comment(article, parent, status="held", body="The words below.")
    Comment.objects.filter(pk=parent.pk).update(status=status)
    token = viewer.held_token(held)
    for url in (article.get_absolute_url(), f"{article.get_absolute_url()}newest/"):
        response = client.get(url, {"held": token})
        html = response.content.decode()
        assert response.status_code == 200 and "The words below." in html and NOTE in html
        assert "The words above." not in html and "no-store" in response["Cache-Control"]


def test_the_authors_address_cannot_be_forged_or_used_for_another_reply(client, hold_all):
    article = build_article()
    mine, other = (build_comment(article, status="held") for _ in range(2))
    signed = viewer.held_token(mine)
    forged = re.sub(r"^\d+", str(other.pk), signed)
    for held in (forged, signed[:-1], str(other.pk), f"{other.pk}:x:y", "", "\0", "é" * 999):
        html = client.get(article.get_absolute_url(), {"held": held}).content.decode()
        assert other.body not in html and mine.body not in html
    html = client.get(article.get_absolute_url(), {"held": signed}).content.decode()
    assert mine.body in html and other.body not in html


def test_the_authors_address_opens_nothing_under_another_essay(client, hold_all):
    comment = build_comment(build_article("One"), status="held")
    other = build_article("Other").get_absolute_url()
    page = client.get(other, {"held": viewer.held_token(comment)})
    assert comment.body not in page.content.decode()


def test_a_held_reply_sent_again_is_stored_once_and_shown_to_its_author(client, hold_all):
    article = build_article()
    places = [client.post(article.get_reply_url(), reply_data())["Location"] for _ in range(2)]
    assert Comment.objects.count() == 1
    keys = {
        viewer.comment_from_held_token(parse_qs(urlsplit(place).query)["held"][0])
        for place in places
    }
    assert keys == {Comment.objects.get().pk}


def test_a_comment_held_later_is_not_shown_to_who_follows_its_lasting_address(client):
    article = build_article()
    comment = build_comment(article)
    build_comment(article, comment)
    Comment.objects.filter(pk=comment.pk).hold()
    response = client.get(comment.get_absolute_url())
    assert "held" not in response["Location"]
    assert comment.body not in client.get(response["Location"]).content.decode()


def test_none_holds_nothing(client, settings):
    settings.HOLD_REPLIES = "none"
    client.post(build_article().get_reply_url(), reply_data())
    assert Comment.objects.get().is_published


def test_first_holds_until_one_reply_of_that_name_and_address_is_published(client, settings):
    settings.HOLD_REPLIES = "first"
    article = build_article()

    def status(**fields):
        client.post(article.get_reply_url(), reply_data(**fields))
        return Comment.objects.latest("pk").status

    assert status(body="One") == "held"
    assert status(body="Two") == "held"
    Comment.objects.publish()
    assert status(body="Three") == "published"
    assert status(body="Four", email="CLEO@private.example", name="cleo") == "published"
    assert status(body="Five", email="else@private.example") == "held"
    assert status(body="Six", name="Else") == "held"


def test_a_reply_that_a_moderator_hid_is_not_shown_to_its_author_again(client, hold_all):
    article = build_article()
    place = client.post(article.get_reply_url(), reply_data())["Location"]
    Comment.objects.hide()
    assert "I beg to differ." not in client.get(place).content.decode()
