"""The Atom feeds, as a feed reader sees them."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from articles.models import Article
from comments.models import Comment
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]></summary><script>&\x01\x0b\x1f\ufffe \U0001f600 bell\x07"


@pytest.fixture
def essay():
    article = build_article("On benches & clocks")
    first = build_comment(article, name="Ann <b>", body="Words & *more*.")
    build_comment(article, first, body="Under it.", point=None)
    return article


def feed_urls(article) -> list[str]:
    return ["/feed/", "/comments/feed/", f"{article.get_absolute_url()}feed/"]


def read(client, url, **extra):
    response = client.get(url, **extra)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def test_feeds_have_what_atom_requires(client, essay):
    for url in feed_urls(essay):
        feed = read(client, url)
        assert feed.tag == f"{ATOM}feed"
        entries = feed.findall(f"{ATOM}entry")
        assert entries
        for element in (feed, *entries):
            for name in ("id", "title", "updated"):
                assert element.findtext(f"{ATOM}{name}"), name
        for entry in entries:
            assert entry.findtext(f"{ATOM}author/{ATOM}name")
            assert entry.find(f"{ATOM}link[@rel='alternate']") is not None
            assert entry.find(f"{ATOM}summary[@type='html']") is not None
            assert entry.findtext(f"{ATOM}published")
        assert feed.find(f"{ATOM}link[@rel='self']") is not None
        ids = [entry.findtext(f"{ATOM}id") for entry in entries]
        assert len(set(ids)) == len(ids)


def test_addresses_are_the_sites_under_any_host(client, essay, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for url in feed_urls(essay):
        feed = read(client, url, headers={"host": "evil.example"})
        addresses = [link.get("href") for link in feed.iter(f"{ATOM}link")]
        addresses += [element.text for element in feed.iter(f"{ATOM}id")]
        assert all(address.startswith(f"{settings.SITE_URL}/") for address in addresses)
        assert b"evil" not in ElementTree.tostring(feed)


def test_essays_feed_has_the_text_without_the_pages_marks(client, essay):
    summary = read(client, "/feed/").findtext(f"{ATOM}entry/{ATOM}summary")
    assert "<li id=" in summary and "Benches belong" in summary
    assert "<!--" not in summary and "point-links" not in summary


def test_comments_feed_names_number_author_and_essay(client, essay):
    entries = read(client, "/comments/feed/").iter(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles == [
        "1.1 Ben on On benches & clocks",
        "1 Ann <b> on On benches & clocks",
    ]


@pytest.mark.parametrize("status", ["hidden", "held"])
def test_words_that_were_hidden_or_held_are_in_no_feed(client, essay, status):
    comment = build_comment(essay, name="Zoe", body="Unwanted words.")
    assert "Unwanted" in client.get("/comments/feed/").content.decode()
    Comment.objects.filter(pk=comment.pk).set_status(status)
    for url in feed_urls(essay):
        text = client.get(url).content.decode()
        assert "Unwanted" not in text and "Zoe" not in text


def test_drafts_and_what_is_scheduled_are_in_no_feed(client, essay):
    later = timezone.now() + timedelta(days=1)
    unseen = [
        build_article("Secret draft", published=False),
        build_article("Secret later", published_at=later),
    ]
    for article in unseen:
        build_comment(article, body="Secret reply.")
        assert client.get(f"{article.get_absolute_url()}feed/").status_code == 404
    for url in feed_urls(essay):
        assert "Secret" not in client.get(url).content.decode()


def test_withdrawn_essay_leaves_the_feeds_with_its_comments(client, essay):
    urls = feed_urls(essay)
    Article.objects.set_status("draft")
    for url in urls[:2]:
        assert not read(client, url).findall(f"{ATOM}entry")
    assert client.get(urls[2]).status_code == 404


def test_characters_that_xml_bars_break_no_feed(client):
    article = build_article(HOSTILE, HOSTILE, dek=HOSTILE)
    article.author.name = HOSTILE
    article.author.save()
    build_comment(article, name=HOSTILE, body=HOSTILE)
    for url in feed_urls(article):
        assert len(read(client, url).findall(f"{ATOM}entry")) == 1


def test_unchanged_feed_is_not_sent_again(client, essay):
    for url in feed_urls(essay):
        tag = client.get(url)["ETag"]
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    build_comment(essay)
    for url in feed_urls(essay):
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_feed_without_entries_is_valid(client):
    feed = read(client, "/feed/")
    assert feed.findtext(f"{ATOM}updated")


def test_edit_moves_an_essays_updated_and_not_its_published_time(client, essay):
    before = read(client, "/feed/").find(f"{ATOM}entry")
    Article.objects.get().save()
    after = read(client, "/feed/").find(f"{ATOM}entry")
    assert after.findtext(f"{ATOM}published") == before.findtext(f"{ATOM}published")
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}updated") >= before.findtext(f"{ATOM}updated")
