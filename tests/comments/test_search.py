"""Search finds published comments, and no word of any other."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import tree
from comments.models import Comment
from tests.builders import build_article, build_comment, build_staff

pytestmark = pytest.mark.django_db


def find(client, query) -> str:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    return response.content.decode()


def links(client, query) -> list[str]:
    return re.findall(r'<h2[^>]*><a href="([^"]+)"', find(client, query))


@pytest.fixture
def comment():
    return build_comment(build_article("On zoos", "Words."), name="Ann", body="A *quagga*, I say.")


def test_published_comment_is_found_with_its_place(client, comment):
    page = find(client, "quaggas")
    assert f'href="{comment.get_absolute_url()}"' in page
    assert "1 <bdi>Ann</bdi> on <bdi>On zoos</bdi>" in page
    assert "A <mark>quagga</mark>, I say." in page


@pytest.mark.parametrize("status", ["hidden", "held"])
def test_hidden_and_held_words_are_never_found(client, comment, status):
    build_comment(comment.article, status=status, body="A zebra.")
    Comment.objects.filter(pk=comment.pk).set_status(status)
    client.force_login(build_staff("moderator", group="Moderators"))
    for query in ("quagga", "zebra"):
        assert links(client, query) == []
    Comment.objects.filter(pk=comment.pk).publish()
    assert links(client, "quagga") == [comment.get_absolute_url()]


def test_saved_with_another_status_it_comes_and_goes(client, comment):
    comment.status = "hidden"
    comment.save()
    assert links(client, "quagga") == []
    comment.status = "published"
    comment.save()
    assert links(client, "quagga") == [comment.get_absolute_url()]


def test_comments_of_an_essay_that_cannot_be_read_are_not_found(client, comment):
    Article.objects.set_status("draft")
    assert links(client, "quagga") == []
    Article.objects.set_status("published")
    assert links(client, "quagga") == [comment.get_absolute_url()]


def test_tombstones_replies_are_found_without_the_hidden_words(client, comment):
    reply = build_comment(comment.article, comment, body="A zebra rather.")
    Comment.objects.filter(pk=comment.pk).hide()
    page = find(client, "zebra")
    assert links(client, "zebra") == [reply.get_absolute_url()]
    assert "quagga" not in page


def test_imported_comments_are_found(client):
    article = build_article()
    tree.load(
        [
            Comment(article=article, name="Ann", email="a@b.example", body="A quagga."),
            Comment(
                article=article, name="Bo", email="a@b.example", body="A zebra.", status="held"
            ),
        ]
    )
    assert len(links(client, "quagga")) == 1 and links(client, "zebra") == []


def test_essays_and_comments_are_in_one_list(client, comment):
    article = build_article("The quagga", "Of it.")
    assert set(links(client, "quagga")) == {
        article.get_absolute_url(),
        comment.get_absolute_url(),
    }


def test_no_address_is_indexed_or_read(client, comment):
    assert links(client, comment.email) == [] == links(client, comment.email.partition("@")[0])
    with CaptureQueriesContext(connection) as queries:
        find(client, "quagga")
    assert not any('"email"' in query["sql"] for query in queries)


def test_reindex_brings_back_what_is_published_alone(client, comment):
    from comments.search import comments

    hidden = build_comment(comment.article, body="A zebra.")
    Comment.objects.filter(pk=hidden.pk).update(status="hidden")
    comments.drop([comment.pk])
    assert links(client, "quagga") == []
    call_command("reindex", verbosity=0)
    assert links(client, "quagga") == [comment.get_absolute_url()]
    assert links(client, "zebra") == []
