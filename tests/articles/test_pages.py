"""Public pages: valid HTML, the same for all readers, with an ETag that follows the content."""

import re
from collections import Counter

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments.models import Comment
from tests.builders import BODY, build_article, build_comment, build_staff, reply_data

pytestmark = pytest.mark.django_db
RICH = f"""# One

{BODY}
## Two *with* `code`

| a | b |
|---|---|
| 1 | 2 |

> A quote

A note[^1], then ![a picture](/p.png) and ![a stranger's](https://e.example/x.png).

1. Numbered
    - nested
2. More

[^1]: The *note*.
"""


def check_html(html: str) -> None:
    """Parses strictly; ids must be unique, and there is one h1."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    assert len(list(document.iter("h1"))) == 1
    labels = {e.get("for") for e in document.iter("label")}
    assert labels <= set(ids)


@pytest.fixture
def essay():
    """An essay with everything, and every kind of comment under it."""
    article = build_article("Rich", RICH, dek='A "dek" <b>', tags=["Towns", "<b>"])
    first = build_comment(article, name='<b>"Ann"', body="- a list\n\n> quote\n\n```\ncode\n```")
    gone = build_comment(article, first, status="hidden")
    build_comment(article, gone, body="<script>alert(1)</script> & https://e.example/?a=1&b=2")
    build_comment(article, first, status="held")
    build_comment(article, point=article.points.first())
    article.body = RICH.replace("- Benches belong in every street of the town.\n", "")
    article.save()
    return article


def public_urls(article) -> list[str]:
    url = article.get_absolute_url()
    comment = Comment.objects.published().first()
    point = article.points.current().first()
    return [
        "/",
        url,
        f"{url}reply/",
        f"{url}reply/?parent={comment.pk}",
        f"{url}reply/?point={point.anchor}",
        "/no/such/page/",
        "/?page=99",
        "/tags/towns/",
        "/authors/ada-lark/",
        "/archive/",
        f"/archive/{article.year}/",
        "/search/",
        "/search/?q=a+picture",
        "/search/?q=%22%3Cb%3E+benches",
        "/search/?q=%2A",
    ]


def test_every_page_is_valid_html(client, essay):
    for url in public_urls(essay):
        check_html(client.get(url).content.decode())


def test_pages_that_answer_a_post_are_valid_html(client, essay):
    url = f"{essay.get_absolute_url()}reply/"
    parent = str(Comment.objects.published().first().pk)
    for data, status in (
        ({}, 422),
        (reply_data(body="", email="no address", parent=parent), 422),
        (reply_data(preview="1", body="*Well*\n\n- a"), 200),
    ):
        response = client.post(url, data)
        assert response.status_code == status
        check_html(response.content.decode())


def test_empty_site_and_essay_without_points_are_valid_html(client):
    check_html(client.get("/").content.decode())
    article = build_article("Bare", "One line.")
    check_html(client.get(article.get_absolute_url()).content.decode())


def test_draft_seen_by_its_editor_is_valid_html(client):
    client.force_login(build_staff())
    article = build_article(published=False)
    check_html(client.get(article.get_absolute_url()).content.decode())


# --- Queries ----------------------------------------------------------------------------------


def count_queries(client, url) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_essay_takes_the_same_few_queries_for_any_number_of_comments(client):
    article = build_article()
    for _ in range(3):
        build_comment(article)
    assert count_queries(client, article.get_absolute_url()) <= 12
    # The links to other essays are cached.
    few = count_queries(client, article.get_absolute_url())
    parent = None
    for n in range(57):
        parent = build_comment(
            article, parent if n % 4 else None, point=article.points.first() if n % 3 else None
        )
    assert count_queries(client, article.get_absolute_url()) == few <= 7


def test_home_takes_the_same_few_queries_for_any_number_of_essays(client):
    build_article()
    few = count_queries(client, "/")
    for n in range(12):
        build_comment(build_article(f"Essay {n}"))
    assert count_queries(client, "/") == few <= 6


def test_unchanged_essay_takes_three_queries(client):
    article = build_article()
    tag = client.get(article.get_absolute_url())["ETag"]
    with CaptureQueriesContext(connection) as queries:
        response = client.get(article.get_absolute_url(), headers={"If-None-Match": tag})
    assert response.status_code == 304 and not response.content
    assert len(queries) <= 3


# --- Tags -------------------------------------------------------------------------------------


def tag_of(client, url) -> str:
    response = client.get(url)
    assert response["Cache-Control"] == "no-cache"
    assert "Cookie" not in response.get("Vary", "") and not response.cookies
    return response["ETag"]


CHANGES = {
    "a reply": lambda article, comment: build_comment(article, comment),
    "hiding": lambda article, comment: Comment.objects.filter(pk=comment.pk).hide(),
    "holding": lambda article, comment: Comment.objects.filter(pk=comment.pk).hold(),
    "an edit": lambda article, comment: article.save(),
    "a new name": lambda article, comment: article.author.save(),
    "closing": lambda article, comment: setattr(article, "discussion", "closed") or article.save(),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("page", ["essay", "home"])
def test_tag_is_another_after(client, change, page):
    article = build_article()
    comment = build_comment(article)
    url = article.get_absolute_url() if page == "essay" else "/"
    before = tag_of(client, url)
    assert tag_of(client, url) == before
    CHANGES[change](article, comment)
    assert tag_of(client, url) != before
    assert client.get(url, headers={"If-None-Match": before}).status_code == 200


def test_tag_of_one_page_does_not_pass_for_that_of_another(client):
    build_article(tags=["Towns"])
    before = tag_of(client, "/archive/")
    seen = {"headers": {"If-None-Match": before}}
    assert client.get("/archive/", **seen).status_code == 304
    assert client.get("/tags/towns/", **seen).status_code == 200
    assert client.get("/tags/none/", **seen).status_code == 404
    assert client.get("/moderation/", **seen).status_code == 404


def test_page_of_a_release_is_not_taken_for_that_of_the_next(client, settings):
    article = build_article()
    before = tag_of(client, article.get_absolute_url())
    settings.RELEASE = "another"
    assert tag_of(client, article.get_absolute_url()) != before


def test_page_is_the_same_for_two_readers(client):
    article = build_article()
    build_comment(article)
    one = client.get(article.get_absolute_url()).content
    client.cookies["theme"] = "dark"
    assert client.get(article.get_absolute_url()).content == one
    assert b"csrfmiddlewaretoken" not in one


def test_staff_pages_are_kept_by_no_cache(client):
    article = build_article()
    client.force_login(build_staff())
    for url in ("/", article.get_absolute_url()):
        assert client.get(url)["Cache-Control"] == "private, no-store"


# --- Addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["0", "-1", "2", "x", "", "1.5", "9" * 30, "²", "١"])
@pytest.mark.parametrize("page", ["essay", "home"])
def test_page_number_that_is_none_is_not_found(client, number, page):
    article = build_article()
    url = article.get_absolute_url() if page == "essay" else "/"
    assert client.get(url, {"page": number}).status_code == 404


def test_wrong_year_leads_to_the_right_one(client):
    article = build_article()
    response = client.get(f"/1999/{article.slug}/")
    assert (response.status_code, response.url) == (301, article.get_absolute_url())


def test_home_shows_twenty_and_leads_on(client):
    for n in range(23):
        build_article(f"Essay {n}")
    first, second = (client.get("/", {"page": n}).content.decode() for n in (1, 2))
    titles = re.findall(r"<h2[^>]*><a[^>]*>([^<]+)", first) + re.findall(
        r"<h2[^>]*><a[^>]*>([^<]+)", second
    )
    assert titles == [f"Essay {n}" for n in reversed(range(23))]
    assert 'rel="next"' in first and 'rel="prev"' in second


def test_every_point_and_section_has_its_id_and_a_link_to_answer(client, essay):
    page = client.get(essay.get_absolute_url()).content.decode()
    for row in (*essay.sections.current(), *essay.points.current()):
        assert page.count(f'id="{row.anchor}"') == 1
    for point in essay.points.current():
        assert f"reply/?point={point.anchor}#reply-form" in page


def test_point_counts_the_replies_that_can_be_read(client):
    article = build_article()
    point = article.points.first()
    for status in ("published", "published", "hidden", "held"):
        build_comment(article, point=point, status=status)
    page = client.get(article.get_absolute_url()).content.decode()
    assert re.findall(r'class="count">(?:<a [^>]*>)?([^<]*)<', page) == ["2 replies", ""]
    assert Article.objects.get().points.first().comments.count() == 4
