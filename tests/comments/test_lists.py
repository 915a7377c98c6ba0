"""Pages of comments apart from their essay, such as the newest comments of the site."""

import re
from datetime import timedelta

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments.models import Comment
from comments.thread_page.links import newest_first_url
from tests.builders import BODY, build_article, build_comment, build_staff
from tests.comments.reading import NEXT, ago, points_path, read, read_all
from tests.comments.test_thread import shown

pytestmark = pytest.mark.django_db


def paths_of(article) -> list[str]:
    here = article.get_absolute_url()
    return [
        newest_first_url(article),
        points_path(article),
        f"{here}since/0/",
        "/comments/",
        f"/comments/before/{Comment.objects.latest('pk').pk}/",
    ]


# --- All of them ------------------------------------------------------------------------------


def test_no_page_holds_a_hidden_or_held_word_or_name(client, argued):
    feeds = [f"/comments/{comment.pk}/feed/" for comment in Comment.objects.visible_in_thread()]
    for path in [*paths_of(argued), *feeds]:
        text = read(client, path)
        assert "Unwanted" not in text and "private.example" not in text, path
        assert not re.search("Zoe|Yan|Xia", text), path
        assert "Under a tombstone." in text or path.startswith("/comments/"), path


def test_every_page_is_valid_html_with_ids_of_its_own(client, argued):
    empty = build_article("Empty")
    for path in [*paths_of(argued), newest_first_url(empty), points_path(empty)]:
        text = read(client, path)
        html5lib.HTMLParser(strict=True).parse(text)
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), path
        assert text.count("<h1") == 1


def test_number_of_queries_does_not_grow_with_the_comments(client, argued):
    def count(path):
        with CaptureQueriesContext(connection) as queries:
            read(client, path)
        return len(queries)

    few = {path: count(path) for path in paths_of(argued)}
    parent = None
    for n in range(40):
        point = argued.points.last() if n % 3 else argued.points.first()
        parent = build_comment(argued, parent if n % 4 else None, point=point)
        build_comment(build_article(f"Another {n}"))
    for path, number in few.items():
        assert count(path) == number <= 8, path


def test_pages_are_kept_until_the_thread_changes(client, argued):
    for path in paths_of(argued):
        first = client.get(path)
        tag = first["ETag"]
        assert first.content == client.get(path).content
        assert "Cookie" not in first.get("Vary", "") and not first.cookies
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        build_comment(argued)
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200, path


def test_pages_are_kept_no_longer_than_the_essay_is_open(client, argued):
    closing = timezone.now() + timedelta(days=1)
    Article.objects.update(closes_at=closing)
    for path in paths_of(argued):
        response = client.get(path)
        kept = response.wsgi_request.META.get("blogsite.source")
        assert f"-{int(closing.timestamp()):x}" in response["ETag"], path
        assert kept is None or kept[2] == closing.timestamp(), path


def test_locked_branch_has_no_reply_link(client, argued):
    first = argued.comments.get(name="Ann")
    link = 'class="reply"'
    paths = ("/comments/", f"{argued.get_absolute_url()}since/0/")
    assert [read(client, path).count(link) for path in paths] == [2, 2]
    Comment.objects.filter(pk=first.pk).lock()
    assert [read(client, path).count(link) for path in paths] == [0, 0]


def test_only_what_many_read_is_kept_in_memory(client, argued):
    for path in paths_of(argued):
        meta = client.get(path).wsgi_request.META
        assert ("blogsite.source" in meta) == ("/since/" not in path), path


def test_old_address_of_the_essay_leads_to_the_same_part(client, argued):
    old = [path for path in paths_of(argued) if not path.startswith("/comments/")]
    argued.slug = "moved"
    argued.save()
    for path in old:
        response = client.get(path + "?page=1")
        assert response.status_code == 301
        assert response.url == argued.get_absolute_url() + path.split("/", 3)[3] + "?page=1"
        read(client, response.url)


def test_draft_has_no_such_pages(client):
    article = build_article(published=False)
    for path in (
        newest_first_url(article),
        points_path(article),
        f"{article.get_absolute_url()}since/0/",
    ):
        assert client.get(path).status_code == 404
    client.force_login(build_staff())
    read(client, points_path(article))


def test_search_engines_are_led_to_the_essay(client, argued):
    for path in paths_of(argued)[:3]:
        text = read(client, path)
        assert '<meta name="robots" content="noindex">' in text
        assert f'rel="canonical" href="http://testserver{argued.get_absolute_url()}"' in text


