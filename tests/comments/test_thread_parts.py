"""Parts of a thread: the newest branch first, replies to one point, replies since a time."""

import re
from datetime import UTC

import pytest

from articles.models import Article
from comments.converters import TimestampConverter
from comments.models import Comment
from comments.thread_page.links import newest_first_url, since_url
from tests.builders import BODY, build_article, build_comment
from tests.comments.reading import ago, points_path, read, read_all
from tests.comments.test_thread import forest, shown

pytestmark = pytest.mark.django_db


# --- The other order --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_newest_branch_comes_first_and_each_comment_once(small_pages, client, seed):
    article = build_article()
    forest(article, 60, seed)
    placed = Comment.objects.filter(article=article).visible_in_thread()
    expected = list(placed.order_by("-tree_id", "lft").values_list("pk", flat=True))
    pages = read_all(client, newest_first_url(article))
    assert [key for page in pages for key in shown(page)] == expected
    assert len(pages) > 5
    assert client.get(newest_first_url(article), {"page": len(pages) + 1}).status_code == 404


def test_next_page_of_the_other_order_says_how_many_remain(small_pages, client):
    article = build_article()
    forest(article, 50, seed=5)
    readable = set(Comment.objects.published().values_list("pk", flat=True))
    left = len(readable)
    for page in read_all(client, newest_first_url(article)):
        left -= len(readable.intersection(shown(page)))
        said = re.search(r"Next page: (\d+) more", page)
        assert left == (int(said[1]) if said else 0)
    assert left == 0


def test_thread_links_its_two_orders(client):
    article = build_article()
    build_comment(article)
    assert "Newest first" not in read(client, article.get_absolute_url())
    build_comment(article)
    here = re.compile(r'href="([^"]+)#comments" aria-current="true">([^<]+)<')
    url, newest = article.get_absolute_url(), newest_first_url(article)
    assert here.findall(read(client, url)) == [(url, "Oldest first")]
    assert here.findall(read(client, newest)) == [(newest, "Newest first")]
    assert f'href="{newest}#comments"' in read(client, url)


# --- One point --------------------------------------------------------------------------------


def test_point_leads_to_just_its_replies_with_their_branches(client):
    article = build_article()
    point, other = article.points.all()[:2]
    first = build_comment(article, point=point)
    below = build_comment(article, first)
    elsewhere = build_comment(article, point=other)
    build_comment(article)
    path = points_path(article, point)
    essay = read(client, article.get_absolute_url())
    assert f'<a href="{path}">1 reply</a>' in essay
    text = read(client, path)
    assert shown(text) == [first.pk, below.pk] and "2 replies on this point" in text
    assert point.text in re.search(r"<h1.*?</h1>", text)[0]
    assert f'href="{point.get_absolute_url()}"' in text
    assert f'href="{article.get_reply_url()}?point={point.anchor}#reply-form"' in text
    assert ">1.1</a>" in text
    assert shown(read(client, points_path(article, other))) == [elsewhere.pk]


def test_point_that_left_its_essay_keeps_its_page_and_says_so(client):
    article = build_article()
    point = article.points.first()
    comment = build_comment(article, point=point)
    path = points_path(article, point)
    article.body = BODY.replace(f"- {point.text}\n", "")
    article.save()
    text = read(client, path)
    assert shown(text) == [comment.pk]
    assert text.count("This point has since been taken out.") == 2
    assert f'href="{point.get_absolute_url()}"' not in text


def test_unknown_point_has_no_page(client):
    article = build_article()
    other = build_article("Other", "A lead:\n\n- Something else is meant here.")
    section = article.sections.first()
    for anchor in ("no-such-point", section.anchor, other.points.first().anchor):
        path = f"{article.get_absolute_url()}points/{anchor}/"
        assert client.get(path).status_code == 404
    assert client.get(points_path(article), {"page": 2}).status_code == 404


def test_replies_to_a_point_come_in_pages(small_pages, client):
    article = build_article()
    point = article.points.first()
    forest(article, 30, seed=1)
    Comment.objects.filter(parent=None).update(point=point, point_text=point.text)
    placed = Comment.objects.filter(article=article).visible_in_thread().thread_order()
    pages = read_all(client, points_path(article))
    assert [key for page in pages for key in shown(page)] == list(
        placed.values_list("pk", flat=True)
    )
    assert len(pages) > 2


def test_closed_essay_offers_no_reply_to_a_point(client):
    article = build_article(discussion=Article.Discussion.CLOSED)
    build_comment(article, point=article.points.first())
    text = read(client, article.get_absolute_url())
    assert f'<a href="{points_path(article)}">1 reply</a>' in text
    assert "Reply to this point" not in read(client, points_path(article))


# --- Since a time -----------------------------------------------------------------------------


def test_page_carries_the_time_after_which_a_reply_is_new(client):
    article = build_article()
    build_comment(article, posted_at=ago(days=2))
    link = re.compile(r'href="(/[^"]+/since/[\d.]+/)">Bookmark this')
    bookmark = link.search(read(client, article.get_absolute_url()))[1]
    text = read(client, bookmark)
    assert shown(text) == [] and "No new replies yet" in text
    assert link.search(text)[1] == bookmark
    reply = build_comment(article, Comment.objects.first(), name="Bea", body="Newly said.")
    text = read(client, bookmark)
    assert shown(text) == [reply.pk] and "Newly said." in text
    assert "in reply to" in text and "Words number" in text
    later = link.search(text)[1]
    assert later != bookmark and shown(read(client, later)) == []
    assert link.search(read(client, article.get_absolute_url()))[1] == later


def test_essay_without_replies_can_be_bookmarked_too(client):
    article = build_article(published_at=ago(hours=1))
    assert since_url(article, article.published_at) in read(client, article.get_absolute_url())


def test_reply_that_was_held_meanwhile_is_not_missed(client):
    article = build_article()
    build_comment(article, posted_at=ago(days=2))
    held = build_comment(article, posted_at=ago(days=1), status="held")
    bookmark = re.search(r'"([^"]+/since/[^"]+)"', read(client, article.get_absolute_url()))[1]
    Comment.objects.filter(pk=held.pk).publish()
    assert shown(read(client, bookmark)) == [held.pk]


def test_new_replies_come_in_pages_though_all_came_at_once(small_pages, client):
    article, moment = build_article(), ago(days=1)
    keys = [build_comment(article, posted_at=moment).pk for _ in range(20)]
    pages = read_all(client, f"{article.get_absolute_url()}since/0/")
    assert [key for page in pages for key in shown(page)] == keys and len(pages) > 2
    assert "Bookmark this" not in pages[0] and "Bookmark this" in pages[-1]


@pytest.mark.parametrize("moment", ["x", "-1", "1.", "1.1234567", "12345678901", "\u0661"])
def test_invalid_time_is_not_found(client, moment):
    url = build_article().get_absolute_url()
    assert client.get(f"{url}since/{moment}/").status_code == 404


@pytest.mark.parametrize("text", ["0.000000", "1764077866.250000", "9999999999.999999"])
def test_time_in_an_address_is_exact(text):
    moment = TimestampConverter().to_python(text)
    assert moment.tzinfo is UTC and TimestampConverter().to_url(moment) == text
