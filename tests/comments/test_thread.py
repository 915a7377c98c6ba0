"""The thread of an essay: pages, ancestors, tombstones and depth."""

import random
import re

import html5lib
import pytest

from comments import tree
from comments.models import Comment
from tests.builders import build_article, build_comment

NEXT = r'<nav class="pager".*?rel="next" href="([^"#]+)#comments">(.*?)</nav>'
pytestmark = pytest.mark.django_db


def page_of(client, article, number=1) -> str:
    response = client.get(article.get_absolute_url(), {"page": number} if number > 1 else {})
    assert response.status_code == 200
    return response.content.decode()


def shown(html) -> list[int]:
    """The keys of the comments and tombstones that stand in a page."""
    return [int(key) for key in re.findall(r'id="comment-(\d+)"', html)]


def forest(article, size, seed) -> list[Comment]:
    """Comments that answer one another at random, a third of them hidden or held."""
    dice = random.Random(seed)
    comments: list[Comment] = []
    for n in range(size):
        # Mostly the last ones, so that branches get deep.
        parent = dice.choice([None, *comments[-4:], dice.choice(comments)]) if comments else None
        status = dice.choice(["published"] * 4 + ["hidden", "held"])
        body = f"Comment {n}. " + "word " * dice.randrange(60)
        comments.append(
            Comment(
                article=article,
                parent=parent,
                name=f"N{n}",
                email=f"n{n}@private.example",
                body=body,
                status=status,
            )
        )
    tree.load(comments)
    return comments


# --- Pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_every_comment_stands_on_exactly_one_page_in_order(small_pages, client, seed):
    article = build_article()
    forest(article, 60, seed)
    placed = Comment.objects.filter(article=article).visible_in_thread().thread_order()
    expected = list(placed.values_list("pk", flat=True))
    found, number = [], 1
    while number == 1 or len(found) < len(expected):
        on_page = shown(page_of(client, article, number))
        assert on_page, f"page {number} is empty"
        found += on_page
        number += 1
    assert found == expected
    assert number > 5
    assert client.get(article.get_absolute_url(), {"page": number}).status_code == 404


@pytest.mark.parametrize("seed", range(2))
def test_lasting_address_of_every_comment_leads_to_its_place(small_pages, client, seed):
    article = build_article()
    comments = forest(article, 40, seed)
    placed = set(
        Comment.objects.filter(article=article).visible_in_thread().values_list("pk", flat=True)
    )
    for comment in comments:
        response = client.get(f"/comments/{comment.pk}/")
        if comment.pk not in placed:
            assert response.status_code == 404
            continue
        address, _, anchor = response.url.partition("#")
        assert response.status_code == 302 and anchor == f"comment-{comment.pk}"
        assert f'id="{anchor}"' in client.get(address).content.decode()


def test_next_link_counts_what_remains_and_is_followed_to_the_end(small_pages, client):
    article = build_article()
    forest(article, 50, seed=7)
    readable = set(Comment.objects.published().values_list("pk", flat=True))
    total = len(readable)
    url, seen = article.get_absolute_url(), 0
    while url:
        html = client.get(url).content.decode()
        seen += len(readable.intersection(shown(html)))
        nav = re.search(NEXT, html, re.DOTALL)
        remaining = int(re.search(r"(\d+) more", nav[2])[1]) if nav else 0
        assert remaining == total - seen
        url = nav and nav[1]
    assert seen == total


def test_page_that_starts_inside_a_branch_shows_what_is_above(small_pages, client):
    article = build_article()
    chain = [build_comment(article, name="Ann", body="word " * 80)]
    for _ in range(5):
        chain.append(build_comment(article, chain[-1], body="".join(map(chr, range(300, 900)))))
    number = next(n for n in range(2, 9) if shown(page_of(client, article, n)))
    html = page_of(client, article, number)
    above = chain[: chain.index(next(c for c in chain if c.pk == shown(html)[0]))]
    assert above
    stubs = re.findall(r'href="/comments/(\d+)/">[\d.]+</a> <bdi class="name">', html)
    assert [int(key) for key in stubs][: len(above)] == [comment.pk for comment in above]
    assert "says, on an earlier page" in html


def test_hidden_ancestor_on_an_earlier_page_is_not_named(small_pages, client):
    article = build_article()
    first = build_comment(article, name="Zoe", body="word " * 80)
    for _ in range(12):
        build_comment(article, first, body="".join(map(chr, range(300, 600))))
    Comment.objects.filter(pk=first.pk).hide()
    for number in (1, 2):
        assert "Zoe" not in page_of(client, article, number)


def test_short_thread_has_one_page_and_no_pager(client):
    article = build_article()
    build_comment(article)
    assert "pager" not in page_of(client, article)
    assert client.get(article.get_absolute_url(), {"page": 2}).status_code == 404


# --- Hidden, held, published again ------------------------------------------------------------