# --- The newest of the site -------------------------------------------------------------------


def test_newest_comments_come_with_what_they_answer(client):
    bench, clock = build_article("On benches"), build_article("On clocks")
    old = build_comment(bench, name="Ann", body="Sit < down & rest. " * 30, posted_at=ago(days=9))
    point = clock.points.first()
    on_point = build_comment(clock, point=point, posted_at=ago(days=2))
    reply = build_comment(bench, old, name="Bea", posted_at=ago(days=1))
    text = read(client, "/comments/")
    assert shown(text) == [reply.pk, on_point.pk, old.pk]
    first, second, _ = re.findall(r"<li>\s*<article.*?</article>\s*</li>", text, re.DOTALL)
    assert f'<a href="{bench.get_absolute_url()}" dir="auto">On benches</a>' in first
    assert f'<a href="/comments/{old.pk}/">1 <bdi>Ann</bdi></a>: <bdi>Sit &lt; down &amp;' in first
    excerpt = re.search(r"</bdi></a>: <bdi>(.*?)</bdi><span", first)[1]
    assert excerpt.endswith("\u2026") and len(excerpt) < 300
    assert f'href="{clock.get_absolute_url()}#{point.anchor}">{point.text}</a>' in second


def test_newest_comments_say_what_became_of_a_point(client):
    article = build_article()
    point, other = article.points.all()[:2]
    build_comment(article, point=point)
    build_comment(article, point=other)
    article.body = BODY.replace(f"- {point.text}\n", "").replace("seen from", "seen from all of")
    article.save()
    text = read(client, "/comments/")
    assert "This point has since been taken out." in text
    assert "This point has since been changed." in text


def test_older_comments_follow_the_last_one_shown(small_pages, client):
    article, moment = build_article(), ago(days=1)
    keys = [build_comment(article, posted_at=moment).pk for _ in range(9)]
    keys += [build_comment(article, posted_at=ago(hours=n)).pk for n in range(9, 0, -1)]
    pages = read_all(client, "/comments/")
    assert [key for page in pages for key in shown(page)] == keys[::-1] and len(pages) > 2
    # A page begins where it began, whatever is posted or hidden meanwhile.
    second = NEXT.search(pages[0])[1]
    Comment.objects.filter(pk=shown(pages[0])[-1]).hide()
    build_comment(article)
    assert shown(read(client, second)) == shown(pages[1])


def test_newest_comments_are_linked_and_name_their_feed(client):
    assert 'href="/comments/">' in read(client, "/")
    assert "No replies yet" in read(client, "/comments/")
    feed = 'rel="alternate" type="application/atom+xml" title="Newest comments"'
    assert f'{feed} href="/comments/feed/"' in read(client, "/comments/")
    assert client.get("/comments/before/7/").status_code == 404


# --- One branch -------------------------------------------------------------------------------


def test_branch_has_a_feed_of_the_replies_under_it(client):
    article = build_article()
    first = build_comment(article, name="Ann", body="At the top.")
    reply = build_comment(article, first, body="Below it.")
    build_comment(article, reply, body="Further below.")
    build_comment(article, first, body="Hidden words.", status="hidden")
    build_comment(article, body="Beside it.")
    path = f"/comments/{first.pk}/feed/"
    assert f'href="{path}"' in read(client, article.get_absolute_url())
    feed = read(client, path)
    assert "Replies to 1 Ann on On benches" in feed
    assert re.findall(r"(Below it|Further below)\.", feed) == ["Further below", "Below it"]
    assert not re.search("At the top|Beside it|Hidden words|private.example", feed)
    tag = client.get(path)["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_feed_of_a_hidden_comment_stays_while_it_keeps_a_place(client):
    article = build_article()
    first = build_comment(article, name="Zoe")
    reply = build_comment(article, first, body="I stay.")
    path = f"/comments/{first.pk}/feed/"
    Comment.objects.filter(pk=first.pk).hide()
    feed = read(client, path)
    assert "I stay." in feed and "Zoe" not in feed
    Comment.objects.filter(pk=reply.pk).hide()
    assert client.get(path).status_code == 404
    assert client.get("/comments/9999/feed/").status_code == 404
    Article.objects.update(status="draft")
    Comment.objects.filter(pk=first.pk).publish()
    assert client.get(path).status_code == 404
