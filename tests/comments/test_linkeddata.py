"""JSON-LD of an essay's page."""

import json
import re
from datetime import datetime

import pytest

from comments.thread_page import json_ld
from comments.thread_page.links import page_url
from comments.thread_page.viewer import Viewer
from tests.builders import build_article, build_comment

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
HOSTILE = '</script><script>alert(1)</script><!-- \u2028\u2029 & "quoted" \\ \U0001f34f'


def blocks(client, path) -> list[dict]:
    page = client.get(path).content.decode()
    return [json.loads(block) for block in BLOCK.findall(page)]


def graph(client, article, page=1) -> dict[str, dict]:
    """The one block of an essay's page, by type."""
    path = article.get_absolute_url() + (f"?page={page}" if page > 1 else "")
    (data,) = blocks(client, path)
    assert data["@context"] == "https://schema.org"
    return {part["@type"]: part for part in data["@graph"]}


def shape(comments) -> list:
    """The tree of what is said of comments: their words, or False for one that is gone."""
    return [
        ("text" in one and " ".join(one["text"].split()), shape(one.get("comment", [])))
        for one in comments
    ]


def test_article_has_what_google_asks_for(client, settings):
    article = build_article(dek="A dek.", tags=["Towns", "Clocks"])
    build_comment(article)
    said, site = graph(client, article)["Article"], settings.SITE_URL
    assert said["headline"] == article.title and said["description"] == "A dek."
    assert said["mainEntityOfPage"] == site + article.get_absolute_url()
    assert said["author"] == {
        "@type": "Person",
        "name": "Ada Lark",
        "url": f"{site}/authors/ada-lark/",
    }
    assert said["publisher"]["name"] == settings.SITE_NAME
    assert said["keywords"] == ["Towns", "Clocks"]
    assert (said["wordCount"], said["commentCount"]) == (article.word_count, 1)
    for name in ("datePublished", "dateModified"):
        assert datetime.fromisoformat(said[name]).tzinfo
    (picture,) = said["image"]
    assert client.get(picture.removeprefix(site))["Content-Type"] == "image/png"


def test_comments_are_nested_as_they_answer_one_another(client, settings):
    article = build_article()
    first = build_comment(article, name="Ann", body="One *with* [a link](https://e.example).")
    second = build_comment(article, first, body="> Two\n\nlines")
    build_comment(article, second, body="Three")
    build_comment(article, body="Four")
    said = graph(client, article)["Article"]["comment"]
    assert shape(said) == [
        ("One with a link.", [("Two lines", [("Three", [])])]),
        ("Four", []),
    ]
    assert said[0]["author"] == {"@type": "Person", "name": "Ann"}
    assert said[0]["url"] == settings.SITE_URL + first.get_absolute_url()
    assert datetime.fromisoformat(said[0]["datePublished"]) == first.posted_at.replace(
        microsecond=0
    )


@pytest.mark.parametrize("status", ["hidden", "held"])
def test_tombstone_keeps_its_place_and_nothing_else(client, status):
    article = build_article()
    first = build_comment(article, body="One")
    gone = build_comment(article, first, name="Secret name", body="Secret words", status=status)
    build_comment(article, gone, body="Three")
    build_comment(article, name="Secret leaf", body="Secret leaf", status=status)
    said = graph(client, article)["Article"]["comment"]
    assert shape(said) == [("One", [(False, [("Three", [])])])]
    (tombstone,) = said[0]["comment"]
    assert sorted(tombstone) == ["@type", "comment", "creativeWorkStatus", "url"]
    assert "Secret" not in json.dumps(said)


def test_nothing_that_readers_write_ends_the_block(client):
    article = build_article(HOSTILE, dek=HOSTILE, tags=["<!--"])
    build_comment(article, name=HOSTILE[:80], body=HOSTILE)
    path = article.get_absolute_url()
    (block,) = BLOCK.findall(client.get(path).content.decode())
    assert not re.search("[<>&\u2028\u2029]", block)
    said = graph(client, article)["Article"]
    # The line separators are spaces to an essay's title.
    assert said["headline"] == " ".join(HOSTILE.split())
    assert said["comment"][0]["text"].startswith("</script><script>alert(1)</script>")
    assert "@private" not in block


def test_words_are_cut_where_they_are_many(client):
    article = build_article()
    build_comment(article, body="word " * 1_000)
    build_comment(article, body=("[a](https://e.example/" + "x" * 900 + ") ") * 5)
    long, links = (one["text"] for one in graph(client, article)["Article"]["comment"])
    assert len(long) == json_ld.MAX_TEXT_LENGTH and long.endswith("word\u2026")
    assert links == "a a a"


def test_deep_branch_is_not_nested_without_end(client):
    article, parent = build_article(), None
    for _ in range(json_ld.MAX_DEPTH + 5):
        parent = build_comment(article, parent)
    said, depth = graph(client, article)["Article"]["comment"], 0
    while said:
        said, depth, width = said[0].get("comment", []), depth + 1, len(said)
    assert (depth, width) == (json_ld.MAX_DEPTH + 1, 5)


def test_later_page_says_its_own_comments_alone(client, monkeypatch):
    monkeypatch.setattr("comments.thread_page.read.PAGE_BYTES", 250)
    article = build_article()
    first = build_comment(article, body="One")
    second = build_comment(article, first, body="Two")
    build_comment(article, second, body="Three")
    build_comment(article, second, body="Four")
    assert shape(graph(client, article)["Article"]["comment"]) == [
        ("One", [("Two", [("Three", [])])])
    ]
    said = graph(client, article, page=2)["Article"]
    assert shape(said["comment"]) == [("Four", [])]
    assert said["commentCount"] == 4


def test_trail_leads_through_the_archive(client, settings):
    article = build_article()
    steps = graph(client, article)["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert steps[2]["name"] == article.title and "item" not in steps[2]
    for step in steps[:2]:
        path = step["item"].removeprefix(settings.SITE_URL)
        assert client.get(path).status_code == 200
    (year,) = blocks(client, path)
    assert [step["name"] for step in year["itemListElement"]] == ["Archive", str(article.year)]
    assert year["@type"] == "BreadcrumbList"


def test_lists_without_a_trail_say_nothing(client):
    build_article(tags=["Towns"])
    for path in ("/", "/tags/towns/", "/authors/ada-lark/", "/archive/"):
        assert blocks(client, path) == []


def test_held_reply_is_not_told_to_programs(client):
    article = build_article()
    stored = build_comment(article, body="Secret words", status="held")
    assert blocks(client, page_url(stored, Viewer(held_id=stored.pk)).partition("#")[0]) == []