def everything(client, article, comment) -> str:
    """All that the site says to a stranger about an essay and a comment."""
    reply_page = f"{article.get_absolute_url()}reply/?parent={comment.pk}"
    urls = ["/", article.get_absolute_url(), "/comments/feed/", reply_page]
    urls += [f"{article.get_absolute_url()}feed/", f"/comments/{comment.pk}/"]
    return " ".join(client.get(url).content.decode() for url in urls)


@pytest.mark.parametrize("status", ["hidden", "held"])
def test_words_and_name_are_gone_from_every_page_at_once(client, status):
    article = build_article()
    comment = build_comment(article, name="Zoe", body="Unwanted words.")
    build_comment(article, comment)
    assert "Unwanted" in everything(client, article, comment)
    Comment.objects.filter(pk=comment.pk).set_status(status)
    text = everything(client, article, comment)
    assert "Unwanted" not in text and "Zoe" not in text


def test_replies_stay_under_a_tombstone_with_its_number(client):
    article = build_article()
    first = build_comment(article, name="Zoe")
    answer = build_comment(article, first, body="I stay.")
    Comment.objects.filter(pk=first.pk).hide()
    html = page_of(client, article)
    assert shown(html) == [first.pk, answer.pk]
    assert "This comment has been hidden by a moderator." in html and "I stay." in html
    assert f'href="/comments/{first.pk}/">1</a>' in html
    assert f"?parent={first.pk}" not in html
    assert client.get(f"/comments/{first.pk}/").status_code == 302


def test_published_again_it_is_as_it_was(client):
    article = build_article()
    first = build_comment(article)
    build_comment(article, first)
    before = re.search(r'<section id="comments".*</section>', page_of(client, article), re.S)[0]
    Comment.objects.filter(pk=first.pk).hide()
    Comment.objects.filter(pk=first.pk).publish()
    after = re.search(r'<section id="comments".*</section>', page_of(client, article), re.S)[0]
    assert after == before


def test_hidden_leaf_leaves_nothing(client):
    article = build_article()
    leaf = build_comment(article, status="hidden")
    html = page_of(client, article)
    assert shown(html) == [] and "hidden by a moderator" not in html
    assert "No replies yet" in html
    assert client.get(f"/comments/{leaf.pk}/").status_code == 404


def test_branch_in_which_all_is_hidden_leaves_nothing(client):
    article = build_article()
    first = build_comment(article)
    second = build_comment(article, first)
    build_comment(article, second, status="held")
    Comment.objects.filter(pk__in=[first.pk, second.pk]).hide()
    assert shown(page_of(client, article)) == []


def test_chain_of_tombstones_leads_to_the_reply_that_is_left(client):
    article = build_article()
    chain = [build_comment(article)]
    for _ in range(3):
        chain.append(build_comment(article, chain[-1]))
    Comment.objects.filter(pk__in=[c.pk for c in chain[:3]]).hide()
    html = page_of(client, article)
    assert shown(html) == [comment.pk for comment in chain]
    assert html.count("hidden by a moderator") == 3


def test_hidden_comment_takes_no_reply(client):
    article = build_article()
    first = build_comment(article, status="hidden")
    url = article.get_reply_url()
    assert client.get(url, {"parent": first.pk}).status_code == 404
    data = {"name": "A", "email": "a@b.example", "body": "No.", "parent": first.pk}
    assert client.post(url, data).status_code == 422


def test_heading_counts_only_what_can_be_read(client):
    article = build_article()
    first = build_comment(article, status="hidden")
    build_comment(article, first)
    build_comment(article, status="held")
    assert ">1 reply</h2>" in page_of(client, article)


# --- Depth ------------------------------------------------------------------------------------


def test_chain_three_hundred_deep_is_a_valid_page(client):
    article = build_article()
    comments: list[Comment] = []
    for n in range(300):
        parent = comments[-1] if comments else None
        comments.append(
            Comment(article=article, parent=parent, name="A", email="a@b.example", body=f"B {n}")
        )
    tree.load(comments)
    html = page_of(client, article)
    found = shown(html)
    number = 2
    while len(found) < 300:
        found += shown(page_of(client, article, number))
        number += 1
    assert found == [comment.pk for comment in comments]
    html5lib.HTMLParser(strict=True).parse(html)
    assert html.count("<ol") == html.count("</ol>") and len(
        re.findall(r"<li\b", html)
    ) == html.count("</li>")


def test_nesting_follows_the_tree(client):
    article = build_article()
    for comment in forest(article, 40, seed=3):
        Comment.objects.filter(pk=comment.pk).publish()
    document = html5lib.parse(page_of(client, article), namespaceHTMLElements=False)
    above = {child: parent for parent in document.iter() for child in parent}
    rows = {c.pk: c for c in Comment.objects.thread_order()}
    for element in document.iter():
        key = (element.get("id") or "").removeprefix("comment-")
        if not key.isdigit():
            continue
        depth, node = -1, element
        while node in above:
            node = above[node]
            depth += node.tag == "ol"
        assert depth == min(rows[int(key)].level, 8)
